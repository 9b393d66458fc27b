/** A span of time, both ends included, in the problem's time units (seconds in all of our formats). */
export type Window = readonly [start: number, end: number]

/** Travel between places for one kind of vehicle. Matrices are row-major, places × places, integers; -1 says there is no way. */
export interface Profile {
  readonly name: string
  readonly distances: Int32Array
  readonly durations: Int32Array
  /** Durations by time of day: entry k holds from `from` until the next entry's. Speeds change at the border, so a later departure never arrives earlier. */
  readonly periods?: readonly { readonly from: number; readonly durations: Int32Array }[]
}

/** One visit to plan. Half of a shipment when `partner` is given. */
export interface Stop {
  readonly id: string
  readonly place: number
  readonly service: number
  /** Added to the service unless the vehicle comes from the same place (VROOM's setup). */
  readonly setup: number
  /** Service and setup by type of vehicle; types that are not named take the usual time. */
  readonly servicePerType?: Readonly<Record<string, number>>
  readonly setupPerType?: Readonly<Record<string, number>>
  /** Times at which service may start; sorted, not overlapping; empty for any time. */
  readonly windows: readonly Window[]
  /** Loaded where the trip starts and left here, one figure a load dimension. */
  readonly delivery: readonly number[]
  /** Taken here and carried to the end of the trip, one figure a load dimension. */
  readonly pickup: readonly number[]
  /** A trip that serves this stop leaves its start or reload site no earlier. */
  readonly release: number
  /** What leaving the stop out costs; undefined for a required stop. */
  readonly prize?: number
  /** Among required stops that do not all fit, higher ones go first (0 to 100). */
  readonly priority: number
  /** At most one stop of a group is served; a group with a required member is required as a whole. */
  readonly group?: string
  readonly skills: readonly string[]
  /** Stream of waste or goods, for sites that take only some and for kinds that may not share a trip. */
  readonly kind?: string
  /** Index of the other half of a shipment: same vehicle, pickup before delivery, the load is on board only between. */
  readonly partner?: number
  readonly part?: 'pickup' | 'delivery'
  readonly territory?: string
  /** Id of the vehicle that served it in the former plan. */
  readonly formerVehicle?: string
}

/** A place where a vehicle empties or fills up between two trips. */
export interface Site {
  readonly id: string
  readonly place: number
  readonly service: number
  readonly windows: readonly Window[]
  /** Kinds taken; undefined for all. */
  readonly kinds?: readonly string[]
  readonly maxVisits?: number
  /** Quota over all vehicles, one figure a load dimension. */
  readonly maxLoad?: readonly number[]
}

/** A pause of the crew between two stops. */
export interface Break {
  readonly id: string
  readonly service: number
  readonly windows: readonly Window[]
  /** The pause may be taken only with at most this on board, one figure a load dimension. */
  readonly maxLoad?: readonly number[]
}

/** A vehicle with its crew, or `count` equal ones. */
export interface Vehicle {
  readonly id: string
  /** Decides how long stops take that name it in `servicePerType` or `setupPerType`. */
  readonly type?: string
  readonly count: number
  readonly profile: number
  /** Place of departure; undefined to begin at the first stop. */
  readonly start?: number
  readonly end?: number
  readonly capacity: readonly number[]
  readonly skills: readonly string[]
  readonly shift?: Window
  /** Cost of use; an edge costs the rounded sum of distance × perDistance and duration × perTravel. */
  readonly fixed: number
  readonly perDistance: number
  readonly perTravel: number
  /** Per time unit of service, and of setup, at stops; each is rounded once. */
  readonly perTask: number
  /** Per time unit between departure and return, waiting and service included. */
  readonly perDuty: number
  /** Per time unit of duty beyond `regularDuty`. */
  readonly perOvertime: number
  readonly regularDuty?: number
  readonly maxDuty?: number
  readonly maxTravel?: number
  readonly maxDistance?: number
  readonly maxStops?: number
  /** Factor on durations and service-free: 1 is the profile's own speed, 2 twice as fast. */
  readonly speed: number
  /** Sites between trips, as indices into `sites`. */
  readonly sites: readonly number[]
  readonly maxTrips?: number
  /** The last visit of a used vehicle is a site. */
  readonly unloadBeforeEnd: boolean
  readonly breaks: readonly Break[]
  readonly territory?: string
  /** Stops already under way, in order, at the beginning of this vehicle's route; needs `count` 1. */
  readonly frozen: readonly number[]
}

/** A rich vehicle-routing problem. All figures are integers but the cost factors. */
export interface Problem {
  readonly places: number
  readonly coordinates?: readonly (readonly [x: number, y: number])[]
  readonly profiles: readonly Profile[]
  readonly dimensions: number
  readonly stops: readonly Stop[]
  readonly sites: readonly Site[]
  readonly vehicles: readonly Vehicle[]
  /** Pairs of kinds that never share a trip. */
  readonly incompatible: readonly (readonly [string, string])[]
  /** Cost of serving a stop by a vehicle of another territory. */
  readonly territoryCost: number
  /** Cost of serving a stop by another vehicle than in the former plan. */
  readonly changeCost: number
  /** Cost per unit of difference between the busiest and the least busy used vehicle. */
  readonly balance?: { readonly measure: 'duty' | 'stops'; readonly weight: number }
}

const noWindows: readonly Window[] = []
const none: readonly never[] = []

/** Fills in the neutral value of every optional property of a stop. */
export function createStop(stop: Pick<Stop, 'id' | 'place'> & Partial<Stop>): Stop {
  return { service: 0, setup: 0, windows: noWindows, delivery: none, pickup: none, release: 0, priority: 0, skills: none, ...stop }
}

/** Fills in the neutral value of every optional property of a vehicle: one truck that pays for distance. */
export function createVehicle(vehicle: Pick<Vehicle, 'id'> & Partial<Vehicle>): Vehicle {
  return {
    count: 1,
    profile: 0,
    capacity: none,
    skills: none,
    fixed: 0,
    perDistance: 1,
    perTravel: 0,
    perTask: 0,
    perDuty: 0,
    perOvertime: 0,
    speed: 1,
    sites: none,
    unloadBeforeEnd: false,
    breaks: none,
    frozen: none,
    ...vehicle,
  }
}

/** How long a vehicle serves a stop, and sets up when it comes from another place. */
export function taskTimes(stop: Stop, { type }: Vehicle): { readonly service: number; readonly setup: number } {
  if (type === undefined) return stop
  return { service: timeFor(type, stop.servicePerType) ?? stop.service, setup: timeFor(type, stop.setupPerType) ?? stop.setup }
}

/** Types are free words, `constructor` too. */
function timeFor(type: string, times: Readonly<Record<string, number>> | undefined): number | undefined {
  return times !== undefined && Object.hasOwn(times, type) ? times[type] : undefined
}

/** Fills in the neutral value of every optional property of a problem. */
export function createProblem(problem: Pick<Problem, 'places' | 'profiles' | 'stops' | 'vehicles'> & Partial<Problem>): Problem {
  const dimensions = Math.max(
    0,
    ...problem.vehicles.map((vehicle) => vehicle.capacity.length),
    ...problem.stops.map((stop) => Math.max(stop.delivery.length, stop.pickup.length)),
  )
  return { dimensions, sites: none, incompatible: none, territoryCost: 0, changeCost: 0, ...problem }
}
