import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildNetwork } from './build-network.ts'
import { contourRings } from './contour.ts'
import { createRandom, generateCity } from './generated-city.ts'
import { computeIsochrones } from './isochrone.ts'
import { computeMatrix } from './matrix.ts'
import { createMetric } from './metric.ts'
import { createSnapper } from './snap.ts'
import { drawTown } from './town.fixture.ts'

void test('an isochrone is exactly what the matrix reaches in time', () => {
  const { network } = buildNetwork(generateCity({ size: 15, seed: 9 }), { attribution: '' })
  const metric = createMetric(network, { kind: 'truck', weightKg: 12_000 })
  const from = createSnapper(network).snap(metric, 0.007, 0.007)!
  const [isochrone] = computeIsochrones(metric, from, [100])
  const random = createRandom(2)
  let [inside, outside] = [0, 0]
  for (let round = 0; round < 600; round++) {
    const segment = Math.floor(random() * network.streets.lengthDm.length)
    const share = random()
    const options = [segment * 2, segment * 2 + 1].map((edge) => ({ edge, share: edge & 1 ? 1 - share : share }))
    const ms = computeMatrix(metric, [from], [{ lon: 0, lat: 0, options }]).durationMs[0]!
    if (Math.abs(ms - 100_000) < 5) continue
    const isReached = isochrone!.stretches.some(([each, begin, end]) => each === segment && begin <= share && share <= end)
    assert.equal(isReached, ms < 100_000, `segment ${segment} at ${share}: ${ms} ms`)
    if (isReached) inside += 1
    else outside += 1
  }
  assert.ok(inside > 50 && outside > 50, `${inside} inside, ${outside} outside`)
})

void test('the outline encloses the reached street at the buffer distance, counterclockwise', () => {
  const { network } = buildNetwork(drawTown({ A: [0, 0], B: [10, 0] }, [['AB', {}]]), { attribution: '' })
  const metric = createMetric(network, { kind: 'car' })
  const from = createSnapper(network).snap(metric, 0.005, 0)!
  const [isochrone] = computeIsochrones(metric, from, [36], { bufferM: 40 })
  assert.ok(Math.abs(isochrone!.reachedM - 560) <= 2, `${isochrone!.reachedM} m`)
  assert.equal(isochrone!.polygons.length, 1)
  const ring = isochrone!.polygons[0]![0]!
  const [lons, lats] = [ring.map(([lon]) => lon * 111_195), ring.map(([, lat]) => lat * 111_195)]
  assert.ok(Math.abs(Math.max(...lats) - 40) < 5 && Math.abs(Math.min(...lats) + 40) < 5)
  assert.ok(Math.abs(Math.max(...lons) - Math.min(...lons) - 640) < 15)
  let area = 0
  for (let at = 0; at + 1 < ring.length; at++) area += ring[at]![0] * ring[at + 1]![1] - ring[at + 1]![0] * ring[at]![1]
  assert.ok(area > 0)
  assert.deepEqual(ring[0], ring.at(-1))
})

void test('contours give holes to the polygon around them', () => {
  const side = 13
  const values = Float32Array.from({ length: side * side }, (_, at) => {
    const away = Math.hypot((at % side) - 6, Math.floor(at / side) - 6)
    return Math.abs(away - 3.5)
  })
  const polygons = contourRings(values, side, side, 1)
  assert.equal(polygons.length, 1)
  assert.equal(polygons[0]!.length, 2)
})
