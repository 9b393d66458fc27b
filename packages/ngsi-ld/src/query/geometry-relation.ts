/*
 * Relations of two geometries in the plane of longitude and latitude (OGC Simple Features, 6.1.15, which 4.10 cites).
 * A shape is cut where it meets the other's lines; then the middle of each piece lies wholly inside, outside or on the border of the other.
 * What is closer than `touchDegrees` (a hundredth of a millimetre) touches. A point is inside a polygon that an odd number of ring crossings surround,
 * so self-crossing rings have a meaning too. Cost: segments of one times segments of the other.
 */
import { type Position, type Shape, boxesMeet } from './geometry.ts'

/** How near two things must be in degrees to touch. */
const touchDegrees = 1e-10

/** Whether the two have a point in common. */
export function intersects(a: Shape, b: Shape): boolean {
  if (!boxesMeet(grown(a), b.box)) return false
  if (verticesOf(a).some((vertex) => whereIs(vertex, b) !== 'outside')) return true
  if (verticesOf(b).some((vertex) => whereIs(vertex, a) !== 'outside')) return true
  const others = segmentsOf(b)
  return segmentsOf(a).some((segment) => others.some((other) => cutsOf(segment, other).length > 0))
}

/** Whether every point of `a` is one of `b`, and not only of its border. */
export function within(a: Shape, b: Shape): boolean {
  return covers(b, a) && interiorsMeet(a, b)
}

/** Whether the two are the same set of points. */
export function equalShapes(a: Shape, b: Shape): boolean {
  return covers(a, b) && covers(b, a)
}

/** Whether the two are of one dimension, share some of their interiors in that dimension, and neither covers the other. */
export function overlaps(a: Shape, b: Shape): boolean {
  return dimensionOf(a) === dimensionOf(b) && interiorsMeet(a, b) && !covers(a, b) && !covers(b, a)
}

/** Whether every point of `inner` is one of `outer`. */
function covers(outer: Shape, inner: Shape): boolean {
  if (dimensionOf(inner) > dimensionOf(outer) || !boxesMeet(grown(outer), inner.box)) return false
  if (!samplesOf(inner, outer).every((sample) => whereIs(sample, outer) !== 'outside')) return false
  // A hole of the outer one may lie in the inner one.
  return dimensionOf(inner) < 2 || !samplesOf(outer, inner).some((sample) => whereIs(sample, inner) === 'inside')
}

/** Whether the interiors share a part of the dimension of the lower one. */
function interiorsMeet(a: Shape, b: Shape): boolean {
  if (!boxesMeet(grown(a), b.box)) return false
  const [low, high] = dimensionOf(a) <= dimensionOf(b) ? [a, b] : [b, a]
  if (samplesOf(low, high).some((sample) => whereIs(sample, high) === 'inside')) return true
  if (dimensionOf(low) < 2) return false
  return samplesOf(high, low).some((sample) => whereIs(sample, low) === 'inside') || equalShapes(a, b)
}

type Segment = readonly [Position, Position]
type Place = 'inside' | 'border' | 'outside'

function dimensionOf(shape: Shape): 0 | 1 | 2 {
  return shape.polygons.length > 0 ? 2 : shape.lines.length > 0 ? 1 : 0
}

function linesOf(shape: Shape): readonly (readonly Position[])[] {
  return [...shape.lines, ...shape.polygons.flat()]
}

function verticesOf(shape: Shape): readonly Position[] {
  return [...shape.points, ...linesOf(shape).flat()]
}

/** Segments by shape, which live as long as it does: the reference of a query meets many entities. */
const segmentsByShape = new WeakMap<Shape, readonly Segment[]>()

function segmentsOf(shape: Shape): readonly Segment[] {
  const known = segmentsByShape.get(shape)
  if (known !== undefined) return known
  const segments = cutIntoSegments(shape)
  segmentsByShape.set(shape, segments)
  return segments
}

function cutIntoSegments(shape: Shape): readonly Segment[] {
  return linesOf(shape).flatMap((line) =>
    line.slice(1).flatMap((end, index): readonly Segment[] => {
      const start = line[index]
      return start === undefined || samePlace(start, end) ? [] : [[start, end]]
    }),
  )
}

