import { chooseTimes, missOf, type TimedStep } from '../choose-times.ts'
import { taskTimes, type Problem, type Vehicle, type Window } from '../problem.ts'
import { FormatError } from './benchmark.ts'
import { travelByGreatCircle, type Travel } from './great-circle.ts'
import { Fields } from './json-fields.ts'
import { readVroom, type VroomInput } from './vroom-in.ts'
import { locate, nameTask } from './vroom-out.ts'

/** One step of a route as the document orders it. */
interface Ordered {
  readonly kind: 'start' | 'task' | 'break' | 'end'
  /** Into the problem's stops, or the vehicle's breaks. */
  readonly index: number
  readonly place: number | undefined
  /** Drive from the step before, and what is done here. */
  readonly driveS: number
  readonly driveM: number
  readonly driveCost: number
  readonly setup: number
  readonly service: number
  readonly windows: readonly Window[]
  readonly bounds: Window
}

interface Violation {
  readonly cause: string
  readonly duration?: number
}

/**
 * Times the routes that the `steps` of the vehicles spell out and reports what they break, as VROOM does with `-c` (plan mode): every rule is soft but the
 * `service_*` keys of steps, and earliness plus lateness is least. A break is taken before the drive that follows it, where VROOM may split the drive around
 * it. Throws `FormatError` on what the document does not say, and where the `service_*` keys contradict each other.
 */
export function planVroom(
  document: unknown,
  travel: (points: [number, number][], profile: string) => Travel = travelByGreatCircle,
): Record<string, unknown> {
  const input = readVroom(document, travel)
  const seen = new Set<number>()
  const routes = new Fields(document, 'The document').list('vehicles').flatMap((value, vehicle) => {
    const name = `vehicles[${vehicle}]`
    const steps = new Fields(value, name).list('steps').map((step, position) => new Fields(step, `${name}.steps[${position}]`))
    return steps.length === 0 ? [] : [writeRoute(input, vehicle, orderSteps(input, vehicle, steps, seen))]
  })
  const sum = (key: 'cost' | 'setup' | 'service' | 'duration' | 'waiting_time' | 'priority' | 'distance'): number =>
    routes.reduce((total, route) => total + route[key], 0)
  const load = (key: 'delivery' | 'pickup'): number[] =>
    Array.from({ length: input.problem.dimensions }, (_, d) => routes.reduce((total, route) => total + route[key][d]!, 0))
  const unassigned = input.stops.flatMap((_, stop) =>
    seen.has(stop) ? [] : [{ ...nameTask(input, stop), ...locate(input, input.problem.stops[stop]!.place) }],
  )
  const [cost, setup, service, duration, priority, distance] = (['cost', 'setup', 'service', 'duration', 'priority', 'distance'] as const).map(sum)
  const totals = {
    cost,
    setup,
    service,
    duration,
    priority,
    distance,
    waiting_time: sum('waiting_time'),
    delivery: load('delivery'),
    pickup: load('pickup'),
  }
  const violations = addUp(routes.flatMap((route) => route.violations))
  return { code: 0, summary: { ...totals, routes: routes.length, unassigned: unassigned.length, violations }, unassigned, routes }
}

