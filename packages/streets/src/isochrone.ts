import { contourRings } from './contour.ts'
import { timeMsOf } from './cost.ts'
import { metresPerDegree, unitsPerDegree } from './geodesy.ts'
import type { Metric } from './metric.ts'
import type { Place } from './place.ts'
import { createSearchRoom, departureSeeds, walkUp } from './search.ts'

/** What can be reached within a time. */
export interface Isochrone {
  readonly limitS: number
  /** Driven length of streets reached, each segment once, in metres. */
  readonly reachedM: number
  /** Reached stretches of segments, as `[segment, from, to]`, shares of it as drawn. */
  readonly stretches: readonly (readonly [segment: number, from: number, to: number])[]
  /** Outline around the stretches, GeoJSON coordinates of a MultiPolygon: outer rings run counterclockwise. */
  readonly polygons: readonly (readonly (readonly (readonly [number, number])[])[])[]
}

/** How to draw the outline. */
export interface OutlineOptions {
  /** Distance of the outline from the streets; default 40. */
  readonly bufferM?: number
}

/** Isochrones from a place, one for each limit. Cost: one sweep over the hierarchy, then the streets reached. */
export function computeIsochrones(metric: Metric, from: Place, limitsS: readonly number[], { bufferM = 40 }: OutlineOptions = {}): Isochrone[] {
  const tailMs = millisecondsToTails(metric, from)
  return limitsS.map((limitS) => {
    const stretches = stretchesWithin(metric, from, tailMs, limitS * 1000)
    const reachedM = stretches.reduce((sum, [segment, start, end]) => sum + (metric.network.streets.lengthDm[segment]! / 10) * (end - start), 0)
    return { limitS, reachedM: Math.round(reachedM), stretches, polygons: outline(metric, stretches, bufferM) }
  })
}

/** For each directed edge, when a drive from the place can begin to drive it, in milliseconds. */
function millisecondsToTails(metric: Metric, from: Place): Float64Array {
  const { hierarchy, turns } = metric.network
  const room = createSearchRoom(hierarchy)
  walkUp(hierarchy, metric.weights.climbing, departureSeeds(metric, from), room)
  const { start, head, cost: linkCost } = metric.weights.descending
  const { cost } = room
  for (let rank = cost.length - 1; rank >= 0; rank--) {
    let least = cost[rank]!
    for (let link = start[rank]!; link < start[rank + 1]!; link++) least = Math.min(least, cost[head[link]!]! + linkCost[link]!)
    cost[rank] = least
  }
  const tailMs = new Float64Array(metric.edgeCost.length).fill(Infinity)
  for (let edge = 0; edge < tailMs.length; edge++) {
    for (let arc = turns.edgeArcStart[edge]!; arc < turns.edgeArcStart[edge + 1]!; arc++) {
      const ready = cost[hierarchy.rankOf[turns.arcTail[arc]!]!]! + metric.arcCost[arc]! - metric.edgeCost[edge]!
      if (ready < Infinity) tailMs[edge] = Math.min(tailMs[edge]!, timeMsOf(ready))
    }
  }
  return tailMs
}

function stretchesWithin(metric: Metric, from: Place, tailMs: Float64Array, limitMs: number): [number, number, number][] {
  const startShare = new Map(from.options.map(({ edge, share }) => [edge, share]))
  const stretches: [number, number, number][] = []
  for (let segment = 0; segment < tailMs.length / 2; segment++) {
    const parts: [number, number][] = []
    for (const edge of [segment * 2, segment * 2 + 1]) {
      const drivenMs = timeMsOf(metric.edgeCost[edge]!)
      if (drivenMs === Infinity) continue
      const add = (begin: number, end: number): void => {
        if (end > begin) parts.push(edge & 1 ? [1 - end, 1 - begin] : [begin, end])
      }
      if (tailMs[edge]! < limitMs) add(0, Math.min(1, (limitMs - tailMs[edge]!) / drivenMs))
      const share = startShare.get(edge)
      if (share !== undefined) add(share, Math.min(1, share + limitMs / drivenMs))
    }
    for (const [begin, end] of union(parts)) stretches.push([segment, begin, end])
  }
  return stretches
}

