import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => void (broker = await openTestBroker()))
after(() => broker.close())

const car = (id: string, more: object = {}): object => ({ id, type: 'Car', speed: { type: 'Property', value: 50 }, ...more })
const shown = async (id: string): Promise<any> => (await broker.ask('GET', `/entities/${id}?format=simplified`)).json

void test('5.6.1 an entity is created once; the second is AlreadyExists and changes nothing', async () => {
  const made = await broker.ask('POST', '/entities', car('urn:c:1'))
  assert.equal(made.status, 201)
  assert.equal(made.headers['location'], '/ngsi-ld/v1/entities/urn:c:1')
  assert.equal((await broker.ask('POST', '/entities', car('urn:c:1', { colour: 'red' }))).json.title, 'AlreadyExists')
  assert.equal((await shown('urn:c:1')).colour, undefined)
})

void test('5.6.2 an update changes attributes; a scope that is not there is reported', async () => {
  await broker.ask('POST', '/entities', car('urn:c:2'))
  assert.equal((await broker.ask('PATCH', '/entities/urn:c:2/attrs', { speed: { type: 'Property', value: 60 } })).status, 204)
  assert.equal((await shown('urn:c:2')).speed, 60)
  const reply = await broker.ask('PATCH', '/entities/urn:c:2/attrs', { scope: '/x', speed: { type: 'Property', value: 61 } })
  assert.equal(reply.status, 207)
  assert.equal(reply.json.notUpdated[0].attributeName, 'scope')
})

void test('5.6.3 an append with noOverwrite leaves what is there and says so in full names', async () => {
  await broker.ask('POST', '/entities', car('urn:c:3'))
  const reply = await broker.ask('POST', '/entities/urn:c:3/attrs?options=noOverwrite', {
    speed: { type: 'Property', value: 1 },
    colour: { type: 'Property', value: 'red' },
  })
  assert.equal(reply.status, 207)
  assert.deepEqual(reply.json.updated, ['https://uri.etsi.org/ngsi-ld/default-context/colour'])
  assert.equal(reply.json.notUpdated[0].attributeName, 'https://uri.etsi.org/ngsi-ld/default-context/speed')
  assert.deepEqual(await shown('urn:c:3'), { id: 'urn:c:3', type: 'Car', speed: 50, colour: 'red' })
})

void test('5.6.4 a partial update keeps what it does not state', async () => {
  await broker.ask('POST', '/entities', { id: 'urn:c:4', type: 'Car', speed: { type: 'Property', value: 5, unitCode: 'KMH' } })
  assert.equal((await broker.ask('PATCH', '/entities/urn:c:4/attrs/speed', { value: 6 })).status, 204)
  assert.deepEqual((await broker.ask('GET', '/entities/urn:c:4')).json.speed, { type: 'Property', value: 6, unitCode: 'KMH' })
  assert.equal((await broker.ask('PATCH', '/entities/urn:c:4/attrs/none', { value: 6 })).status, 404)
  assert.equal((await broker.ask('PATCH', '/entities/urn:c:4/attrs/a(b', { value: 6 })).status, 400)
})

void test('5.6.5 one instance of an attribute is deleted, or all; a deletion may name a content type and have no body', async () => {
  const names = [
    { type: 'Property', value: 'a' },
    { type: 'Property', value: 'b', datasetId: 'urn:d:1' },
  ]
  await broker.ask('POST', '/entities', { id: 'urn:c:5', type: 'Car', name: names })
  const headers = { 'content-type': 'application/json' }
  assert.equal((await broker.ask('DELETE', '/entities/urn:c:5/attrs/name?datasetId=urn:d:1', undefined, headers)).status, 204)
  assert.equal((await shown('urn:c:5')).name, 'a')
  assert.equal((await broker.ask('DELETE', '/entities/urn:c:5/attrs/name?deleteAll=True')).status, 204)
  assert.equal((await shown('urn:c:5')).name, undefined)
  assert.equal((await broker.ask('DELETE', '/entities/urn:c:5/attrs/')).status, 405)
})

void test('5.6.6 an entity is deleted once, and only with the type that is asked for', async () => {
  await broker.ask('POST', '/entities', car('urn:c:6'))
  assert.equal((await broker.ask('DELETE', '/entities/urn:c:6?type=Boat')).status, 404)
  assert.equal((await broker.ask('DELETE', '/entities/urn:c:6')).status, 204)
  assert.equal((await broker.ask('DELETE', '/entities/urn:c:6')).status, 404)
})

