import { taskTimes, type Problem, type Stop, type Vehicle } from '../problem.ts'

/** Service and setup by stop; one pair of arrays for all types of vehicle whose times differ in none. */
export interface TaskTimes {
  readonly service: Int32Array
  readonly setup: Int32Array
}

/** Whether any vehicle sets up at the stop. */
export function maySetUp(stop: Stop): boolean {
  return stop.setup > 0 || Object.values(stop.setupPerType ?? {}).some((setup) => setup > 0)
}

/** Times at the stops for a vehicle; types that no stop names share their arrays. */
export function taskTimesByType(problem: Problem): (vehicle: Vehicle) => TaskTimes {
  const named = new Set(problem.stops.flatMap((stop) => Object.keys({ ...stop.servicePerType, ...stop.setupPerType })))
  const made = new Map<string | undefined, TaskTimes>()
  return (vehicle) => {
    const key = vehicle.type !== undefined && named.has(vehicle.type) ? vehicle.type : undefined
    const known = made.get(key)
    if (known !== undefined) return known
    const times = problem.stops.map((stop) => taskTimes(stop, vehicle))
    const entry = { service: Int32Array.from(times, ({ service }) => service), setup: Int32Array.from(times, ({ setup }) => setup) }
    made.set(key, entry)
    return entry
  }
}
