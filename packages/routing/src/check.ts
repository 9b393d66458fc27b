/**
 * The independent checker. It knows the problem and the solution and nothing of the search: it shares no code with it, so that neither can hide the
 * other's mistakes. Plain, slow and obvious on purpose.
 */
import { checkRoute, type RouteTotals } from './check-route.ts'
import type { Problem } from './problem.ts'
import type { Route, Solution } from './solution.ts'

export type ViolationKind =
  | 'vehicle'
  | 'step'
  | 'stop served twice'
  | 'stop lost'
  | 'group'
  | 'shipment'
  | 'skills'
  | 'frozen'
  | 'unreachable'
  | 'travel time'
  | 'service time'
  | 'window'
  | 'shift'
  | 'release'
  | 'break'
  | 'capacity'
  | 'load'
  | 'kind'
  | 'site'
  | 'trips'
  | 'unload'
  | 'quota'
  | 'duty'
  | 'travel limit'
  | 'distance limit'
  | 'stop limit'
  | 'cost'

export interface Violation {
  readonly kind: ViolationKind
  readonly detail: string
}

export interface Check {
  readonly violations: readonly Violation[]
  /** Recomputed from the steps. */
  readonly cost: number
  /** Required stops and groups that are not served: no violation, but no complete plan either. */
  readonly missing: readonly number[]
}

/** Recomputes cost and every constraint of a solution. */
export function checkSolution(problem: Problem, solution: Solution): Check {
  const violations: Violation[] = []
  const report = (kind: ViolationKind, detail: string): void => void violations.push({ kind, detail })
  const totals: RouteTotals[] = []
  checkVehicles(problem, solution.routes, report)
  for (const route of solution.routes) {
    if (problem.vehicles[route.vehicle] === undefined) continue
    const total = checkRoute(problem, route, report)
    if (Math.abs(total.cost - route.cost) > 0.5) report('cost', `Route of ${nameOf(problem, route)} costs ${total.cost}, not ${route.cost}`)
    if (total.distance !== route.distance) report('cost', `Route of ${nameOf(problem, route)} is ${total.distance} long, not ${route.distance}`)
    totals.push(total)
  }
  const served = countServed(problem, solution, report)
  checkGroups(problem, served, report)
  checkQuotas(problem, totals, report)
  const missing = findMissing(problem, served)
  const cost = totals.reduce((sum, total) => sum + total.cost, 0) + prizesForgone(problem, served) + balanceOf(problem, totals)
  if (Math.abs(cost - solution.cost) > 0.5) report('cost', `The plan costs ${cost}, not ${solution.cost}`)
  return { violations, cost, missing }
}

type Report = (kind: ViolationKind, detail: string) => void

function nameOf(problem: Problem, route: Route): string {
  return `${problem.vehicles[route.vehicle]?.id ?? `number ${route.vehicle}`}${route.copy > 0 ? ` (${route.copy + 1})` : ''}`
}

function checkVehicles(problem: Problem, routes: readonly Route[], report: Report): void {
  const seen = new Set<string>()
  for (const route of routes) {
    const vehicle = problem.vehicles[route.vehicle]
    if (vehicle === undefined) report('vehicle', `There is no vehicle number ${route.vehicle}`)
    else if (route.copy < 0 || route.copy >= vehicle.count)
      report('vehicle', `There are ${vehicle.count} vehicles ${vehicle.id}, so none is number ${route.copy}`)
    const key = `${route.vehicle}/${route.copy}`
    if (seen.has(key)) report('vehicle', `Vehicle ${nameOf(problem, route)} has two routes`)
    seen.add(key)
  }
  problem.vehicles.forEach((vehicle, index) => {
    if (vehicle.frozen.length === 0) return
    const route = routes.find((candidate) => candidate.vehicle === index)
    const stops = (route?.steps ?? []).filter((step) => step.kind === 'stop').map((step) => step.index)
    vehicle.frozen.forEach((stop, position) => {
      if (stops[position] !== stop)
        report('frozen', `Vehicle ${vehicle.id} must begin with stop ${problem.stops[stop]?.id ?? stop} as its number ${position + 1}`)
    })
  })
}

