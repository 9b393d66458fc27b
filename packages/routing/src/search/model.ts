import { taskTimes, type Problem, type Vehicle } from '../problem.ts'
import { edgeMatrices } from './edges.ts'
import { maySetUp, taskTimesByType, type TaskTimes } from './task-times.ts'

/**
 * A problem turned into flat arrays for the search. Nodes are numbered: stops 0..n-1, then for route r its start n+2r and its end n+2r+1, then
 * reload visits. Every stop is a row of the matrices of its own; rows n.. are the distinct places of starts, ends and sites, and, when a route
 * may be open, one place that is nowhere and costs nothing. Times are shifted by `base` so that they stay small.
 */
export interface Model {
  readonly problem: Problem
  readonly n: number
  /** Rows of the matrices. */
  readonly size: number
  /** Route slots and reload nodes. */
  readonly routes: number
  readonly reloads: number
  readonly base: number
  readonly horizon: number
  readonly placeOf: Int32Array
  readonly types: readonly VehicleType[]
  /** Cost matrices by cost class, and their transposes (the same array where symmetric): cost[c][a * size + b]. */
  readonly cost: readonly Int32Array[]
  readonly costInto: readonly Int32Array[]
  readonly time: readonly Int32Array[]
  readonly timeInto: readonly Int32Array[]
  readonly timed: boolean
  /** Quantities that add up over a trip: deliveries, then pickups, of the dimensions in use. */
  readonly quantities: number
  readonly demand: Int32Array
  readonly opens: Int32Array
  readonly closes: Int32Array
  readonly release: Int32Array
  /** What leaving a stop out costs in the search, required ones included. */
  readonly forgone: Float64Array
  readonly required: Uint8Array
  /** How many missing stops serving this one makes good: all of its group, if it is required. */
  readonly weight: Int32Array
  readonly partner: Int32Array
  readonly isPickup: Uint8Array
  readonly group: Int32Array
  readonly groups: readonly (readonly number[])[]
  readonly frozen: Uint8Array
  readonly hasPairs: boolean
  /** Shipments alone have loads, so that a running sum decides: change of load at each stop, by stop and dimension. */
  readonly boarding?: Int32Array
  readonly hasReloads: boolean
  readonly hasReleases: boolean
  /** Whether a vehicle of type t may serve stop c: allow[c * types + t]; undefined when all may. */
  readonly allow?: Uint8Array
  /** Cost of serving stop c with type t: serve[c * types + t]. */
  readonly serve?: Int32Array
  /** Loads rise and fall along a trip, so sums over it do not decide. */
  readonly mixedLoad: boolean
  /** The exact evaluator must see every change, whatever the vehicle. */
  readonly complex: boolean
  /** Stops with at most one window and no setup. */
  readonly simple: Uint8Array
  /** Loads, kinds and quotas ask for no more than the sums of each trip. */
  readonly sumsDecide: boolean
  readonly kind: Int32Array
  /** Bit k of clash[j] says that kinds j and k never share a trip. */
  readonly clash: Int32Array
  readonly sites: readonly SiteRow[]
  readonly quotas: boolean
}

export interface SiteRow {
  readonly row: number
  readonly service: number
  readonly opens: number
  readonly closes: number
  /** Bits of the kinds taken. */
  readonly kinds: number
}

export interface VehicleType extends TaskTimes {
  readonly vehicle: Vehicle
  /** The vehicles of this type: index into the problem's vehicles and copy. */
  readonly members: readonly (readonly [vehicle: number, copy: number])[]
  readonly count: number
  readonly costClass: number
  readonly timeClass: number
  readonly startRow: number
  readonly endRow: number
  readonly fixed: number
  readonly capacity: Int32Array
  readonly opens: number
  readonly closes: number
  readonly maxReloads: number
  readonly unload: boolean
  readonly complex: boolean
  /** Only sums, single windows, releases, reloads and duty: the plain walk of the evaluator is enough. */
  readonly plain: boolean
  readonly sites: readonly number[]
}

/** Stands for "no way" and "no limit" in costs and times; two of them still fit 31 bits. */
export const FAR = 1 << 29

