import {
  createProblem,
  createStop,
  createVehicle,
  type Break,
  type Problem,
  type Profile,
  type Site,
  type Stop,
  type Vehicle,
  type Window,
} from '../problem.ts'
import type { SolveOptions } from '../options.ts'
import type { PlannedRoute } from '../schedule.ts'
import { validateProblem } from '../validate.ts'
import { FormatError } from './benchmark.ts'
import { Fields } from './json-fields.ts'
import { travelByGreatCircle, type Travel } from './great-circle.ts'

/** A VROOM document as a problem, and what its answer needs to know. */
export interface VroomInput {
  readonly problem: Problem
  /** What the document itself asks of the search. */
  readonly options: Pick<SolveOptions, 'seed' | 'timeLimitMs' | 'start'>
  readonly stops: readonly VroomTask[]
  /** VROOM's ids of the vehicles, in the problem's order. */
  readonly vehicles: readonly { readonly id: number; readonly description?: string }[]
  readonly places: readonly { readonly index?: number; readonly point?: readonly [number, number] }[]
}

export interface VroomTask {
  readonly id: number
  readonly type: 'job' | 'pickup' | 'delivery'
  readonly description?: string
}

interface Places {
  readonly list: { index?: number; point?: [number, number] }[]
  readonly byKey: Map<string, number>
}

/**
 * Reads a VROOM document (its docs/API.md, 1.14): jobs, shipments, vehicles, matrices. Our extension is one key, `cityloop`, in the document, jobs and
 * vehicles (docs/routing.md). `travel` makes matrices where the document has none. The `steps` of vehicles become the routes to begin from. Throws
 * `FormatError` on what it does not know and `ProblemError` on what contradicts itself.
 */
export function readVroom(document: unknown, travel: (points: [number, number][], profile: string) => Travel = travelByGreatCircle): VroomInput {
  const root = new Fields(document, 'The document')
  const places: Places = { list: [], byKey: new Map() }
  const stops: Stop[] = []
  const tasks: VroomTask[] = []
  root.list('jobs').forEach((value, index) => readJob(value, `jobs[${index}]`, places, stops, tasks))
  root.list('shipments').forEach((value, index) => readShipment(value, `shipments[${index}]`, places, stops, tasks))
  const sites: Site[] = []
  const profileNames: string[] = []
  const vehicleIds: { id: number; description?: string }[] = []
  const vehicles = root
    .list('vehicles')
    .map((value, index) => readVehicle(value, `vehicles[${index}]`, places, sites, profileNames, vehicleIds, tasks))
  const extension = new Fields(root.raw('cityloop') ?? {}, 'cityloop')
  const balance = extension.has('balance') ? new Fields(extension.raw('balance'), 'cityloop.balance') : undefined
  const measure = balance?.text('measure') ?? 'duty'
  if (measure !== 'duty' && measure !== 'stops') throw new FormatError(`cityloop.balance.measure must be duty or stops, not ${measure}`)
  const start = root.list('vehicles').map((value, vehicle) => readSteps(new Fields(value, `vehicles[${vehicle}]`), vehicle, tasks, sites))
  const { profiles, used, size } = readMatrices(root, places, profileNames, travel)
  const byUse: { index?: number; point?: [number, number] }[] = Array.from({ length: size }, () => ({}))
  places.list.forEach((place, index) => (byUse[used[index]!] = place))
  const problem = createProblem({
    places: size,
    coordinates: byUse.every(({ point }) => point !== undefined) ? byUse.map(({ point }) => point!) : undefined,
    profiles,
    stops: stops.map((stop) => ({ ...stop, place: used[stop.place]! })),
    sites: sites.map((site) => ({ ...site, place: used[site.place]! })),
    vehicles: vehicles.map((vehicle) => ({
      ...vehicle,
      start: vehicle.start === undefined ? undefined : used[vehicle.start],
      end: vehicle.end === undefined ? undefined : used[vehicle.end],
      // Where the document gives costs, they stand in the place of distances.
      ...(profiles[vehicle.profile]!.name.endsWith(' by cost') ? { perDistance: 1, perTravel: 0 } : {}),
    })),
    incompatible: extension.list('incompatible').map((pair, index) => readKinds(pair, `cityloop.incompatible[${index}]`)),
    territoryCost: extension.number('territory_cost', 0),
    changeCost: extension.number('change_cost', 0),
    balance: balance === undefined ? undefined : { measure, weight: balance.number('weight', 1) },
  })
  const options = {
    seed: extension.number('seed'),
    timeLimitMs: extension.number('time_limit_ms'),
    start: start.some(({ visits }) => visits.length > 0) ? start : undefined,
  }
  for (const fields of [root, extension, balance]) fields?.refuseOthers()
  const { seed, timeLimitMs } = options
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw new FormatError(`cityloop.seed must be an integer, not ${seed}`)
  if (timeLimitMs !== undefined && !(timeLimitMs > 0)) throw new FormatError(`cityloop.time_limit_ms must be above 0, not ${timeLimitMs}`)
  return { problem: validateProblem(problem), options, stops: tasks, vehicles: vehicleIds, places: byUse }
}