/** Reads the order, with a start and an end around it whether or not they are named. */
function orderSteps({ problem, stops }: VroomInput, index: number, steps: readonly Fields[], seen: Set<number>): Ordered[] {
  const vehicle = problem.vehicles[index]!
  const ordered: Ordered[] = []
  let place: number | undefined
  const add = (kind: Ordered['kind'], at: number, to: number | undefined, windows: readonly Window[], bounds: Window): void => {
    const drive = kind === 'break' ? standing : driveBetween(problem, vehicle, place, to)
    const times = kind === 'task' ? taskTimes(problem.stops[at]!, vehicle) : { service: kind === 'break' ? vehicle.breaks[at]!.service : 0, setup: 0 }
    const setup = place === to ? 0 : times.setup
    ordered.push({ kind, index: at, place: to, ...drive, setup, service: times.service, windows, bounds })
    place = kind === 'break' ? place : to
  }
  const shift = vehicle.shift === undefined ? [] : [vehicle.shift]
  const boundsOf = (type: string): Window => boundsIn(steps.find((step) => step.text('type') === type))
  add('start', 0, vehicle.start, shift, boundsOf('start'))
  for (const step of steps) {
    const [type, id] = [step.text('type'), step.number('id')]
    if (type === 'start' || type === 'end') continue
    if (type === 'break') {
      const at = vehicle.breaks.findIndex((pause) => pause.id === String(id))
      if (at < 0) throw new FormatError(`Vehicle ${vehicle.id} has no break ${id ?? ''}`)
      add('break', at, place, vehicle.breaks[at]!.windows, boundsIn(step))
      continue
    }
    const at = stops.findIndex((task) => task.type === type && task.id === id)
    if (at < 0) throw new FormatError(`A step of ${vehicle.id} names the ${type ?? ''} ${id ?? ''}, which is not to be planned`)
    if (seen.has(at)) throw new FormatError(`Two steps name the ${type ?? ''} ${id ?? ''}`)
    seen.add(at)
    add('task', at, problem.stops[at]!.place, problem.stops[at]!.windows, boundsIn(step))
  }
  add('end', 0, vehicle.end, shift, boundsOf('end'))
  return ordered
}

function boundsIn(step: Fields | undefined): Window {
  const at = step?.number('service_at')
  return [at ?? step?.number('service_after') ?? -Infinity, at ?? step?.number('service_before') ?? Infinity]
}

type Drive = Pick<Ordered, 'driveS' | 'driveM' | 'driveCost'>

const standing: Drive = { driveS: 0, driveM: 0, driveCost: 0 }

function driveBetween(problem: Problem, vehicle: Vehicle, from: number | undefined, to: number | undefined): Drive {
  if (from === undefined || to === undefined) return standing
  const { durations, distances } = problem.profiles[vehicle.profile]!
  const cell = from * problem.places + to
  if (durations[cell]! < 0) throw new FormatError(`There is no way from place ${from} to ${to} for ${vehicle.id}`)
  const [duration, distance] = [durations[cell]!, distances[cell]!]
  return {
    driveS: Math.round((1 / vehicle.speed) * duration),
    driveM: distance,
    driveCost: Math.round(vehicle.perDistance * distance + vehicle.perTravel * duration),
  }
}

