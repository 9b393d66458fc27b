import type { Problem, Site, Stop, Vehicle, Window } from './problem.ts'

/** A problem that contradicts itself; `subject` names the stop, vehicle, site or matrix, the message also the rule. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly subject: string

  constructor(subject: string, message: string) {
    super(`${subject} ${message}`)
    this.subject = subject
  }
}

/** Largest time, distance, load or cost factor that the search holds exactly. */
const largest = 2 ** 29 - 1

/** Checks everything that can be known before the search. Returns the problem; throws `ProblemError` at the first contradiction. */
export function validateProblem(problem: Problem): Problem {
  refuseUnknown('The problem', problem, problemKeys)
  if (!Number.isInteger(problem.places) || problem.places < 0)
    throw new ProblemError('The problem', `needs a whole number of places, not ${problem.places}`)
  if (problem.coordinates !== undefined && problem.coordinates.length !== problem.places) {
    throw new ProblemError('The problem', `has ${problem.coordinates.length} coordinates for ${problem.places} places`)
  }
  if (problem.vehicles.length === 0) throw new ProblemError('The problem', 'has no vehicle')
  if (problem.profiles.length === 0) throw new ProblemError('The problem', 'has no profile')
  for (const profile of problem.profiles) {
    const cells = problem.places * problem.places
    const all = [profile.distances, profile.durations, ...(profile.periods ?? []).map((period) => period.durations)]
    for (const matrix of all) {
      if (matrix.length !== cells)
        throw new ProblemError(`Profile ${profile.name}`, `has a matrix of ${matrix.length} cells for ${problem.places} places`)
      for (let i = 0; i < cells; i++)
        if (matrix[i]! < -1 || matrix[i]! > largest) throw new ProblemError(`Profile ${profile.name}`, `has the figure ${matrix[i]} in a matrix`)
    }
    profile.periods?.forEach((period, index) => {
      if (index > 0 && period.from <= profile.periods![index - 1]!.from)
        throw new ProblemError(`Profile ${profile.name}`, 'has periods that do not follow each other')
    })
  }
  const kinds = new Set(problem.stops.flatMap((stop) => stop.kind ?? []))
  if (kinds.size > 31) throw new ProblemError('The problem', `has ${kinds.size} kinds, and may have 31`)
  refuseTwins('Stop', problem.stops)
  refuseTwins('Vehicle', problem.vehicles)
  refuseTwins('Site', problem.sites)
  problem.stops.forEach((stop, index) => validateStop(problem, stop, index))
  for (const site of problem.sites) validateSite(problem, site)
  for (const vehicle of problem.vehicles) validateVehicle(problem, vehicle)
  validateFrozen(problem)
  atLeast('The problem', 'territoryCost', problem.territoryCost, 0)
  atLeast('The problem', 'changeCost', problem.changeCost, 0)
  if (problem.balance !== undefined) atLeast('The problem', 'balance.weight', problem.balance.weight, 0)
  return problem
}

const problemKeys = new Set('places coordinates profiles dimensions stops sites vehicles incompatible territoryCost changeCost balance'.split(' '))
const stopKeys = new Set(
  'id place service setup servicePerType setupPerType windows delivery pickup release prize priority group skills kind partner part territory formerVehicle'.split(
    ' ',
  ),
)
const siteKeys = new Set('id place service windows kinds maxVisits maxLoad'.split(' '))
const breakKeys = new Set('id service windows maxLoad'.split(' '))
const vehicleKeys = new Set(
  (
    'id type count profile start end capacity skills shift fixed perDistance perTravel perTask perDuty perOvertime regularDuty maxDuty maxTravel maxDistance maxStops ' +
    'speed sites maxTrips unloadBeforeEnd breaks territory frozen'
  ).split(' '),
)

function refuseUnknown(subject: string, value: object, known: ReadonlySet<string>): void {
  for (const key of Object.keys(value)) if (!known.has(key)) throw new ProblemError(subject, `has the unknown key ${key}`)
}

