import type { Problem } from './problem.ts'
import { balanceCost } from './search/balance.ts'
import { createEvaluator } from './search/evaluate.ts'
import { compileModel } from './search/model.ts'
import { createPlan } from './search/plan.ts'
import { forgonePrizes, writeRoute } from './search/report.ts'
import { explainUnassigned } from './search/reasons.ts'
import { createWorkspace } from './search/workspace.ts'
import { insertReload, insertStop, openRoute, refreshRoute } from './search/plan.ts'
import type { Solution } from './solution.ts'

/** The order of work of one vehicle, without times. */
export interface PlannedRoute {
  readonly vehicle: number
  readonly copy: number
  readonly visits: readonly ({ readonly stop: number } | { readonly site: number })[]
}

/** Gives times, loads and costs to routes whose order is known. Throws `RangeError` when a route breaks a rule. */
export function scheduleRoutes(problem: Problem, routes: readonly PlannedRoute[]): Solution {
  const m = compileModel(problem)
  const e = createEvaluator(m)
  const w = createWorkspace(m, 1, { neighbours: 0, blinkRate: 0 })
  const plan = createPlan(m)
  const written = routes.map((route, r) => {
    const t = m.types.findIndex((type) => type.members.some(([vehicle, copy]) => vehicle === route.vehicle && copy === route.copy))
    if (t < 0) throw new RangeError(`There is no vehicle ${route.vehicle}, number ${route.copy}`)
    e.length = route.visits.length
    openRoute(m, plan, r, t)
    let after = m.n + 2 * r
    route.visits.forEach((visit, index) => {
      e.sequence[index] = 'stop' in visit ? visit.stop : -1 - visit.site
      if ('site' in visit) insertReload(m, plan, visit.site, after)
      else if (plan.links[visit.stop * 4 + 2]! >= 0) throw new RangeError(`Stop ${problem.stops[visit.stop]!.id} is served twice`)
      else insertStop(m, plan, visit.stop, after)
      after = plan.links[after * 4]!
    })
    refreshRoute(m, plan, r)
    try {
      return writeRoute(m, e, t, route.vehicle, route.copy)
    } catch (error) {
      throw new RangeError(error instanceof Error ? error.message : String(error), { cause: error })
    }
  })
  const cost = written.reduce((sum, route) => sum + route.cost, 0) + forgonePrizes(m, plan) + balanceCost(m, plan, w)
  return { cost, routes: written, unassigned: explainUnassigned(m, plan, w) }
}
