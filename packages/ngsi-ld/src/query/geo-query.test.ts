import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Entity } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { expand } from './fixture.ts'
import { boxesWithin, distanceM, haversineM } from './geometry-distance.ts'
import { type Position, boxesMeet, shapeOf } from './geometry.ts'
import { matchesGeoQuery, parseGeoQuery, printGeoQuery } from './geo-query.ts'

const at = (type: string, coordinates: Json, name = 'location'): Entity => ({
  id: 'urn:x:1',
  types: ['T'],
  attributes: { [expand(name)]: [{ kind: 'GeoProperty', value: { type, coordinates } }] },
})
const matches = (georel: string, geometry: string, coordinates: unknown, entity: Entity, geoproperty?: string): boolean =>
  matchesGeoQuery(parseGeoQuery({ georel, geometry, coordinates, geoproperty }, expand), entity)

test('4.10 a printed geoquery parses to the same', () => {
  const georel = fc.oneof(
    fc.constantFrom('within', 'contains', 'overlaps', 'intersects', 'equals', 'disjoint'),
    fc
      .tuple(fc.constantFrom('maxDistance', 'minDistance'), fc.double({ min: 1e-3, max: 1e8, noNaN: true }))
      .map(([modifier, m]) => `near;${modifier}==${m}`),
  )
  const position = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }))
  fc.assert(
    fc.property(georel, position, position, fc.option(fc.constant('observationSpace'), { nil: undefined }), (rel, a, b, geoproperty) => {
      const query = parseGeoQuery({ georel: rel, geometry: 'LineString', coordinates: JSON.stringify([a, b]), geoproperty }, expand)
      assert.deepEqual(parseGeoQuery(printGeoQuery(query), expand), query)
    }),
    { numRuns: 10_000, seed: 412 },
  )
})

test('4.10 near measures on the sphere, from the nearest points of both', () => {
  const berlin = at('Point', [13.3986, 52.5547])
  assert.equal(matches('near;maxDistance==15000', 'Point', [13.38893, 52.534473], berlin), true)
  assert.equal(matches('near;minDistance==15000', 'Point', [13.38893, 52.534473], berlin), false)
  assert.equal(
    matches(
      'near;maxDistance==2000',
      'LineString',
      [
        [0, 60],
        [10, 60],
      ],
      at('Point', [10, 60.009]),
    ),
    true,
  )
  assert.equal(
    matches(
      'near;maxDistance==2000',
      'LineString',
      [
        [0, 61],
        [10, 61],
      ],
      at('Point', [10, 60.009]),
    ),
    false,
  )
  const north = at('LineString', [
    [1, 85],
    [0, 85.6],
  ])
  assert.equal(matches('near;maxDistance==20000', 'Point', [0, 85], north), true)
  assert.equal(matches('near;maxDistance==5000', 'Point', [0, 85], north), false)
  assert.equal(matches('near;maxDistance==30000', 'Point', [-179.9, 0], at('Point', [179.9, 0])), true)
  assert.equal(
    matches(
      'near;maxDistance==1',
      'Polygon',
      [
        [
          [0, 0],
          [2, 0],
          [2, 2],
          [0, 2],
          [0, 0],
        ],
      ],
      at('Point', [1, 1]),
    ),
    true,
  )
})

test('4.10 the geoproperty is location unless another is named, and an entity without it does not match', () => {
  const observed = at('Point', [8, 40], 'observationSpace')
  assert.equal(matches('near;maxDistance==2000', 'Point', '[8,40]', observed, 'observationSpace'), true)
  assert.equal(matches('near;maxDistance==2000', 'Point', '[8,40]', observed), false)
  assert.equal(matches('disjoint', 'Point', '[0,0]', observed), false)
})

test('4.10 any instance of the geoproperty may meet the query', () => {
  const entity = at('Point', [0, 0])
  const two: Entity = {
    ...entity,
    attributes: {
      [expand('location')]: [
        ...(entity.attributes[expand('location')] ?? []),
        { kind: 'GeoProperty', value: { type: 'Point', coordinates: [5, 5] }, datasetId: 'urn:d:1' },
      ],
    },
  }
  assert.equal(matches('equals', 'Point', [5, 5], two), true)
  assert.equal(matches('equals', 'Point', [6, 6], two), false)
})

test('4.10 what is no geoquery is refused', () => {
  const refuse = (georel: string, geometry: unknown, coordinates: unknown, message: RegExp): void =>
    assert.throws(() => parseGeoQuery({ georel, geometry, coordinates }, expand), message)
  for (const georel of [
    'near',
    'near;maxDistance==0',
    'near;maxDistance==-1',
    'near;maxDistance==5;minDistance==1',
    'touches',
    'near;maxDistance==inf',
    'near;maxDistance==1e400',
    'within;x',
  ])
    refuse(georel, 'Point', [8, 40], /georel must be near with/)
  refuse('within', 'GeometryCollection', [], /geometry must be one of Point/)
  refuse('within', 'Point', '[8', /coordinates must be a JSON array/)
  refuse('within', 'Point', [181, 0], /coordinates must be those of a Point/)
  refuse(
    'within',
    'Polygon',
    [
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    ],
    /with closed rings/,
  )
  refuse(
    'within',
    'LineString',
    Array.from({ length: 1025 }, (_, index) => [index / 10, 0]),
    /at most 1024 vertices, not 1025/,
  )
})

test('4.10 the distance of a position from a line is the least of its points', () => {
  const position = fc.tuple(fc.double({ min: -170, max: 170, noNaN: true }), fc.double({ min: -85, max: 85, noNaN: true }))
  fc.assert(
    fc.property(position, position, position, (p, a, b) => {
      const [from, to] = [shapeOf({ type: 'Point', coordinates: p }), shapeOf({ type: 'LineString', coordinates: [a, b] })]
      assert.ok(from && to)
      const steps = Array.from({ length: 2001 }, (_, index) => index / 2000)
      const least = Math.min(...steps.map((t) => haversineM(p, [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])])))
      const distance = distanceM(from, to)
      assert.ok(distance <= least + 1e-3, `${distance} is at most ${least}`)
      assert.ok(distance >= least - 0.01 * haversineM(a, b) - 1e-3, `${distance} is about ${least}`)
      assert.ok(Math.abs(distance - distanceM(to, from)) < 1e-6)
    }),
    { numRuns: 300, seed: 413 },
  )
})

test('the boxes of a distance hold every position within it, across poles and antimeridian', () => {
  const position = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }))
  fc.assert(
    fc.property(
      position,
      fc.double({ min: 1, max: 2.1e7, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      (center, distance, part, bearing) => {
        const reached = destination(center, distance * part, bearing)
        fc.pre(haversineM(center, reached) <= distance)
        const boxes = boxesWithin([center[0], center[1], center[0], center[1]], distance)
        assert.ok(boxes === undefined || boxes.some((box) => boxesMeet(box, [reached[0], reached[1], reached[0], reached[1]])))
      },
    ),
    { numRuns: 10_000, seed: 414 },
  )
})

/** Where one arrives from a position on a great circle. */
function destination([longitude, latitude]: Position, distance: number, bearing: number): Position {
  const angle = distance / 6_371_008.8
  const [lambda, phi] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180]
  const north = Math.asin(Math.max(-1, Math.min(1, Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing))))
  const east = lambda + Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(phi), Math.cos(angle) - Math.sin(phi) * Math.sin(north))
  const wrapped = ((((east * 180) / Math.PI + 180) % 360) + 360) % 360
  return [wrapped - 180, (north * 180) / Math.PI]
}
