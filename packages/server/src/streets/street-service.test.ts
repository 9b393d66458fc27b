import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { buildNetwork, generateCity } from '@cityloop/streets'
import { parseIsochroneQuestion, parseMatrixQuestion, parseRouteQuestion } from './parse-question.ts'
import { createStreetService } from './street-service.ts'

const { network } = buildNetwork(generateCity({ size: 16, seed: 11 }), { attribution: '© Nobody' })
const query = (text: string): URLSearchParams => new URLSearchParams(text)

void test('a route passes its points in order, with legs that add up and geometry from end to end', () => {
  const service = createStreetService(network)
  const answer = service.route(parseRouteQuestion(query('points=0.001,0.001;0.012,0.004;0.003,0.013&profile=truck&weightKg=12000&heightM=3.4')))
  assert.ok(answer.kind === 'route')
  assert.equal(answer.legs.length, 2)
  assert.ok(Math.abs(answer.legs[0]!.distanceM + answer.legs[1]!.distanceM - answer.distanceM) <= 1)
  const [first, last] = [answer.geometry.coordinates[0]!, answer.geometry.coordinates.at(-1)!]
  assert.ok(Math.hypot(first[0] - answer.snapped[0]!.lon, first[1] - answer.snapped[0]!.lat) < 1e-6)
  assert.ok(Math.hypot(last[0] - answer.snapped[2]!.lon, last[1] - answer.snapped[2]!.lat) < 1e-6)
  assert.ok(answer.legs[0]!.steps.some((step) => step.name.startsWith('Street')))
  assert.equal(answer.attribution, '© Nobody')
})

void test('the matrix says what the route says, and null for a point without a street near', () => {
  const service = createStreetService(network)
  const answer = service.matrix(parseMatrixQuestion(query('points=0.001,0.001;0.012,0.004;9,9')))
  const route = service.route(parseRouteQuestion(query('points=0.001,0.001;0.012,0.004')))
  assert.ok(route.kind === 'route')
  assert.equal(answer.durationsS[0]![1], route.durationS)
  assert.equal(answer.distancesM[0]![1], route.distanceM)
  assert.equal(answer.durationsS[0]![0], 0)
  assert.deepEqual(answer.durationsS[2], [null, null, null])
  assert.equal(answer.sources[2], null)
  assert.deepEqual(service.route(parseRouteQuestion(query('points=0.001,0.001;9,9'))), { kind: 'farFromStreets', points: [1] })
})

void test('an isochrone is a feature a limit, the later one around the earlier', () => {
  const answer = createStreetService(network).isochrone(parseIsochroneQuestion(query('point=0.008,0.008&limitsS=40,90')))!
  assert.deepEqual(
    answer.features.map((feature) => feature.properties.limitS),
    [40, 90],
  )
  assert.ok(answer.features[0]!.properties.reachedM < answer.features[1]!.properties.reachedM)
  assert.equal(createStreetService(network).isochrone({ profile: { kind: 'car' }, point: [9, 9], limitsS: [60] }), null)
})

void test('a closure is in force for the next question and gone when it is lifted', () => {
  const service = createStreetService(network)
  const question = parseRouteQuestion(query('points=0.001,0.001;0.012,0.004'))
  const open = service.route(question)
  assert.ok(open.kind === 'route')
  const middle = open.geometry.coordinates[Math.floor(open.geometry.coordinates.length / 2)]!
  const near = open.geometry.coordinates[Math.floor(open.geometry.coordinates.length / 2) + 1]!
  const point = [(middle[0] + near[0]) / 2, (middle[1] + near[1]) / 2] as const
  assert.equal(service.setClosures([{ street: { point } }]), 2)
  const closed = service.route(question)
  assert.ok(closed.kind === 'route' && closed.durationS > open.durationS)
  assert.ok(!closed.geometry.coordinates.some((each, at) => at > 0 && passes(closed.geometry.coordinates[at - 1]!, each, middle, near)))
  assert.equal(service.setClosures([]), 0)
  assert.deepEqual(service.route(question), open)
})

function passes(a: readonly number[], b: readonly number[], from: readonly number[], to: readonly number[]): boolean {
  return a[0] === from[0] && a[1] === from[1] && b[0] === to[0] && b[1] === to[1]
}

void test('closures name ways and directions; a street that is not there is refused', () => {
  const service = createStreetService(network)
  const wayId = network.streets.wayId[4]!
  assert.equal(service.setClosures([{ street: { wayId }, direction: 'forward', speedKmh: 5 }]), 1)
  assert.throws(
    () => service.setClosures([{ street: { wayId: 1 } }]),
    new NgsiLdError('BadRequestData', 'Closure 0: way 1 is no street of the network'),
  )
  assert.throws(() => service.setClosures([{ street: { point: [9, 9] } }]), /no street lies within 50 m of 9, 9/)
})

void test('questions are held against their keys, forms and limits', () => {
  const refused = (parse: () => unknown, message: RegExp): void =>
    assert.throws(parse, (error: unknown) => error instanceof NgsiLdError && error.type === 'BadRequestData' && message.test(error.message))
  refused(() => parseRouteQuestion(query('points=1,2;3,4&speed=9')), /^speed is not known here/)
  refused(() => parseRouteQuestion(query('points=1,2')), /at least 2/)
  refused(() => parseRouteQuestion(query('points=1,2;3,x')), /points must be a number from -90 to 90, not x/)
  refused(() => parseRouteQuestion(query('points=1,2;3')), /pairs/)
  refused(() => parseRouteQuestion(query('points=1,2;3,4&points=1,2')), /more than once/)
  refused(() => parseRouteQuestion(query('points=1,2;3,4&profile=bike')), /car or truck, not bike/)
  refused(() => parseRouteQuestion(query('points=1,2;3,4&weightKg=7000')), /profile is car/)
  refused(() => parseRouteQuestion(query('points=1,2;3,4&side=up')), /left, right or any/)
  refused(() => parseMatrixQuestion(query('points=1,2&targets=1,2')), /goes without/)
  refused(() => parseMatrixQuestion(query('sources=1,2')), /targets is missing/)
  refused(() => parseMatrixQuestion(query(`points=${Array.from({ length: 501 }, () => '1,2').join(';')}`)), /at most 250000 cells, not 251001/)
  refused(() => parseIsochroneQuestion(query('point=1,2')), /limitsS must be a number/)
  refused(() => parseIsochroneQuestion(query('point=1,2;3,4&limitsS=60')), /one point/)
})