function writeRoute(input: VroomInput, index: number, ordered: readonly Ordered[]) {
  const { problem } = input
  const vehicle = problem.vehicles[index]!
  const timed = ordered.map((step, position): TimedStep => {
    const before = ordered[position - 1]
    return { after: before === undefined ? 0 : before.setup + before.service + step.driveS, windows: step.windows, bounds: step.bounds }
  })
  const starts = chooseTimes(timed)
  if (starts === undefined) throw new FormatError(`The service_* keys in the steps of ${vehicle.id} contradict each other`)
  const tasks = ordered.flatMap((step) => (step.kind === 'task' ? [problem.stops[step.index]!] : []))
  const amounts = (key: 'delivery' | 'pickup'): number[] =>
    Array.from({ length: problem.dimensions }, (_, d) => tasks.reduce((sum, stop) => sum + (stop[key][d] ?? 0), 0))
  const load = Array.from({ length: problem.dimensions }, (_, d) =>
    tasks.reduce((sum, stop) => sum + (stop.partner === undefined ? (stop.delivery[d] ?? 0) : 0), 0),
  )
  const order = ordered.map((step) => (step.kind === 'task' ? step.index : -1))
  const total = { setup: 0, service: 0, waiting_time: 0, duration: 0, distance: 0, priority: 0, tasks: 0 }
  let cost = vehicle.fixed
  const steps = ordered.map((step, position) => {
    const arrival = position === 0 ? starts[0]! : starts[position - 1]! + timed[position]!.after
    total.duration += step.driveS
    total.distance += step.driveM
    cost += step.driveCost
    if (step.kind === 'task') {
      const stop = problem.stops[step.index]!
      for (let d = 0; d < load.length; d++) load[d] = load[d]! + (stop.pickup[d] ?? 0) - (stop.delivery[d] ?? 0)
      cost += Math.round(vehicle.perTask * step.service) + Math.round(vehicle.perTask * step.setup)
      total.priority += stop.priority
      total.tasks += 1
    }
    const waiting = starts[position]! - arrival
    total.setup += step.setup
    total.service += step.service
    total.waiting_time += waiting
    const id = step.kind === 'break' ? { id: Number(vehicle.breaks[step.index]!.id) } : {}
    return {
      ...(step.kind === 'task' ? nameTask(input, step.index) : { type: step.kind, ...id }),
      ...(step.kind === 'break' ? {} : locate(input, step.place)),
      setup: step.setup,
      service: step.service,
      waiting_time: waiting,
      load: [...load],
      arrival,
      duration: total.duration,
      distance: total.distance,
      violations: [...missed(step, starts[position]!), ...broken(problem, vehicle, step, load, total, order, position)],
    }
  })
  const untaken = vehicle.breaks.some((_, pause) => !ordered.some((step) => step.kind === 'break' && step.index === pause))
  const duty = starts.at(-1)! - starts[0]!
  const over = vehicle.regularDuty === undefined ? 0 : Math.max(0, duty - vehicle.regularDuty)
  const { id, description } = input.vehicles[index]!
  return {
    vehicle: id,
    ...(description === undefined ? {} : { description }),
    cost: cost + Math.round(vehicle.perDuty * duty + vehicle.perOvertime * over),
    delivery: amounts('delivery'),
    pickup: amounts('pickup'),
    setup: total.setup,
    service: total.service,
    duration: total.duration,
    waiting_time: total.waiting_time,
    priority: total.priority,
    distance: total.distance,
    steps,
    violations: addUp([...steps.flatMap((step) => step.violations), ...(untaken ? [{ cause: 'missing_break' }] : [])]),
  }
}

function missed({ windows }: Ordered, time: number): Violation[] {
  const { early, late } = missOf(windows, time)
  return [...(early > 0 ? [{ cause: 'lead_time', duration: early }] : []), ...(late > 0 ? [{ cause: 'delay', duration: late }] : [])]
}

interface Sums {
  readonly duration: number
  readonly distance: number
  readonly tasks: number
}

function broken(
  problem: Problem,
  vehicle: Vehicle,
  step: Ordered,
  load: readonly number[],
  sums: Sums,
  order: readonly number[],
  at: number,
): Violation[] {
  const causes: string[] = []
  if (load.some((amount, d) => amount > (vehicle.capacity[d] ?? 0))) causes.push('load')
  const stop = step.kind === 'task' ? problem.stops[step.index]! : undefined
  if (stop?.skills.some((skill) => !vehicle.skills.includes(skill)) === true) causes.push('skills')
  if (stop?.partner !== undefined) {
    const other = order.indexOf(stop.partner)
    if (other < 0 || (stop.part === 'pickup' ? other < at : other > at)) causes.push('precedence')
  }
  if (step.kind === 'break' && vehicle.breaks[step.index]!.maxLoad?.some((most, d) => load[d]! > most) === true) causes.push('max_load')
  if (step.kind === 'task' && sums.tasks > (vehicle.maxStops ?? Infinity)) causes.push('max_tasks')
  if (sums.duration > (vehicle.maxTravel ?? Infinity)) causes.push('max_travel_time')
  if (sums.distance > (vehicle.maxDistance ?? Infinity)) causes.push('max_distance')
  return causes.map((cause) => ({ cause }))
}

/** One entry a cause, its durations added up. */
function addUp(violations: readonly Violation[]): Violation[] {
  return [...new Set(violations.map(({ cause }) => cause))].map((cause) => {
    const durations = violations.flatMap((violation) => (violation.cause === cause ? (violation.duration ?? []) : []))
    return durations.length === 0 ? { cause } : { cause, duration: durations.reduce((sum, duration) => sum + duration, 0) }
  })
}
