import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Entity } from '@cityloop/ngsi-ld'
import { openContexts } from '#broker/contexts.ts'
import { openAccess } from '#governance/access.ts'
import { silent } from '#runtime/log.ts'
import { openSqliteStore } from '#store/sqlite/open-store.ts'
import type { Store } from '#store/store.ts'
import { openRegistry } from '../registry.ts'
import { parseDevice, parseServiceGroup } from '../provisioning.ts'
import { readDeviceTable } from '../read-device-table.ts'
import { openHealth } from './open-health.ts'
import type { Health } from './open-health.ts'
import { findDrift } from './find-drift.ts'

const second = 1_000_000
const start = 1_793_520_000 * second
let now = start
const clock = { now: () => now }
let folder: string
let store: Store
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-health-'))
  store = await openSqliteStore(folder)
})
after(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const group = parseServiceGroup({ apikey: 'k', entity_type: 'WeatherObserved' }, '', '/')
const deviceOf = (id: string, gateway?: string) =>
  parseDevice(
    { device_id: id, apikey: 'k', entity_type: 'WeatherObserved', expected_interval: 120, ...(gateway === undefined ? {} : { gateway }) },
    '',
    '/',
  )

async function open(): Promise<Health> {
  const registry = await openRegistry(store.rows)
  const contexts = await openContexts({ clock, rows: store.rows, publicUrl: 'http://localhost', fetch: () => Promise.reject(new Error('offline')) })
  return openHealth({ access: openAccess, clock, context: contexts.cityloop, log: silent, registry, store })
}
const heard = (health: Health, id: string, gateway?: string, values: Record<string, number> = {}): void =>
  health.heard({ device: deviceOf(id, gateway), group, at: now, gateway: undefined, values: new Map(Object.entries(values)) })
const states = (health: Health): Record<string, string> => Object.fromEntries(health.list('').map(({ deviceId, state }) => [deviceId, state]))
const written = (id: string): Promise<Entity | undefined> =>
  store.retrieve('', openAccess.readScope({ id: 'urn:x:me', tenant: '' }, 'retrieveEntity'), `urn:ngsi-ld:Device:${id}`)
const value = async (id: string, term: string): Promise<unknown> =>
  Object.entries((await written(id))?.attributes ?? {}).find(([name]) => name.endsWith(`/${term}`))?.[1][0]?.value

test('a device that misses three of its intervals is silent; one message makes it well again; a restart forgets neither', async () => {
  const registry = await openRegistry(store.rows)
  await registry.putAll(
    [group],
    ['a', 'b'].map((id) => deviceOf(id)),
  )
  let health = await open()
  heard(health, 'a')
  heard(health, 'b')
  now += 361 * second
  heard(health, 'b')
  await health.look()
  assert.deepEqual(states(health), { a: 'silent', b: 'ok' })
  assert.deepEqual([await value('a', 'deviceState'), await value('b', 'deviceState')], ['silent', 'ok'])
  await health.close()
  health = await open()
  assert.equal(states(health)['a'], 'silent')
  heard(health, 'a')
  await health.look()
  assert.equal(await value('a', 'deviceState'), 'ok')
  await health.close()
})

test('a dead gateway is silent itself, and of the devices behind it none is', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `g${index}`)
  await (
    await openRegistry(store.rows)
  ).putAll(
    [group],
    ids.map((id) => deviceOf(id, 'gw')),
  )
  const health = await open()
  for (const id of ids) {
    heard(health, id, 'gw')
    now += 6 * second
  }
  await health.look()
  assert.ok(ids.every((id) => states(health)[id] === 'ok'))
  for (let waited = 0; waited < 500; waited += 5) {
    now += 5 * second
    await health.look()
  }
  assert.equal(await value('gateway-gw', 'deviceState'), 'silent')
  assert.deepEqual([...new Set(ids.map((id) => states(health)[id]))], ['unreachable'])
  heard(health, 'g3', 'gw')
  await health.look()
  assert.deepEqual([await value('gateway-gw', 'deviceState'), states(health)['g3'], states(health)['g4']], ['ok', 'ok', 'unreachable'])
  await health.close()
})

test('a device that is provisioned with an interval and never speaks is waited for, then silent', async () => {
  await (await openRegistry(store.rows)).putAll([group], [deviceOf('mute')])
  const health = await open()
  await health.look()
  assert.deepEqual([states(health)['mute'], await written('mute')], ['ok', undefined])
  now += 361 * second
  await health.look()
  assert.deepEqual([await value('mute', 'deviceState'), await value('mute', 'dateLastValueReported')], ['silent', undefined])
  await health.close()
})

test('a trembling battery is written once, a falling one again, and percentages become fractions', async () => {
  await (await openRegistry(store.rows)).putAll([group], [deviceOf('bat')])
  const health = await open()
  const level = async (battery: number): Promise<unknown> => {
    now += 60 * second
    heard(health, 'bat', undefined, { batteryLevel: battery })
    await health.look()
    return value('bat', 'batteryLevel')
  }
  assert.deepEqual([await level(90), await level(88), await level(0.91), await level(84)], [0.9, 0.9, 0.9, 0.84])
  await health.close()
})

test('of fifty stations the one that is off its neighbours is found, and no other', () => {
  const stations = Array.from({ length: 50 }, (_, index) => ({
    id: `s${index}`,
    position: [-9 + 0.01 * (index % 10), 41 + 0.01 * Math.floor(index / 10)] as const,
    value: 20 + 0.3 * (index % 10) + 0.2 * Math.sin(index * 7),
  }))
  assert.deepEqual(findDrift(stations), [])
  const drifted = stations.map((station) => (station.id === 's23' ? { ...station, value: station.value + 12 } : station))
  assert.deepEqual(
    findDrift(drifted).map(({ id }) => id),
    ['s23'],
  )
  assert.deepEqual(findDrift(drifted.slice(0, 5)), [])
})

test('a CSV table makes devices known, or says row by row what is wrong', () => {
  const table = 'device_id,apikey,entity_type,latitude,longitude,name,expected_interval\nn1,k,NoiseLevelObserved,41.16,-9.32,Quay,60\n'
  const { devices, faults } = readDeviceTable(table, '')
  assert.deepEqual(faults, [])
  assert.equal(devices[0]?.entityName, 'urn:ngsi-ld:NoiseLevelObserved:n1')
  assert.deepEqual(devices[0].staticAttributes[0]?.value, { type: 'Point', coordinates: [-9.32, 41.16] })
  assert.deepEqual(readDeviceTable('device_id,latitude,longitude\nn1,91,0\n,1,1\nn2,1,\nn3,1,1\nn3,1,1\n', '').faults, [
    'row 2: latitude and longitude must be degrees, not 91 and 0',
    'row 3: device_id must be a text, not undefined',
    'row 4: latitude and longitude must be degrees, not 1 and ',
    'row 6: n3 is there twice',
  ])
  assert.match(readDeviceTable('device_id,colour\nn1,red\n', '').faults[0] ?? '', /There is no column colour/)
})