function refuseTwins(what: string, things: readonly { readonly id: string }[]): void {
  const seen = new Set<string>()
  for (const { id } of things) {
    if (seen.has(id)) throw new ProblemError(`${what} ${id}`, 'is there twice')
    seen.add(id)
  }
}

function validateStop(problem: Problem, stop: Stop, index: number): void {
  const name = `Stop ${stop.id}`
  refuseUnknown(name, stop, stopKeys)
  validatePlace(problem, name, stop.place)
  validateWindows(name, stop.windows)
  for (const key of ['service', 'setup', 'release'] as const) whole(name, key, stop[key])
  for (const key of ['servicePerType', 'setupPerType'] as const)
    for (const [type, time] of Object.entries(stop[key] ?? {})) whole(name, `${key}.${type}`, time)
  validateLoad(problem, name, 'delivery', stop.delivery)
  validateLoad(problem, name, 'pickup', stop.pickup)
  if (stop.prize !== undefined) atLeast(name, 'prize', stop.prize, 0)
  if (!(stop.priority >= 0 && stop.priority <= 100)) throw new ProblemError(name, `has priority ${stop.priority}, which must be from 0 to 100`)
  if (stop.partner === undefined) {
    if (stop.part !== undefined) throw new ProblemError(name, `is a ${stop.part} without the other half of its shipment`)
    return
  }
  const other = problem.stops[stop.partner]
  if (other?.partner !== index || other === stop) throw new ProblemError(name, `names a partner that does not name it back`)
  if (stop.part === undefined || stop.part === other.part) throw new ProblemError(name, `and its partner must be one pickup and one delivery`)
  if (stop.prize !== undefined || stop.group !== undefined) throw new ProblemError(name, 'is half of a shipment, which has neither prize nor group')
  if (stop.release > 0) throw new ProblemError(name, 'is half of a shipment, which has no release')
  const [taken, left] = stop.part === 'pickup' ? [stop.pickup, other.delivery] : [other.pickup, stop.delivery]
  if (taken.join() !== left.join() || (stop.part === 'pickup' ? stop.delivery : stop.pickup).some((amount) => amount > 0)) {
    throw new ProblemError(name, `and its partner must take and leave the same load`)
  }
}

function validateSite(problem: Problem, site: Site): void {
  const name = `Site ${site.id}`
  refuseUnknown(name, site, siteKeys)
  validatePlace(problem, name, site.place)
  validateWindows(name, site.windows)
  whole(name, 'service', site.service)
  if (site.maxVisits !== undefined) whole(name, 'maxVisits', site.maxVisits)
  if (site.maxLoad !== undefined) validateLoad(problem, name, 'maxLoad', site.maxLoad)
}