/** Compiles a checked problem, with room for at least so many routes. Memory is about 4 bytes × stops² for every distinct matrix. */
export function compileModel(problem: Problem, leastRoutes = 0): Model {
  const n = problem.stops.length
  const types = groupVehicles(problem)
  const rows = placesBeyondStops(problem)
  const size = n + rows.places.length
  const placeOf = new Int32Array(size)
  problem.stops.forEach((stop, c) => (placeOf[c] = stop.place))
  rows.places.forEach((place, index) => (placeOf[n + index] = place))
  const rowOf = (place: number | undefined): number => n + (rows.index.get(place ?? -1) ?? 0)

  const timed = needsTimes(problem)
  const base = earliestTime(problem)
  const horizon = Math.min(FAR - 1, Math.max(1, latestTime(problem) - base))
  const demand = demandOf(problem)
  const kinds = [...new Set(problem.stops.flatMap((stop) => (stop.kind === undefined ? [] : [stop.kind])))]
  const clashing = problem.incompatible.filter(([a, b]) => kinds.includes(a) && kinds.includes(b))
  const kindMatters = clashing.length > 0 || problem.sites.some((site) => site.kinds !== undefined)
  const quotas = problem.sites.some((site) => site.maxVisits !== undefined || site.maxLoad !== undefined)
  const stopsAreComplex = problem.stops.some((stop) => stop.windows.length > 1 || maySetUp(stop))
  const complex = stopsAreComplex || demand.mixed || kindMatters || quotas

  const matrices = edgeMatrices(problem, types, placeOf)
  const timesOf = taskTimesByType(problem)
  const compiled = types.map(({ vehicle, members }, t): VehicleType => {
    const capacity = new Int32Array(demand.quantities)
    demand.dimensions.forEach((dimension, m) => (capacity[m] = Math.min(FAR, vehicle.capacity[dimension] ?? 0)))
    return {
      vehicle,
      members,
      count: Math.min(members.length, Math.max(1, n)),
      costClass: matrices.costClass[t]!,
      timeClass: matrices.timeClass[t]!,
      startRow: rowOf(vehicle.start),
      endRow: rowOf(vehicle.end),
      fixed: vehicle.fixed,
      ...timesOf(vehicle),
      capacity,
      opens: vehicle.shift === undefined ? 0 : vehicle.shift[0] - base,
      closes: vehicle.shift === undefined ? horizon : Math.min(horizon, vehicle.shift[1] - base),
      maxReloads: vehicle.sites.length === 0 ? 0 : vehicle.maxTrips === undefined ? n : vehicle.maxTrips - 1 + (vehicle.unloadBeforeEnd ? 1 : 0),
      unload: vehicle.unloadBeforeEnd,
      complex: complex || isComplex(problem, vehicle),
      plain: !complex && isPlain(problem, vehicle),
      sites: vehicle.sites,
    }
  })
  const hasReloads = compiled.some((type) => type.maxReloads > 0)
  const routes = Math.min(
    Math.max(1, n),
    compiled.reduce((sum, type) => sum + type.count, 0),
    Math.max(leastRoutes, mostRoutes(problem, demand, timed || complex || hasReloads || compiled.length > 1 || compiled[0]!.complex)),
  )
  const reloads = hasReloads ? n + routes : 0
  const groupNames = [...new Set(problem.stops.flatMap((stop) => (stop.group === undefined ? [] : [stop.group])))]
  const groups = groupNames.map((name) => problem.stops.flatMap((stop, c) => (stop.group === name ? [c] : [])))
  const required = Uint8Array.from(problem.stops, (stop) => (stop.prize === undefined ? 1 : 0))
  for (const group of groups) if (group.some((c) => required[c] === 1)) for (const c of group) required[c] = 1
  const dearest = dearestPlan(problem, matrices.cost, size)
  const kindIndex = new Map(kinds.map((kind, index) => [kind, index]))
  const clash = new Int32Array(Math.max(1, kinds.length))
  for (const [a, b] of clashing) {
    const i = kindIndex.get(a)!
    const j = kindIndex.get(b)!
    clash[i] = clash[i]! | (1 << j)
    clash[j] = clash[j]! | (1 << i)
  }
  const partner = Int32Array.from(problem.stops, (stop) => stop.partner ?? -1)
  return {
    problem,
    n,
    size,
    routes,
    reloads,
    base,
    horizon,
    placeOf,
    types: compiled,
    ...matrices,
    timed,
    quantities: demand.quantities,
    demand: demand.demand,
    opens: Int32Array.from(problem.stops, (stop) => (stop.windows.length === 0 ? 0 : stop.windows[0]![0] - base)),
    closes: Int32Array.from(problem.stops, (stop) => (stop.windows.length === 0 ? horizon : Math.min(horizon, stop.windows.at(-1)![1] - base))),
    release: Int32Array.from(problem.stops, (stop) => Math.max(0, stop.release - base)),
    forgone: Float64Array.from(problem.stops, (stop, c) => (required[c] === 1 ? dearest * (1 + stop.priority) + (stop.prize ?? 0) : stop.prize!)),
    required,
    weight: Int32Array.from(
      problem.stops,
      (stop, c) => required[c]! * (stop.group === undefined ? 1 : groups[groupNames.indexOf(stop.group)]!.length),
    ),
    partner,
    isPickup: Uint8Array.from(problem.stops, (stop) => (stop.part === 'pickup' ? 1 : 0)),
    group: Int32Array.from(problem.stops, (stop) => (stop.group === undefined ? -1 : groupNames.indexOf(stop.group))),
    groups,
    frozen: frozenStops(problem),
    boarding: demand.alone ? boardingOf(problem) : undefined,
    hasPairs: partner.some((other) => other >= 0),
    hasReloads,
    hasReleases: problem.stops.some((stop) => stop.release > base),
    allow: allowance(problem, types),
    serve: serviceCosts(problem, types),
    mixedLoad: demand.mixed,
    complex,
    simple: Uint8Array.from(problem.stops, (stop) => (stop.windows.length <= 1 && !maySetUp(stop) ? 1 : 0)),
    sumsDecide: !demand.mixed && !demand.alone && !kindMatters && !quotas,
    kind: Int32Array.from(problem.stops, (stop) => (stop.kind === undefined || !kindMatters ? -1 : kindIndex.get(stop.kind)!)),
    clash,
    sites: problem.sites.map((site) => ({
      row: rowOf(site.place),
      service: site.service,
      opens: site.windows.length === 0 ? 0 : site.windows[0]![0] - base,
      closes: site.windows.length === 0 ? horizon : Math.min(horizon, site.windows.at(-1)![1] - base),
      kinds: site.kinds === undefined ? -1 : site.kinds.reduce((bits, kind) => bits | (kindIndex.has(kind) ? 1 << kindIndex.get(kind)! : 0), 0),
    })),
    quotas,
  }
}

