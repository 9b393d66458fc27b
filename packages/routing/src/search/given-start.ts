import type { Problem } from '../problem.ts'
import type { PlannedRoute } from '../schedule.ts'
import { ProblemError } from '../validate.ts'
import { evaluateRoute } from './evaluate.ts'
import type { Model } from './model.ts'
import { findFreeRoute, insertReload, insertStop, openRoute, refreshRoute, type Plan } from './plan.ts'
import { judgeRoute } from './reloads.ts'
import { sequenceOf } from './sequence.ts'
import type { Workspace } from './workspace.ts'

/** Puts routes whose order is known into an empty plan. Throws `ProblemError` that names the vehicle when one is not there, twice, or breaks a rule. */
export function startFrom(m: Model, plan: Plan, w: Workspace, routes: readonly PlannedRoute[]): void {
  const { problem } = m
  const frozen = problem.vehicles.find((vehicle) => vehicle.frozen.length > 0)
  if (frozen !== undefined) throw new ProblemError(`Vehicle ${frozen.id}`, 'has stops under way, which go without given routes')
  const seen = new Set<string>()
  for (const { vehicle, copy, visits } of routes) {
    if (visits.length === 0) continue
    const name = nameOf(problem, vehicle)
    const t = m.types.findIndex((type) => type.members.some(([member, number]) => member === vehicle && number === copy))
    if (t < 0 || seen.has(`${vehicle}/${copy}`)) throw new ProblemError(name, 'is not there, or has two given routes')
    seen.add(`${vehicle}/${copy}`)
    const r = findFreeRoute(m, plan)
    if (r < 0) throw new ProblemError(name, 'has no room for its given route beside the others')
    openRoute(m, plan, r, t)
    let after = m.n + 2 * r
    for (const visit of visits) {
      if ('site' in visit) insertReload(m, plan, visit.site, after)
      else if (plan.links[visit.stop * 4 + 2]! >= 0) throw new ProblemError(`Stop ${problem.stops[visit.stop]!.id}`, 'is in the given routes twice')
      else insertStop(m, plan, visit.stop, after)
      after = plan.links[after * 4]!
    }
    refreshRoute(m, plan, r)
    sequenceOf(m, plan, w.evaluator, r)
    if (!pairsStand(problem, visits)) throw new ProblemError(name, 'has a given route that breaks a rule: a shipment is torn apart')
    if (evaluateRoute(m, w.evaluator, t) === Infinity || !judgeRoute(m, plan, w, r)) {
      throw new ProblemError(name, `has a given route that breaks a rule: ${w.evaluator.refusal}`)
    }
  }
  groupsStand(m, plan)
  problem.sites.forEach((site, index) => {
    const visits = routes.flatMap((route) => route.visits.filter((visit) => 'site' in visit && visit.site === index)).length
    if (visits > (site.maxVisits ?? Infinity)) throw new ProblemError(`Site ${site.id}`, `has ${visits} visits in the given routes`)
  })
}

function nameOf(problem: Problem, vehicle: number): string {
  return `Vehicle ${problem.vehicles[vehicle]?.id ?? vehicle}`
}

/** Both halves of every shipment, the pickup first. */
function pairsStand(problem: Problem, visits: PlannedRoute['visits']): boolean {
  const order = visits.map((visit) => ('stop' in visit ? visit.stop : -1))
  return order.every((index, position) => {
    const stop = problem.stops[index]
    if (stop?.partner === undefined) return true
    const other = order.indexOf(stop.partner)
    return other >= 0 && (stop.part === 'pickup' ? position < other : other < position)
  })
}

function groupsStand(m: Model, plan: Plan): void {
  for (const group of m.groups) {
    const served = group.filter((c) => plan.links[c * 4 + 2]! >= 0)
    if (served.length > 1) throw new ProblemError(`Stop ${m.problem.stops[served[1]!]!.id}`, 'is in the given routes beside another of its group')
  }
}
