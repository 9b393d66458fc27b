import { insertStop, findFreeRoute, openRoute, refreshRoute, type Plan } from './plan.ts'
import type { Model } from './model.ts'
import { insertReload } from './plan.ts'
import { settleRoute } from './reloads.ts'
import type { Workspace } from './workspace.ts'

/** Puts the stops that are already under way at the beginning of their vehicles' routes. */
export function startFrozen(m: Model, plan: Plan, w: Workspace): void {
  m.types.forEach((type, t) => {
    if (type.vehicle.frozen.length === 0) return
    const r = findFreeRoute(m, plan)
    openRoute(m, plan, r, t)
    let after = m.n + 2 * r
    for (const c of type.vehicle.frozen) {
      insertStop(m, plan, c, after)
      after = c
    }
    if (type.unload) insertReload(m, plan, type.sites[0]!, after)
    refreshRoute(m, plan, r)
    settleRoute(m, plan, w, r)
  })
}
