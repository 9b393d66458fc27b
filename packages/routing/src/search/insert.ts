/**
 * Finds the cheapest place for one unserved stop. Positions beside its nearest neighbours are tried first; every position of every route only when
 * none of these will do. A position costs O(1): one row of the cost matrix, one sum per quantity, two times. Only for complex vehicles, for reload
 * visits and for goods that are released later than the trip leaves, a position that would be the best so far is judged by the exact evaluator.
 */
import { evaluateRoute } from './evaluate.ts'
import { scanLean } from './insert-lean.ts'
import { FAR, type Model, type VehicleType } from './model.ts'
import { findFreeRoute, insertReload, insertStop, openRoute, refreshAround, type Plan } from './plan.ts'
import type { Workspace } from './workspace.ts'
import { othersLoad, sequenceWith } from './sequence.ts'
import { changeType } from './vehicles.ts'

/** Where to put a stop: behind a node, or in a new route of a type; `mode` 1 with a reload before it, 2 with one behind it. */
export interface Pick {
  delta: number
  after: number
  type: number
  mode: 0 | 1 | 2
  site: number
}

/** Sets `w.pick` to the cheapest feasible position of `c`; its delta is Infinity when there is none. */
export function findInsertion(m: Model, plan: Plan, w: Workspace, c: number, mayOpenRoute: boolean): void {
  const { pick } = w
  pick.delta = Infinity
  if (w.lean && !w.hasFrozen) scanLean(m, plan, w, c)
  else scanNeighbours(m, plan, w, c)
  if (m.hasReloads) scanTripEnds(m, plan, w, c)
  if (mayOpenRoute) scanNewRoutes(m, plan, w, c)
  // An optional stop that fits beside no neighbour mostly waits for a better time.
  if (pick.delta === Infinity && (m.required[c] === 1 || w.random.below(3) === 0)) scanEverything(m, plan, w, c)
}

/** Sets `w.pick` to the cheapest new route for `c`. */
export function findNewRoute(m: Model, plan: Plan, w: Workspace, c: number): void {
  w.pick.delta = Infinity
  scanNewRoutes(m, plan, w, c)
}

/** Carries out `w.pick` for `c`. */
export function applyInsertion(m: Model, plan: Plan, w: Workspace, c: number): void {
  const { pick } = w
  let { after } = pick
  if (after < 0) {
    const r = findFreeRoute(m, plan)
    openRoute(m, plan, r, pick.type)
    after = m.n + 2 * r
  }
  const r = plan.links[after * 4 + 2]!
  if (pick.after >= 0 && pick.type >= 0) changeType(m, plan, r, pick.type)
  const before = plan.routeCost[r]!
  if (pick.mode === 1) {
    insertReload(m, plan, pick.site, after)
    after = plan.links[after * 4]!
  }
  insertStop(m, plan, c, after)
  if (pick.mode === 2) insertReload(m, plan, pick.site, c)
  refreshAround(m, plan, c)
  if (m.types[plan.routes[r * 4]!]!.complex) {
    const change = before + pick.delta - plan.routeCost[r]!
    plan.routeCost[r] = plan.routeCost[r]! + change
    plan.cost += change
  }
  w.touch(r)
}

