import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { buildNetwork, drivableEdgeCount } from '@cityloop/streets'
import { toStreetElements } from '#streets/to-street-elements.ts'
import { faultOf } from './faults.ts'
import { generateCity } from './generate-city.ts'
import { makeGroundTiles } from './ground-files.ts'
import { incidentsOfDay } from './incidents.ts'
import { createMeasurer } from './measure.ts'
import { createVoices } from './speak.ts'

const monday = 1_762_732_800_000_000
const hour = 3_600_000_000
const hash = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex').slice(0, 16)

/** Everything that a city of a seed and size writes in an hour, and its ground. */
function bytesOf(seed: number, size: number): string {
  const city = generateCity(seed, size)
  const voices = createVoices(city, createMeasurer(city))
  const said = Array.from({ length: 900 }, (_, second) => voices.at(monday + second * 1_000_000).map(({ payload, topic }) => `${topic} ${payload}`))
  const ground = city.drawGround()
  return hash(
    JSON.stringify([city.devices, said, [...ground.nodeLon], [...ground.nodeLat], ground.ways, ground.relations, incidentsOfDay(city, 20_000)]),
  )
}

test('the same seed and size give the same bytes, another seed others', () => {
  assert.equal(bytesOf(7, 200), bytesOf(7, 200))
  assert.notEqual(bytesOf(7, 200), bytesOf(8, 200))
  const ground = generateCity(7, 10).drawGround()
  assert.equal(hash(makeGroundTiles(ground, 'Port Selva')), hash(makeGroundTiles(generateCity(7, 10).drawGround(), 'Port Selva')))
})

test('the streets make a network whose turn restrictions all apply, with names, classes, one-ways and bridges', () => {
  const ground = generateCity(7, 10).drawGround()
  const { ignored, network } = buildNetwork(toStreetElements(ground), { attribution: 'none' })
  assert.deepEqual(ignored, { missingMember: [], disconnected: [], ambiguous: [] })
  assert.ok(drivableEdgeCount(network) > 2500)
  const streets = ground.ways.filter(({ tags }) => tags['highway'] !== undefined)
  assert.ok(streets.every(({ tags }) => tags['name'] !== undefined && Number(tags['maxspeed']) >= 30))
  assert.deepEqual([...new Set(streets.map(({ tags }) => tags['highway']))].toSorted(), ['primary', 'residential', 'secondary', 'tertiary', 'trunk'])
  assert.ok(streets.filter(({ tags }) => tags['oneway'] !== undefined).length > 20)
  assert.ok(streets.filter(({ tags }) => tags['bridge'] === 'yes').length >= 3)
  assert.ok(ground.relations.length > 5)
})

test('20,000 devices have ids of their own and stand in town', () => {
  const { devices } = generateCity(3, 20_000)
  assert.ok(Math.abs(devices.length - 20_000) < 10)
  assert.equal(new Set(devices.map(({ id }) => id)).size, devices.length)
  assert.ok(devices.every(({ spot: [eastM, northM] }) => Math.hypot(eastM - 900, northM - 250) < 5000))
})

test('values hang together: the rush hour is loud and full of NO2, a free day is not, the planted collision slows the streets around it', () => {
  const city = generateCity(7, 2000)
  const measurer = createMeasurer(city)
  const truth: typeof measurer.truth = (device, at) => measurer.truth(device, at)
  const mean = (kind: string, attribute: string, at: number): number => {
    const found = city.devices.filter((device) => device.kind === kind)
    return found.reduce((sum, device) => sum + Number(truth(device, at).find((one) => one.attribute === attribute)?.value), 0) / found.length
  }
  const [rush, night, sunday] = [monday + 8 * hour, monday + 3 * hour, monday - 16 * hour]
  assert.ok(mean('air', 'no2', rush) > 2 * mean('air', 'no2', night))
  assert.ok(mean('noise', 'LAeq', rush) > mean('noise', 'LAeq', night) + 8)
  assert.ok(mean('traffic', 'averageVehicleSpeed', rush) < mean('traffic', 'averageVehicleSpeed', sunday) - 8)
  assert.ok(mean('meter', 'totalActivePower', monday + 12 * hour) > mean('meter', 'totalActivePower', night))

  const days = Array.from({ length: 60 }, (_, day) => incidentsOfDay(city, 20_402 + day)).flat()
  assert.deepEqual([...new Set(days.map(({ kind }) => kind))].toSorted(), ['collision', 'festival', 'fire', 'flood', 'power-cut'])
  const slowed = days
    .filter(({ kind }) => kind === 'collision')
    .flatMap(({ from, radiusM, spot }) =>
      city.devices
        .filter((device) => device.kind === 'traffic' && Math.hypot(device.spot[0] - spot[0], device.spot[1] - spot[1]) <= radiusM)
        .map((device) => {
          const speed = (at: number): number => Number(truth(device, at)[0]?.value)
          return speed(from + 60_000_000) < speed(from - 60_000_000) * 0.6
        }),
    )
  assert.ok(slowed.length > 10 && slowed.every(Boolean))
})

test('some devices fail, drift, keep silent or lie, and it is known which', () => {
  const city = generateCity(7, 4000)
  const measurer = createMeasurer(city)
  const faults = Map.groupBy(city.devices, ({ number }) => faultOf(city.seed, number) ?? 'none')
  for (const fault of ['failing', 'drifting', 'silent', 'lying'] as const) {
    const count = faults.get(fault)?.length ?? 0
    assert.ok(count > 8 && count < 80, `${count} are ${fault}`)
  }
  const times = Array.from({ length: 48 }, (_, index) => monday + index * hour)
  for (const device of faults.get('silent') ?? []) {
    const silent = times.filter((at) => measurer.said(device, at) === undefined).length
    assert.ok(silent >= 19 && silent <= 21)
  }
  for (const device of faults.get('lying') ?? []) assert.equal(new Set(times.map((at) => JSON.stringify(measurer.said(device, at)))).size, 1)
  const sound = faults.get('none')?.[0]
  assert.ok(sound !== undefined && times.every((at) => JSON.stringify(measurer.said(sound, at)) === JSON.stringify(measurer.truth(sound, at))))
})

test('a street light obeys, says its new state before it answers, and refuses what has no sense', () => {
  const city = generateCity(7, 200)
  const voices = createVoices(city, createMeasurer(city))
  const light = city.devices.find(({ kind, number }) => kind === 'light' && faultOf(7, number) === undefined)?.deviceId ?? ''
  const noon = monday + 12 * hour
  assert.deepEqual(
    voices.obey(light, '{"switch":"on"}', noon).map(({ topic }) => topic),
    [`/json/port-selva-light/${light}/attrs`, `/json/port-selva-light/${light}/cmdexe`],
  )
  const said = Array.from({ length: 900 }, (_, second) => voices.at(noon + second * 1_000_000))
    .flat()
    .find(({ device }) => device.deviceId === light)
  assert.match(said?.payload ?? '', /"powerState":"on"/)
  assert.match(voices.obey(light, '{"switch":"blue"}', noon)[0]?.payload ?? '', /ERROR/)
  assert.deepEqual(voices.obey('air-0001', '{"switch":"on"}', noon), [])
})
