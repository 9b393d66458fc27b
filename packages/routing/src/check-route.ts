import type { Violation } from './check.ts'
import type { Problem, Profile, Vehicle, Window } from './problem.ts'
import type { Route, Step } from './solution.ts'

/** What a route adds up to, recomputed from its steps. */
export interface RouteTotals {
  readonly cost: number
  readonly distance: number
  readonly duty: number
  readonly stops: number
  readonly siteVisits: readonly { readonly site: number; readonly brought: readonly number[] }[]
}

type Report = (kind: Violation['kind'], detail: string) => void

/** Checks one route, step by step. */
export function checkRoute(problem: Problem, route: Route, report: Report): RouteTotals {
  const vehicle = problem.vehicles[route.vehicle]!
  const name = vehicle.id
  if (!checkShape(problem, vehicle, route.steps, report)) return { cost: 0, distance: 0, duty: 0, stops: 0, siteVisits: [] }
  const way = checkTimes(problem, vehicle, route.steps, report)
  checkWindows(problem, vehicle, route.steps, report)
  checkBreaks(vehicle, route.steps, report)
  const siteVisits = checkLoads(problem, vehicle, route.steps, report)
  checkReleases(problem, vehicle, route.steps, report)
  checkShipments(problem, vehicle, route.steps, report)
  const stops = route.steps.filter((step) => step.kind === 'stop')
  let service = 0
  for (const step of stops) {
    const stop = problem.stops[step.index!]!
    for (const skill of stop.skills)
      if (!vehicle.skills.includes(skill)) report('skills', `Stop ${stop.id} needs ${skill}, which vehicle ${name} lacks`)
    if (stop.territory !== undefined && vehicle.territory !== undefined && stop.territory !== vehicle.territory) service += problem.territoryCost
    if (stop.formerVehicle !== undefined && stop.formerVehicle !== name) service += problem.changeCost
  }
  const duty = route.steps.at(-1)!.arrival - route.steps[0]!.departure
  if (vehicle.maxDuty !== undefined && duty > vehicle.maxDuty)
    report('duty', `Vehicle ${name} is on duty for ${duty}, and may be for ${vehicle.maxDuty}`)
  if (way.travel > (vehicle.maxTravel ?? Infinity))
    report('travel limit', `Vehicle ${name} drives for ${way.travel}, and may for ${vehicle.maxTravel}`)
  if (way.distance > (vehicle.maxDistance ?? Infinity))
    report('distance limit', `Vehicle ${name} goes ${way.distance} far, and may go ${vehicle.maxDistance}`)
  if (stops.length > (vehicle.maxStops ?? Infinity))
    report('stop limit', `Vehicle ${name} serves ${stops.length} stops, and may serve ${vehicle.maxStops}`)
  const over = vehicle.regularDuty === undefined ? 0 : Math.max(0, duty - vehicle.regularDuty)
  const dutyCost = Math.round(vehicle.perDuty * duty + vehicle.perOvertime * over)
  return { cost: vehicle.fixed + way.cost + service + dutyCost, distance: way.distance, duty, stops: stops.length, siteVisits }
}