function scanNeighbours(m: Model, plan: Plan, w: Workspace, c: number): void {
  const { links, routes, times, row, trip, loads } = plan
  const { n, size, timed, quantities, demand, opens, closes, allow, serve } = m
  const { neighbours, neighbourCount, pick } = w
  const typeCount = m.types.length
  const guarded = timed || m.hasReloads || m.hasReleases || typeCount > 1 || m.complex || m.types[0]!.complex || w.hasFrozen
  const from = c * neighbourCount
  const own = c * size
  const demandOne = quantities === 1 ? demand[c]! : 0
  let type: VehicleType = m.types[0]!
  let out = m.cost[type.costClass]!
  let into = m.costInto[type.costClass]!
  let room = quantities === 0 ? FAR : type.capacity[0]! - demandOne
  let best = Infinity
  let skip = w.skip
  for (let k = from; k < from + neighbourCount; k++) {
    const v = neighbours[k]!
    const at = v << 2
    const r = links[at + 2]!
    if (r < 0) continue
    if (allow !== undefined && allow[c * typeCount + routes[r * 4]!] === 0) continue
    if (typeCount > 1) {
      type = m.types[routes[r * 4]!]!
      out = m.cost[type.costClass]!
      into = m.costInto[type.costClass]!
      room = quantities === 0 ? FAR : type.capacity[0]! - demandOne
    }
    if (!guarded && quantities === 1 && loads[r]! > room) continue
    const next = links[at]!
    const previous = links[at + 1]!
    const outV = out[own + v]!
    const intoV = into[own + v]!
    const nextRow = next < n ? next : row[next - n]!
    const previousRow = previous < n ? previous : row[previous - n]!
    for (let side = 0; side < 2; side++) {
      if (skip-- <= 0) {
        skip = w.nextSkip()
        continue
      }
      const i = side === 0 ? v : previous
      const j = side === 0 ? next : v
      let delta = side === 0 ? intoV + out[own + nextRow]! - links[at + 3]! : into[own + previousRow]! + outV - links[previous * 4 + 3]!
      if (serve !== undefined) delta += serve[c * typeCount + routes[r * 4]!]!
      if (delta >= best) continue
      if (!guarded) {
        if (quantities > 1 && !fits(m, plan, type, c, trip[i]!)) continue
        best = delta
        pick.delta = delta
        pick.after = i
        pick.type = -1
        pick.mode = 0
        continue
      }
      if (w.hasFrozen && j < n && m.frozen[j] === 1) continue
      const overfull = quantities === 1 ? loads[trip[i]!]! > room : quantities > 1 && !fits(m, plan, type, c, trip[i]!)
      if (overfull) {
        if (m.hasReloads) best = Math.min(best, tryWithReload(m, plan, w, c, i, j, best))
        else if (w.exchangeable) best = Math.min(best, tryLargerVehicle(m, plan, w, c, i, j, best))
        continue
      }
      if (timed) {
        const arrival = times[i * 2]! + m.timeInto[type.timeClass]![own + (side === 0 ? v : previousRow)]!
        if (arrival > closes[c]!) continue
        const begin = arrival > opens[c]! ? arrival : opens[c]!
        if (begin + type.service[c]! + m.time[type.timeClass]![own + (side === 0 ? nextRow : v)]! > times[j * 2 + 1]!) continue
      }
      best = Math.min(best, offer(m, plan, w, c, i, j, delta, best))
    }
  }
  w.skip = skip
}

/** Whether the stop's quantities have room in a trip. */
function fits(m: Model, plan: Plan, type: VehicleType, c: number, slot: number): boolean {
  const { quantities } = m
  for (let q = 0; q < quantities; q++) if (plan.loads[slot * quantities + q]! + m.demand[c * quantities + q]! > type.capacity[q]!) return false
  return true
}

/** Takes a position that the fast checks allow as the pick, if the exact evaluator agrees where it is needed. Returns the best delta known. */
function offer(m: Model, plan: Plan, w: Workspace, c: number, i: number, j: number, delta: number, best: number): number {
  const { pick } = w
  const r = plan.links[i * 4 + 2]!
  const type = m.types[plan.routes[r * 4]!]!
  let exact = delta
  if (type.unload && j === m.n + 2 * r + 1 && i >= m.n) return tryWithReload(m, plan, w, c, i, j, best)
  if (type.complex || (m.hasReleases && m.release[c]! > plan.times[headOf(m, plan, i) * 2]!)) {
    sequenceWith(m, plan, w.evaluator, r, i, c, -1, 0)
    exact = evaluateRoute(m, w.evaluator, plan.routes[r * 4]!) - plan.routeCost[r]!
    if (exact >= best) return best
  }
  pick.delta = exact
  pick.after = i
  pick.type = -1
  pick.mode = 0
  return exact
}

/** Node that opens the trip a position behind `i` belongs to. */
function headOf(m: Model, plan: Plan, i: number): number {
  const slot = plan.trip[i]!
  return slot < m.routes ? m.n + 2 * slot : m.n + 2 * m.routes + slot - m.routes
}