function groupVehicles(problem: Problem): { vehicle: Vehicle; members: (readonly [number, number])[] }[] {
  const byShape = new Map<string, { vehicle: Vehicle; members: (readonly [number, number])[] }>()
  const identityMatters = problem.changeCost > 0
  problem.vehicles.forEach((vehicle, index) => {
    const unique = vehicle.frozen.length > 0 || (identityMatters && problem.stops.some((stop) => stop.formerVehicle === vehicle.id))
    const shape = JSON.stringify({ ...vehicle, id: unique ? vehicle.id : '', count: 0 })
    const entry = byShape.get(shape) ?? { vehicle, members: [] }
    for (let copy = 0; copy < Math.min(vehicle.count, Math.max(1, problem.stops.length)); copy++) entry.members.push([index, copy])
    byShape.set(shape, entry)
  })
  return [...byShape.values()]
}

function placesBeyondStops(problem: Problem): { places: number[]; index: Map<number, number> } {
  const index = new Map<number, number>()
  const places: number[] = []
  const add = (place: number): void => {
    if (index.has(place)) return
    index.set(place, places.length)
    places.push(place)
  }
  for (const vehicle of problem.vehicles) {
    add(vehicle.start ?? -1)
    add(vehicle.end ?? -1)
  }
  for (const site of problem.sites) add(site.place)
  return { places, index }
}

