import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import type { TileLayer } from './make-tiles.ts'
import { makeTiles, tileAt } from './make-tiles.ts'

const layers: TileLayer[] = [
  {
    name: 'roads',
    features: [
      { geometry: { type: 'LineString', coordinates: [[7.41, 43.73], [7.43, 43.74]] }, properties: { kind: 'highway', name: 'A 8' }, minZoom: 0 }, // prettier-ignore
      { geometry: { type: 'LineString', coordinates: [[7.42, 43.73], [7.42, 43.74]] }, properties: { kind: 'minor_road' }, minZoom: 12 }, // prettier-ignore
    ],
  },
  {
    name: 'pois',
    features: [{ geometry: { type: 'Point', coordinates: [7.42, 43.735] }, properties: { kind: 'school', name: '学校' }, minZoom: 14 }],
  },
]
const bounds = [7.4, 43.72, 7.45, 43.75] as const

void test('each tile within the range that has content decodes, with features from their least zoom on', () => {
  const tiles = [...makeTiles(layers, { bounds, minZoom: 0, maxZoom: 14 })]
  const kindsAt = new Map<number, Set<unknown>>()
  for (const { z, bytes } of tiles) {
    const decoded = new VectorTile(new PbfReader(bytes))
    for (const layer of Object.values(decoded.layers)) {
      assert.equal(layer.extent, 4096)
      for (let at = 0; at < layer.length; at++) kindsAt.set(z, (kindsAt.get(z) ?? new Set()).add(layer.feature(at).properties.kind))
    }
  }
  assert.deepEqual([...kindsAt.get(9)!], ['highway'])
  assert.deepEqual([...kindsAt.get(11)!], ['highway'])
  assert.deepEqual([...kindsAt.get(12)!].toSorted(), ['highway', 'minor_road'])
  assert.deepEqual([...kindsAt.get(14)!].toSorted(), ['highway', 'minor_road', 'school'])
  assert.equal(new Set(tiles.map(({ z, x, y }) => `${z}/${x}/${y}`)).size, tiles.length)
})

void test('a place lies in the tile that the web Mercator grid gives it', () => {
  assert.deepEqual(tileAt(7.42, 43.735, 14), [8529, 5974])
  assert.deepEqual(tileAt(180, -90, 2), [3, 3])
  assert.deepEqual(tileAt(-180, 90, 2), [0, 0])
})