function checkShape(problem: Problem, vehicle: Vehicle, steps: readonly Step[], report: Report): boolean {
  const sound = steps.length >= 3 && steps[0]!.kind === 'start' && steps.at(-1)!.kind === 'end'
  if (!sound) report('step', `The route of ${vehicle.id} must go from a start over at least one step to an end`)
  let known = sound
  steps.forEach((step, position) => {
    const inner = position > 0 && position < steps.length - 1
    if (inner && (step.kind === 'start' || step.kind === 'end')) known = false
    const list = step.kind === 'stop' ? problem.stops : step.kind === 'site' ? problem.sites : step.kind === 'break' ? vehicle.breaks : undefined
    if (list !== undefined && (step.index === undefined || list[step.index] === undefined)) known = false
  })
  if (!known) {
    report('step', `A step of ${vehicle.id} names nothing in the problem, or stands where it cannot`)
    return false
  }
  for (const step of steps) {
    const place =
      step.kind === 'stop'
        ? problem.stops[step.index!]!.place
        : step.kind === 'site'
          ? problem.sites[step.index!]!.place
          : step.kind === 'start'
            ? vehicle.start
            : step.kind === 'end'
              ? vehicle.end
              : undefined
    if (step.place !== place) report('step', `A ${step.kind} of ${vehicle.id} is at place ${place}, not ${step.place}`)
  }
  const sites = steps.filter((step) => step.kind === 'site')
  for (const step of sites)
    if (!vehicle.sites.includes(step.index!)) report('site', `Vehicle ${vehicle.id} may not use site ${problem.sites[step.index!]!.id}`)
  const work = steps.filter((step) => step.kind === 'stop' || step.kind === 'site')
  const endsEmpty = work.at(-1)?.kind === 'site'
  if (vehicle.unloadBeforeEnd && !endsEmpty) report('unload', `Vehicle ${vehicle.id} comes home without having unloaded`)
  const trips = sites.length + (vehicle.unloadBeforeEnd ? 0 : 1)
  if (vehicle.maxTrips !== undefined && trips > vehicle.maxTrips)
    report('trips', `Vehicle ${vehicle.id} makes ${trips} trips, and may make ${vehicle.maxTrips}`)
  return true
}

function checkTimes(problem: Problem, vehicle: Vehicle, steps: readonly Step[], report: Report): { cost: number; distance: number; travel: number } {
  const profile = problem.profiles[vehicle.profile]!
  let cost = 0
  let distance = 0
  let travel = 0
  let from = steps[0]!.place
  let clock = steps[0]!.departure
  for (const step of steps.slice(1)) {
    const what = `${step.kind} ${labelOf(problem, step)} of vehicle ${vehicle.id}`
    if (step.kind !== 'break' && from !== undefined && step.place !== undefined) {
      const cell = from * problem.places + step.place
      if (profile.distances[cell]! < 0 || profile.durations[cell]! < 0) report('unreachable', `There is no way from place ${from} to ${what}`)
      distance += profile.distances[cell]!
      const drive = Math.round((1 / vehicle.speed) * profile.durations[cell]!)
      travel += profile.periods === undefined ? drive : shortest(profile, cell, vehicle.speed)
      cost += Math.round(vehicle.perDistance * profile.distances[cell]! + vehicle.perTravel * profile.durations[cell]!)
      const needed = profile.periods === undefined ? drive : driveByPeriods(profile, cell, clock, vehicle.speed)
      if (step.arrival < clock + needed) report('travel time', `${what} is reached at ${step.arrival}, but not before ${clock + needed}`)
    } else if (step.arrival < clock) report('travel time', `${what} begins at ${step.arrival}, before ${clock}`)
    if (step.start < step.arrival) report('service time', `${what} starts at ${step.start}, before it is reached`)
    const setup = step.kind === 'stop' && from !== step.place ? setupOf(problem, vehicle, step.index!) : 0
    const service = serviceOf(problem, vehicle, step) + setup
    if (step.kind === 'stop') cost += Math.round(vehicle.perTask * (service - setup)) + Math.round(vehicle.perTask * setup)
    if (step.departure < step.start + service) report('service time', `${what} needs ${service} and is left after ${step.departure - step.start}`)
    clock = step.departure
    if (step.kind !== 'break') from = step.place
  }
  return { cost, distance, travel }
}

function labelOf(problem: Problem, step: Step): string {
  if (step.kind === 'stop') return problem.stops[step.index!]!.id
  return step.kind === 'site' ? problem.sites[step.index!]!.id : ''
}