/** Points of `shape` that stand for all of it against `other`: its points, or the middle of each piece of its lines between meetings with the other's. */
function samplesOf(shape: Shape, other: Shape): readonly Position[] {
  const cutters = segmentsOf(other)
  const middles = segmentsOf(shape).flatMap((segment) => {
    const cuts = [0, ...cutters.flatMap((cutter) => cutsOf(segment, cutter)), 1].toSorted((a, b) => a - b)
    return cuts.slice(1).flatMap((cut, index): readonly Position[] => {
      const before = cuts[index] ?? 0
      const [start, end] = [along(segment, before), along(segment, cut)]
      return samePlace(start, end) ? [] : [along(segment, (before + cut) / 2)]
    })
  })
  return [...shape.points, ...middles, ...(middles.length === 0 && shape.points.length === 0 ? verticesOf(shape) : [])]
}

function whereIs(point: Position, shape: Shape): Place {
  if (!boxesMeet(grown(shape), [point[0], point[1], point[0], point[1]])) return 'outside'
  if (shape.points.some((other) => samePlace(point, other))) return 'inside'
  if (shape.polygons.length > 0) return placeInPolygons(point, shape)
  // A line of no length has no segment, but its vertices.
  const isOnLine = segmentsOf(shape).some((segment) => isOn(point, segment)) || verticesOf(shape).some((vertex) => samePlace(point, vertex))
  if (!isOnLine) return 'outside'
  const ends = shape.lines.flatMap((line) => [line[0], line.at(-1)]).filter((end) => end !== undefined && samePlace(point, end))
  return ends.length % 2 === 1 ? 'border' : 'inside'
}

function placeInPolygons(point: Position, shape: Shape): Place {
  let place: Place = 'outside'
  for (const rings of shape.polygons) {
    const inPolygon = placeInRings(point, rings)
    if (inPolygon === 'inside') return 'inside'
    if (inPolygon === 'border') place = 'border'
  }
  return place
}

function placeInRings([x, y]: Position, rings: readonly (readonly Position[])[]): Place {
  let inside = false
  for (const ring of rings) {
    for (let index = 1; index < ring.length; index++) {
      const [start, end] = [ring[index - 1], ring[index]]
      if (start === undefined || end === undefined) continue
      if (isOn([x, y], [start, end])) return 'border'
      if (start[1] > y !== end[1] > y && x < ((end[0] - start[0]) * (y - start[1])) / (end[1] - start[1]) + start[0]) inside = !inside
    }
  }
  return inside ? 'inside' : 'outside'
}

function isOn(point: Position, segment: Segment): boolean {
  const [start, end] = segment
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]]
  const length2 = dx * dx + dy * dy
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length2))
  return samePlace(point, [start[0] + t * dx, start[1] + t * dy])
}

/** Where along `segment`, from 0 to 1, it meets `cutter`: nowhere, at one place, or at both ends of what they share. */
function cutsOf(segment: Segment, cutter: Segment): readonly number[] {
  if (!boxesMeet(boxAround(segment), boxAround(cutter))) return []
  const [[ax, ay], [bx, by]] = segment
  const [[cx, cy], [dx, dy]] = cutter
  const [ux, uy, vx, vy] = [bx - ax, by - ay, dx - cx, dy - cy]
  const ends = [...cutter.filter((end) => isOn(end, segment)), ...segment.filter((end) => isOn(end, cutter))]
  if (ends.length > 0) return ends.map((end) => clamp(((end[0] - ax) * ux + (end[1] - ay) * uy) / (ux * ux + uy * uy)))
  const cross = ux * vy - uy * vx
  if (cross === 0) return []
  const t = ((cx - ax) * vy - (cy - ay) * vx) / cross
  const s = ((cx - ax) * uy - (cy - ay) * ux) / cross
  return t >= 0 && t <= 1 && s >= 0 && s <= 1 ? [t] : []
}

function along([start, end]: Segment, t: number): Position {
  return [start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])]
}

function clamp(t: number): number {
  return Math.min(1, Math.max(0, t))
}

function samePlace(a: Position, b: Position): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) <= touchDegrees
}

function boxAround([a, b]: Segment): readonly [number, number, number, number] {
  const grow = touchDegrees
  return [Math.min(a[0], b[0]) - grow, Math.min(a[1], b[1]) - grow, Math.max(a[0], b[0]) + grow, Math.max(a[1], b[1]) + grow]
}

function grown(shape: Shape): readonly [number, number, number, number] {
  const [west, south, east, north] = shape.box
  return [west - touchDegrees, south - touchDegrees, east + touchDegrees, north + touchDegrees]
}
