/** Inserts both halves of a shipment at the cheapest pair of positions of one route; O(length²) a route, cut off by time, load and cost. */
import { evaluateRoute } from './evaluate.ts'
import type { Model, VehicleType } from './model.ts'
import { findFreeRoute, insertStop, openRoute, refreshRoute, rowOf, type Plan } from './plan.ts'
import { othersLoad } from './sequence.ts'
import type { Workspace } from './workspace.ts'

interface Found {
  delta: number
  route: number
  type: number
  pickupAfter: number
  deliveryAfter: number
}

/** Serves the shipment of pickup `c` if that costs less than leaving it out. */
export function insertShipment(m: Model, plan: Plan, w: Workspace, c: number, mayOpenRoute: boolean): void {
  const found: Found = { delta: m.forgone[c]! + m.forgone[m.partner[c]!]!, route: -1, type: -1, pickupAfter: -1, deliveryAfter: -1 }
  for (let r = 0; r < m.routes; r++) if (plan.routes[r * 4 + 1]! > 0) scanRoute(m, plan, w, c, r, found)
  if (mayOpenRoute) scanTypes(m, plan, w, c, found)
  if (found.route < 0) return
  const r = found.route
  const d = m.partner[c]!
  if (plan.routes[r * 4 + 1] === 0) openRoute(m, plan, r, found.type)
  const target = plan.routeCost[r]! + found.delta
  insertStop(m, plan, c, found.pickupAfter < 0 ? m.n + 2 * r : found.pickupAfter)
  insertStop(m, plan, d, found.deliveryAfter < 0 ? c : found.deliveryAfter)
  refreshRoute(m, plan, r)
  plan.cost += target - plan.routeCost[r]!
  plan.routeCost[r] = target
  w.touch(r)
}

function scanTypes(m: Model, plan: Plan, w: Workspace, c: number, found: Found): void {
  const { evaluator } = w
  const free = findFreeRoute(m, plan)
  if (free < 0) return
  for (let t = 0; t < m.types.length; t++) {
    const type = m.types[t]!
    if (plan.used[t]! >= type.count || type.unload) continue
    evaluator.sequence[0] = c
    evaluator.sequence[1] = m.partner[c]!
    evaluator.length = 2
    if (m.quotas) othersLoad(m, plan, evaluator, -1)
    const delta = evaluateRoute(m, evaluator, t)
    if (delta >= found.delta) continue
    found.delta = delta
    found.route = free
    found.type = t
    found.pickupAfter = -1
    found.deliveryAfter = -1
  }
}

