import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isImpassable, readWayRules } from './way-rules.ts'

const both = (carKmh: number, truckKmh: number) => ({ forward: { carKmh, truckKmh }, backward: { carKmh, truckKmh } })

function speeds(tags: Record<string, string>) {
  const rules = readWayRules(tags)
  return rules && { forward: rules.forward, backward: rules.backward }
}

void test('a residential street is open both ways at its usual speed, a footway is no street', () => {
  assert.deepEqual(speeds({ highway: 'residential' }), both(28, 28))
  assert.equal(readWayRules({ highway: 'footway' }), undefined)
  assert.equal(readWayRules({ highway: 'residential', area: 'yes' }), undefined)
  assert.equal(readWayRules({ building: 'yes' }), undefined)
})

void test('one-ways: yes, -1, roundabouts and motorways, and reversible lanes, which are closed', () => {
  const open = { carKmh: 28, truckKmh: 28 }
  const shut = { carKmh: 0, truckKmh: 0 }
  assert.deepEqual(speeds({ highway: 'residential', oneway: 'yes' }), { forward: open, backward: shut })
  assert.deepEqual(speeds({ highway: 'residential', oneway: '-1' }), { forward: shut, backward: open })
  assert.deepEqual(speeds({ highway: 'residential', junction: 'roundabout' }), { forward: open, backward: shut })
  assert.equal(speeds({ highway: 'motorway' })?.backward.carKmh, 0)
  assert.deepEqual(speeds({ highway: 'motorway', oneway: 'no' }), both(105, 80))
  assert.equal(readWayRules({ highway: 'residential', oneway: 'reversible' }), undefined)
})

void test('signed limits count by direction, trucks have their own ceiling and bans', () => {
  assert.deepEqual(speeds({ highway: 'primary', maxspeed: '100' }), both(90, 80))
  assert.deepEqual(speeds({ highway: 'primary', maxspeed: '50', 'maxspeed:backward': '30' }), {
    forward: { carKmh: 45, truckKmh: 45 },
    backward: { carKmh: 27, truckKmh: 27 },
  })
  assert.deepEqual(speeds({ highway: 'primary', maxspeed: '50', 'maxspeed:hgv': '30' }), both(45, 27))
  assert.deepEqual(speeds({ highway: 'residential', hgv: 'no' }), both(28, 0))
  assert.deepEqual(speeds({ highway: 'residential', motor_vehicle: 'no', hgv: 'yes' }), both(0, 28))
})

void test('private ways are closed, ways for destination traffic are slow', () => {
  assert.equal(readWayRules({ highway: 'service', access: 'private' }), undefined)
  assert.deepEqual(speeds({ highway: 'residential', motor_vehicle: 'destination' }), both(12, 12))
  assert.equal(readWayRules({ highway: 'pedestrian' }), undefined)
  assert.deepEqual(speeds({ highway: 'pedestrian', hgv: 'delivery' }), both(0, 7))
})

void test('a ferry is open to the vehicles it names and takes the time it states', () => {
  const ferry = readWayRules({ route: 'ferry', motor_vehicle: 'yes', hgv: 'no', duration: '00:20' })
  assert.equal(ferry?.roadClass, 'ferry')
  assert.equal(ferry?.durationS, 1200)
  assert.equal(ferry?.forward.truckKmh, 0)
  assert.equal(readWayRules({ route: 'ferry' }), undefined)
})

void test('limits on size are kept, the strictest of several', () => {
  const rules = readWayRules({ highway: 'residential', maxweight: '7.5', 'maxweight:hgv': '3.5', maxheight: '3.2', maxwidth: `7'` })
  assert.equal(rules?.maxWeightKg, 3500)
  assert.equal(rules?.maxHeightCm, 320)
  assert.equal(rules?.maxWidthCm, 213)
})

void test('a bollard stops everyone unless it is said to open, a gate only when it is private', () => {
  assert.equal(isImpassable({ barrier: 'bollard' }), true)
  assert.equal(isImpassable({ barrier: 'bollard', motor_vehicle: 'yes' }), false)
  assert.equal(isImpassable({ barrier: 'gate' }), false)
  assert.equal(isImpassable({ barrier: 'gate', access: 'private' }), true)
  assert.equal(isImpassable({ highway: 'crossing' }), false)
})
