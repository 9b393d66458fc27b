/**
 * The search's mutable plan. All of it lies in one Int32Array, so that taking over another plan is one copy.
 * links: four figures a node: next, previous, route (-1: not served), cost of the edge to next. `row` gives the matrix row of a start, end or reload.
 * routes: four figures a route: type, stops, reloads, spare. trip: slot of the trip a node belongs to (a route's first trip is slot r, the trip
 * opened by reload k is slot routes + k). loads: sums by slot. upTo: sums within the trip up to and with the node. times: departure, and latest
 * arrival that keeps the rest of the route in time. Invariants: a route without stops has no reloads and costs nothing; `cost` equals the sum of
 * route costs and what is forgone.
 */
import type { Model } from './model.ts'
import { FAR } from './model.ts'

export interface Plan {
  readonly all: Int32Array
  readonly links: Int32Array
  readonly row: Int32Array
  readonly site: Int32Array
  readonly routes: Int32Array
  readonly used: Int32Array
  readonly trip: Int32Array
  readonly loads: Int32Array
  readonly upTo: Int32Array
  readonly times: Int32Array
  readonly siteVisits: Int32Array
  /** Cost of each route; kept up to date by deltas, and exactly by the evaluator for complex vehicles. */
  readonly routeCost: Float64Array
  cost: number
  /** Number of required stops (of groups: members) not served. */
  missing: number
}

/** Makes a plan that serves nothing. */
export function createPlan(m: Model): Plan {
  const nodes = m.n + 2 * m.routes + m.reloads
  const slots = m.routes + m.reloads
  const lengths = [
    nodes * 4,
    nodes - m.n,
    m.reloads,
    m.routes * 4,
    m.types.length,
    nodes,
    slots * m.quantities,
    m.hasReloads ? nodes * m.quantities : 0,
    m.timed ? nodes * 2 : 0,
    m.sites.length,
  ]
  const all = new Int32Array(lengths.reduce((sum, length) => sum + length, 0))
  let offset = 0
  const parts = lengths.map((length) => all.subarray(offset, (offset += length)))
  const plan: Plan = {
    all,
    links: parts[0]!,
    row: parts[1]!,
    site: parts[2]!,
    routes: parts[3]!,
    used: parts[4]!,
    trip: parts[5]!,
    loads: parts[6]!,
    upTo: parts[7]!,
    times: parts[8]!,
    siteVisits: parts[9]!,
    routeCost: new Float64Array(m.routes),
    cost: 0,
    missing: 0,
  }
  for (let c = 0; c < m.n; c++) {
    plan.links[c * 4 + 2] = -1
    plan.cost += m.forgone[c]!
    plan.missing += m.required[c]!
  }
  for (let r = 0; r < m.routes; r++) {
    const start = m.n + 2 * r
    plan.links.set([start + 1, -1, r, 0, -1, start, r, 0], start * 4)
    plan.trip[start] = r
    plan.trip[start + 1] = r
    plan.routes[r * 4] = -1
  }
  plan.site.fill(-1)
  return plan
}

/** Makes `target` equal to `source`. */
export function copyPlan(target: Plan, source: Plan): void {
  target.all.set(source.all)
  target.routeCost.set(source.routeCost)
  target.cost = source.cost
  target.missing = source.missing
}

/** Matrix row of a node. */
export function rowOf(m: Model, plan: Plan, node: number): number {
  return node < m.n ? node : plan.row[node - m.n]!
}

/** Gives an unused route slot to a type; the slot stays unused until a stop is inserted. */
export function openRoute(m: Model, plan: Plan, r: number, t: number): void {
  const type = m.types[t]!
  const start = m.n + 2 * r
  plan.routes[r * 4] = t
  plan.row[start - m.n] = type.startRow
  plan.row[start + 1 - m.n] = type.endRow
  if (m.timed) {
    plan.times[start * 2] = type.opens
    plan.times[start * 2 + 1] = type.closes
    plan.times[(start + 1) * 2] = type.opens
    plan.times[(start + 1) * 2 + 1] = type.closes
  }
}

/** First unused route slot, or -1. */
export function findFreeRoute(m: Model, plan: Plan): number {
  for (let r = 0; r < m.routes; r++) if (plan.routes[r * 4 + 1] === 0) return r
  return -1
}

/** First unused reload node, or -1. */
function findFreeReload(m: Model, plan: Plan): number {
  for (let k = 0; k < m.reloads; k++) if (plan.site[k] === -1) return k
  return -1
}

/** Puts an unserved stop behind `after` and adjusts links, sums and cost; times are the caller's to refresh. */
export function insertStop(m: Model, plan: Plan, c: number, after: number): void {
  const { links, routes, loads } = plan
  const r = links[after * 4 + 2]!
  const t = routes[r * 4]!
  const type = m.types[t]!
  if (routes[r * 4 + 1] === 0) {
    plan.used[t] = plan.used[t]! + 1
    addCost(plan, r, type.fixed)
  }
  routes[r * 4 + 1] = routes[r * 4 + 1]! + 1
  link(m, plan, c, after)
  const trip = plan.trip[after]!
  plan.trip[c] = trip
  for (let q = 0; q < m.quantities; q++) {
    const slot = trip * m.quantities + q
    loads[slot] = loads[slot]! + m.demand[c * m.quantities + q]!
  }
  if (m.serve !== undefined) addCost(plan, r, m.serve[c * m.types.length + t]!)
  plan.cost -= m.forgone[c]!
  plan.missing -= m.weight[c]!
}