function readKinds(pair: unknown, name: string): [string, string] {
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string' || typeof pair[1] !== 'string')
    throw new FormatError(`${name} must be a pair of kinds`)
  return [pair[0], pair[1]]
}

function addPlace(places: Places, fields: Fields, name: string, pointKey: string, indexKey: string): number | undefined {
  const index = fields.number(indexKey)
  const point = fields.raw(pointKey)
  if (index === undefined && point === undefined) return undefined
  if (
    point !== undefined &&
    !(Array.isArray(point) && point.length === 2 && point.every((part) => typeof part === 'number' && Number.isFinite(part)))
  ) {
    throw new FormatError(`${name}.${pointKey} must be [longitude, latitude], not ${JSON.stringify(point)}`)
  }
  if (index !== undefined && (!Number.isInteger(index) || index < 0))
    throw new FormatError(`${name}.${indexKey} must be a whole number, not ${index}`)
  const key = index === undefined ? JSON.stringify(point) : `#${index}`
  const known = places.byKey.get(key)
  if (known !== undefined) return known
  places.byKey.set(key, places.list.length)
  return places.list.push({ index, point: point as [number, number] | undefined }) - 1
}

function readTask(
  fields: Fields,
  name: string,
  places: Places,
): Pick<Stop, 'place' | 'service' | 'setup' | 'servicePerType' | 'setupPerType' | 'windows'> & { id: number; description?: string } {
  const id = fields.number('id')
  if (id === undefined) throw new FormatError(`${name} has no id`)
  const place = addPlace(places, fields, name, 'location', 'location_index')
  if (place === undefined) throw new FormatError(`${name} has neither location nor location_index`)
  const windows = fields.pairs('time_windows').toSorted((a, b) => a[0] - b[0])
  const times = { service: fields.number('service', 0), setup: fields.number('setup', 0) }
  const perType = { servicePerType: fields.numbersByKey('service_per_type'), setupPerType: fields.numbersByKey('setup_per_type') }
  return { id, place, ...times, ...perType, windows, description: fields.text('description') }
}

function readJob(value: unknown, name: string, places: Places, stops: Stop[], tasks: VroomTask[]): void {
  const fields = new Fields(value, name)
  const { id, description, ...task } = readTask(fields, name, places)
  const more = new Fields(fields.raw('cityloop') ?? {}, `${name}.cityloop`)
  stops.push(
    createStop({
      ...task,
      id: `job ${id}`,
      windows: without(task.windows, more.pairs('forbid_windows')),
      // Before 1.13 documents said `amount` for `delivery`.
      delivery: fields.has('amount') ? fields.numbers('amount') : fields.numbers('delivery'),
      pickup: fields.numbers('pickup'),
      skills: fields.numbers('skills').map(String),
      priority: fields.number('priority', 0),
      prize: more.number('prize'),
      group: more.text('group'),
      kind: more.text('kind'),
      release: more.number('release', 0),
      territory: more.text('territory'),
      formerVehicle: more.has('former_vehicle') ? `vehicle ${more.number('former_vehicle')}` : undefined,
    }),
  )
  // Sides of the street and the day of the last visit concern those who make matrices and prizes.
  const side = more.text('side') ?? 'any'
  if (side !== 'left' && side !== 'right' && side !== 'any') throw new FormatError(`${name}.cityloop.side must be left, right or any, not ${side}`)
  more.raw('last_served')
  tasks.push({ id, type: 'job', description })
  fields.refuseOthers()
  more.refuseOthers()
}

/** Windows less the times that are forbidden, up to a week ahead where there are no windows. */
function without(windows: readonly Window[], forbidden: readonly Window[]): readonly Window[] {
  if (forbidden.length === 0) return windows
  let left: Window[] = windows.length === 0 ? [[0, 604_800]] : [...windows]
  for (const [from, to] of forbidden) {
    left = left.flatMap(([start, end]): Window[] => {
      const pieces: Window[] = [
        [start, Math.min(end, from - 1)],
        [Math.max(start, to + 1), end],
      ]
      return to < start || from > end ? [[start, end]] : pieces.filter(([low, high]) => low <= high)
    })
  }
  if (left.length === 0) throw new FormatError('forbid_windows leave no time')
  return left
}

