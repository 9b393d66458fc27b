import Flatbush from 'flatbush'
import { footShare, metresPerDegree, unitsPerDegree } from './geodesy.ts'
import type { Metric } from './metric.ts'
import type { Network, Streets } from './network.ts'
import type { Place, PlaceOption } from './place.ts'

/** On which side of the vehicle a stop must lie when it is reached. */
export type Side = 'left' | 'right' | 'any'

/** How to find the place on the network for a point. */
export interface SnapOptions {
  /** Farther streets are not taken; default 1,000. */
  readonly maxDistanceM?: number
  /** Only directions in which the point lies on this side; a point on the middle line (within 1 m) has both sides. Default `any`. */
  readonly side?: Side
  /** Also take streets that are cut off from the largest connected part; default false. */
  readonly islands?: boolean
}

/** A place found for a point. */
export interface SnappedPlace extends Place {
  /** From the point to the place. */
  readonly distanceM: number
}

const middleLineM = 1

/** Builds the index over the pieces (point to point) of all segments, in metres from the first junction. */
export function indexPieces(streets: Streets): Uint8Array {
  const project = projectionOf(streets)
  const pieces = streets.shapeLon.length - streets.lengthDm.length
  if (pieces === 0) return new Uint8Array()
  const index = new Flatbush(pieces, 16, Float32Array)
  for (let segment = 0; segment < streets.lengthDm.length; segment++) {
    for (let point = streets.shapeStart[segment]! + 1; point < streets.shapeStart[segment + 1]!; point++) {
      const [ax, ay] = project(streets.shapeLon[point - 1]!, streets.shapeLat[point - 1]!)
      const [bx, by] = project(streets.shapeLon[point]!, streets.shapeLat[point]!)
      index.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by))
    }
  }
  index.finish()
  return new Uint8Array(index.data)
}

/** Finds places for points on one network; keep it with the network. */
export interface Snapper {
  /** The nearest place the metric's profile may use, or undefined. Degrees in. */
  snap(metric: Metric, lon: number, lat: number, options?: SnapOptions): SnappedPlace | undefined
  /** The nearest segment, whoever may drive it, or undefined if none lies within the distance. */
  nearestSegment(lon: number, lat: number, maxDistanceM: number): number | undefined
}

/** Opens the network's index of pieces. */
export function createSnapper(network: Network): Snapper {
  const { streets } = network
  const project = projectionOf(streets)
  const index = network.pieceIndex.length === 0 ? undefined : Flatbush.from(network.pieceIndex.buffer, network.pieceIndex.byteOffset)

  /** The first result that `accept` makes of a foot, by distance. */
  function nearest<T>(
    lon: number,
    lat: number,
    maxDistanceM: number,
    isUsable: (segment: number) => boolean,
    accept: (foot: Foot) => T | undefined,
  ): T | undefined {
    if (index === undefined) return undefined
    const [x, y] = project(lon * unitsPerDegree, lat * unitsPerDegree)
    for (let wanted = 8; ; wanted *= 4) {
      const pieces = index.neighbors(x, y, wanted, maxDistanceM, (piece) => isUsable(segmentOfPiece(streets, piece)))
      const ranked = pieces
        .map((piece) => footOn(streets, project, piece, x, y))
        .filter((foot) => foot.distanceM <= maxDistanceM)
        .toSorted((a, b) => a.distanceM - b.distanceM || a.piece - b.piece)
      const isComplete = pieces.length < wanted
      const boxDistance = isComplete ? Infinity : boxDistanceM(streets, project, pieces.at(-1)!, x, y)
      for (const foot of ranked) {
        // A piece whose box has not been looked at could still be nearer than this one.
        if (foot.distanceM > boxDistance) break
        const result = accept(foot)
        if (result !== undefined) return result
      }
      if (isComplete) return undefined
    }
  }

  return {
    snap(metric, lon, lat, { maxDistanceM = 1000, islands = false, side = 'any' } = {}) {
      const isOpen = (edge: number): boolean => metric.edgeCost[edge]! < Infinity && (islands || metric.isMain[edge] === 1)
      const isUsable = (segment: number): boolean => isOpen(segment * 2) || isOpen(segment * 2 + 1)
      return nearest(lon, lat, maxDistanceM, isUsable, (foot) => placeAt(streets, foot, side, isOpen))
    },
    nearestSegment: (lon, lat, maxDistanceM) =>
      nearest(
        lon,
        lat,
        maxDistanceM,
        () => true,
        (foot) => foot.segment,
      ),
  }
}