function tryWithReload(m: Model, plan: Plan, w: Workspace, c: number, i: number, j: number, limit: number): number {
  const { pick } = w
  const r = plan.links[i * 4 + 2]!
  const t = plan.routes[r * 4]!
  const type = m.types[t]!
  if (plan.routes[r * 4 + 2]! >= type.maxReloads) return limit
  if (w.hasFrozen && j < m.n && m.frozen[j] === 1) return limit
  const cost = m.cost[type.costClass]!
  const rowI = i < m.n ? i : plan.row[i - m.n]!
  const rowJ = j < m.n ? j : plan.row[j - m.n]!
  const edge = plan.links[i * 4 + 3]!
  const serve = m.serve === undefined ? 0 : m.serve[c * m.types.length + t]!
  const startsTrip = i >= m.n
  const endsRoute = j === m.n + 2 * r + 1
  const endsTrip = j >= m.n
  let best = limit
  for (const site of type.sites) {
    const visits = m.problem.sites[site]!.maxVisits
    if (visits !== undefined && plan.siteVisits[site]! >= visits) continue
    const at = m.sites[site]!.row
    const before = cost[rowI * m.size + at]! + cost[at * m.size + c]! + cost[c * m.size + rowJ]! - edge + serve
    const behind = cost[rowI * m.size + c]! + cost[c * m.size + at]! + cost[at * m.size + rowJ]! - edge + serve
    for (let mode: 1 | 2 = 1; ; mode = 2) {
      const delta = mode === 1 ? before : behind
      const pointless = mode === 1 ? startsTrip || (endsRoute && type.unload) : endsTrip && !(endsRoute && type.unload)
      if (delta < best && !pointless && halvesFit(m, plan, type, c, i, mode) && (!m.timed || inTime(m, plan, type, site, i, j, c, mode))) {
        sequenceWith(m, plan, w.evaluator, r, i, c, site, mode)
        const exact = evaluateRoute(m, w.evaluator, t) - plan.routeCost[r]!
        if (exact < best) {
          best = exact
          pick.delta = exact
          pick.after = i
          pick.type = -1
          pick.mode = mode
          pick.site = site
        }
      }
      if (mode === 2) break
    }
  }
  return best
}

/** Whether both parts of a trip that is split behind `i` hold, with `c` in the later (mode 1) or the earlier one (mode 2). */
function halvesFit(m: Model, plan: Plan, type: VehicleType, c: number, i: number, mode: 1 | 2): boolean {
  const { quantities } = m
  const slot = plan.trip[i]!
  for (let q = 0; q < quantities; q++) {
    const early = i < m.n ? plan.upTo[i * quantities + q]! : 0
    const part = mode === 1 ? plan.loads[slot * quantities + q]! - early : early
    if (part + m.demand[c * quantities + q]! > type.capacity[q]!) return false
  }
  return true
}

/** Whether stop and site can follow each other in time between `i` and `j`; with releases this is what holds before they are looked at. */
function inTime(m: Model, plan: Plan, type: VehicleType, site: number, i: number, j: number, c: number, mode: 1 | 2): boolean {
  const time = m.time[type.timeClass]!
  const { size } = m
  const visit = m.sites[site]!
  const rowI = i < m.n ? i : plan.row[i - m.n]!
  const rowJ = j < m.n ? j : plan.row[j - m.n]!
  let now = plan.times[i * 2]!
  if (mode === 1) {
    now += time[rowI * size + visit.row]!
    if (now > visit.closes) return false
    now = Math.max(Math.max(now, visit.opens) + visit.service, m.release[c]!) + time[visit.row * size + c]!
    if (now > m.closes[c]!) return false
    return Math.max(now, m.opens[c]!) + type.service[c]! + time[c * size + rowJ]! <= plan.times[j * 2 + 1]!
  }
  now += time[rowI * size + c]!
  if (now > m.closes[c]!) return false
  now = Math.max(now, m.opens[c]!) + type.service[c]! + time[c * size + visit.row]!
  if (now > visit.closes) return false
  return Math.max(now, visit.opens) + visit.service + time[visit.row * size + rowJ]! <= plan.times[j * 2 + 1]!
}

/** A new trip at either end of every used route. */
function scanTripEnds(m: Model, plan: Plan, w: Workspace, c: number): void {
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    if (m.allow !== undefined && m.allow[c * m.types.length + plan.routes[r * 4]!] === 0) continue
    const start = m.n + 2 * r
    const last = plan.links[(start + 1) * 4 + 1]!
    if (w.blinks()) continue
    tryWithReload(m, plan, w, c, start, plan.links[start * 4]!, w.pick.delta)
    tryWithReload(m, plan, w, c, last, start + 1, w.pick.delta)
  }
}