/** Puts a reload visit behind `after`; the caller refreshes the route, which sets the sums of both trips. Returns whether a node was free. */
export function insertReload(m: Model, plan: Plan, site: number, after: number): boolean {
  const k = findFreeReload(m, plan)
  if (k < 0) return false
  const node = m.n + 2 * m.routes + k
  plan.site[k] = site
  plan.row[node - m.n] = m.sites[site]!.row
  plan.trip[node] = m.routes + k
  plan.siteVisits[site] = plan.siteVisits[site]! + 1
  const r = plan.links[after * 4 + 2]!
  plan.routes[r * 4 + 2] = plan.routes[r * 4 + 2]! + 1
  link(m, plan, node, after)
  return true
}

function link(m: Model, plan: Plan, node: number, after: number): void {
  const { links } = plan
  const r = links[after * 4 + 2]!
  const cost = m.cost[m.types[plan.routes[r * 4]!]!.costClass]!
  const next = links[after * 4]!
  const row = rowOf(m, plan, node)
  const left = cost[rowOf(m, plan, after) * m.size + row]!
  const right = cost[row * m.size + rowOf(m, plan, next)]!
  addCost(plan, r, left + right - links[after * 4 + 3]!)
  links[node * 4] = next
  links[node * 4 + 1] = after
  links[node * 4 + 2] = r
  links[node * 4 + 3] = right
  links[after * 4] = node
  links[after * 4 + 3] = left
  links[next * 4 + 1] = node
}

/** Takes a stop out of its route; times and prefix sums are the caller's to refresh. */
export function removeStop(m: Model, plan: Plan, c: number): void {
  const { links, routes, loads } = plan
  const r = links[c * 4 + 2]!
  const t = routes[r * 4]!
  for (let q = 0; q < m.quantities; q++) {
    const slot = plan.trip[c]! * m.quantities + q
    loads[slot] = loads[slot]! - m.demand[c * m.quantities + q]!
  }
  if (m.serve !== undefined) addCost(plan, r, -m.serve[c * m.types.length + t]!)
  unlink(m, plan, c)
  links[c * 4 + 2] = -1
  plan.cost += m.forgone[c]!
  plan.missing += m.weight[c]!
  const left = routes[r * 4 + 1]! - 1
  routes[r * 4 + 1] = left
  if (left === 0) closeRoute(m, plan, r)
}

function unlink(m: Model, plan: Plan, node: number): void {
  const { links } = plan
  const r = links[node * 4 + 2]!
  const cost = m.cost[m.types[plan.routes[r * 4]!]!.costClass]!
  const next = links[node * 4]!
  const before = links[node * 4 + 1]!
  const edge = cost[rowOf(m, plan, before) * m.size + rowOf(m, plan, next)]!
  addCost(plan, r, edge - links[before * 4 + 3]! - links[node * 4 + 3]!)
  links[before * 4] = next
  links[before * 4 + 3] = edge
  links[next * 4 + 1] = before
}

/** Takes a reload visit out; the caller refreshes the route. */
export function removeReload(m: Model, plan: Plan, node: number): void {
  const r = plan.links[node * 4 + 2]!
  const k = node - m.n - 2 * m.routes
  unlink(m, plan, node)
  plan.routes[r * 4 + 2] = plan.routes[r * 4 + 2]! - 1
  plan.siteVisits[plan.site[k]!] = plan.siteVisits[plan.site[k]!]! - 1
  plan.site[k] = -1
}

/** Empties the books of a route that serves no stop any more. */
function closeRoute(m: Model, plan: Plan, r: number): void {
  const { links } = plan
  const start = m.n + 2 * r
  for (let node = links[start * 4]!; node !== start + 1; node = links[start * 4]!) removeReload(m, plan, node)
  const t = plan.routes[r * 4]!
  plan.used[t] = plan.used[t]! - 1
  links[start * 4 + 3] = 0
  plan.cost -= plan.routeCost[r]!
  plan.routeCost[r] = 0
  for (let q = 0; q < m.quantities; q++) plan.loads[r * m.quantities + q] = 0
}

function addCost(plan: Plan, r: number, delta: number): void {
  plan.routeCost[r] = plan.routeCost[r]! + delta
  plan.cost += delta
}

/** Recomputes trips, sums and times of a route; O(length). Call after its stops or reloads changed, where times, reloads or both matter. */
export function refreshRoute(m: Model, plan: Plan, r: number): void {
  if (plan.routes[r * 4 + 1] === 0) return
  if (m.hasReloads) refreshTrips(m, plan, r)
  if (m.timed) refreshTimes(m, plan, r)
}

