import { evaluateRoute } from './evaluate.ts'
import type { Model } from './model.ts'
import { refreshRoute, removeReload, type Plan } from './plan.ts'
import { sequenceOf } from './sequence.ts'
import type { Workspace } from './workspace.ts'

/**
 * Brings the books of a route up to date after stops were taken out: needless reload visits go, times and sums are recomputed, complex vehicles are
 * judged exactly. Returns false when the route breaks a rule.
 */
export function settleRoute(m: Model, plan: Plan, w: Workspace, r: number): boolean {
  if (plan.routes[r * 4 + 1] === 0) return true
  refreshRoute(m, plan, r)
  if (plan.routes[r * 4 + 2]! > 0) dropNeedlessReloads(m, plan, w, r)
  return judgeRoute(m, plan, w, r)
}

/** Sets the exact cost of a complex vehicle's route, and says whether a refreshed route keeps the rules. */
export function judgeRoute(m: Model, plan: Plan, w: Workspace, r: number): boolean {
  const type = m.types[plan.routes[r * 4]!]!
  if (type.complex) {
    sequenceOf(m, plan, w.evaluator, r)
    const exact = evaluateRoute(m, w.evaluator, plan.routes[r * 4]!)
    if (exact === Infinity) return false
    plan.cost += exact - plan.routeCost[r]!
    plan.routeCost[r] = exact
    return true
  }
  const start = m.n + 2 * r
  return !m.timed || plan.times[start * 2]! <= plan.times[start * 2 + 1]!
}

function dropNeedlessReloads(m: Model, plan: Plan, w: Workspace, r: number): void {
  const { links } = plan
  const start = m.n + 2 * r
  const firstReload = m.n + 2 * m.routes
  const t = plan.routes[r * 4]!
  const type = m.types[t]!
  for (let node = links[start * 4]!; node !== start + 1;) {
    const next = links[node * 4]!
    if (node >= firstReload) {
      const before = links[node * 4 + 1]!
      const doubled = next >= firstReload || before === start
      const last = next === start + 1
      if (doubled || (last && !type.unload) || (!last && tripsJoin(m, plan, w, r, t, node))) {
        removeReload(m, plan, node)
        refreshRoute(m, plan, r)
      }
    }
    node = next
  }
}

/** Whether the trips on both sides of a reload can be one. */
function tripsJoin(m: Model, plan: Plan, w: Workspace, r: number, t: number, reload: number): boolean {
  const { links, loads } = plan
  const type = m.types[t]!
  const earlier = plan.trip[links[reload * 4 + 1]!]!
  const later = plan.trip[reload]!
  for (let q = 0; q < m.quantities; q++) {
    if (loads[earlier * m.quantities + q]! + loads[later * m.quantities + q]! > type.capacity[q]!) return false
  }
  if (!type.complex && !m.hasReleases) return true
  const { evaluator } = w
  evaluator.length = 0
  sequenceOf(m, plan, evaluator, r)
  let position = 0
  for (let node = links[(m.n + 2 * r) * 4]!; node !== reload; node = links[node * 4]!) position++
  evaluator.sequence.copyWithin(position, position + 1, evaluator.length)
  evaluator.length--
  return evaluateRoute(m, evaluator, t) < Infinity
}
