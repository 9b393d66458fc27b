import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { equalShapes, intersects, overlaps, within } from './geometry-relation.ts'
import { type Position, type Shape, shapeOf } from './geometry.ts'

const shape = (type: string, coordinates: unknown): Shape => {
  const parsed = shapeOf({ type, coordinates: coordinates as never })
  assert.ok(parsed, `${type} is a geometry`)
  return parsed
}
const box = (west: number, south: number, east: number, north: number): number[][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const square = (west: number, south: number, east: number, north: number): Shape => shape('Polygon', [box(west, south, east, north)])
const point = (x: number, y: number): Shape => shape('Point', [x, y])
const line = (...positions: readonly Position[]): Shape => shape('LineString', positions)

test('4.10 a point is within a polygon, not within its border, its hole or what is beside it', () => {
  const holed = shape('Polygon', [box(0, 0, 10, 10), box(4, 4, 6, 6)])
  assert.equal(within(point(2, 2), holed), true)
  assert.equal(within(point(5, 5), holed), false)
  assert.equal(within(point(0, 5), holed), false)
  assert.equal(intersects(point(0, 5), holed), true)
  assert.equal(intersects(point(5, 5), holed), false)
  assert.equal(within(point(2, 2), point(2, 2)), true)
  assert.equal(equalShapes(point(2, 2), point(2, 2)), true)
})

test('4.10 polygons relate by their interiors', () => {
  const big = square(0, 0, 10, 10)
  const holed = shape('Polygon', [box(0, 0, 10, 10), box(4, 4, 6, 6)])
  assert.equal(within(square(1, 1, 2, 2), big), true)
  assert.equal(within(big, big), true)
  assert.equal(within(square(3, 3, 7, 7), holed), false)
  assert.equal(within(square(0, 0, 3, 10), big), true)
  assert.equal(overlaps(square(5, 5, 15, 15), big), true)
  assert.equal(overlaps(square(10, 0, 20, 10), big), false)
  assert.equal(intersects(square(10, 0, 20, 10), big), true)
  assert.equal(intersects(square(11, 0, 20, 10), big), false)
  assert.equal(overlaps(square(4, 4, 6, 6), holed), false)
  assert.equal(overlaps(square(1, 1, 2, 2), big), false)
  assert.equal(overlaps(square(3, 3, 7, 7), holed), true)
  assert.equal(intersects(square(4.5, 4.5, 5.5, 5.5), holed), false)
})

test('4.10 equal polygons may start elsewhere, run the other way and have more vertices', () => {
  const a = square(0, 0, 4, 4)
  const b = shape('Polygon', [
    [
      [4, 4],
      [4, 0],
      [2, 0],
      [0, 0],
      [0, 4],
      [4, 4],
    ],
  ])
  assert.equal(equalShapes(a, b), true)
  assert.equal(equalShapes(a, square(0, 0, 4, 5)), false)
  assert.equal(equalShapes(line([0, 0], [2, 2]), line([2, 2], [1, 1], [0, 0])), true)
})

test('4.10 lines cross, lie on each other, and run through polygons', () => {
  const diagonal = line([0, 0], [10, 10])
  assert.equal(intersects(diagonal, line([0, 10], [10, 0])), true)
  assert.equal(overlaps(diagonal, line([0, 10], [10, 0])), false)
  assert.equal(overlaps(diagonal, line([5, 5], [15, 15])), true)
  assert.equal(within(line([2, 2], [3, 3]), diagonal), true)
  assert.equal(within(line([1, 1], [9, 9]), square(0, 0, 10, 10)), true)
  assert.equal(within(line([1, 1], [9, 9]), shape('Polygon', [box(0, 0, 10, 10), box(4, 4, 6, 6)])), false)
  assert.equal(within(line([0, 0], [10, 0]), square(0, 0, 10, 10)), false)
  assert.equal(within(point(0, 0), diagonal), false)
  assert.equal(within(point(5, 5), diagonal), true)
  assert.equal(intersects(line([0, 11], [10, 11]), square(0, 0, 10, 10)), false)
})

test('4.10 a self-crossing polygon has the inside that an odd number of crossings gives', () => {
  const bowtie = shape('Polygon', [
    [
      [0, 0],
      [4, 4],
      [4, 0],
      [0, 4],
      [0, 0],
    ],
  ])
  assert.equal(within(point(1, 2), bowtie), true)
  assert.equal(within(point(2, 1), bowtie), false)
  assert.equal(intersects(square(1.8, 0, 2.2, 1), bowtie), false)
})

const coordinate = fc.integer({ min: -6, max: 6 })
const rectangle = fc
  .tuple(coordinate, coordinate, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .map(([x, y, width, height]): readonly [number, number, number, number] => [x, y, x + width, y + height])

test('4.10 rectangles relate as their intervals say', () => {
  fc.assert(
    fc.property(rectangle, rectangle, (a, b) => {
      const [left, right] = [square(...a), square(...b)]
      const meets = a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
      const share = a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
      const lies = a[0] >= b[0] && a[2] <= b[2] && a[1] >= b[1] && a[3] <= b[3]
      const holds = b[0] >= a[0] && b[2] <= a[2] && b[1] >= a[1] && b[3] <= a[3]
      assert.equal(intersects(left, right), meets)
      assert.equal(within(left, right), lies)
      assert.equal(equalShapes(left, right), lies && holds)
      assert.equal(overlaps(left, right), share && !lies && !holds)
    }),
    { numRuns: 3000, seed: 410 },
  )
})

test('4.10 intersects does not depend on who is asked', () => {
  const positions = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 5 })
  const any = fc.oneof(
    positions.map((list) => shape('LineString', list)),
    positions.map((list) => shape('MultiPoint', list)),
    positions.map((list) => shape('Polygon', [[...list, list[0], list[0]]])),
  )
  fc.assert(
    fc.property(any, any, (a, b) => {
      assert.equal(intersects(a, b), intersects(b, a))
      assert.equal(overlaps(a, b), overlaps(b, a))
      if (within(a, b)) assert.equal(intersects(a, b), true)
      assert.equal(equalShapes(a, a), true)
    }),
    { numRuns: 2000, seed: 411 },
  )
})