function needsTimes(problem: Problem): boolean {
  return (
    problem.balance?.measure === 'duty' ||
    problem.stops.some((stop) => stop.windows.length > 0 || stop.release > 0) ||
    problem.vehicles.some(
      (vehicle) =>
        vehicle.shift !== undefined || vehicle.breaks.length > 0 || vehicle.maxDuty !== undefined || vehicle.perDuty > 0 || vehicle.perOvertime > 0,
    ) ||
    problem.sites.some((site) => site.windows.length > 0) ||
    problem.profiles.some((profile) => profile.durations.includes(-1) || profile.distances.includes(-1))
  )
}

/**
 * Routes worth keeping room for where only loads limit them: of two routes that are at most half full one is enough, so no good plan has more than
 * twice the vehicles that the load needs in its scarcest dimension, summed over dimensions.
 */
function mostRoutes(problem: Problem, demand: { quantities: number; demand: Int32Array; dimensions: number[] }, limited: boolean): number {
  if (limited || demand.quantities === 0) return FAR
  let needed = 0
  for (let q = 0; q < demand.quantities; q++) {
    let total = 0
    for (let c = 0; c < problem.stops.length; c++) total += demand.demand[c * demand.quantities + q]!
    needed += total / Math.max(1, problem.vehicles[0]!.capacity[demand.dimensions[q]!] ?? 0)
  }
  return 2 * Math.ceil(needed) + 32
}

function earliestTime(problem: Problem): number {
  let earliest = Infinity
  for (const stop of problem.stops) if (stop.windows.length > 0) earliest = Math.min(earliest, stop.windows[0]![0])
  for (const vehicle of problem.vehicles) {
    earliest = Math.min(earliest, vehicle.shift === undefined ? Infinity : vehicle.shift[0])
    for (const pause of vehicle.breaks) if (pause.windows.length > 0) earliest = Math.min(earliest, pause.windows[0]![0])
  }
  for (const site of problem.sites) if (site.windows.length > 0) earliest = Math.min(earliest, site.windows[0]![0])
  // Without a shift a vehicle may leave before the first window opens; times of day count from midnight of the epoch.
  const open = problem.vehicles.some((vehicle) => vehicle.shift === undefined)
  if (earliest === Infinity) return 0
  return open ? Math.min(earliest, Math.max(0, earliest - 172_800)) : earliest
}

function latestTime(problem: Problem): number {
  if (problem.vehicles.every((vehicle) => vehicle.shift !== undefined)) return Math.max(...problem.vehicles.map((vehicle) => vehicle.shift![1]))
  return FAR
}

function isComplex(problem: Problem, vehicle: Vehicle): boolean {
  return (
    vehicle.breaks.length > 0 ||
    vehicle.perDuty > 0 ||
    vehicle.perOvertime > 0 ||
    vehicle.maxDuty !== undefined ||
    vehicle.maxTravel !== undefined ||
    vehicle.maxDistance !== undefined ||
    vehicle.maxStops !== undefined ||
    problem.profiles[vehicle.profile]!.periods !== undefined ||
    vehicle.sites.some((site) => problem.sites[site]!.windows.length > 1)
  )
}

function isPlain(problem: Problem, vehicle: Vehicle): boolean {
  return (
    vehicle.breaks.length === 0 &&
    vehicle.maxTravel === undefined &&
    vehicle.maxDistance === undefined &&
    problem.profiles[vehicle.profile]!.periods === undefined &&
    problem.stops.every((stop) => stop.partner === undefined) &&
    vehicle.sites.every((site) => problem.sites[site]!.windows.length <= 1)
  )
}

