import type { Isochrone, Metric, Network, Overrides, Path, PathFinder, Profile, Side, SnappedPlace } from '@cityloop/streets'
import { computeIsochrones, computeMatrix, createMetric, createPathFinder, createSnapper, unreachable, withOverrides } from '@cityloop/streets'
import type { StreetClosure } from './closures.ts'
import { toOverrides } from './closures.ts'

/** A point in degrees. */
export type LonLat = readonly [number, number]

/** A drive through points, in order. */
export interface RouteQuestion {
  readonly profile: Profile
  readonly points: readonly LonLat[]
  /** On which side of the vehicle the points must lie; default `any`. */
  readonly side?: Side
}

/** All drives from sources to targets. */
export interface MatrixQuestion {
  readonly profile: Profile
  readonly sources: readonly LonLat[]
  readonly targets: readonly LonLat[]
  readonly side?: Side
}

/** What is reached from a point within each of some times. */
export interface IsochroneQuestion {
  readonly profile: Profile
  readonly point: LonLat
  readonly limitsS: readonly number[]
}

/** Where a point was put on the network; null when no usable street is near. */
export type SnappedPoint = { readonly lon: number; readonly lat: number; readonly distanceM: number } | null

/** A route, or why there is none: points (by index) without a street near, or the first leg without a way. */
export type RouteAnswer =
  | {
      readonly kind: 'route'
      readonly distanceM: number
      readonly durationS: number
      readonly geometry: { readonly type: 'LineString'; readonly coordinates: readonly LonLat[] }
      readonly legs: readonly RouteLeg[]
      readonly snapped: readonly SnappedPoint[]
      readonly attribution: string
    }
  | { readonly kind: 'farFromStreets'; readonly points: readonly number[] }
  | { readonly kind: 'noWay'; readonly fromPoint: number; readonly toPoint: number }

/** A leg from one point to the next. */
export interface RouteLeg {
  readonly distanceM: number
  readonly durationS: number
  readonly steps: readonly { readonly name: string; readonly distanceM: number; readonly durationS: number }[]
}

/** Row by source, column by target; null where there is no way or no street near. */
export interface MatrixAnswer {
  readonly durationsS: readonly (readonly (number | null)[])[]
  readonly distancesM: readonly (readonly (number | null)[])[]
  readonly sources: readonly SnappedPoint[]
  readonly targets: readonly SnappedPoint[]
  readonly attribution: string
}

/** GeoJSON: one feature a limit, in the order asked. */
export interface IsochroneAnswer {
  readonly type: 'FeatureCollection'
  readonly features: readonly {
    readonly type: 'Feature'
    readonly geometry: { readonly type: 'MultiPolygon'; readonly coordinates: Isochrone['polygons'] }
    readonly properties: { readonly limitS: number; readonly reachedM: number }
  }[]
  readonly attribution: string
}

/** Answers questions about one network under the closures in force. */
export interface StreetService {
  readonly network: Network
  route(question: RouteQuestion): RouteAnswer
  matrix(question: MatrixQuestion): MatrixAnswer
  /** Null when no usable street is near the point. */
  isochrone(question: IsochroneQuestion): IsochroneAnswer | null
  /** Puts closures and speeds in force instead of all former ones, at once. Returns how many directed edges they change. */
  setClosures(closures: readonly StreetClosure[]): number
}

/** A profile under the closures in force. */
interface Current {
  readonly metric: Metric
  readonly paths: PathFinder
}

/** Profiles kept prepared at once; the one asked longest ago goes first. */
const keptProfiles = 6

