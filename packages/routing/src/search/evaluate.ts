/**
 * The exact evaluator: walks one route from start to end with every rule the problem knows and gives its cost, or Infinity when it breaks one.
 * O(length of the route) and without allocation. The fast checks of the insertion may be too hopeful for complex vehicles; this one decides.
 * Duty is counted from the latest start that keeps the finish and every place in its window (forward slack, Savelsbergh 1992).
 */
import type { Model, VehicleType } from './model.ts'
import { FAR } from './model.ts'
import { closing, opening, pauseCloses, pauseOpening, serviceOf, travelFrom } from './timing.ts'

export interface Evaluator {
  /** The route to look at: stops as their numbers, a visit to site s as -1 - s; without start and end. */
  readonly sequence: Int32Array
  length: number
  /** Times of the last evaluation by position; position `length` is the end, where only arrival counts. */
  readonly arrival: Int32Array
  readonly begin: Int32Array
  readonly depart: Int32Array
  /** For each of the vehicle's breaks: the position it precedes, and when it begins. */
  readonly pauseBefore: Int32Array
  readonly pauseBegin: Int32Array
  startTime: number
  /** Load taken by sites in the other routes, by site and dimension; for quotas. */
  readonly othersLoad: Float64Array
  /** What refused the last route, for reasons. */
  refusal: 'none' | 'skills' | 'capacity' | 'window' | 'limits' | 'kind' | 'unreachable'
  readonly onBoard: Float64Array
  duty: number
  /** How much later the vehicle may leave without finishing later. */
  delay: number
}

export function createEvaluator(m: Model): Evaluator {
  const longest = m.n + m.reloads + 2
  const pauses = Math.max(0, ...m.types.map((type) => type.vehicle.breaks.length))
  return {
    sequence: new Int32Array(longest),
    length: 0,
    arrival: new Int32Array(longest),
    begin: new Int32Array(longest),
    depart: new Int32Array(longest),
    pauseBefore: new Int32Array(pauses),
    pauseBegin: new Int32Array(pauses),
    startTime: 0,
    othersLoad: new Float64Array(m.sites.length * Math.max(1, m.problem.dimensions)),
    refusal: 'none',
    onBoard: new Float64Array(Math.max(1, m.problem.dimensions)),
    duty: 0,
    delay: 0,
  }
}

/** Cost of the evaluator's sequence for a vehicle of type `t`: use, edges, services, duty and overtime; Infinity when it is not feasible. */
export function evaluateRoute(m: Model, e: Evaluator, t: number): number {
  const type = m.types[t]!
  e.refusal = 'none'
  if (type.plain) return evaluatePlain(m, e, t)
  const edges = walkEdges(m, e, t)
  if (edges === Infinity || !loadsFit(m, e, type)) return Infinity
  if (!m.timed) return edges
  if (!keepTimes(m, e, type, 'late') && (type.vehicle.breaks.length === 0 || !keepTimes(m, e, type, 'early'))) return Infinity
  return edges + dutyCost(type, e.duty)
}

