import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseTimes, missOf, type TimedStep } from './choose-times.ts'
import { Random } from './random.ts'

const anyTime: [number, number] = [-Infinity, Infinity]

test('starts keep to the windows where they can, and the route takes no longer than it must', () => {
  const steps = [
    { after: 0, windows: [[0, 100]], bounds: anyTime },
    { after: 10, windows: [[50, 60]], bounds: anyTime },
    { after: 5, windows: [[0, 100]], bounds: anyTime },
  ] satisfies TimedStep[]
  const times = chooseTimes(steps)!
  assert.equal(times[2]! - times[0]!, 15)
  assert.ok(times[1]! >= 50 && times[1]! <= 60)
  assert.deepEqual(chooseTimes([{ after: 0, windows: [[5, 9]], bounds: [20, 30] }]), [20])
  assert.equal(
    chooseTimes([
      { after: 0, windows: [], bounds: [20, 30] },
      { after: 11, windows: [], bounds: [0, 30] },
    ]),
    undefined,
  )
  assert.deepEqual(chooseTimes([{ after: 0, windows: [], bounds: anyTime }]), [0])
})

test('no other times of small routes miss the windows by less, nor take less time at the same miss', () => {
  const random = new Random(5)
  const between = (low: number, high: number): number => low + random.below(high - low + 1)
  for (let run = 0; run < 300; run++) {
    const steps = Array.from({ length: between(1, 3) }, (_, index): TimedStep => {
      const windows = Array.from({ length: between(0, 2) }, (__, k): [number, number] => [6 * k + between(0, 2), 6 * k + between(2, 5)])
      return { after: index === 0 ? 0 : between(0, 4), windows, bounds: random.below(4) === 0 ? [between(0, 4), between(4, 12)] : anyTime }
    })
    const found = chooseTimes(steps)
    let best = Infinity
    const walk = (times: number[]): void => {
      const index = times.length
      if (index === steps.length) {
        best = Math.min(best, valueOf(steps, times))
        return
      }
      for (let time = index === 0 ? -8 : times[index - 1]! + steps[index]!.after; time <= 24; time++) {
        if (time >= steps[index]!.bounds[0] && time <= steps[index]!.bounds[1]) walk([...times, time])
      }
    }
    walk([])
    assert.equal(found === undefined ? Infinity : valueOf(steps, found), best, JSON.stringify(steps))
  }
})

function valueOf(steps: readonly TimedStep[], times: readonly number[]): number {
  const missed = steps.reduce((sum, { windows }, index) => {
    const { early, late } = missOf(windows, times[index]!)
    return sum + early + late
  }, 0)
  return missed * 1000 + times.at(-1)! - times[0]!
}