type Projection = (lonUnits: number, latUnits: number) => readonly [number, number]

interface Foot {
  readonly piece: number
  readonly segment: number
  /** Index of the piece's first point among the shape points. */
  readonly point: number
  readonly share: number
  readonly distanceM: number
  /** Signed distance: positive when the point lies left of the segment as drawn. */
  readonly leftM: number
}

function projectionOf(streets: Streets): Projection {
  const [lon0, lat0] = [streets.nodeLon[0] ?? 0, streets.nodeLat[0] ?? 0]
  const scale = metresPerDegree / unitsPerDegree
  const shrink = Math.cos((lat0 / unitsPerDegree) * (Math.PI / 180))
  return (lon, lat) => [(lon - lon0) * scale * shrink, (lat - lat0) * scale]
}

/** Piece `p` starts at shape point `p + segment`, since each segment has one point more than pieces. */
function segmentOfPiece(streets: Streets, piece: number): number {
  let [from, to] = [0, streets.lengthDm.length - 1]
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if (streets.shapeStart[middle]! - middle <= piece) from = middle
    else to = middle - 1
  }
  return from
}

function footOn(streets: Streets, project: Projection, piece: number, x: number, y: number): Foot {
  const segment = segmentOfPiece(streets, piece)
  const point = piece + segment
  const [ax, ay] = project(streets.shapeLon[point]!, streets.shapeLat[point]!)
  const [bx, by] = project(streets.shapeLon[point + 1]!, streets.shapeLat[point + 1]!)
  const share = footShare(x, y, ax, ay, bx, by)
  const distance = Math.hypot(ax + (bx - ax) * share - x, ay + (by - ay) * share - y)
  const length = Math.hypot(bx - ax, by - ay)
  const leftM = length === 0 ? 0 : ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length
  return { piece, segment, point, share, distanceM: distance, leftM }
}

function boxDistanceM(streets: Streets, project: Projection, piece: number, x: number, y: number): number {
  const point = piece + segmentOfPiece(streets, piece)
  const [ax, ay] = project(streets.shapeLon[point]!, streets.shapeLat[point]!)
  const [bx, by] = project(streets.shapeLon[point + 1]!, streets.shapeLat[point + 1]!)
  const dx = Math.max(Math.min(ax, bx) - x, 0, x - Math.max(ax, bx))
  const dy = Math.max(Math.min(ay, by) - y, 0, y - Math.max(ay, by))
  return Math.hypot(dx, dy)
}

function placeAt(streets: Streets, foot: Foot, side: Side, isOpen: (edge: number) => boolean): SnappedPlace | undefined {
  const share = shareOfSegment(streets, foot)
  const forward = foot.segment * 2
  const hasSide = (left: boolean): boolean => side === 'any' || Math.abs(foot.leftM) <= middleLineM || (side === 'left') === left
  const options: PlaceOption[] = []
  if (isOpen(forward) && hasSide(foot.leftM > 0)) options.push({ edge: forward, share })
  if (isOpen(forward + 1) && hasSide(foot.leftM < 0)) options.push({ edge: forward + 1, share: 1 - share })
  if (options.length === 0) return undefined
  const between = (from: number, to: number): number => (from + (to - from) * foot.share) / unitsPerDegree
  return {
    lon: between(streets.shapeLon[foot.point]!, streets.shapeLon[foot.point + 1]!),
    lat: between(streets.shapeLat[foot.point]!, streets.shapeLat[foot.point + 1]!),
    options,
    distanceM: foot.distanceM,
  }
}

/** Where the foot lies on the whole segment, by length along it. */
function shareOfSegment(streets: Streets, foot: Foot): number {
  let [before, total] = [0, 0]
  const shrink = Math.cos((streets.shapeLat[foot.point]! / unitsPerDegree) * (Math.PI / 180))
  for (let point = streets.shapeStart[foot.segment]!; point < streets.shapeStart[foot.segment + 1]! - 1; point++) {
    const dx = (streets.shapeLon[point + 1]! - streets.shapeLon[point]!) * shrink
    const length = Math.hypot(dx, streets.shapeLat[point + 1]! - streets.shapeLat[point]!)
    if (point < foot.point) before += length
    else if (point === foot.point) before += length * foot.share
    total += length
  }
  return total === 0 ? 0 : Math.min(1, before / total)
}