function demandOf(problem: Problem): { quantities: number; demand: Int32Array; dimensions: number[]; mixed: boolean; alone: boolean } {
  const columns: { dimension: number; amount: (stop: Problem['stops'][number]) => number }[] = []
  let mixed = false
  let shipped = false
  for (let dimension = 0; dimension < problem.dimensions; dimension++) {
    const paired = problem.stops.some(
      (stop) => stop.partner !== undefined && ((stop.pickup[dimension] ?? 0) > 0 || (stop.delivery[dimension] ?? 0) > 0),
    )
    const delivered = problem.stops.some((stop) => stop.partner === undefined && (stop.delivery[dimension] ?? 0) > 0)
    const taken = problem.stops.some((stop) => stop.partner === undefined && (stop.pickup[dimension] ?? 0) > 0)
    if (delivered) columns.push({ dimension, amount: (stop) => (stop.partner === undefined ? (stop.delivery[dimension] ?? 0) : 0) })
    if (taken) columns.push({ dimension, amount: (stop) => (stop.partner === undefined ? (stop.pickup[dimension] ?? 0) : 0) })
    if (delivered && taken) mixed = true
    if (paired) shipped = true
  }
  const alone = shipped && columns.length === 0 && problem.sites.length === 0
  if (shipped && !alone) mixed = true
  const quantities = columns.length
  const demand = new Int32Array(problem.stops.length * quantities)
  problem.stops.forEach((stop, c) => columns.forEach((column, m) => (demand[c * quantities + m] = column.amount(stop))))
  return { quantities, demand, dimensions: columns.map((column) => column.dimension), mixed, alone }
}

function boardingOf(problem: Problem): Int32Array {
  const boarding = new Int32Array(problem.stops.length * problem.dimensions)
  problem.stops.forEach((stop, c) => {
    for (let d = 0; d < problem.dimensions; d++) boarding[c * problem.dimensions + d] = (stop.pickup[d] ?? 0) - (stop.delivery[d] ?? 0)
  })
  return boarding
}

function allowance(problem: Problem, types: readonly { vehicle: Vehicle }[]): Uint8Array | undefined {
  const allow = new Uint8Array(problem.stops.length * types.length)
  problem.stops.forEach((stop, c) =>
    types.forEach(({ vehicle }, t) => {
      const skilled = stop.skills.every((skill) => vehicle.skills.includes(skill))
      allow[c * types.length + t] = skilled ? 1 : 0
    }),
  )
  types.forEach(({ vehicle }, t) => {
    for (const c of vehicle.frozen)
      for (let other = 0; other < types.length; other++) allow[c * types.length + other] = other === t ? allow[c * types.length + t]! : 0
  })
  return allow.includes(0) ? allow : undefined
}

function serviceCosts(problem: Problem, types: readonly { vehicle: Vehicle }[]): Int32Array | undefined {
  if (problem.territoryCost === 0 && problem.changeCost === 0 && types.every(({ vehicle }) => vehicle.perTask === 0)) return undefined
  const serve = new Int32Array(problem.stops.length * types.length)
  problem.stops.forEach((stop, c) =>
    types.forEach(({ vehicle }, t) => {
      const abroad = stop.territory !== undefined && vehicle.territory !== undefined && stop.territory !== vehicle.territory
      const changed = stop.formerVehicle !== undefined && stop.formerVehicle !== vehicle.id
      serve[c * types.length + t] =
        (abroad ? problem.territoryCost : 0) + (changed ? problem.changeCost : 0) + Math.round(vehicle.perTask * taskTimes(stop, vehicle).service)
    }),
  )
  return serve
}

function frozenStops(problem: Problem): Uint8Array {
  const frozen = new Uint8Array(problem.stops.length)
  for (const vehicle of problem.vehicles) for (const c of vehicle.frozen) frozen[c] = 1
  return frozen
}

/** More than any detour can cost, so that serving a required stop always pays. */
function dearestPlan(problem: Problem, cost: readonly Int32Array[], size: number): number {
  let dearest = 1
  for (const matrix of cost) for (let i = 0; i < size * size; i++) if (matrix[i]! < FAR && matrix[i]! > dearest) dearest = matrix[i]!
  const fixed = Math.max(0, ...problem.vehicles.map((vehicle) => vehicle.fixed))
  const perTime = Math.max(0, ...problem.vehicles.map((vehicle) => vehicle.perDuty + vehicle.perOvertime))
  const perTask = Math.max(0, ...problem.vehicles.map((vehicle) => vehicle.perTask))
  const longest = problem.stops.reduce((most, stop) => Math.max(most, stop.service, ...Object.values(stop.servicePerType ?? {})), 0)
  const serve = problem.territoryCost + problem.changeCost + Math.ceil(perTask * longest)
  return 10 * (dearest * 4 + fixed + serve) + Math.ceil(perTime) * 1_000_000
}