function scanRoute(m: Model, plan: Plan, w: Workspace, c: number, r: number, found: Found): void {
  const { links, times } = plan
  const { n, size, timed, opens, closes } = m
  const d = m.partner[c]!
  const t = plan.routes[r * 4]!
  const type = m.types[t]!
  const cost = m.cost[type.costClass]!
  const time = m.time[type.timeClass]!
  const { service } = type
  const start = n + 2 * r
  const end = start + 1
  const serve = m.serve === undefined ? 0 : m.serve[c * m.types.length + t]! + m.serve[d * m.types.length + t]!
  if (m.allow !== undefined && (m.allow[c * m.types.length + t] === 0 || m.allow[d * m.types.length + t] === 0)) return
  const exact = m.boarding !== undefined && !type.complex
  const { outer, inner } = w
  outer.fill(0)
  for (let i = start; i !== end; i = links[i * 4]!) {
    if (exact && i < n) addBoarding(m, outer, i)
    if (exact && !fitsOnBoard(m, type, outer, c)) continue
    const j = links[i * 4]!
    if (w.hasFrozen && j < n && m.frozen[j] === 1) continue
    if (w.blinks()) continue
    const rowI = rowOf(m, plan, i)
    const rowJ = rowOf(m, plan, j)
    const toPickup = cost[rowI * size + c]!
    const direct = links[i * 4 + 3]!
    const aside = toPickup + cost[c * size + rowJ]! - direct
    // Metric costs give the pickup's own detour as a bound; the delivery can only add to it.
    if (aside + serve >= found.delta && toPickup + cost[c * size + d]! + cost[d * size + rowJ]! - direct + serve >= found.delta) continue
    let left = 0
    if (timed) {
      const arrival = times[i * 2]! + time[rowI * size + c]!
      if (arrival > closes[c]!) continue
      left = Math.max(arrival, opens[c]!) + service[c]!
      if (left + time[c * size + rowJ]! > times[j * 2 + 1]!) continue
    }
    // Delivery right behind the pickup, then behind every later stop of the trip.
    let before = c
    let beforeRow = c
    let now = left
    inner.set(outer)
    for (let next = j; ; next = links[next * 4]!) {
      const nextRow = rowOf(m, plan, next)
      const delta =
        before === c
          ? toPickup + cost[c * size + d]! + cost[d * size + nextRow]! - direct + serve
          : aside + cost[beforeRow * size + d]! + cost[d * size + nextRow]! - links[before * 4 + 3]! + serve
      let reachable = true
      if (timed) {
        const arrival = now + time[beforeRow * size + d]!
        if (arrival > closes[d]!) break
        reachable = Math.max(arrival, opens[d]!) + service[d]! + time[d * size + nextRow]! <= times[next * 2 + 1]!
      }
      if (reachable && delta < found.delta) {
        if (!exact) judge(m, plan, w, c, r, i, before === c ? -1 : before, found)
        else {
          found.delta = delta
          found.route = r
          found.type = t
          found.pickupAfter = i
          found.deliveryAfter = before === c ? -1 : before
        }
      }
      if (next >= n) break
      if (exact) {
        addBoarding(m, inner, next)
        if (!fitsOnBoard(m, type, inner, c)) break
      }
      if (timed) {
        const arrival = now + time[beforeRow * size + nextRow]!
        if (arrival > times[next * 2 + 1]!) break
        now = Math.max(arrival, opens[next]!) + service[next]!
      }
      before = next
      beforeRow = nextRow
    }
  }
}

function addBoarding(m: Model, board: Float64Array, c: number): void {
  for (let d = 0; d < board.length; d++) board[d] = board[d]! + m.boarding![c * board.length + d]!
}

function fitsOnBoard(m: Model, type: VehicleType, board: Float64Array, c: number): boolean {
  for (let d = 0; d < board.length; d++) if (board[d]! + m.boarding![c * board.length + d]! > (type.vehicle.capacity[d] ?? 0)) return false
  return true
}

/** Judges a pair of positions exactly: loads go up and down along the route. */
function judge(m: Model, plan: Plan, w: Workspace, c: number, r: number, pickupAfter: number, deliveryAfter: number, found: Found): void {
  const { evaluator } = w
  const { sequence } = evaluator
  const firstReload = m.n + 2 * m.routes
  const start = m.n + 2 * r
  let length = 0
  for (let node = start; node !== start + 1; node = plan.links[node * 4]!) {
    if (node < m.n) sequence[length++] = node
    else if (node >= firstReload) sequence[length++] = -1 - plan.site[node - firstReload]!
    if (node === pickupAfter) {
      sequence[length++] = c
      if (deliveryAfter < 0) sequence[length++] = m.partner[c]!
    } else if (node === deliveryAfter) sequence[length++] = m.partner[c]!
  }
  evaluator.length = length
  if (m.quotas) othersLoad(m, plan, evaluator, r)
  const delta = evaluateRoute(m, evaluator, plan.routes[r * 4]!) - plan.routeCost[r]!
  if (delta >= found.delta) return
  found.delta = delta
  found.route = r
  found.type = plan.routes[r * 4]!
  found.pickupAfter = pickupAfter < 0 ? start : pickupAfter
  found.deliveryAfter = deliveryAfter
}