function serviceOf(problem: Problem, vehicle: Vehicle, step: Step): number {
  if (step.kind === 'stop') {
    const { service, servicePerType = {} } = problem.stops[step.index!]!
    return vehicle.type !== undefined && Object.hasOwn(servicePerType, vehicle.type) ? servicePerType[vehicle.type]! : service
  }
  if (step.kind === 'site') return problem.sites[step.index!]!.service
  return step.kind === 'break' ? vehicle.breaks[step.index!]!.service : 0
}

function setupOf(problem: Problem, vehicle: Vehicle, index: number): number {
  const { setup, setupPerType = {} } = problem.stops[index]!
  return vehicle.type !== undefined && Object.hasOwn(setupPerType, vehicle.type) ? setupPerType[vehicle.type]! : setup
}

/** The travel limit counts each way at its quickest time of day. */
function shortest(profile: Profile, cell: number, speed: number): number {
  const all = [profile.durations[cell]!, ...profile.periods!.map((period) => period.durations[cell]!)]
  return Math.round((1 / speed) * Math.min(...all))
}

/** Covers a way piece by piece: each period lets a share of it be done at its own speed. */
function driveByPeriods(profile: Profile, cell: number, departure: number, speed: number): number {
  const borders = profile.periods!.map((period) => period.from)
  let done = 0
  let clock = departure
  while (done < 1) {
    const index = borders.findLastIndex((border) => border <= clock)
    const whole = (index < 0 ? profile.durations[cell]! : profile.periods![index]!.durations[cell]!) / speed
    if (whole === 0) break
    const next = borders[index + 1] ?? Infinity
    const share = Math.min(1 - done, (next - clock) / whole)
    clock = share === 1 - done ? clock + share * whole : next
    done = share === 1 - done ? 1 : done + share
  }
  return Math.ceil(clock - departure - 1e-6)
}

function isIn(windows: readonly Window[], time: number): boolean {
  return windows.length === 0 || windows.some(([start, end]) => start <= time && time <= end)
}

function checkWindows(problem: Problem, vehicle: Vehicle, steps: readonly Step[], report: Report): void {
  for (const step of steps) {
    if (step.kind !== 'stop' && step.kind !== 'site') continue
    const { id, windows } = step.kind === 'stop' ? problem.stops[step.index!]! : problem.sites[step.index!]!
    if (!isIn(windows, step.start)) report('window', `Vehicle ${vehicle.id} starts at ${id} at ${step.start}, outside its windows`)
  }
  if (vehicle.shift === undefined) return
  const [opens, closes] = vehicle.shift
  if (steps[0]!.departure < opens) report('shift', `Vehicle ${vehicle.id} leaves at ${steps[0]!.departure}, before its shift begins at ${opens}`)
  if (steps.at(-1)!.arrival > closes) report('shift', `Vehicle ${vehicle.id} is back at ${steps.at(-1)!.arrival}, after its shift ends at ${closes}`)
}

function checkBreaks(vehicle: Vehicle, steps: readonly Step[], report: Report): void {
  vehicle.breaks.forEach((pause, index) => {
    const taken = steps.filter((step) => step.kind === 'break' && step.index === index)
    if (taken.length !== 1) report('break', `Vehicle ${vehicle.id} takes break ${pause.id} ${taken.length} times`)
    for (const step of taken) {
      if (!isIn(pause.windows, step.start)) report('break', `Break ${pause.id} of ${vehicle.id} begins at ${step.start}, outside its windows`)
      const heavy = pause.maxLoad?.some((most, dimension) => (step.load[dimension] ?? 0) > most)
      if (heavy === true) report('break', `Break ${pause.id} of ${vehicle.id} is taken with too much on board`)
    }
  })
}

