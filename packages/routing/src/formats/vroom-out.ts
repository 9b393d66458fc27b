import { taskTimes } from '../problem.ts'
import type { PlannedRoute } from '../schedule.ts'
import type { Route, Solution, Step } from '../solution.ts'
import { FormatError } from './benchmark.ts'
import { Fields } from './json-fields.ts'
import type { VroomInput } from './vroom-in.ts'

/** VROOM's answer (docs/API.md, 1.14), as JSON data. Reloads are steps of type `reload`; the reason of an unassigned task stands in its `cityloop` key. */
export function writeVroom(input: VroomInput, solution: Solution, computingTimeMs: number): Record<string, unknown> {
  const routes = solution.routes.map((route) => writeRoute(input, route))
  const sum = (key: string): number => routes.reduce((total, route) => total + (route[key] as number), 0)
  const loads = (key: string): number[] =>
    Array.from({ length: input.problem.dimensions }, (_, d) => routes.reduce((total, route) => total + ((route[key] as number[])[d] ?? 0), 0))
  return {
    code: 0,
    summary: {
      cost: solution.cost,
      routes: routes.length,
      unassigned: solution.unassigned.length,
      delivery: loads('delivery'),
      pickup: loads('pickup'),
      setup: sum('setup'),
      service: sum('service'),
      duration: sum('duration'),
      waiting_time: sum('waiting_time'),
      priority: sum('priority'),
      distance: sum('distance'),
      violations: [],
      computing_times: { solving: Math.round(computingTimeMs) },
    },
    unassigned: solution.unassigned.map(({ stop, reason, detail }) => ({
      ...nameTask(input, stop),
      ...locate(input, input.problem.stops[stop]!.place),
      cityloop: { reason, detail },
    })),
    routes,
  }
}

export function nameTask(input: VroomInput, stop: number): Record<string, unknown> {
  const { id, type, description } = input.stops[stop]!
  return { id, type, ...(description === undefined ? {} : { description }) }
}

export function locate(input: VroomInput, place: number | undefined): Record<string, unknown> {
  const known = place === undefined ? undefined : input.places[place]
  return { ...(known?.point === undefined ? {} : { location: known.point }), ...(known?.index === undefined ? {} : { location_index: known.index }) }
}

function writeRoute(input: VroomInput, route: Route): Record<string, unknown> {
  const { problem } = input
  const vehicle = problem.vehicles[route.vehicle]!
  const profile = problem.profiles[vehicle.profile]!
  const total = { setup: 0, service: 0, waiting: 0, travel: 0, distance: 0, priority: 0 }
  const delivery = Array.from({ length: problem.dimensions }, () => 0)
  const pickup = [...delivery]
  let from: number | undefined
  const steps = route.steps.map((step) => {
    if (step.place !== undefined) {
      if (from !== undefined) {
        const cell = from * problem.places + step.place
        total.travel += Math.round((1 / vehicle.speed) * profile.durations[cell]!)
        total.distance += profile.distances[cell]!
      }
    }
    const setup = step.kind === 'stop' && from !== step.place ? taskTimes(problem.stops[step.index!]!, vehicle).setup : 0
    const service = step.departure - step.start - setup
    const waiting = step.start - step.arrival
    total.setup += setup
    total.service += service
    total.waiting += waiting
    if (step.place !== undefined) from = step.place
    if (step.kind === 'stop') {
      const stop = problem.stops[step.index!]!
      total.priority += stop.priority
      for (let d = 0; d < problem.dimensions; d++) {
        delivery[d] = delivery[d]! + (stop.delivery[d] ?? 0)
        pickup[d] = pickup[d]! + (stop.pickup[d] ?? 0)
      }
    }
    return {
      ...nameStep(input, route, step),
      ...locate(input, step.place),
      setup,
      service,
      waiting_time: waiting,
      load: step.load,
      arrival: step.arrival,
      duration: total.travel,
      distance: total.distance,
      violations: [],
    }
  })
  const { id, description } = input.vehicles[route.vehicle]!
  return {
    vehicle: id,
    ...(description === undefined ? {} : { description }),
    cost: route.cost,
    delivery,
    pickup,
    setup: total.setup,
    service: total.service,
    duration: total.travel,
    waiting_time: total.waiting,
    priority: total.priority,
    distance: total.distance,
    steps,
    violations: [],
  }
}

function nameStep(input: VroomInput, route: Route, step: Step): Record<string, unknown> {
  switch (step.kind) {
    case 'stop':
      return nameTask(input, step.index!)
    case 'site':
      return { type: 'reload', description: input.problem.sites[step.index!]!.id }
    case 'break':
      return { type: 'break', id: Number(input.problem.vehicles[route.vehicle]!.breaks[step.index!]!.id) }
    case 'start':
    case 'end':
      return { type: step.kind }
  }
}

/** Reads the order of work from a VROOM answer, to be scheduled and checked against its document. Throws `FormatError`. */
export function readVroomRoutes(input: VroomInput, answer: unknown): PlannedRoute[] {
  const root = new Fields(answer, 'The answer')
  return root.list('routes').map((value, index) => {
    const route = new Fields(value, `routes[${index}]`)
    const id = route.number('vehicle')
    const vehicle = input.vehicles.findIndex((candidate) => candidate.id === id)
    if (vehicle < 0) throw new FormatError(`routes[${index}] names vehicle ${id}, which is not there`)
    const visits = route.list('steps').flatMap((entry, position): PlannedRoute['visits'] => {
      const name = `routes[${index}].steps[${position}]`
      const step = new Fields(entry, name)
      const type = step.text('type')
      if (type === 'start' || type === 'end' || type === 'break') return []
      if (type === 'reload') {
        const site = input.problem.sites.findIndex((candidate) => candidate.id === step.text('description'))
        if (site < 0) throw new FormatError(`${name} names no site`)
        return [{ site }]
      }
      const stop = input.stops.findIndex((task) => task.type === type && task.id === step.number('id'))
      if (stop < 0) throw new FormatError(`${name} names the ${type} ${step.number('id')}, which is not there`)
      return [{ stop }]
    })
    return { vehicle, copy: 0, visits }
  })
}
