import { ProblemError } from '../validate.ts'
import { evaluateRoute } from './evaluate.ts'
import type { Model } from './model.ts'
import { findFreeRoute, insertReload, insertStop, openRoute, refreshRoute, removeReload, type Plan } from './plan.ts'
import { judgeRoute } from './reloads.ts'
import { sequenceOf } from './sequence.ts'
import type { Workspace } from './workspace.ts'

/** Puts the stops that are already under way at the beginning of their vehicles' routes. Throws `ProblemError` when a vehicle cannot do them. */
export function startFrozen(m: Model, plan: Plan, w: Workspace): void {
  m.types.forEach((type, t) => {
    if (type.vehicle.frozen.length === 0) return
    const r = findFreeRoute(m, plan)
    openRoute(m, plan, r, t)
    let last = m.n + 2 * r
    for (const c of type.vehicle.frozen) {
      insertStop(m, plan, c, last)
      last = c
    }
    if (!endsWell(m, plan, w, r, last))
      throw new ProblemError(`Vehicle ${type.vehicle.id}`, 'cannot do its frozen stops in time and within its limits')
  })
}

/** Tries the route as it is, or with a visit to each site where it must unload. */
function endsWell(m: Model, plan: Plan, w: Workspace, r: number, last: number): boolean {
  const type = m.types[plan.routes[r * 4]!]!
  if (!type.unload) {
    refreshRoute(m, plan, r)
    return keepsRules(m, plan, w, r)
  }
  for (const site of type.sites) {
    insertReload(m, plan, site, last)
    refreshRoute(m, plan, r)
    if (keepsRules(m, plan, w, r)) return true
    removeReload(m, plan, plan.links[last * 4]!)
  }
  return false
}

/** Loads too: the search itself never puts more on board than fits. */
function keepsRules(m: Model, plan: Plan, w: Workspace, r: number): boolean {
  sequenceOf(m, plan, w.evaluator, r)
  return evaluateRoute(m, w.evaluator, plan.routes[r * 4]!) < Infinity && judgeRoute(m, plan, w, r)
}
