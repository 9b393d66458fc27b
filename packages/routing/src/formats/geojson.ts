import type { Problem } from '../problem.ts'
import type { Route, Solution } from '../solution.ts'
import { FormatError } from './benchmark.ts'

/** The way of a route as points; straight from place to place unless the caller knows the streets. */
export type WayOf = (route: Route) => readonly (readonly [number, number])[]

/** Writes routes as lines and stops as points (RFC 7946), in the problem's coordinates. Throws `FormatError` when it has none. */
export function writeGeoJson(problem: Problem, solution: Solution, wayOf: WayOf = straightWay(problem)): Record<string, unknown> {
  const { coordinates } = problem
  if (coordinates === undefined) throw new FormatError('A problem without coordinates cannot be drawn')
  const lines = solution.routes.map((route) => ({
    type: 'Feature',
    geometry: { type: 'LineString', coordinates: wayOf(route) },
    properties: { vehicle: problem.vehicles[route.vehicle]!.id, copy: route.copy, cost: route.cost, distance: route.distance, travel: route.travel },
  }))
  const points = solution.routes.flatMap((route) =>
    route.steps.flatMap((step, position) =>
      step.place === undefined
        ? []
        : [
            {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: coordinates[step.place] },
              properties: {
                kind: step.kind,
                id: step.kind === 'stop' ? problem.stops[step.index!]!.id : step.kind === 'site' ? problem.sites[step.index!]!.id : undefined,
                vehicle: problem.vehicles[route.vehicle]!.id,
                position,
                arrival: step.arrival,
                departure: step.departure,
                load: step.load,
              },
            },
          ],
    ),
  )
  const left = solution.unassigned.map(({ stop, reason, detail }) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: coordinates[problem.stops[stop]!.place] },
    properties: { kind: 'unassigned', id: problem.stops[stop]!.id, reason, detail },
  }))
  return { type: 'FeatureCollection', features: [...lines, ...points, ...left] }
}

/** The points of a route in order. Throws `FormatError` when the problem has no coordinates. */
export function straightWay(problem: Problem): WayOf {
  const { coordinates } = problem
  if (coordinates === undefined) throw new FormatError('A problem without coordinates cannot be drawn')
  return (route) => route.steps.flatMap((step) => (step.place === undefined ? [] : [coordinates[step.place]!]))
}
