import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { allOperations, lamp, openHub, openSource, property } from './brokers.ts'
import type { Broker, Hub, Source } from './brokers.ts'

let hub: Broker
let north: Broker
let south: Broker
let opened: Hub
const register: Hub['register'] = (...given) => opened.register(...given)
before(async () => {
  opened = await openHub('north', 'south')
  ;[hub, north, south] = [opened.hub, ...opened.others] as [Broker, Broker, Broker]
})
after(() => opened.close())
beforeEach(() => opened.clear())

const uri = (id: string): string => `urn:ngsi-ld:Lamp:${id}`
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !(await isSo()); attempt += 1) await pause(25)
  assert.ok(await isSo())
}

test('5.14.4 5.2.39 an entity map names the sources of each entity and the maps that they made, and asks those that make none for the entities', async () => {
  await hub.ask('POST', '/entities', lamp('here', { power: property(1) }))
  await north.ask('POST', '/entities', lamp('north', { power: property(2) }))
  await south.ask('POST', '/entities', lamp('south', { power: property(3) }))
  for (const broker of [hub, south]) await broker.ask('POST', '/entities', lamp('both', { power: property(4) }))
  await register('n', north.url, { operations: [...allOperations, 'createEntityMapQueryEntity'] })
  await register('s', south.url, { operations: ['queryEntity', 'retrieveEntity'] })
  const { status, body } = await hub.ask('GET', '/entityMaps?type=Lamp')
  assert.equal(status, 201)
  const [n, s] = ['n', 's'].map((id) => `urn:ngsi-ld:ContextSourceRegistration:${id}`)
  assert.deepEqual(body.entityMap, { [uri('here')]: ['@none'], [uri('north')]: [n], [uri('south')]: [s], [uri('both')]: ['@none', s] })
  assert.deepEqual(Object.keys(body.linkedMaps), [n])
  assert.equal((await north.ask('GET', `/entityMaps/${body.linkedMaps[n ?? '']}`)).status, 200)
})

test('5.5.9.3 pages over a map are full, check the filter again and know no later arrival, wherever the entities are', async () => {
  for (let item = 0; item < 60; item += 1)
    await [hub, north, south][item % 3]?.ask('POST', '/entities', lamp(String(item).padStart(2, '0'), { power: property(item) }))
  await register('n', north.url)
  await register('s', south.url)
  const made = await hub.ask('GET', '/entityMaps?type=Lamp')
  const headers = { 'NGSILD-EntityMap': made.body.id as string }
  await north.ask('POST', '/entities', lamp('05b', { power: property(5) }))
  await south.ask('PATCH', `/entities/${uri('08')}/attrs`, { power: property(-1) })
  const ids: string[] = []
  for (let offset = 0; offset < 60; offset += 7) {
    const page = await hub.ask('GET', `/entities?type=Lamp&q=power>=0&limit=7&offset=${offset}&count=true&options=keyValues`, undefined, headers)
    assert.equal(page.count, '59')
    ids.push(...(page.body as { id: string }[]).map(({ id }) => id))
  }
  const wanted = Array.from({ length: 60 }, (_, item) => uri(String(item).padStart(2, '0'))).filter((id) => id !== uri('08'))
  assert.deepEqual(ids, wanted)
})

test('5.16.1 a snapshot holds what its sources have too, and later changes there do not reach it', async () => {
  await hub.ask('POST', '/entities', lamp('here', { power: property(60) }))
  await north.ask('POST', '/entities', lamp('north', { power: property(70) }))
  await north.ask('POST', '/entities', lamp('dim', { power: property(10) }))
  await register('n', north.url)
  const query = { type: 'Query', entities: [{ type: 'Lamp' }], q: 'power>50' }
  assert.equal((await hub.ask('POST', '/snapshots', { id: 'urn:ngsi-ld:Snapshot:1', type: 'Snapshot', snapshotQueries: [query] })).status, 201)
  await until(async () => (await hub.ask('GET', '/snapshots/urn:ngsi-ld:Snapshot:1')).body.snapshotStatus === 'success')
  await north.ask('PATCH', `/entities/${uri('north')}/attrs`, { power: property(0) })
  const { body } = await hub.ask('GET', '/entities?type=Lamp&options=keyValues', undefined, { 'NGSILD-Snapshot': 'urn:ngsi-ld:Snapshot:1' })
  assert.deepEqual(
    (body as { id: string; power: number }[]).map(({ id, power }) => [id, power]),
    [
      [uri('here'), 60],
      [uri('north'), 70],
    ],
  )
})