/** A vehicle of another type for the whole route, when the present one is too small; types differ in capacity and cost only. */
function tryLargerVehicle(m: Model, plan: Plan, w: Workspace, c: number, i: number, j: number, limit: number): number {
  const { pick } = w
  const r = plan.links[i * 4 + 2]!
  const present = plan.routes[r * 4]!
  const rowI = i < m.n ? i : plan.row[i - m.n]!
  const rowJ = j < m.n ? j : plan.row[j - m.n]!
  let best = limit
  for (let t = 0; t < m.types.length; t++) {
    const type = m.types[t]!
    if (t === present || plan.used[t]! >= type.count || !fits(m, plan, type, c, r)) continue
    const cost = m.cost[type.costClass]!
    const delta = w.costUnder(m, plan, r, t) - plan.routeCost[r]! + cost[rowI * m.size + c]! + cost[c * m.size + rowJ]! - cost[rowI * m.size + rowJ]!
    if (delta >= best) continue
    if (m.timed) {
      sequenceWith(m, plan, w.evaluator, r, i, c, -1, 0)
      if (evaluateRoute(m, w.evaluator, t) === Infinity) continue
    }
    best = delta
    pick.delta = delta
    pick.after = i
    pick.type = t
    pick.mode = 0
  }
  return best
}

function scanNewRoutes(m: Model, plan: Plan, w: Workspace, c: number): void {
  const { pick, evaluator } = w
  for (let t = 0; t < m.types.length; t++) {
    const type = m.types[t]!
    if (plan.used[t]! >= type.count || (m.allow !== undefined && m.allow[c * m.types.length + t] === 0)) continue
    const cost = m.cost[type.costClass]!
    const sites = type.unload ? type.sites : w.noSite
    for (const site of sites) {
      if (site >= 0 && plan.siteVisits[site]! >= (m.problem.sites[site]!.maxVisits ?? FAR)) continue
      const back =
        site < 0 ? cost[c * m.size + type.endRow]! : cost[c * m.size + m.sites[site]!.row]! + cost[m.sites[site]!.row * m.size + type.endRow]!
      let delta = type.fixed + cost[type.startRow * m.size + c]! + back
      if (delta >= pick.delta) continue
      let room = true
      for (let q = 0; q < m.quantities; q++) if (m.demand[c * m.quantities + q]! > type.capacity[q]!) room = false
      if (!room) continue
      if (m.timed || type.complex || m.serve !== undefined) {
        evaluator.sequence[0] = c
        evaluator.sequence[1] = -1 - site
        evaluator.length = site < 0 ? 1 : 2
        if (m.quotas) othersLoad(m, plan, evaluator, -1)
        delta = evaluateRoute(m, evaluator, t)
        if (delta >= pick.delta) continue
      }
      pick.delta = delta
      pick.after = -1
      pick.type = t
      pick.mode = site < 0 ? 0 : 2
      pick.site = site
    }
  }
}

function scanEverything(m: Model, plan: Plan, w: Workspace, c: number): void {
  for (let r = 0; r < m.routes; r++) if (plan.routes[r * 4 + 1]! > 0) scanRoute(m, plan, w, c, r)
}

/** Improves `w.pick` by the best position of `c` in route `r`; O(length). */
export function scanRoute(m: Model, plan: Plan, w: Workspace, c: number, r: number): void {
  const { links, routes, times } = plan
  const typeCount = m.types.length
  const t = routes[r * 4]!
  const type = m.types[t]!
  if (m.allow !== undefined && m.allow[c * typeCount + t] === 0) return
  const cost = m.cost[type.costClass]!
  const end = m.n + 2 * r + 1
  let best = w.pick.delta
  for (let i = end - 1; i !== end; i = links[i * 4]!) {
    const j = links[i * 4]!
    if (w.hasFrozen && j < m.n && m.frozen[j] === 1) continue
    const rowI = i < m.n ? i : plan.row[i - m.n]!
    const rowJ = j < m.n ? j : plan.row[j - m.n]!
    const delta = cost[rowI * m.size + c]! + cost[c * m.size + rowJ]! - links[i * 4 + 3]! + (m.serve === undefined ? 0 : m.serve[c * typeCount + t]!)
    if (delta >= best) continue
    if (!fits(m, plan, type, c, plan.trip[i]!)) {
      if (m.hasReloads) best = Math.min(best, tryWithReload(m, plan, w, c, i, j, best))
      else if (w.exchangeable) best = Math.min(best, tryLargerVehicle(m, plan, w, c, i, j, best))
      continue
    }
    if (m.timed) {
      const begin = Math.max(m.opens[c]!, times[i * 2]! + m.time[type.timeClass]![rowI * m.size + c]!)
      if (begin > m.closes[c]! || begin + type.service[c]! + m.time[type.timeClass]![c * m.size + rowJ]! > times[j * 2 + 1]!) continue
    }
    best = Math.min(best, offer(m, plan, w, c, i, j, delta, best))
  }
}