/** The same in one walk, for types without breaks, limits on ways, shipments and the like; sets no times. */
function evaluatePlain(m: Model, e: Evaluator, t: number): number {
  const { sequence, length } = e
  const { size, quantities, demand } = m
  const type = m.types[t]!
  const cost = m.cost[type.costClass]!
  const time = m.time[type.timeClass]!
  const { capacity } = type
  let total = type.fixed
  let before = type.startRow
  let stops = 0
  let visits = 0
  let now = m.timed ? (m.hasReleases ? Math.max(type.opens, releaseAfter(m, e, -1)) : type.opens) : 0
  const started = now
  let waited = 0
  let slack = FAR
  let load = 0
  if (quantities > 1 && !sumsFit(m, e, type)) return refuse(e, 'capacity')
  for (let i = 0; i < length; i++) {
    const node = sequence[i]!
    const row = node >= 0 ? node : m.sites[-1 - node]!.row
    const edge = cost[before * size + row]!
    if (edge >= FAR) return refuse(e, 'unreachable')
    total += edge
    const reached = now + time[before * size + row]!
    before = row
    if (node < 0) {
      const site = m.sites[-1 - node]!
      if (!type.sites.includes(-1 - node)) return refuse(e, 'limits')
      visits++
      load = 0
      if (!m.timed) continue
      if (reached > site.closes) return refuse(e, 'window')
      const begin = reached > site.opens ? reached : site.opens
      waited += begin - reached
      slack = Math.min(slack, waited + site.closes - begin)
      now = begin + site.service
      if (m.hasReleases) {
        const released = Math.max(now, releaseAfter(m, e, i))
        waited += released - now
        now = released
      }
      continue
    }
    stops++
    if (m.allow !== undefined && m.allow[node * m.types.length + t] === 0) return refuse(e, 'skills')
    if (m.serve !== undefined) total += m.serve[node * m.types.length + t]!
    if (quantities === 1) {
      load += demand[node]!
      if (load > capacity[0]!) return refuse(e, 'capacity')
    }
    if (!m.timed) continue
    const closes = m.closes[node]!
    if (reached > closes) return refuse(e, 'window')
    const opens = m.opens[node]!
    const begin = reached > opens ? reached : opens
    waited += begin - reached
    if (waited + closes - begin < slack) slack = waited + closes - begin
    now = begin + type.service[node]!
  }
  const edge = cost[before * size + type.endRow]!
  if (edge >= FAR) return refuse(e, 'unreachable')
  total += edge
  if (stops > (type.vehicle.maxStops ?? FAR) || visits > type.maxReloads) return refuse(e, 'limits')
  if (type.unload && length > 0 && sequence[length - 1]! >= 0) return refuse(e, 'limits')
  if (!m.timed) return total
  now += time[before * size + type.endRow]!
  if (now > type.closes) return refuse(e, 'window')
  e.delay = Math.max(0, Math.min(slack, waited))
  e.duty = now - started - e.delay
  if (e.duty > (type.vehicle.maxDuty ?? FAR)) return refuse(e, 'limits')
  return total + dutyCost(type, e.duty)
}

function sumsFit(m: Model, e: Evaluator, type: VehicleType): boolean {
  for (let q = 0; q < m.quantities; q++) {
    let load = 0
    for (let i = 0; i < e.length; i++) {
      const node = e.sequence[i]!
      load = node < 0 ? 0 : load + m.demand[node * m.quantities + q]!
      if (load > type.capacity[q]!) return false
    }
  }
  return true
}

/** Cost of a span of duty: paid per time unit, and more beyond the regular length; rounded once. */
export function dutyCost(type: VehicleType, duty: number): number {
  const { perDuty, perOvertime, regularDuty } = type.vehicle
  const over = regularDuty === undefined ? 0 : Math.max(0, duty - regularDuty)
  return Math.round(perDuty * duty + perOvertime * over)
}

function refuse(e: Evaluator, refusal: Evaluator['refusal']): number {
  e.refusal = refusal
  return Infinity
}

function walkEdges(m: Model, e: Evaluator, t: number): number {
  const { sequence, length } = e
  const type = m.types[t]!
  const { vehicle } = type
  const cost = m.cost[type.costClass]!
  const profile = m.problem.profiles[vehicle.profile]!
  let total = type.fixed
  let before = type.startRow
  let stops = 0
  let visits = 0
  let distance = 0
  let travel = 0
  for (let i = 0; i <= length; i++) {
    const node = i === length ? FAR : sequence[i]!
    const row = node === FAR ? type.endRow : node >= 0 ? node : m.sites[-1 - node]!.row
    const edge = cost[before * m.size + row]!
    if (edge >= FAR) return refuse(e, 'unreachable')
    total += edge
    const from = m.placeOf[before]!
    const to = m.placeOf[row]!
    if (from >= 0 && to >= 0) {
      distance += profile.distances[from * m.problem.places + to]!
      travel += m.time[type.timeClass]![before * m.size + row]!
    }
    before = row
    if (node === FAR) break
    if (node < 0) {
      if (!type.sites.includes(-1 - node)) return refuse(e, 'limits')
      visits++
      continue
    }
    stops++
    if (m.allow !== undefined && m.allow[node * m.types.length + t] === 0) return refuse(e, 'skills')
    if (m.serve !== undefined) total += m.serve[node * m.types.length + t]!
  }
  if (stops > (vehicle.maxStops ?? FAR) || distance > (vehicle.maxDistance ?? Infinity) || travel > (vehicle.maxTravel ?? Infinity))
    return refuse(e, 'limits')
  if (visits > type.maxReloads) return refuse(e, 'limits')
  if (type.unload && length > 0 && sequence[length - 1]! >= 0) return refuse(e, 'limits')
  return total
}

