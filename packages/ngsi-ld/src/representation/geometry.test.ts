import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looksLikeGeometry, maxVertices, parseGeometry } from './geometry.ts'

const square = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 0],
]

test('4.7.1 the geometries of RFC 7946 are read, those of a collection are not', () => {
  const geometries = [
    { type: 'Point', coordinates: [180, -90, 8848] },
    { type: 'MultiPoint', coordinates: [[1, 2]] },
    { type: 'LineString', coordinates: square },
    { type: 'MultiLineString', coordinates: [square] },
    { type: 'Polygon', coordinates: [square, square] },
    { type: 'MultiPolygon', coordinates: [[square]] },
    { type: 'Point', coordinates: [1, 2], bbox: [1, 2, 1, 2] },
  ]
  for (const geometry of geometries) {
    assert.equal(parseGeometry(geometry, 'x'), geometry)
    assert.deepEqual(parseGeometry(JSON.stringify(geometry), 'x'), geometry)
    assert.ok(looksLikeGeometry(geometry))
  }
  assert.ok(!looksLikeGeometry({ type: 'GeometryCollection', coordinates: [] }))
})

test('A polygon may cross itself', () => {
  const bowTie = [
    [0, 0],
    [2, 2],
    [2, 0],
    [0, 2],
    [0, 0],
  ]
  assert.ok(parseGeometry({ type: 'Polygon', coordinates: [bowTie] }, 'x'))
})

test('4.7.1 what is no geometry is refused by path', () => {
  const cases: readonly (readonly [geometry: unknown, message: RegExp])[] = [
    [7, /^location must be a GeoJSON geometry$/],
    ['{', /encoded as a string/],
    ['7', /must be a GeoJSON geometry/],
    [{ type: 'GeometryCollection', geometries: [] }, /of type Point, .*, not "GeometryCollection"/],
    [{ type: 'toString', coordinates: [] }, /not "toString"/],
    [{ coordinates: [1, 2] }, /not undefined/],
    [{ type: 'Point' }, /coordinates that are no Point's/],
    [{ type: 'Point', coordinates: [1] }, /not \[longitude, latitude\]/],
    [{ type: 'Point', coordinates: ['1', 2] }, /not \[longitude, latitude\]/],
    [{ type: 'Point', coordinates: [1, Infinity] }, /not \[longitude, latitude\]/],
    [{ type: 'Point', coordinates: [181, 2] }, /\[181, 2\] outside/],
    [{ type: 'Point', coordinates: [1, -91] }, /\[1, -91\] outside/],
    [{ type: 'LineString', coordinates: [[1, 2]] }, /fewer than two positions/],
    [{ type: 'LineString', coordinates: [1, 2] }, /coordinates that are no LineString's/],
    [{ type: 'Polygon', coordinates: [] }, /without positions/],
    [{ type: 'Polygon', coordinates: [square.slice(0, 3)] }, /fewer than four positions/],
    [{ type: 'Polygon', coordinates: [[...square.slice(0, 3), [5, 5]]] }, /does not end where it begins/],
    [{ type: 'Point', coordinates: [1, 2], bbox: [1] }, /bbox/],
  ]
  for (const [geometry, message] of cases)
    assert.throws(() => parseGeometry(geometry, 'location'), { name: 'NgsiLdError', type: 'BadRequestData', message })
})

test('A geometry has at most 1,024 positions', () => {
  const line = (length: number) => ({ type: 'LineString', coordinates: Array.from({ length }, (_, i) => [i / 100, 0]) })
  assert.ok(parseGeometry(line(maxVertices), 'x'))
  assert.throws(() => parseGeometry(line(maxVertices + 1), 'x'), /more than 1024 positions/)
})