test('5.8.6 with splitEntities a notification is put together from every source, and its query asked of the whole', async (t) => {
  await register('n', north.url)
  await register('s', south.url)
  await north.ask('POST', '/entities', lamp('a', { power: property(1) }))
  await south.ask('POST', '/entities', lamp('a', { colour: property('red') }))
  const receiver: Source = await openSource((_request, response) => response.writeHead(204).end())
  t.after(() => receiver.close())
  const subscription = {
    id: 'urn:ngsi-ld:Subscription:split',
    type: 'Subscription',
    entities: [{ type: 'Lamp' }],
    splitEntities: true,
    q: 'power>20;colour=="red"',
    notification: { format: 'keyValues', endpoint: { uri: receiver.url, accept: 'application/json' } },
  }
  assert.equal((await hub.ask('POST', '/subscriptions', subscription)).status, 201)
  await until(
    async () => (await south.ask('GET', '/subscriptions')).body.length === 1 && (await north.ask('GET', '/subscriptions')).body.length === 1,
  )
  await north.ask('PATCH', `/entities/${uri('a')}/attrs`, { power: property(10) })
  await north.ask('PATCH', `/entities/${uri('a')}/attrs`, { power: property(42) })
  await until(() => receiver.asked.length > 0)
  const told = receiver.asked.map(({ body }) => JSON.parse(body).data as unknown[])
  assert.deepEqual(told, [[{ id: uri('a'), type: 'Lamp', power: 42, colour: 'red' }]])
  await hub.ask('DELETE', '/subscriptions/urn:ngsi-ld:Subscription:split')
})

test('5.12 a source of other dataset ids than those asked for is not asked', async (t) => {
  const source = await openSource((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[]'))
  t.after(() => source.close())
  await register('d', source.url, { datasetId: ['urn:ngsi-ld:Dataset:b'] })
  await hub.ask('GET', '/entities?type=Lamp&datasetId=urn:ngsi-ld:Dataset:a')
  assert.equal(source.asked.length, 0)
  await hub.ask('GET', '/entities?type=Lamp&datasetId=urn:ngsi-ld:Dataset:a,urn:ngsi-ld:Dataset:b')
  await hub.ask('GET', '/entities?type=Lamp')
  assert.equal(source.asked.length, 2)
})

test('5.7.4 a remote scope holds since the first observation that came with it, and a remote deletion is told', async () => {
  await register('n', north.url)
  const evolution = { ...lamp('s', {}), scope: '/Madrid', power: [property(1, { observedAt: '2026-05-01T00:00:00Z' })] }
  assert.equal((await north.ask('POST', '/temporal/entities', evolution)).status, 201)
  const asked = '/temporal/entities?type=Lamp&timerel=after&timeAt=2020-01-01T00:00:00Z'
  assert.deepEqual(
    (await hub.ask('GET', `${asked}&scopeQ=/Madrid`)).body.map(({ id }: { id: string }) => id),
    [uri('s')],
  )
  assert.deepEqual((await hub.ask('GET', `${asked}&scopeQ=/Paris`)).body, [])
  await north.ask('DELETE', `/entities/${uri('s')}/attrs/power`)
  const deleted = await hub.ask('GET', `/temporal/entities/${uri('s')}?timerel=after&timeAt=2020-01-01T00:00:00Z&timeproperty=deletedAt`)
  assert.equal(deleted.status, 200)
  assert.equal(deleted.body.power[0]?.value ?? deleted.body.power.value, 'urn:ngsi-ld:null')
})

test('5.2.8 an entity that is registered by its id alone is found by whatever type', async () => {
  await north.ask('POST', '/entities', lamp('a', { power: property(5) }))
  await register('n', north.url, { information: [{ entities: [{ id: uri('a') }] }] })
  assert.equal((await hub.ask('GET', `/entities/${uri('a')}`)).body.power.value, 5)
  assert.equal((await hub.ask('GET', '/entities?type=Lamp')).body.length, 1)
  const kept = await hub.ask('GET', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:n')
  assert.deepEqual(kept.body.information, [{ entities: [{ id: uri('a') }] }])
  await hub.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:n')
})