function loadsFit(m: Model, e: Evaluator, type: VehicleType): boolean {
  const { sequence, length, onBoard } = e
  const { problem } = m
  const { capacity } = type.vehicle
  if (m.sumsDecide) return sumsFit(m, e, type) || refuse(e, 'capacity') === 0
  for (let tripStart = 0; tripStart <= length;) {
    let tripEnd = tripStart
    let kinds = 0
    onBoard.fill(0)
    for (; tripEnd < length && sequence[tripEnd]! >= 0; tripEnd++) {
      const c = sequence[tripEnd]!
      const kind = m.kind[c]!
      if (kind >= 0) {
        if ((kinds & m.clash[kind]!) !== 0) return refuse(e, 'kind') === 0
        kinds |= 1 << kind
      }
      if (m.partner[c]! < 0) for (let d = 0; d < problem.stops[c]!.delivery.length; d++) onBoard[d] = onBoard[d]! + problem.stops[c]!.delivery[d]!
    }
    let open = 0
    if (!boardFits(onBoard, capacity)) return refuse(e, 'capacity') === 0
    for (let i = tripStart; i < tripEnd; i++) {
      const stop = problem.stops[sequence[i]!]!
      if (stop.partner !== undefined) open += stop.part === 'pickup' ? 1 : -1
      for (let d = 0; d < problem.dimensions; d++) onBoard[d] = onBoard[d]! + (stop.pickup[d] ?? 0) - (stop.delivery[d] ?? 0)
      if (!boardFits(onBoard, capacity)) return refuse(e, 'capacity') === 0
    }
    if (tripEnd === length) return true
    const site = -1 - sequence[tripEnd]!
    if (open !== 0) return refuse(e, 'limits') === 0
    if ((kinds & ~m.sites[site]!.kinds) !== 0) return refuse(e, 'kind') === 0
    if (m.quotas && !takesLoad(m, e, site, tripEnd)) return refuse(e, 'limits') === 0
    tripStart = tripEnd + 1
  }
  return true
}

function boardFits(onBoard: Float64Array, capacity: readonly number[]): boolean {
  for (let d = 0; d < onBoard.length; d++) if (onBoard[d]! > (capacity[d] ?? 0)) return false
  return true
}

/** Whether the site's quota has room for what this route brings up to and with the visit at `position`; a shipment's goods are not for the site. */
function takesLoad(m: Model, e: Evaluator, site: number, position: number): boolean {
  const { maxLoad } = m.problem.sites[site]!
  if (maxLoad === undefined) return true
  for (let d = 0; d < m.problem.dimensions; d++) {
    let brought = e.othersLoad[site * m.problem.dimensions + d]!
    let carried = 0
    for (let i = 0; i <= position; i++) {
      const node = e.sequence[i]!
      if (node >= 0) carried += m.partner[node]! < 0 ? (m.problem.stops[node]!.pickup[d] ?? 0) : 0
      else {
        if (-1 - node === site) brought += carried
        carried = 0
      }
    }
    if (brought > (maxLoad[d] ?? Infinity)) return false
  }
  return true
}

/**
 * Sets the times of the sequence, as early as they can be, and judges duty and its slack. Breaks are taken as late or as early as their windows let
 * it, and in waiting time whenever they fit there.
 */
