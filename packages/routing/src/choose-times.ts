import type { Window } from './problem.ts'

/** One event of a route whose order is fixed. Times in the problem's units. */
export interface TimedStep {
  /** Least time from the start of the step before to the start of this one; 0 for the first. */
  readonly after: number
  /** When it should start; empty for any time. */
  readonly windows: readonly Window[]
  /** When it must start. */
  readonly bounds: Window
}

/** How far a start lies outside its windows: early or late to the nearest of them, 0 within. */
export function missOf(windows: readonly Window[], time: number): { readonly early: number; readonly late: number } {
  let least = { early: 0, late: 0 }
  let distance = Infinity
  for (const [start, end] of windows) {
    const miss = { early: Math.max(0, start - time), late: Math.max(0, time - end) }
    if (miss.early + miss.late < distance) [least, distance] = [miss, miss.early + miss.late]
  }
  return least
}

/**
 * Chooses start times of steps in a fixed order, so that earliness and lateness add up to the least, and then the whole takes the least time. Exact: less
 * the time that the steps before it need, a start is never below the former one, and each loss is piecewise linear, so that some best choice uses ends of
 * windows and bounds only; a table over steps and these ends finds it. O(steps × ends). Undefined when the bounds leave no choice.
 */
export function chooseTimes(steps: readonly TimedStep[]): number[] | undefined {
  const needed: number[] = []
  for (const { after } of steps) needed.push((needed.at(-1) ?? 0) + after)
  const ends = steps.flatMap(({ windows, bounds }, index) =>
    [...windows.flat(), ...bounds].filter(Number.isFinite).map((end) => end - needed[index]!),
  )
  const candidates = [...new Set(ends.length === 0 ? [0] : ends)].toSorted((a, b) => a - b)
  const span = candidates.at(-1)! - candidates[0]! + 1
  const choices: Int32Array[] = []
  let totals = candidates.map(() => 0)
  steps.forEach(({ windows, bounds }, index) => {
    const next: number[] = []
    const choice = new Int32Array(candidates.length)
    let best = 0
    candidates.forEach((candidate, at) => {
      if (totals[at]! < totals[best]!) best = at
      choice[at] = best
      const time = candidate + needed[index]!
      const { early, late } = missOf(windows, time)
      const isAllowed = bounds[0] <= time && time <= bounds[1]
      const whole = (index === 0 ? -candidate : 0) + (index === steps.length - 1 ? candidate : 0)
      next.push(isAllowed ? totals[best]! + (early + late) * span + whole : Infinity)
    })
    choices.push(choice)
    totals = next
  })
  let at = totals.reduce((best, total, index) => (total < totals[best]! ? index : best), 0)
  if (totals[at] === Infinity) return undefined
  const times = steps.map(() => 0)
  for (let index = steps.length - 1; index >= 0; index--) {
    times[index] = candidates[at]! + needed[index]!
    at = choices[index]![at]!
  }
  return times
}