void test('5.6.17 a merge keeps what it does not state and removes by NGSI-LD null', async () => {
  await broker.ask('POST', '/entities', car('urn:c:17', { colour: { type: 'Property', value: 'red' } }))
  const fragment = { speed: { value: 9 }, colour: { type: 'Property', value: 'urn:ngsi-ld:null' } }
  assert.equal((await broker.ask('PATCH', '/entities/urn:c:17', fragment)).status, 204)
  assert.deepEqual(await shown('urn:c:17'), { id: 'urn:c:17', type: 'Car', speed: 9 })
})

void test('5.6.18 5.6.19 a replacement leaves nothing of what was', async () => {
  await broker.ask('POST', '/entities', { id: 'urn:c:18', type: 'Car', speed: { type: 'Property', value: 1, unitCode: 'KMH' }, colour: 'red' })
  assert.equal((await broker.ask('PUT', '/entities/urn:c:18/attrs/speed', { type: 'Property', value: 2 })).status, 204)
  assert.deepEqual((await broker.ask('GET', '/entities/urn:c:18')).json.speed, { type: 'Property', value: 2 })
  assert.equal((await broker.ask('PUT', '/entities/urn:c:18', { type: 'Car', name: 'x' })).status, 204)
  assert.deepEqual(await shown('urn:c:18'), { id: 'urn:c:18', type: 'Car', name: 'x' })
})

void test('5.6.7 5.6.8 5.6.9 5.6.10 5.6.20 5.2.16 5.2.17 in a batch each entity succeeds or fails for itself', async () => {
  const made = await broker.ask('POST', '/entityOperations/create', [car('urn:b:1'), car('urn:b:2')])
  assert.deepEqual([made.status, made.json], [201, ['urn:b:1', 'urn:b:2']])
  const mixed = await broker.ask('POST', '/entityOperations/create', [car('urn:b:1'), car('urn:b:3')])
  assert.deepEqual([mixed.status, mixed.json.success, mixed.json.errors[0].entityId], [207, ['urn:b:3'], 'urn:b:1'])
  assert.deepEqual((await broker.ask('POST', '/entityOperations/upsert', [car('urn:b:4'), car('urn:b:1')])).json, ['urn:b:4'])
  assert.equal((await broker.ask('POST', '/entityOperations/upsert?options=update', [{ id: 'urn:b:1', type: 'Car', name: 'x' }])).status, 204)
  assert.equal((await shown('urn:b:1')).speed, 50, 'an upsert that updates keeps the other attributes')
  assert.equal((await broker.ask('POST', '/entityOperations/update', [{ id: 'urn:b:9', type: 'Car', name: 'x' }])).status, 207)
  assert.equal((await broker.ask('POST', '/entityOperations/merge', [{ id: 'urn:b:2', speed: { value: 7 } }])).status, 204)
  assert.equal((await shown('urn:b:2')).speed, 7)
  const gone = await broker.ask('POST', '/entityOperations/delete', ['urn:b:1', 'urn:b:9'])
  assert.deepEqual([gone.status, gone.json.success], [207, ['urn:b:1']])
})

void test('5.6.21 a purge deletes what matches, or attributes of it, and is refused where it is too wide', async () => {
  for (const n of [1, 2, 3]) await broker.ask('POST', '/entities', { id: `urn:p:${n}`, type: 'Pump', level: n, name: 'x' })
  assert.equal((await broker.ask('DELETE', '/entities?id=urn:p:1')).json.title, 'BadRequestData')
  assert.equal((await broker.ask('DELETE', '/entities?type=Pump&keep=level&drop=name')).status, 400)
  assert.equal((await broker.ask('DELETE', '/entities?type=Pump&drop=name')).status, 204)
  assert.deepEqual(await shown('urn:p:1'), { id: 'urn:p:1', type: 'Pump', level: 1 })
  assert.equal((await broker.ask('DELETE', `/entities?type=Pump&q=${encodeURIComponent('level>1')}`)).status, 204)
  assert.deepEqual(
    (await broker.ask('GET', '/entities?type=Pump')).json.map(({ id }: { id: string }) => id),
    ['urn:p:1'],
  )
})

void test('4.22 a transient attribute is gone with its time, its siblings are not', async () => {
  const expiresAt = new Date(Date.now() + 300).toISOString()
  const entity = { id: 'urn:t:1', type: 'Car', flash: { type: 'Property', value: 1, expiresAt }, steady: { type: 'Property', value: 2 } }
  await broker.ask('POST', '/entities', entity)
  assert.equal((await shown('urn:t:1')).flash, 1)
  await pause(500)
  assert.deepEqual(await shown('urn:t:1'), { id: 'urn:t:1', type: 'Car', steady: 2 })
  assert.deepEqual((await broker.ask('GET', '/entities?q=flash==1')).json, [])
})
