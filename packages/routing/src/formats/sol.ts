import type { Problem } from '../problem.ts'
import { scheduleRoutes } from '../schedule.ts'
import type { Solution } from '../solution.ts'
import { FormatError, type Benchmark } from './benchmark.ts'

/** Routes of a VRPLIB solution: for each route line the numbers as written. */
export interface SolFile {
  readonly routes: readonly (readonly number[])[]
  readonly cost?: number
}

/** Parses VRPLIB solution text. Throws `FormatError` on a route line with something that is no number. */
export function parseSol(text: string): SolFile {
  const routes: number[][] = []
  let cost: number | undefined
  for (const line of text.split(/\r?\n/)) {
    const route = /^\s*Route\s*#\s*\d+\s*:(.*)$/i.exec(line)
    if (route !== null) {
      const numbers = route[1]!.trim() === '' ? [] : route[1]!.trim().split(/\s+/).map(Number)
      if (numbers.some((number) => !Number.isInteger(number) || number < 0)) throw new FormatError(`"${line.trim().slice(0, 60)}" names no stops`)
      routes.push(numbers)
    }
    const stated = /^\s*Cost\s*:?\s*([\d.]+)/i.exec(line)
    if (stated !== null) cost = Number(stated[1])
  }
  return { routes, cost }
}

/**
 * Turns solution text into a plan with times. Route k belongs to vehicle k where vehicles differ, otherwise to the next free one; a depot number inside
 * a route is a reload. Throws `FormatError` when a number is no stop, `RangeError` when a route breaks a rule.
 */
export function readSol(text: string, benchmark: Benchmark): Solution {
  const { problem, depots } = benchmark
  const { routes } = parseSol(text)
  const differ = problem.vehicles.length > 1
  if (!differ && routes.length > problem.vehicles[0]!.count)
    throw new FormatError(`There are ${problem.vehicles[0]!.count} vehicles, not ${routes.length}`)
  const planned = routes.flatMap((numbers, position) => {
    if (numbers.length === 0) return []
    const visits = numbers.map((number) => {
      // Plain files count stops from 1 whatever the depots are called; 0 or a depot's number inside a route is a reload there.
      if (problem.sites.length > 0 && number < depots) return { site: number }
      const stop = depots === 0 ? number - 1 : number - depots
      if (problem.stops[stop] === undefined || number < 0) throw new FormatError(`Route ${position + 1} names ${number}, which is no stop`)
      return { stop }
    })
    return [{ vehicle: differ ? position : 0, copy: differ ? 0 : position, visits }]
  })
  return scheduleRoutes(problem, planned)
}

/** Writes a plan as VRPLIB solution text, one line a used vehicle; vehicles that differ keep their line, empty if unused. */
export function writeSol(solution: Solution, benchmark: Pick<Benchmark, 'depots' | 'scale'> & { problem: Problem }): string {
  const { problem, depots, scale } = benchmark
  const numbersOf = (route: Solution['routes'][number]): string =>
    route.steps.flatMap((step) => (step.kind === 'stop' ? [step.index! + Math.max(1, depots)] : step.kind === 'site' ? [step.index!] : [])).join(' ')
  const lines =
    problem.vehicles.length > 1
      ? problem.vehicles.map((_, vehicle) =>
          solution.routes
            .filter((route) => route.vehicle === vehicle)
            .map(numbersOf)
            .join(' '),
        )
      : solution.routes.map(numbersOf)
  return [...lines.map((line, index) => `Route #${index + 1}: ${line}`.trimEnd()), `Cost: ${Number((solution.cost / scale).toFixed(4))}`, ''].join(
    '\n',
  )
}