/** Goes through the trips: what is on board after each step, whether it fits, is stated truly, and whose kinds get along. */
function checkLoads(problem: Problem, vehicle: Vehicle, steps: readonly Step[], report: Report): { site: number; brought: number[] }[] {
  const visits: { site: number; brought: number[] }[] = []
  const dimensions = [...Array(problem.dimensions).keys()]
  let tripStart = 0
  while (tripStart < steps.length - 1) {
    const following = steps.slice(tripStart + 1)
    const length = following.findIndex((step) => step.kind === 'site' || step.kind === 'end')
    const trip = following.slice(0, length)
    const stops = trip.filter((step) => step.kind === 'stop').map((step) => problem.stops[step.index!]!)
    const load = dimensions.map((d) => stops.reduce((sum, stop) => sum + (stop.partner === undefined ? (stop.delivery[d] ?? 0) : 0), 0))
    compareLoad(problem, vehicle, steps[tripStart]!, load, report)
    for (const step of trip) {
      if (step.kind === 'stop') {
        const stop = problem.stops[step.index!]!
        for (const d of dimensions) load[d] = load[d]! + (stop.pickup[d] ?? 0) - (stop.delivery[d] ?? 0)
      }
      compareLoad(problem, vehicle, step, load, report)
    }
    const kinds = [...new Set(stops.flatMap((stop) => (stop.kind === undefined ? [] : [stop.kind])))]
    for (const [a, b] of problem.incompatible) {
      if (kinds.includes(a) && kinds.includes(b)) report('kind', `Vehicle ${vehicle.id} has ${a} and ${b} on one trip`)
    }
    const closing = following[length]!
    if (closing.kind === 'site') {
      const site = problem.sites[closing.index!]!
      for (const kind of kinds) if (site.kinds !== undefined && !site.kinds.includes(kind)) report('kind', `Site ${site.id} takes no ${kind}`)
      visits.push({
        site: closing.index!,
        brought: dimensions.map((d) => stops.reduce((sum, stop) => sum + (stop.partner === undefined ? (stop.pickup[d] ?? 0) : 0), 0)),
      })
    }
    tripStart += length + 1
  }
  return visits
}

function compareLoad(problem: Problem, vehicle: Vehicle, step: Step, load: readonly number[], report: Report): void {
  load.forEach((amount, dimension) => {
    const capacity = vehicle.capacity[dimension] ?? 0
    const where = `behind ${step.kind} ${labelOf(problem, step)}`
    if (amount > capacity) report('capacity', `Vehicle ${vehicle.id} carries ${amount} in dimension ${dimension} ${where}, and holds ${capacity}`)
    if ((step.load[dimension] ?? 0) !== amount)
      report('load', `Vehicle ${vehicle.id} carries ${amount} in dimension ${dimension} ${where}, not ${step.load[dimension]}`)
  })
}

function checkReleases(problem: Problem, vehicle: Vehicle, steps: readonly Step[], report: Report): void {
  let left = steps[0]!.departure
  for (const step of steps) {
    if (step.kind === 'site') left = step.departure
    if (step.kind !== 'stop') continue
    const stop = problem.stops[step.index!]!
    if (stop.release > left)
      report('release', `The trip of ${vehicle.id} with stop ${stop.id} begins at ${left}, before its release at ${stop.release}`)
  }
}

function checkShipments(problem: Problem, vehicle: Vehicle, steps: readonly Step[], report: Report): void {
  const order = steps.flatMap((step) => (step.kind === 'stop' ? [step.index!] : step.kind === 'site' ? [-1] : []))
  order.forEach((index, position) => {
    const stop = index < 0 ? undefined : problem.stops[index]!
    if (stop?.partner === undefined) return
    const other = order.indexOf(stop.partner)
    const [first, last] = stop.part === 'pickup' ? [position, other] : [other, position]
    if (other < 0) report('shipment', `Vehicle ${vehicle.id} serves stop ${stop.id}, but not the other half of its shipment`)
    else if (first > last) report('shipment', `Vehicle ${vehicle.id} delivers stop ${stop.id} before the pickup`)
    else if (order.slice(first, last).includes(-1))
      report('shipment', `Vehicle ${vehicle.id} empties at a site with the shipment of stop ${stop.id} on board`)
  })
}
