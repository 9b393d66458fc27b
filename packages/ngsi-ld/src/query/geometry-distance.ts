/*
 * The least distance of two geometries on the sphere. Segments are straight in the plane of longitude and latitude (RFC 7946, 3.1.1), so that each lies in the
 * box of its ends; the distance of two positions is the great-circle one. Between two segments one end of the nearest pair is taken to be a vertex.
 */
import { intersects } from './geometry-relation.ts'
import { type Box, type Position, type Shape } from './geometry.ts'

/** The mean radius of the earth in metres (IUGG). */
export const earthRadiusM = 6_371_008.8

/** The least great-circle distance in metres; 0 where the two meet. Over `bound` it may answer more than it is, but not less than `bound`. */
export function distanceM(a: Shape, b: Shape, bound = Infinity): number {
  const [only, other] = [a.points[0], b.points[0]]
  if (only !== undefined && other !== undefined && a.points.length === 1 && b.points.length === 1) return haversineM(only, other)
  if (intersects(a, b)) return 0
  return Math.min(fromVertices(a, b, bound), fromVertices(b, a, bound))
}

/** The great-circle distance of two positions in metres, by the haversine formula (4.23.1). */
export function haversineM(a: Position, b: Position): number {
  const latitude = Math.sin(radians(b[1] - a[1]) / 2) ** 2
  const longitude = Math.sin(radians(b[0] - a[0]) / 2) ** 2
  const h = latitude + Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * longitude
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Boxes that hold every position within `distance` metres of one in the box: one, two where the antimeridian is crossed, `undefined` where it is everything.
 */
export function boxesWithin(box: Box, distance: number): readonly Box[] | undefined {
  // A hair more, for what the haversine formula loses near the antipode.
  const angle = (distance / earthRadiusM) * (1 + 3e-8) + 1e-12
  if (angle >= Math.PI) return undefined
  const [west, south, east, north] = box
  const [low, high] = [Math.max(-90, south - degrees(angle)), Math.min(90, north + degrees(angle))]
  const steepest = radians(Math.max(Math.abs(south), Math.abs(north)))
  if (steepest + angle >= Math.PI / 2) return [[-180, low, 180, high]]
  const pad = degrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(steepest)))) + 1e-9
  if (east - west + 2 * pad >= 360) return [[-180, low, 180, high]]
  if (west - pad < -180) {
    return [
      [-180, low, east + pad, high],
      [west - pad + 360, low, 180, high],
    ]
  }
  if (east + pad > 180) {
    return [
      [west - pad, low, 180, high],
      [-180, low, east + pad - 360, high],
    ]
  }
  return [[west - pad, low, east + pad, high]]
}

function fromVertices(from: Shape, to: Shape, bound: number): number {
  let best = Infinity
  const lines = [...to.lines, ...to.polygons.flat()]
  for (const vertex of [...from.points, ...from.lines.flat(), ...from.polygons.flat(2)]) {
    for (const point of to.points) best = Math.min(best, haversineM(vertex, point))
    for (const line of lines) {
      for (let index = 1; index < line.length; index++) {
        const [start, end] = [line[index - 1], line[index]]
        if (start !== undefined && end !== undefined) best = Math.min(best, toSegment(vertex, start, end, Math.min(best, bound)))
      }
    }
  }
  return best
}

const golden = (Math.sqrt(5) - 1) / 2

/** The distance of a position from a segment; may answer more than it is where that is more than `bound`. */
function toSegment(point: Position, start: Position, end: Position, bound: number): number {
  const ends = Math.min(haversineM(point, start), haversineM(point, end))
  const length = longestM(start, end)
  if ((haversineM(point, start) + haversineM(point, end) - length) / 2 > bound || length === 0) return ends
  const distanceAt = (t: number): number => haversineM(point, [start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])])
  const pieces = Math.min(64, Math.ceil(Math.max(Math.abs(end[0] - start[0]), Math.abs(end[1] - start[1])) / 5) + 1)
  let nearest = 0
  let best = ends
  for (let piece = 0; piece <= pieces; piece++) {
    const distance = distanceAt(piece / pieces)
    if (distance <= best) [nearest, best] = [piece, distance]
  }
  let [low, high] = [Math.max(0, nearest - 1) / pieces, Math.min(pieces, nearest + 1) / pieces]
  while ((high - low) * length > 1e-3) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)]
    if (distanceAt(left) < distanceAt(right)) high = right
    else low = left
  }
  return Math.min(best, distanceAt((low + high) / 2))
}

/** A bound above the length of the segment in metres. */
function longestM(start: Position, end: Position): number {
  const flattest = start[1] * end[1] <= 0 ? 0 : Math.min(Math.abs(start[1]), Math.abs(end[1]))
  return earthRadiusM * Math.hypot(radians(end[1] - start[1]), radians(end[0] - start[0]) * Math.cos(radians(flattest)))
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI
}