export function keepTimes(m: Model, e: Evaluator, type: VehicleType, pauses: 'late' | 'early'): boolean {
  const { sequence, length, arrival, begin, depart } = e
  const { breaks, maxDuty } = type.vehicle
  const time = m.time[type.timeClass]!
  const varies = m.problem.profiles[type.vehicle.profile]!.periods !== undefined
  let now = Math.max(type.opens, releaseAfter(m, e, -1))
  e.startTime = now
  const started = now
  let waited = 0
  let slack = FAR
  let taken = 0
  let before = type.startRow
  for (let i = 0; i <= length; i++) {
    const node = i === length ? FAR : sequence[i]!
    const row = node === FAR ? type.endRow : node >= 0 ? node : m.sites[-1 - node]!.row
    if (taken === breaks.length) {
      // Nothing but the way and the window: most steps of most routes.
      const reached = varies ? travelFrom(m, type, before, row, now) : now + time[before * m.size + row]!
      arrival[i] = reached
      if (node >= 0 && node < FAR && m.simple[node] === 1)
        begin[i] = reached > m.closes[node]! ? FAR : reached > m.opens[node]! ? reached : m.opens[node]!
      else begin[i] = node === FAR ? reached : opening(m, node, reached)
    } else {
      for (;;) {
        const reached = travelFrom(m, type, before, row, now)
        const serviceBegins = node === FAR ? reached : opening(m, node, reached)
        arrival[i] = reached
        begin[i] = serviceBegins
        const pause = breaks[taken]
        if (pause === undefined) break
        const done = serviceBegins >= FAR ? FAR : serviceBegins + serviceOf(m, type, node, before, row)
        const pauseBegins = pauseOpening(m, pause, now)
        if (pauseBegins >= FAR) return refuse(e, 'window') === 0
        const mayPause = pause.maxLoad === undefined || loadAllows(m, e, i, pause.maxLoad)
        const resumed = pauseBegins + pause.service
        const resumedReach = travelFrom(m, type, before, row, resumed)
        const free = node !== FAR && opening(m, node, resumedReach) === serviceBegins
        const lastChance = node === FAR || pauseOpening(m, pause, done) >= FAR
        if (!mayPause || !(lastChance || free || (pauses === 'early' && pauseBegins === now))) {
          if (node === FAR) return refuse(e, 'window') === 0
          break
        }
        e.pauseBefore[taken] = i
        e.pauseBegin[taken] = pauseBegins
        waited += pauseBegins - now
        slack = Math.min(slack, waited + pauseCloses(m, pause, pauseBegins) - pauseBegins)
        now = resumed
        taken++
      }
    }
    if (node === FAR) {
      if (arrival[i]! > type.closes) return refuse(e, 'window') === 0
      break
    }
    if (begin[i]! >= FAR) return refuse(e, 'window') === 0
    waited += begin[i]! - arrival[i]!
    if (node >= 0 && m.simple[node] === 1) {
      slack = Math.min(slack, waited + m.closes[node]! - begin[i]!)
      now = begin[i]! + type.service[node]!
    } else {
      slack = Math.min(slack, waited + closing(m, node, begin[i]!) - begin[i]!)
      now = begin[i]! + serviceOf(m, type, node, before, row)
    }
    if (node < 0 && m.hasReleases) {
      const released = Math.max(now, releaseAfter(m, e, i))
      waited += released - now
      now = released
    }
    depart[i] = now
    before = row
  }
  e.delay = varies ? 0 : Math.max(0, Math.min(slack, waited))
  e.duty = arrival[length]! - started - e.delay
  if (maxDuty !== undefined && e.duty > maxDuty) return refuse(e, 'limits') === 0
  return true
}

/** Moves departure from the start as late as the finish allows; later times move along as far as waiting does not swallow it. */
export function leaveLater(m: Model, e: Evaluator, type: VehicleType): void {
  const { breaks } = type.vehicle
  let carry = e.delay
  let left = e.startTime
  e.startTime += carry
  let before = type.startRow
  for (let i = 0, taken = 0; i <= e.length; i++) {
    for (; taken < breaks.length && e.pauseBefore[taken] === i; taken++) {
      const begin = e.pauseBegin[taken]!
      carry = Math.max(0, carry - (begin - left))
      left = begin + breaks[taken]!.service
      e.pauseBegin[taken] = begin + carry
    }
    const reached = e.arrival[i]!
    e.arrival[i] = reached + carry
    if (i === e.length) return
    const node = e.sequence[i]!
    const row = node >= 0 ? node : m.sites[-1 - node]!.row
    const begin = e.begin[i]!
    carry = Math.max(0, carry - (begin - reached))
    e.begin[i] = begin + carry
    left = e.depart[i]!
    carry = Math.max(0, carry - (left - begin - serviceOf(m, type, node, before, row)))
    e.depart[i] = left + carry
    before = row
  }
}

function releaseAfter(m: Model, e: Evaluator, position: number): number {
  if (!m.hasReleases) return 0
  let latest = 0
  for (let i = position + 1; i < e.length && e.sequence[i]! >= 0; i++) latest = Math.max(latest, m.release[e.sequence[i]!]!)
  return latest
}

function loadAllows(m: Model, e: Evaluator, position: number, most: readonly number[]): boolean {
  const { problem } = m
  for (let d = 0; d < problem.dimensions; d++) {
    let load = 0
    let i = position - 1
    for (; i >= 0 && e.sequence[i]! >= 0; i--) load += problem.stops[e.sequence[i]!]!.pickup[d] ?? 0
    for (let j = i + 1; j < position; j++) if (m.partner[e.sequence[j]!]! >= 0) load -= problem.stops[e.sequence[j]!]!.delivery[d] ?? 0
    for (let j = position; j < e.length && e.sequence[j]! >= 0; j++) {
      if (m.partner[e.sequence[j]!]! < 0) load += problem.stops[e.sequence[j]!]!.delivery[d] ?? 0
    }
    if (load > (most[d] ?? 0)) return false
  }
  return true
}