/** Intervals joined where they touch. */
function union(parts: readonly [number, number][]): [number, number][] {
  const joined: [number, number][] = []
  for (const [begin, end] of parts.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last !== undefined && begin <= last[1]) last[1] = Math.max(last[1], end)
    else joined.push([begin, end])
  }
  return joined
}

const largestGridSide = 700

/** Distances from the stretches on a grid, and the line where they equal the buffer. */
function outline(metric: Metric, stretches: Isochrone['stretches'], bufferM: number): [number, number][][][] {
  const points = samplePoints(metric, stretches, bufferM / 2)
  if (points.length === 0) return []
  const lat0 = points[0]![1]
  const [lonM, latM] = [metresPerDegree * Math.cos((lat0 * Math.PI) / 180), metresPerDegree]
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of points) {
    west = Math.min(west, lon * lonM)
    east = Math.max(east, lon * lonM)
    south = Math.min(south, lat * latM)
    north = Math.max(north, lat * latM)
  }
  const margin = bufferM * 2
  const cellM = Math.max(bufferM / 2, (Math.max(east - west, north - south) + 2 * margin) / largestGridSide)
  const reachM = Math.max(bufferM, cellM)
  const [columns, rows] = [Math.ceil((east - west + 2 * margin) / cellM) + 2, Math.ceil((north - south + 2 * margin) / cellM) + 2]
  const [left, bottom] = [west - margin - cellM / 2, south - margin - cellM / 2]
  const distance = new Float32Array(columns * rows).fill(2 * reachM)
  const span = Math.ceil((2 * reachM) / cellM)
  for (const [lon, lat] of points) {
    const [x, y] = [(lon * lonM - left) / cellM, (lat * latM - bottom) / cellM]
    for (let row = Math.max(1, Math.floor(y) - span); row <= Math.min(rows - 2, Math.floor(y) + span + 1); row++) {
      for (let column = Math.max(1, Math.floor(x) - span); column <= Math.min(columns - 2, Math.floor(x) + span + 1); column++) {
        const away = Math.hypot(column - x, row - y) * cellM
        const cell = row * columns + column
        if (away < distance[cell]!) distance[cell] = away
      }
    }
  }
  const rings = contourRings(distance, columns, rows, reachM)
  return rings.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => [round((left + x * cellM) / lonM), round((bottom + y * cellM) / latM)])))
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}

/** Points along the stretches, no farther apart than a step. */
function samplePoints(metric: Metric, stretches: Isochrone['stretches'], stepM: number): [number, number][] {
  const { shapeStart, shapeLon, shapeLat, lengthDm } = metric.network.streets
  const points: [number, number][] = []
  for (const [segment, begin, end] of stretches) {
    const [first, last] = [shapeStart[segment]!, shapeStart[segment + 1]! - 1]
    const lengths = Array.from({ length: last - first }, (_, at) => pieceLength(shapeLon, shapeLat, first + at))
    const total = lengths.reduce((sum, length) => sum + length, 0)
    const steps = Math.max(1, Math.ceil(((lengthDm[segment]! / 10) * (end - begin)) / stepM))
    let [piece, passed] = [0, 0]
    for (let step = 0; step <= steps; step++) {
      const along = (begin + ((end - begin) * step) / steps) * total
      while (piece < lengths.length - 1 && passed + lengths[piece]! < along) passed += lengths[piece++]!
      const share = lengths[piece] ? Math.min(1, (along - passed) / lengths[piece]!) : 0
      const at = first + piece
      const between = (values: Int32Array): number => (values[at]! + (values[at + 1]! - values[at]!) * share) / unitsPerDegree
      points.push([between(shapeLon), between(shapeLat)])
    }
  }
  return points
}

function pieceLength(lon: Int32Array, lat: Int32Array, at: number): number {
  const shrink = Math.cos(((lat[at]! / unitsPerDegree) * Math.PI) / 180)
  return Math.hypot((lon[at + 1]! - lon[at]!) * shrink, lat[at + 1]! - lat[at]!)
}