function readShipment(value: unknown, name: string, places: Places, stops: Stop[], tasks: VroomTask[]): void {
  const fields = new Fields(value, name)
  const first = stops.length
  const amount = fields.numbers('amount')
  const common = { skills: fields.numbers('skills').map(String), priority: fields.number('priority', 0) }
  for (const part of ['pickup', 'delivery'] as const) {
    const half = new Fields(fields.raw(part), `${name}.${part}`)
    const { id, description, ...task } = readTask(half, `${name}.${part}`, places)
    const partner = part === 'pickup' ? first + 1 : first
    stops.push(createStop({ ...task, ...common, id: `${part} ${id}`, partner, part, [part]: amount }))
    tasks.push({ id, type: part, description })
    half.refuseOthers()
  }
  fields.refuseOthers()
}

function readVehicle(
  value: unknown,
  name: string,
  places: Places,
  sites: Site[],
  profiles: string[],
  ids: { id: number; description?: string }[],
  tasks: readonly VroomTask[],
): Vehicle {
  const fields = new Fields(value, name)
  const id = fields.number('id')
  if (id === undefined) throw new FormatError(`${name} has no id`)
  fields.raw('steps')
  const profile = fields.text('profile') ?? 'car'
  if (!profiles.includes(profile)) profiles.push(profile)
  const costs = new Fields(fields.raw('costs') ?? {}, `${name}.costs`)
  const more = new Fields(fields.raw('cityloop') ?? {}, `${name}.cityloop`)
  const window = fields.has('time_window') ? new Fields({ all: [fields.raw('time_window')] }, name).pairs('all')[0] : undefined
  const frozen = more.numbers('frozen').map((job) => {
    const index = tasks.findIndex((task) => task.id === job && task.type === 'job')
    if (index < 0) throw new FormatError(`${name}.cityloop.frozen names job ${job}, which is not there`)
    return index
  })
  ids.push({ id, description: fields.text('description') })
  const vehicle = createVehicle({
    id: `vehicle ${id}`,
    type: fields.text('type'),
    profile: profiles.indexOf(profile),
    start: addPlace(places, fields, name, 'start', 'start_index'),
    end: addPlace(places, fields, name, 'end', 'end_index'),
    capacity: fields.numbers('capacity'),
    skills: fields.numbers('skills').map(String),
    shift: window,
    fixed: costs.number('fixed', 0),
    perTravel: costs.number('per_hour', 3600) / 3600,
    perDistance: costs.number('per_km', 0) / 1000,
    perTask: costs.number('per_task_hour', 0) / 3600,
    perDuty: more.number('duty_per_hour', 0) / 3600,
    perOvertime: more.number('overtime_per_hour', 0) / 3600,
    regularDuty: more.number('regular_duty'),
    maxDuty: more.number('max_duty'),
    maxTravel: fields.number('max_travel_time'),
    maxDistance: fields.number('max_distance'),
    maxStops: fields.number('max_tasks'),
    speed: fields.number('speed_factor', 1),
    sites: more.list('reloads').map((reload, index) => readReload(reload, `${name}.cityloop.reloads[${index}]`, places, sites)),
    maxTrips: more.number('max_trips'),
    unloadBeforeEnd: more.flag('must_unload_before_end'),
    breaks: fields.list('breaks').map((pause, index) => readBreak(pause, `${name}.breaks[${index}]`)),
    territory: more.text('territory'),
    frozen,
  })
  for (const part of [fields, costs, more]) part.refuseOthers()
  return vehicle
}

const idleSteps = new Set(['start', 'break', 'end'])

/** The order of work in a vehicle's `steps`; when to serve is left to the search, as VROOM does when it solves. Reloads are named by their tags. */
function readSteps(vehicle: Fields, index: number, tasks: readonly VroomTask[], sites: readonly Site[]): PlannedRoute {
  const visits = vehicle.list('steps').flatMap((value, position): PlannedRoute['visits'] => {
    const name = `vehicles[${index}].steps[${position}]`
    const step = new Fields(value, name)
    const [type, id, tag] = [step.text('type') ?? '', step.number('id'), step.text('description')]
    for (const key of ['service_at', 'service_after', 'service_before']) step.number(key)
    step.refuseOthers()
    if (idleSteps.has(type)) return []
    const at = type === 'reload' ? sites.findIndex((site) => site.id === tag) : tasks.findIndex((task) => task.type === type && task.id === id)
    if (at < 0) throw new FormatError(`${name} names the ${type} ${id ?? tag ?? ''}, which is not there`)
    return [type === 'reload' ? { site: at } : { stop: at }]
  })
  return { vehicle: index, copy: 0, visits }
}