function validateVehicle(problem: Problem, vehicle: Vehicle): void {
  const name = `Vehicle ${vehicle.id}`
  refuseUnknown(name, vehicle, vehicleKeys)
  whole(name, 'count', vehicle.count)
  if (problem.profiles[vehicle.profile] === undefined) throw new ProblemError(name, `names profile ${vehicle.profile}, which is not there`)
  if (vehicle.start !== undefined) validatePlace(problem, name, vehicle.start)
  if (vehicle.end !== undefined) validatePlace(problem, name, vehicle.end)
  validateLoad(problem, name, 'capacity', vehicle.capacity)
  if (vehicle.shift !== undefined) validateWindows(name, [vehicle.shift])
  for (const key of ['fixed', 'perDistance', 'perTravel', 'perTask', 'perDuty', 'perOvertime'] as const) atLeast(name, key, vehicle[key], 0)
  whole(name, 'fixed', vehicle.fixed)
  for (const key of ['regularDuty', 'maxDuty', 'maxTravel', 'maxDistance', 'maxStops'] as const)
    if (vehicle[key] !== undefined) whole(name, key, vehicle[key])
  if (!(vehicle.speed > 0)) throw new ProblemError(name, `has speed ${vehicle.speed}, which must be above 0`)
  for (const site of vehicle.sites) if (problem.sites[site] === undefined) throw new ProblemError(name, `names site ${site}, which is not there`)
  if (vehicle.maxTrips !== undefined && !(Number.isInteger(vehicle.maxTrips) && vehicle.maxTrips >= 1))
    throw new ProblemError(name, `has ${vehicle.maxTrips} trips, and needs at least 1`)
  if (vehicle.unloadBeforeEnd && vehicle.sites.length === 0) throw new ProblemError(name, 'must unload before its end, but has no site for it')
  for (const pause of vehicle.breaks) {
    refuseUnknown(`Break ${pause.id} of vehicle ${vehicle.id}`, pause, breakKeys)
    validateWindows(`Break ${pause.id} of vehicle ${vehicle.id}`, pause.windows)
    whole(`Break ${pause.id} of vehicle ${vehicle.id}`, 'service', pause.service)
  }
}

/** Frozen stops are under way: one vehicle has them, in order, and may do them. */
function validateFrozen(problem: Problem): void {
  const owner = new Map<number, string>()
  for (const vehicle of problem.vehicles) {
    if (vehicle.frozen.length > 0 && vehicle.count !== 1)
      throw new ProblemError(`Vehicle ${vehicle.id}`, `has frozen stops and stands for ${vehicle.count} vehicles`)
    for (const index of vehicle.frozen) {
      const stop = problem.stops[index]
      if (stop === undefined) throw new ProblemError(`Vehicle ${vehicle.id}`, `has the frozen stop ${index}, which is not there`)
      if (owner.has(index)) throw new ProblemError(`Stop ${stop.id}`, `is frozen in vehicles ${owner.get(index)} and ${vehicle.id}`)
      const missing = stop.skills.find((skill) => !vehicle.skills.includes(skill))
      if (missing !== undefined) throw new ProblemError(`Stop ${stop.id}`, `is frozen in vehicle ${vehicle.id}, which lacks the skill ${missing}`)
      if (stop.partner !== undefined && !vehicle.frozen.includes(stop.partner)) {
        throw new ProblemError(`Stop ${stop.id}`, `is frozen in vehicle ${vehicle.id} without the other half of its shipment`)
      }
      owner.set(index, vehicle.id)
    }
  }
}

function validatePlace(problem: Problem, name: string, place: number): void {
  if (!Number.isInteger(place) || place < 0 || place >= problem.places)
    throw new ProblemError(name, `is at place ${place}, but there are ${problem.places} places`)
}

function validateWindows(name: string, windows: readonly Window[]): void {
  windows.forEach(([start, end], index) => {
    if (!Number.isInteger(start) || !Number.isInteger(end))
      throw new ProblemError(name, `has the window ${start} to ${end}, which must be whole numbers`)
    if (end < start) throw new ProblemError(name, `has the window ${start} to ${end}, which ends before it starts`)
    if (index > 0 && start <= windows[index - 1]![1]) throw new ProblemError(name, `has windows that overlap or are not in order at ${start}`)
  })
}

function validateLoad(problem: Problem, name: string, key: string, load: readonly number[]): void {
  if (load.length > problem.dimensions) throw new ProblemError(name, `has ${load.length} figures of ${key}, but loads have ${problem.dimensions}`)
  for (const amount of load) whole(name, key, amount)
}

function whole(name: string, key: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > largest)
    throw new ProblemError(name, `has ${key} ${value}, which must be a whole number from 0 to ${largest}`)
}

function atLeast(name: string, key: string, value: number, least: number): void {
  if (!(value >= least && value <= largest)) throw new ProblemError(name, `has ${key} ${value}, which must be from ${least} to ${largest}`)
}