function countServed(problem: Problem, solution: Solution, report: Report): number[] {
  const served = problem.stops.map(() => 0)
  for (const route of solution.routes) {
    for (const step of route.steps) {
      if (step.kind === 'stop' && step.index !== undefined && problem.stops[step.index] !== undefined) served[step.index] = served[step.index]! + 1
    }
  }
  const unassigned = new Set(solution.unassigned.map((entry) => entry.stop))
  served.forEach((times, index) => {
    const { id } = problem.stops[index]!
    if (times > 1) report('stop served twice', `Stop ${id} is served ${times} times`)
    if (times > 0 && unassigned.has(index)) report('stop served twice', `Stop ${id} is served and unassigned`)
    if (times === 0 && !unassigned.has(index)) report('stop lost', `Stop ${id} is neither served nor unassigned`)
  })
  for (const stop of unassigned) if (problem.stops[stop] === undefined) report('stop lost', `There is no stop number ${stop}`)
  return served
}

function checkGroups(problem: Problem, served: readonly number[], report: Report): void {
  const count = new Map<string, number>()
  problem.stops.forEach((stop, index) => {
    if (stop.group !== undefined && served[index]! > 0) count.set(stop.group, (count.get(stop.group) ?? 0) + 1)
  })
  for (const [group, stops] of count) if (stops > 1) report('group', `${stops} stops of group ${group} are served`)
}

function findMissing(problem: Problem, served: readonly number[]): number[] {
  const groupServed = new Set(problem.stops.flatMap((stop, index) => (stop.group !== undefined && served[index]! > 0 ? [stop.group] : [])))
  return problem.stops.flatMap((stop, index) => {
    if (served[index]! > 0 || stop.prize !== undefined) return []
    return stop.group !== undefined && groupServed.has(stop.group) ? [] : [index]
  })
}

function checkQuotas(problem: Problem, totals: readonly RouteTotals[], report: Report): void {
  problem.sites.forEach((site, index) => {
    const visits = totals.flatMap((total) => total.siteVisits.filter((visit) => visit.site === index))
    if (site.maxVisits !== undefined && visits.length > site.maxVisits)
      report('quota', `Site ${site.id} is visited ${visits.length} times, and takes ${site.maxVisits}`)
    for (let dimension = 0; dimension < problem.dimensions; dimension++) {
      const most = site.maxLoad?.[dimension]
      const brought = visits.reduce((sum, visit) => sum + visit.brought[dimension]!, 0)
      if (most !== undefined && brought > most) report('quota', `Site ${site.id} gets ${brought} in dimension ${dimension}, and takes ${most}`)
    }
  })
}

/** A stop alone forgoes its prize; a group its best prize, less what the served stop earns. */
function prizesForgone(problem: Problem, served: readonly number[]): number {
  let total = 0
  const best = new Map<string, number>()
  const earned = new Map<string, number>()
  problem.stops.forEach((stop, index) => {
    const prize = stop.prize ?? 0
    if (stop.group === undefined) total += served[index]! > 0 ? 0 : prize
    else {
      best.set(stop.group, Math.max(best.get(stop.group) ?? 0, prize))
      if (served[index]! > 0) earned.set(stop.group, prize)
    }
  })
  for (const [group, prize] of best) total += prize - (earned.get(group) ?? 0)
  return total
}

function balanceOf(problem: Problem, totals: readonly RouteTotals[]): number {
  if (problem.balance === undefined || totals.length === 0) return 0
  const { measure, weight } = problem.balance
  const figures = totals.map((total) => (measure === 'stops' ? total.stops : total.duty))
  return Math.round(weight * (Math.max(...figures) - Math.min(...figures)))
}
