import { evaluateRoute } from './evaluate.ts'
import type { Model } from './model.ts'
import { FAR } from './model.ts'
import { refreshRoute, rowOf, type Plan } from './plan.ts'
import { sequenceOf } from './sequence.ts'
import type { Workspace } from './workspace.ts'

/** Gives a used route to another type: new use, edges and service costs; the caller has checked that it may. */
export function changeType(m: Model, plan: Plan, r: number, t: number): void {
  const former = plan.routes[r * 4]!
  const type = m.types[t]!
  const start = m.n + 2 * r
  plan.used[former] = plan.used[former]! - 1
  plan.used[t] = plan.used[t]! + 1
  plan.routes[r * 4] = t
  plan.row[start - m.n] = type.startRow
  plan.row[start + 1 - m.n] = type.endRow
  const cost = m.cost[type.costClass]!
  let total = type.fixed
  for (let node = start; node !== start + 1; node = plan.links[node * 4]!) {
    const edge = cost[rowOf(m, plan, node) * m.size + rowOf(m, plan, plan.links[node * 4]!)]!
    plan.links[node * 4 + 3] = edge
    total += edge
    if (m.serve !== undefined && node < m.n) total += m.serve[node * m.types.length + t]!
  }
  plan.cost += total - plan.routeCost[r]!
  plan.routeCost[r] = total
  refreshRoute(m, plan, r)
}

/** What a route would cost with a vehicle of another type, by edges, use and service costs alone; O(length). */
export function costUnder(m: Model, plan: Plan, r: number, t: number): number {
  const type = m.types[t]!
  const cost = m.cost[type.costClass]!
  const start = m.n + 2 * r
  let total = type.fixed
  let before = type.startRow
  for (let node = plan.links[start * 4]!; node !== start + 1; node = plan.links[node * 4]!) {
    const row = rowOf(m, plan, node)
    total += cost[before * m.size + row]!
    if (m.serve !== undefined && node < m.n) total += m.serve[node * m.types.length + t]!
    before = row
  }
  return total + cost[before * m.size + type.endRow]!
}

/** Gives each touched route to the cheapest free type that can do it. */
export function chooseVehicles(m: Model, plan: Plan, w: Workspace): void {
  for (let index = 0; index < w.touchedCount; index++) {
    const r = w.touched[index]!
    if (plan.routes[r * 4 + 1] === 0 || hasFrozenStop(m, plan, r)) continue
    let chosen = -1
    let least = plan.routeCost[r]!
    for (let t = 0; t < m.types.length; t++) {
      const type = m.types[t]!
      if (t === plan.routes[r * 4] || plan.used[t]! >= type.count) continue
      if (!mayHold(m, plan, r, t)) continue
      let total = costUnder(m, plan, r, t)
      if (total >= least || total >= FAR) continue
      if (m.timed || type.complex || m.allow !== undefined || m.hasReloads) {
        sequenceOf(m, plan, w.evaluator, r)
        total = evaluateRoute(m, w.evaluator, t)
        if (total >= least) continue
      }
      least = total
      chosen = t
    }
    if (chosen < 0) continue
    changeType(m, plan, r, chosen)
    plan.cost += least - plan.routeCost[r]!
    plan.routeCost[r] = least
  }
}

function mayHold(m: Model, plan: Plan, r: number, t: number): boolean {
  const { capacity } = m.types[t]!
  if (m.hasReloads) return true
  for (let q = 0; q < m.quantities; q++) if (plan.loads[r * m.quantities + q]! > capacity[q]!) return false
  return true
}

function hasFrozenStop(m: Model, plan: Plan, r: number): boolean {
  const first = plan.links[(m.n + 2 * r) * 4]!
  return first < m.n && m.frozen[first] === 1
}