function refreshTrips(m: Model, plan: Plan, r: number): void {
  const { links, trip, loads, upTo } = plan
  const { quantities, demand, n } = m
  const start = n + 2 * r
  const firstReload = n + 2 * m.routes
  let slot = r
  for (let q = 0; q < quantities; q++) loads[slot * quantities + q] = 0
  for (let node = links[start * 4]!; node !== start + 1; node = links[node * 4]!) {
    if (node >= firstReload) {
      slot = m.routes + node - firstReload
      for (let q = 0; q < quantities; q++) loads[slot * quantities + q] = 0
    }
    trip[node] = slot
    for (let q = 0; q < quantities; q++) {
      const sum = node < n ? loads[slot * quantities + q]! + demand[node * quantities + q]! : 0
      loads[slot * quantities + q] = sum
      upTo[node * quantities + q] = sum
    }
  }
  trip[start + 1] = slot
}

function refreshTimes(m: Model, plan: Plan, r: number): void {
  const { links, times, row } = plan
  const { n, size, opens, closes } = m
  const firstReload = n + 2 * m.routes
  const start = n + 2 * r
  const end = start + 1
  const type = m.types[plan.routes[r * 4]!]!
  const time = m.time[type.timeClass]!
  const { service } = type
  let depart = m.hasReleases ? Math.max(type.opens, tripRelease(m, plan, start)) : type.opens
  times[start * 2] = depart
  let before = row[start - n]!
  let node = links[start * 4]!
  for (; node !== end; node = links[node * 4]!) {
    const at = node < n ? node : row[node - n]!
    const arrival = depart + time[before * size + at]!
    if (node < n) depart = (arrival > opens[node]! ? arrival : opens[node]!) + service[node]!
    else {
      const site = m.sites[plan.site[node - firstReload]!]!
      depart = Math.max(arrival, site.opens) + site.service
      if (m.hasReleases) depart = Math.max(depart, tripRelease(m, plan, node))
    }
    if (depart > FAR) depart = FAR
    times[node * 2] = depart
    before = at
  }
  times[end * 2] = Math.min(FAR, depart + time[before * size + row[end - n]!]!)
  let late = type.closes
  times[end * 2 + 1] = late
  let after = row[end - n]!
  for (node = links[end * 4 + 1]!; node !== start; node = links[node * 4 + 1]!) {
    const at = node < n ? node : row[node - n]!
    late -= time[at * size + after]!
    if (node < n) {
      late -= service[node]!
      if (late > closes[node]!) late = closes[node]!
    } else {
      const site = m.sites[plan.site[node - firstReload]!]!
      late = Math.min(site.closes, late - site.service)
    }
    if (late < -FAR) late = -FAR
    times[node * 2 + 1] = late
    after = at
  }
  times[start * 2 + 1] = late - time[row[start - n]! * size + after]!
}

/**
 * Brings times up to date after one stop was inserted: forward and backward from it until nothing changes, O(changed part). Routes with releases, and
 * trips where there are reloads, with times or without, are refreshed whole.
 */
export function refreshAround(m: Model, plan: Plan, c: number): void {
  const { links, times, row } = plan
  const { n, size, opens, closes } = m
  const r = links[c * 4 + 2]!
  if (m.hasReloads) return refreshRoute(m, plan, r)
  if (!m.timed) return
  if (m.hasReleases || plan.routes[r * 4 + 1]! < 4) return refreshRoute(m, plan, r)
  const start = n + 2 * r
  const end = start + 1
  const { service, timeClass } = m.types[plan.routes[r * 4]!]!
  const time = m.time[timeClass]!
  let node = c
  let before = links[c * 4 + 1]!
  let depart = times[before * 2]!
  let beforeRow = before < n ? before : row[before - n]!
  while (node !== end) {
    const arrival = depart + time[beforeRow * size + node]!
    depart = (arrival > opens[node]! ? arrival : opens[node]!) + service[node]!
    if (depart > FAR) depart = FAR
    if (node !== c && times[node * 2] === depart) break
    times[node * 2] = depart
    beforeRow = node
    node = links[node * 4]!
  }
  if (node === end) times[end * 2] = Math.min(FAR, depart + time[beforeRow * size + row[end - n]!]!)
  node = c
  const next = links[c * 4]!
  let late = times[next * 2 + 1]!
  let afterRow = next < n ? next : row[next - n]!
  while (node !== start) {
    late -= time[node * size + afterRow]! + service[node]!
    if (late > closes[node]!) late = closes[node]!
    if (late < -FAR) late = -FAR
    if (node !== c && times[node * 2 + 1] === late) return
    times[node * 2 + 1] = late
    afterRow = node
    node = links[node * 4 + 1]!
  }
  times[start * 2 + 1] = late - time[row[start - n]! * size + afterRow]!
}

/** Earliest departure that the goods of the trip opened by `head` allow. */
export function tripRelease(m: Model, plan: Plan, head: number): number {
  let latest = 0
  for (let node = plan.links[head * 4]!; node < m.n; node = plan.links[node * 4]!) if (m.release[node]! > latest) latest = m.release[node]!
  return latest
}
