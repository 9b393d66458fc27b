import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openTestBroker } from './broker.fixture.ts'
import type { Answer, TestBroker } from './broker.fixture.ts'

// Every resource of Table 6.2-1 with every method that it has, each asked for what it can answer. The order is that of the lines: later ones
// use what earlier ones made.

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const methods: readonly Method[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']
const after2025 = 'timerel=after&timeAt=2025-01-01T00:00:00Z'
const speed = { type: 'Property', value: 50, observedAt: '2026-01-01T00:00:00Z' }
const car = (id: string): object => ({ id, type: 'Car', speed })
const evolution = { id: 'urn:car:t', type: 'Car', speed: [speed], level: [speed] }
const endpoint = { endpoint: { uri: 'http://127.0.0.1:9/none' } }
const subscription = { id: 'urn:sub:1', type: 'Subscription', entities: [{ type: 'Bus' }], notification: endpoint }
const registration = {
  id: 'urn:reg:1',
  type: 'ContextSourceRegistration',
  information: [{ entities: [{ type: 'Tram' }] }],
  endpoint: 'http://127.0.0.1:9',
}
const query = { type: 'Query', entities: [{ type: 'Car' }] }

let broker: TestBroker
before(async () => void (broker = await openTestBroker()))
after(() => broker.close())

/** Asks, and says which method of which path it was where the status is another. */
async function answers(status: number, method: Method, path: string, body?: unknown): Promise<Answer> {
  const answer = await broker.ask(method, path, body)
  assert.equal(answer.status, status, `${method} ${path} answers ${answer.status}: ${answer.text}`)
  if (status === 204) assert.equal(answer.text, '')
  return answer
}

/** Asks a path that is there with every other method; the answer to that names those that it has. */
async function hasOnly(path: string, ...own: readonly Method[]): Promise<void> {
  for (const method of methods.filter((one) => !own.includes(one))) {
    const { headers } = await answers(405, method, path, method === 'GET' || method === 'DELETE' ? undefined : {})
    const allowed = String(headers['allow']).split(', ')
    for (const one of methods) assert.equal(allowed.includes(one), own.includes(one), `${path} allows ${allowed.join(', ')}`)
  }
}

const pathOf = (answer: Answer): string => String(answer.headers['location']).replace('/ngsi-ld/v1', '')

void test('6.4 /entities creates, queries and purges', async () => {
  const made = await answers(201, 'POST', '/entities', car('urn:car:1'))
  assert.equal(made.headers['location'], '/ngsi-ld/v1/entities/urn:car:1')
  assert.deepEqual((await answers(200, 'GET', '/entities?type=Car')).json, [car('urn:car:1')])
  await answers(201, 'POST', '/entities/', { id: 'urn:van:1', type: 'Van' })
  await answers(204, 'DELETE', '/entities?type=Van')
  assert.deepEqual((await answers(200, 'GET', '/entities/?type=Van')).json, [])
})

void test('6.5 /entities/{entityId} is retrieved, merged, replaced and deleted', async () => {
  await answers(201, 'POST', '/entities', car('urn:car:2'))
  assert.deepEqual((await answers(200, 'GET', '/entities/urn:car:2')).json, car('urn:car:2'))
  await answers(204, 'PATCH', '/entities/urn:car:2', { colour: 'red' })
  await answers(204, 'PUT', '/entities/urn:car:2', { type: 'Car', colour: 'blue' })
  assert.deepEqual((await answers(200, 'GET', '/entities/urn:car:2?format=simplified')).json, { id: 'urn:car:2', type: 'Car', colour: 'blue' })
  await answers(204, 'DELETE', '/entities/urn:car:2')
  await answers(404, 'GET', '/entities/urn:car:2')
  await hasOnly('/entities/urn:car:1', 'GET', 'PATCH', 'PUT', 'DELETE')
})

void test('6.6 /entities/{entityId}/attrs appends and updates', async () => {
  await answers(204, 'POST', '/entities/urn:car:1/attrs', { colour: 'red', doors: 3 })
  await answers(204, 'PATCH', '/entities/urn:car:1/attrs/', { colour: 'blue' })
  const { json } = await answers(200, 'GET', '/entities/urn:car:1?format=simplified')
  assert.deepEqual(json, { id: 'urn:car:1', type: 'Car', speed: 50, colour: 'blue', doors: 3 })
  await hasOnly('/entities/urn:car:1/attrs', 'POST', 'PATCH')
})

void test('6.7 /entities/{entityId}/attrs/{attrId} is updated in part, replaced and deleted', async () => {
  await answers(204, 'PATCH', '/entities/urn:car:1/attrs/speed', { value: 60 })
  assert.deepEqual((await answers(200, 'GET', '/entities/urn:car:1')).json.speed, { ...speed, value: 60 })
  await answers(204, 'PUT', '/entities/urn:car:1/attrs/speed', { type: 'Property', value: 70 })
  assert.deepEqual((await answers(200, 'GET', '/entities/urn:car:1')).json.speed, { type: 'Property', value: 70 })
  await answers(204, 'DELETE', '/entities/urn:car:1/attrs/doors')
  assert.equal((await answers(200, 'GET', '/entities/urn:car:1')).json.doors, undefined)
  await hasOnly('/entities/urn:car:1/attrs/speed', 'PATCH', 'PUT', 'DELETE')
})

void test('6.8 6.9 /csourceRegistrations registers and discovers; one is retrieved, updated and deleted', async () => {
  const made = await answers(201, 'POST', '/csourceRegistrations', registration)
  assert.equal(pathOf(made), '/csourceRegistrations/urn:reg:1')
  const [found] = (await answers(200, 'GET', '/csourceRegistrations?type=Tram')).json
  assert.equal(found.id, 'urn:reg:1')
  await answers(204, 'PATCH', '/csourceRegistrations/urn:reg:1', { description: 'trams' })
  assert.equal((await answers(200, 'GET', '/csourceRegistrations/urn:reg:1')).json.description, 'trams')
  await answers(204, 'DELETE', '/csourceRegistrations/urn:reg:1')
  await answers(404, 'GET', '/csourceRegistrations/urn:reg:1')
  await hasOnly('/csourceRegistrations', 'POST', 'GET')
  await hasOnly('/csourceRegistrations/urn:reg:1', 'GET', 'PATCH', 'DELETE')
})

void test('6.10 6.11 /subscriptions subscribes and lists; one is retrieved, updated and deleted', () => subscribes('/subscriptions'))

void test('6.12 6.13 /csourceSubscriptions subscribes and lists; one is retrieved, updated and deleted', () => subscribes('/csourceSubscriptions'))

async function subscribes(collection: string): Promise<void> {
  const made = await answers(201, 'POST', collection, subscription)
  assert.equal(pathOf(made), `${collection}/urn:sub:1`)
  assert.deepEqual(
    (await answers(200, 'GET', collection)).json.map(({ id }: { id: string }) => id),
    ['urn:sub:1'],
  )
  await answers(204, 'PATCH', `${collection}/urn:sub:1`, { description: 'buses' })
  assert.equal((await answers(200, 'GET', `${collection}/urn:sub:1`)).json.description, 'buses')
  await answers(204, 'DELETE', `${collection}/urn:sub:1`)
  await answers(404, 'GET', `${collection}/urn:sub:1`)
  await hasOnly(collection, 'POST', 'GET')
  await hasOnly(`${collection}/urn:sub:1`, 'GET', 'PATCH', 'DELETE')
}

void test('6.14 6.15 6.16 6.17 6.23 6.31 /entityOperations creates, upserts, updates, merges, queries and deletes', async () => {
  assert.deepEqual((await answers(201, 'POST', '/entityOperations/create', [car('urn:b:1')])).json, ['urn:b:1'])
  assert.deepEqual((await answers(201, 'POST', '/entityOperations/upsert', [car('urn:b:1'), car('urn:b:2')])).json, ['urn:b:2'])
  await answers(204, 'POST', '/entityOperations/upsert', [car('urn:b:2')])
  await answers(204, 'POST', '/entityOperations/update', [{ id: 'urn:b:1', type: 'Car', colour: 'red' }])
  await answers(204, 'POST', '/entityOperations/merge', [{ id: 'urn:b:1', type: 'Car', speed: { value: 7 } }])
  const found = (await answers(200, 'POST', '/entityOperations/query', { ...query, q: 'speed==7' })).json
  assert.deepEqual(found, [{ id: 'urn:b:1', type: 'Car', speed: { ...speed, value: 7 }, colour: { type: 'Property', value: 'red' } }])
  await answers(204, 'POST', '/entityOperations/delete', ['urn:b:1', 'urn:b:2'])
  await answers(404, 'GET', '/entities/urn:b:1')
  for (const operation of ['create', 'upsert', 'update', 'merge', 'query', 'delete']) await hasOnly(`/entityOperations/${operation}`, 'POST')
})

void test('6.18 6.19 /temporal/entities creates or adds, and queries; one is retrieved and deleted', async () => {
  const made = await answers(201, 'POST', '/temporal/entities', evolution)
  assert.equal(pathOf(made), '/temporal/entities/urn:car:t')
  await answers(204, 'POST', '/temporal/entities', { ...evolution, speed: [{ ...speed, value: 51, observedAt: '2026-01-02T00:00:00Z' }] })
  const [found] = (await answers(200, 'GET', `/temporal/entities?type=Car&${after2025}&q=speed==51`)).json
  assert.equal(found.id, 'urn:car:t')
  const { json } = await answers(200, 'GET', '/temporal/entities/urn:car:t')
  assert.deepEqual(
    json.speed.map(({ value }: { value: number }) => value),
    [50, 51],
  )
  await answers(201, 'POST', '/temporal/entities', { ...evolution, id: 'urn:car:gone' })
  await answers(204, 'DELETE', '/temporal/entities/urn:car:gone')
  await answers(404, 'GET', '/temporal/entities/urn:car:gone')
  await hasOnly('/temporal/entities', 'POST', 'GET')
  await hasOnly('/temporal/entities/urn:car:t', 'GET', 'DELETE')
})

void test('6.20 6.21 6.22 /temporal/entities/{entityId}/attrs adds; an attribute is deleted, an instance is modified and deleted', async () => {
  const path = '/temporal/entities/urn:car:t/attrs'
  await answers(204, 'POST', path, { doors: [speed] })
  await answers(204, 'DELETE', `${path}/doors`)
  const { json } = await answers(200, 'GET', '/temporal/entities/urn:car:t')
  assert.equal(json.doors, undefined)
  const instance = `${path}/speed/${json.speed[0].instanceId}`
  await answers(204, 'PATCH', instance, { speed: { ...speed, value: 9 } })
  assert.equal((await answers(200, 'GET', '/temporal/entities/urn:car:t')).json.speed[0].value, 9)
  await answers(204, 'DELETE', instance)
  await answers(404, 'DELETE', instance)
  await hasOnly(path, 'POST')
  await hasOnly(`${path}/speed`, 'DELETE')
  await hasOnly(instance, 'PATCH', 'DELETE')
})

void test('6.24 /temporal/entityOperations/query queries evolutions', async () => {
  const temporalQ = { timerel: 'after', timeAt: '2025-01-01T00:00:00Z' }
  const { json } = await answers(200, 'POST', '/temporal/entityOperations/query', { ...query, temporalQ, q: 'speed==51' })
  assert.deepEqual(
    json.map(({ id }: { id: string }) => id),
    ['urn:car:t'],
  )
  await hasOnly('/temporal/entityOperations/query', 'POST')
})

void test('6.25 6.26 6.27 6.28 /types and /attributes list; one of each is described', async () => {
  assert.deepEqual((await answers(200, 'GET', '/types')).json.typeList, ['Car'])
  assert.equal((await answers(200, 'GET', '/types/Car')).json.typeName, 'Car')
  assert.ok((await answers(200, 'GET', '/attributes')).json.attributeList.includes('speed'))
  assert.equal((await answers(200, 'GET', '/attributes/speed')).json.attributeName, 'speed')
  for (const path of ['/types', '/types/Car', '/attributes', '/attributes/speed']) await hasOnly(path, 'GET')
})

void test('6.29 6.30 /jsonldContexts adds and lists; one is served and deleted', async () => {
  const made = await answers(201, 'POST', '/jsonldContexts', { '@context': { a: 'https://example.org/a' } })
  const path = pathOf(made)
  const listed: readonly string[] = (await answers(200, 'GET', '/jsonldContexts?kind=Hosted')).json
  assert.equal(listed.filter((url) => url.endsWith(path)).length, 1)
  assert.deepEqual((await answers(200, 'GET', path)).json, { '@context': { a: 'https://example.org/a' } })
  await answers(204, 'DELETE', path)
  await answers(404, 'GET', path)
  await hasOnly('/jsonldContexts', 'POST', 'GET')
  await hasOnly(path, 'GET', 'DELETE')
})

void test('6.32 6.34 6.35 /entityMaps and /temporal/entityMaps make maps; one is retrieved, updated and deleted', async () => {
  const byPath = await answers(201, 'GET', '/entityMaps?type=Car&q=speed==70')
  assert.deepEqual(byPath.json.entityMap, { 'urn:car:1': ['@none'] })
  const byDocument = await answers(201, 'POST', '/entityMaps', { ...query, q: 'speed==70' })
  assert.deepEqual(byDocument.json.entityMap, { 'urn:car:1': ['@none'] })
  const path = `/entityMaps/${byDocument.json.id}`
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  await answers(204, 'PATCH', path, { expiresAt })
  assert.equal(Date.parse((await answers(200, 'GET', path)).json.expiresAt), Date.parse(expiresAt))
  await answers(204, 'DELETE', path)
  await answers(404, 'GET', path)
  const temporalQ = { timerel: 'after', timeAt: '2025-01-01T00:00:00Z' }
  const map = { 'urn:car:t': ['@none'] }
  assert.deepEqual((await answers(201, 'GET', `/temporal/entityMaps?type=Car&${after2025}&q=speed==51`)).json.entityMap, map)
  assert.deepEqual((await answers(201, 'POST', '/temporal/entityMaps', { ...query, temporalQ, q: 'speed==51' })).json.entityMap, map)
  await hasOnly('/entityMaps', 'GET', 'POST')
  await hasOnly('/temporal/entityMaps', 'GET', 'POST')
  await hasOnly(path, 'GET', 'PATCH', 'DELETE')
})

void test('6.33 /info/sourceIdentity says who this is', async () => {
  assert.equal((await answers(200, 'GET', '/info/sourceIdentity')).json.type, 'ContextSourceIdentity')
  await hasOnly('/info/sourceIdentity', 'GET')
})

void test('6.36 6.37 6.38 /snapshots makes and purges; one is retrieved, updated, cloned and deleted', async () => {
  const made = await answers(201, 'POST', '/snapshots', { id: 'urn:snap:1', type: 'Snapshot', snapshotQueries: [query] })
  assert.equal(pathOf(made), '/snapshots/urn:snap:1')
  while ((await answers(200, 'GET', '/snapshots/urn:snap:1')).json.snapshotStatus === 'preparing') await pause(20)
  assert.equal((await answers(200, 'PATCH', '/snapshots/urn:snap:1', { snapshotPriority: 9 })).json.snapshotPriority, 9)
  const cloned = await answers(201, 'POST', '/snapshots/urn:snap:1/clone', { id: 'urn:snap:2', type: 'Snapshot', snapshotPriority: 2 })
  assert.equal(pathOf(cloned), '/snapshots/urn:snap:2')
  await answers(204, 'DELETE', `/snapshots?q=${encodeURIComponent('snapshotPriority==9')}`)
  await answers(404, 'GET', '/snapshots/urn:snap:1')
  await answers(204, 'DELETE', '/snapshots/urn:snap:2')
  await hasOnly('/snapshots', 'POST', 'DELETE')
  await hasOnly('/snapshots/urn:snap:2', 'GET', 'PATCH', 'DELETE')
  await hasOnly('/snapshots/urn:snap:2/clone', 'POST')
})

void test('6.2 the root is /ngsi-ld/v1, and below it there is nothing else', async () => {
  for (const path of ['/entity', '/entities/urn:car:1/attributes', '/temporal', '/entityOperations/purge', '/info', '/types/Car/attributes'])
    for (const method of methods) await answers(404, method, path, method === 'GET' || method === 'DELETE' ? undefined : {})
  assert.equal((await broker.ask('GET', '/nothing')).json.type, 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound')
})
