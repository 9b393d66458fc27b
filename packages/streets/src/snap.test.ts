import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildNetwork } from './build-network.ts'
import { createRandom, generateCity } from './generated-city.ts'
import { distanceM, footShare, metresPerDegree, unitsPerDegree } from './geodesy.ts'
import { createMetric } from './metric.ts'
import { edgesOfWay } from './network.ts'
import { createSnapper } from './snap.ts'
import { drawTown } from './town.fixture.ts'

const square = drawTown({ A: [0, 0], B: [2, 0], C: [2, 2], D: [0, 2], X: [5, 5], Y: [6, 5] }, [
  ['AB', {}],
  ['BC', {}],
  ['CD', { oneway: 'yes' }],
  ['DA', {}],
  ['XY', {}],
])
const { network } = buildNetwork(square, { attribution: '' })
const metric = createMetric(network, { kind: 'car' })
const snapper = createSnapper(network)

void test('a point is put on the nearest street, with its share of either direction', () => {
  const place = snapper.snap(metric, 0.0005, 0.0001)!
  const [forward, backward] = edgesOfWay(network.streets, 1) as [number, number]
  assert.deepEqual(
    place.options.map(({ edge }) => edge),
    [forward, backward],
  )
  assert.ok(Math.abs(place.options[0]!.share - 0.25) < 1e-6 && Math.abs(place.options[1]!.share - 0.75) < 1e-6)
  assert.ok(Math.abs(place.distanceM - 11.12) < 0.01, `${place.distanceM}`)
})

void test('a side leaves only the direction in which the point lies there', () => {
  const [forward, backward] = edgesOfWay(network.streets, 1) as [number, number]
  const north: [number, number] = [0.0005, 0.0001]
  assert.deepEqual(snapper.snap(metric, ...north, { side: 'left' })!.options.map(({ edge }) => edge), [forward]) // prettier-ignore
  assert.deepEqual(snapper.snap(metric, ...north, { side: 'right' })!.options.map(({ edge }) => edge), [backward]) // prettier-ignore
  assert.equal(snapper.snap(metric, 0.0005, 0, { side: 'right' })!.options.length, 2)
})

void test('a one-way street has one direction, and none on its wrong side: the next street is taken', () => {
  const inside: [number, number] = [0.001, 0.0019]
  assert.equal(snapper.snap(metric, ...inside, { side: 'left' })!.options.length, 1)
  const other = snapper.snap(metric, ...inside, { side: 'right' })!
  assert.ok(other.distanceM > 50)
})

void test('an island and a far street are only taken when asked for', () => {
  assert.equal(snapper.snap(metric, 0.0055, 0.005, { maxDistanceM: 100 }), undefined)
  assert.equal(snapper.snap(metric, 0.0055, 0.005, { maxDistanceM: 100, islands: true })!.distanceM < 1, true)
  assert.equal(snapper.snap(metric, 0.1, 0.1), undefined)
})

void test('the nearest street found through the index is that of a search through all pieces', () => {
  const city = buildNetwork(generateCity({ size: 14, seed: 3, lat: 48 }), { attribution: '' }).network
  const truck = createMetric(city, { kind: 'truck', heightM: 3.5 })
  const cityMetric = createSnapper(city)
  const random = createRandom(5)
  for (let round = 0; round < 300; round++) {
    const [lon, lat] = [random() * 0.02, 48 + random() * 0.0138]
    let nearest = Infinity
    for (let segment = 0; segment < city.streets.lengthDm.length; segment++) {
      if (!truck.isMain[segment * 2] && !truck.isMain[segment * 2 + 1]) continue
      for (let at = city.streets.shapeStart[segment]!; at + 1 < city.streets.shapeStart[segment + 1]!; at++) {
        const [ax, ay, bx, by] = [at, at + 1].flatMap((point) => [city.streets.shapeLon[point]!, city.streets.shapeLat[point]!]).map((v) => v / unitsPerDegree) as [number, number, number, number] // prettier-ignore
        const shrink = Math.cos((lat * Math.PI) / 180)
        const share = footShare(lon * shrink, lat, ax * shrink, ay, bx * shrink, by)
        nearest = Math.min(nearest, distanceM(lon, lat, ax + (bx - ax) * share, ay + (by - ay) * share))
      }
    }
    const found = cityMetric.snap(truck, lon, lat)!
    assert.ok(Math.abs(found.distanceM - nearest) < 0.1, `${found.distanceM} is not ${nearest}`)
    assert.ok(Math.abs(distanceM(lon, lat, found.lon, found.lat) - nearest) < 0.1)
  }
  assert.ok(metresPerDegree > 111_000)
})
