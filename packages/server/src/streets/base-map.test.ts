import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBaseMap } from './base-map.ts'
import { partByCoastline } from './coastline.ts'
import { isInside, joinEnds, polygonsOfRelation } from './assemble-polygons.ts'
import type { LonLat, Polygon } from './assemble-polygons.ts'
import type { OsmExtract } from './osm-extract.ts'
import { smallExtract } from './small-extract.fixture.ts'

const covers = (polygons: readonly Polygon[], point: LonLat): boolean =>
  polygons.some(([outer, ...holes]) => isInside(point, outer!) && !holes.some((hole) => isInside(point, hole)))

void test('lines join into rings whichever way they run', () => {
  assert.deepEqual(joinEnds([[1, 2, 3], [5, 4, 3], [5, 6, 1]])[0]!.length, 7) // prettier-ignore
  assert.deepEqual(joinEnds([[1, 2], [3, 4]]).length, 2) // prettier-ignore
})

void test('a multipolygon gives each hole to the ring around it, and drops a ring that stays open', () => {
  const places: Record<number, LonLat> = { 1: [0, 0], 2: [10, 0], 3: [10, 10], 4: [0, 10], 5: [2, 2], 6: [4, 2], 7: [4, 4], 8: [20, 0], 9: [21, 0] }
  const ways = new Map([
    [100, [1, 2, 3]],
    [101, [1, 4, 3]],
    [102, [5, 7, 6, 5]],
    [103, [8, 9]],
  ])
  const members = [100, 101, 102, 103].map((ref) => ({ type: 'way' as const, ref, role: ref === 102 ? 'inner' : 'outer' }))
  const polygons = polygonsOfRelation({ id: 1, members, tags: {} }, ways, (nodes) => nodes.map((node) => places[node]!))
  assert.equal(polygons.length, 1)
  assert.equal(polygons[0]!.length, 2)
  assert.ok(covers(polygons, [1, 1]) && !covers(polygons, [3.5, 2.5]))
})

void test('a coast with land on its left parts the rectangle, with islands and lakes open to it', () => {
  const bounds = [0, 0, 10, 10] as const
  const coast: LonLat[] = [[5, -3], [5, 4], [6, 5], [5, 6], [5, 12]] // prettier-ignore
  const island: LonLat[] = [[8, 2], [9, 2], [9, 3], [8, 3], [8, 2]] // prettier-ignore
  const { land, sea } = partByCoastline([coast, island], bounds)
  for (const [point, isLand] of [
    [[1, 1], true],
    [[5.5, 5], true],
    [[7, 5], false],
    [[9.5, 9.5], false],
    [[9.5, 0.5], false],
    [[8.5, 2.5], true],
    [[0.5, 9.5], true],
  ] as const) {
    // prettier-ignore
    assert.equal(covers(land, point), isLand, `land at ${point.join()}`)
    assert.equal(covers(sea, point), !isLand, `sea at ${point.join()}`)
  }
})

void test('two coasts leave a channel between them', () => {
  const west: LonLat[] = [[4, -1], [4, 11]] // prettier-ignore
  const east: LonLat[] = [[6, 11], [6, -1]] // prettier-ignore
  const { land, sea } = partByCoastline([west, east], [0, 0, 10, 10])
  for (const [lon, isLand] of [
    [1, true],
    [5, false],
    [9, true],
  ] as const) {
    assert.equal(covers(land, [lon, 5]), isLand)
    assert.equal(covers(sea, [lon, 5]), !isLand)
  }
  assert.equal(land.length, 2)
})

void test('a coast that ends inside is led on to the nearest side', () => {
  const { land, sea } = partByCoastline([[[5, 0.5], [5, 9]]], [0, 0, 10, 10]) // prettier-ignore
  assert.ok(covers(land, [1, 9.5]) && !covers(land, [9, 9.5]))
  assert.ok(covers(sea, [9, 9.5]) && !covers(sea, [1, 9.5]))
})

void test('without a coastline all is land; an island alone stands in the sea', () => {
  assert.ok(covers(partByCoastline([], [0, 0, 1, 1]).land, [0.5, 0.5]))
  const alone = partByCoastline([[[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]], [0, 0, 10, 10]) // prettier-ignore
  assert.ok(covers(alone.land, [3, 3]) && !covers(alone.land, [6, 6]))
  assert.ok(covers(alone.sea, [6, 6]) && !covers(alone.sea, [3, 3]))
})

void test('elements go into their layers with kind, names in all languages and least zoom', () => {
  const extract: OsmExtract = {
    ...smallExtract,
    nodeTags: new Map<number, Record<string, string>>([
      [1, { amenity: 'school', name: 'Koulu', 'name:sv': 'Skola', phone: '1' }],
      [2, { place: 'city', name: 'Helsinki', population: '650000' }],
    ]),
    ways: [
      { id: 1, nodes: [1, 2, 3, 1], tags: { building: 'yes', height: '12 m' } },
      { id: 2, nodes: [1, 2, 3, 1], tags: { leisure: 'park', name: 'Puisto' } },
      { id: 3, nodes: [1, 2], tags: { highway: 'motorway_link', oneway: 'yes', bridge: 'yes' } },
      { id: 4, nodes: [1, 2, 3, 1], tags: { natural: 'water', water: 'lake' } },
      { id: 5, nodes: [1, 2], tags: { highway: 'proposed' } },
    ],
  }
  const layers = Object.fromEntries(toBaseMap(extract).map(({ name, features }) => [name, features]))
  assert.deepEqual(
    Object.entries(layers).map(([name, features]) => [name, features.map((feature) => feature.properties.kind)]),
    [
      ['earth', ['earth']],
      ['landuse', ['park']],
      ['water', ['lake']],
      ['roads', ['highway']],
      ['buildings', ['building']],
      ['places', ['locality']],
      ['pois', ['park', 'school']],
    ],
  )
  assert.deepEqual(layers.pois![1]!.properties, { kind: 'school', name: 'Koulu', 'name:sv': 'Skola' })
  assert.deepEqual(layers.roads![0]!.properties, { kind: 'highway', kind_detail: 'motorway_link', is_link: true, is_bridge: true, oneway: 'yes' })
  assert.equal(layers.buildings![0]!.properties.height, 12)
})