/** Starts a service over an opened network. Answers are computed on the calling thread. */
export function createStreetService(network: Network): StreetService {
  const snapper = createSnapper(network)
  let overrides: Overrides = new Map()
  /** Metrics without closures, and with the closures in force, by profile. */
  const prepared = new Map<string, { readonly open: Metric; current: Current | undefined }>()

  function currentOf(profile: Profile): Current {
    const key = JSON.stringify(Object.entries(profile).toSorted())
    const entry = prepared.get(key) ?? { open: createMetric(network, profile), current: undefined }
    prepared.delete(key)
    prepared.set(key, entry)
    if (prepared.size > keptProfiles) prepared.delete(prepared.keys().next().value!)
    if (entry.current === undefined) {
      const metric = overrides.size === 0 ? entry.open : withOverrides(entry.open, overrides)
      entry.current = { metric, paths: createPathFinder(metric) }
    }
    return entry.current
  }
  const snapAll = (metric: Metric, points: readonly LonLat[], side: Side | undefined): (SnappedPlace | undefined)[] =>
    points.map(([lon, lat]) => snapper.snap(metric, lon, lat, { side }))

  return {
    network,
    route({ profile, points, side }) {
      const { metric, paths: finder } = currentOf(profile)
      const places = snapAll(metric, points, side)
      const far = [...places.keys()].filter((index) => places[index] === undefined)
      if (far.length > 0) return { kind: 'farFromStreets', points: far }
      const paths: Path[] = []
      for (let leg = 0; leg + 1 < places.length; leg++) {
        const path = finder.findPath(places[leg]!, places[leg + 1]!)
        if (path === undefined) return { kind: 'noWay', fromPoint: leg, toPoint: leg + 1 }
        paths.push(path)
      }
      return {
        kind: 'route',
        distanceM: toMetres(paths.reduce((sum, path) => sum + path.distanceDm, 0)),
        durationS: toSeconds(paths.reduce((sum, path) => sum + path.durationMs, 0)),
        geometry: { type: 'LineString', coordinates: paths.flatMap((path, leg) => (leg === 0 ? path.line : path.line.slice(1))) },
        legs: paths.map(toLeg),
        snapped: places.map(toSnapped),
        attribution: network.attribution,
      }
    },
    matrix({ profile, sources, targets, side }) {
      const { metric } = currentOf(profile)
      const [from, to] = [snapAll(metric, sources, side), snapAll(metric, targets, side)]
      const nowhere = { lon: 0, lat: 0, options: [] }
      const matrix = computeMatrix(
        metric,
        from.map((place) => place ?? nowhere),
        to.map((place) => place ?? nowhere),
      )
      const rows = (values: Uint32Array, convert: (value: number) => number): (number | null)[][] =>
        from.map((_, row) =>
          Array.from(values.subarray(row * to.length, (row + 1) * to.length), (value) => (value === unreachable ? null : convert(value))),
        )
      return {
        durationsS: rows(matrix.durationMs, toSeconds),
        distancesM: rows(matrix.distanceDm, toMetres),
        sources: from.map(toSnapped),
        targets: to.map(toSnapped),
        attribution: network.attribution,
      }
    },
    isochrone({ profile, point, limitsS }) {
      const { metric } = currentOf(profile)
      const place = snapper.snap(metric, point[0], point[1])
      if (place === undefined) return null
      return {
        type: 'FeatureCollection',
        features: computeIsochrones(metric, place, limitsS).map(({ limitS, reachedM, polygons }) => ({
          type: 'Feature',
          geometry: { type: 'MultiPolygon', coordinates: polygons },
          properties: { limitS, reachedM },
        })),
        attribution: network.attribution,
      }
    },
    setClosures(closures) {
      overrides = toOverrides(network, snapper, closures)
      for (const entry of prepared.values()) entry.current = undefined
      return overrides.size
    },
  }
}

/** Whole seconds, rounded half up. */
function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000)
}

/** Whole metres, rounded half up. */
function toMetres(decimetres: number): number {
  return Math.round(decimetres / 10)
}

function toLeg(path: Path): RouteLeg {
  return {
    distanceM: toMetres(path.distanceDm),
    durationS: toSeconds(path.durationMs),
    steps: path.steps.map((step) => ({ name: step.name, distanceM: toMetres(step.distanceDm), durationS: toSeconds(step.durationMs) })),
  }
}

function toSnapped(place: SnappedPlace | undefined): SnappedPoint {
  return place === undefined ? null : { lon: place.lon, lat: place.lat, distanceM: Math.round(place.distanceM * 10) / 10 }
}
