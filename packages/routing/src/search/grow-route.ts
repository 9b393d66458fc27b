import { applyInsertion, findNewRoute, scanRoute } from './insert.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import type { Workspace } from './workspace.ts'

/**
 * Opens a route for an optional stop although it cannot pay alone, and adds the stop around it that gains most until none gains. Now and then a
 * candidate is passed over, so that the same seed gives other routes. O(candidates × length²); the annealing decides whether the route stays.
 */
export function growRoute(m: Model, plan: Plan, w: Workspace, seed: number): void {
  if (plan.links[seed * 4 + 2]! >= 0) return
  findNewRoute(m, plan, w, seed)
  if (w.pick.delta === Infinity) return
  applyInsertion(m, plan, w, seed)
  const r = plan.links[seed * 4 + 2]!
  const { pick, grown } = w
  const reach = Math.min(w.adjacentCount, 250)
  for (;;) {
    let gain = 0
    let chosen = -1
    for (let k = 1; k < reach; k++) {
      const c = w.adjacent[seed * w.adjacentCount + k]!
      if (plan.links[c * 4 + 2]! >= 0 || m.required[c] === 1 || m.group[c]! >= 0 || w.random.next() < 0x20000000) continue
      pick.delta = m.forgone[c]! + gain
      const limit = pick.delta
      scanRoute(m, plan, w, c, r)
      if (pick.delta >= limit) continue
      gain = pick.delta - m.forgone[c]!
      chosen = c
      Object.assign(grown, pick)
    }
    if (chosen < 0) return
    Object.assign(pick, grown)
    applyInsertion(m, plan, w, chosen)
  }
}