function readReload(value: unknown, name: string, places: Places, sites: Site[]): number {
  const fields = new Fields(value, name)
  const place = addPlace(places, fields, name, 'location', 'location_index')
  if (place === undefined) throw new FormatError(`${name} has neither location nor location_index`)
  const site: Site = {
    id: fields.text('tag') ?? `site at place ${place}`,
    place,
    service: fields.number('duration', 0),
    windows: fields.pairs('times').toSorted((a, b) => a[0] - b[0]),
    kinds: fields.has('kinds') ? fields.texts('kinds') : undefined,
    maxVisits: fields.number('visits_limit'),
    maxLoad: fields.has('capacity_limit') ? fields.numbers('capacity_limit') : undefined,
  }
  fields.refuseOthers()
  const known = sites.findIndex((other) => other.id === site.id)
  if (known < 0) return sites.push(site) - 1
  if (JSON.stringify(sites[known]) !== JSON.stringify(site)) throw new FormatError(`${name} differs from another reload with the tag ${site.id}`)
  return known
}

function readBreak(value: unknown, name: string): Break {
  const fields = new Fields(value, name)
  const pause: Break = {
    id: String(fields.number('id')),
    service: fields.number('service', 0),
    windows: fields.pairs('time_windows').toSorted((a, b) => a[0] - b[0]),
    maxLoad: fields.has('max_load') ? fields.numbers('max_load') : undefined,
  }
  fields.text('description')
  fields.refuseOthers()
  return pause
}

/** Matrices of the document, by its indices, or made from the points. `used[p]` is the problem's place of the p-th place that was named. */
function readMatrices(
  root: Fields,
  places: Places,
  names: readonly string[],
  travel: (points: [number, number][], profile: string) => Travel,
): { profiles: Profile[]; used: number[]; size: number } {
  const given = new Fields(root.raw('matrices') ?? (root.has('matrix') ? { car: { durations: root.raw('matrix') } } : {}), 'matrices')
  let size = places.list.length
  let used = places.list.map((_, index) => index)
  const profiles = names.map((name): Profile => {
    if (!given.has(name)) {
      const points = places.list.map((place, index) => {
        if (place.point === undefined)
          throw new FormatError(`There is no matrix for profile ${name}, and place ${place.index ?? index} has no location`)
        return place.point
      })
      return { name, ...travel(points, name) }
    }
    const fields = new Fields(given.raw(name), `matrices.${name}`)
    const durations = readMatrix(fields, 'durations', name)
    const costs = fields.has('costs') ? readMatrix(fields, 'costs', name) : undefined
    const distances = costs ?? (fields.has('distances') ? readMatrix(fields, 'distances', name) : undefined)
    fields.raw('distances')
    fields.refuseOthers()
    size = Math.sqrt(durations.length)
    used = places.list.map((place, index) => {
      const at = place.index ?? index
      if (at >= size) throw new FormatError(`matrices.${name} has ${size} rows, and index ${at} is used`)
      return at
    })
    return { name: costs === undefined ? name : `${name} by cost`, durations, distances: distances ?? new Int32Array(durations.length) }
  })
  const cells = size * size
  for (const profile of profiles)
    if (profile.durations.length !== cells || profile.distances.length !== cells) throw new FormatError(`Matrices differ in size`)
  return { profiles, used, size }
}

function readMatrix(fields: Fields, key: string, name: string): Int32Array {
  const rows = fields.list(key)
  if (rows.length === 0) throw new FormatError(`matrices.${name}.${key} is empty`)
  const matrix = new Int32Array(rows.length * rows.length)
  rows.forEach((row, index) => {
    if (!Array.isArray(row) || row.length !== rows.length) throw new FormatError(`matrices.${name}.${key}[${index}] must have ${rows.length} figures`)
    row.forEach((figure, column) => {
      // OSRM and others write null where there is no way.
      if (figure !== null && !(typeof figure === 'number' && figure >= 0))
        throw new FormatError(`matrices.${name}.${key}[${index}][${column}] must be a figure of at least 0`)
      matrix[index * rows.length + column] = figure === null ? -1 : Math.round(figure as number)
    })
  })
  return matrix
}
