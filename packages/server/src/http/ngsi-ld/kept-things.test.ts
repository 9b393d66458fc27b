import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => {
  broker = await openTestBroker()
  for (const n of [1, 2, 3])
    await broker.ask('POST', '/entities', { id: `urn:v:${n}`, type: 'Van', load: { type: 'Property', value: n, observedAt: '2026-01-01T00:00:00Z' } })
})
after(() => broker.close())

const pathOf = (header: unknown): string => String(header).replace('/ngsi-ld/v1', '')

void test('5.13.2 5.13.3 5.13.4 5.13.5 a hosted context is added, listed, served, used and deleted, and is its tenant’s alone', async () => {
  const made = await broker.ask('POST', '/jsonldContexts', { '@context': { load: 'https://example.org/load' } })
  assert.equal(made.status, 201)
  const path = pathOf(made.headers['location'])
  assert.deepEqual((await broker.ask('GET', path)).json, { '@context': { load: 'https://example.org/load' } })
  assert.equal((await broker.ask('GET', `${path}?details=true`)).json.kind, 'Hosted')
  assert.ok((await broker.ask('GET', '/jsonldContexts?kind=Hosted')).json.some((url: string) => url.endsWith(path)))
  assert.equal((await broker.ask('GET', path, undefined, { 'NGSILD-Tenant': 'other' })).status, 404)
  const link = `<${broker.url}/ngsi-ld/v1${path}>; rel="http://www.w3.org/ns/json-ld#context"`
  await broker.ask('POST', '/entities', { id: 'urn:x:1', type: 'X', load: 1 }, { link })
  assert.equal((await broker.ask('GET', '/entities/urn:x:1?format=simplified')).json['https://example.org/load'], 1)
  assert.equal((await broker.ask('GET', `${path}?details=true`)).json.numberOfHits, 1)
  assert.equal((await broker.ask('DELETE', `${path}?reload=true`)).json.title, 'BadRequestData')
  assert.equal((await broker.ask('DELETE', path)).status, 204)
  assert.equal((await broker.ask('GET', path)).status, 404)
})

void test('5.13.1 a context that no IRI names is kept for the notifications of its subscription', async () => {
  const subscription = {
    id: 'urn:sub:1',
    type: 'Subscription',
    entities: [{ type: 'Van' }],
    notification: { endpoint: { uri: 'http://127.0.0.1:9/x' } },
  }
  await broker.ask(
    'POST',
    '/subscriptions',
    { ...subscription, '@context': [{ Van: 'https://example.org/Van' }] },
    { 'content-type': 'application/ld+json' },
  )
  const { json } = await broker.ask('GET', '/subscriptions/urn:sub:1')
  const [first] = (await broker.ask('GET', '/jsonldContexts?kind=ImplicitlyCreated&details=true')).json
  assert.equal(json.jsonldContext, first.URL)
  assert.equal(json.entities[0].type, 'https://example.org/Van', 'the names are in the reader’s context')
})

void test('5.13.2.5 5.2.12 the Location of a hosted context names it in a Link header and as jsonldContext', async () => {
  const made = await broker.ask('POST', '/jsonldContexts', { '@context': { load: 'https://example.org/load' } })
  const location = String(made.headers['location'])
  const { URL: whole } = (await broker.ask('GET', `${pathOf(location)}?details=true`)).json
  assert.match(whole, /^http:.+\/ngsi-ld\/v1\/jsonldContexts\/[^/]+$/)
  const link = `<${location}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`
  const { json } = await broker.ask('GET', '/entities/urn:v:1', undefined, { link, accept: 'application/ld+json' })
  assert.equal(json['@context'], whole)
  const subscription = {
    id: 'urn:sub:located',
    type: 'Subscription',
    entities: [{ type: 'Van' }],
    jsonldContext: location,
    notification: { endpoint: { uri: 'http://127.0.0.1:9/x' } },
  }
  assert.equal((await broker.ask('POST', '/subscriptions', subscription)).status, 201)
  assert.equal((await broker.ask('GET', '/subscriptions/urn:sub:located')).json.jsonldContext, whole)
  const wrong = await broker.ask('PATCH', '/subscriptions/urn:sub:located', { jsonldContext: 'van.jsonld' })
  assert.equal(wrong.json.title, 'BadRequestData')
  await broker.ask('DELETE', '/subscriptions/urn:sub:located')
})

void test('5.8.1 5.8.2 5.8.3 5.8.4 5.8.5 5.2.12 a subscription is created, changed, shown, listed and deleted', async () => {
  const subscription = {
    id: 'urn:sub:2',
    type: 'Subscription',
    entities: [{ type: 'Van' }],
    notification: { endpoint: { uri: 'http://127.0.0.1:9/x' } },
  }
  assert.equal((await broker.ask('POST', '/subscriptions', subscription)).status, 201)
  assert.equal((await broker.ask('POST', '/subscriptions', subscription)).json.title, 'AlreadyExists')
  for (const wrong of [{ throttling: -1 }, { timeInterval: 5, throttling: 5 }, { csf: '((' }, { q: '==' }])
    assert.equal(
      (await broker.ask('POST', '/subscriptions', { ...subscription, id: 'urn:sub:9', ...wrong })).json.title,
      'BadRequestData',
      JSON.stringify(wrong),
    )
  assert.equal((await broker.ask('PATCH', '/subscriptions/urn:sub:2', { isActive: false })).status, 204)
  assert.equal((await broker.ask('GET', '/subscriptions/urn:sub:2')).json.status, 'paused')
  assert.equal((await broker.ask('PATCH', '/subscriptions/urn:sub:2', { notification: { format: 'concise' } })).json.title, 'BadRequestData')
  assert.ok((await broker.ask('GET', '/subscriptions?limit=10&count=true')).json.some(({ id }: { id: string }) => id === 'urn:sub:2'))
  assert.equal((await broker.ask('DELETE', '/subscriptions/urn:sub:2')).status, 204)
  assert.equal((await broker.ask('GET', '/subscriptions/urn:sub:2')).status, 404)
})

void test('4.5.25 5.14.1 5.14.2 5.14.3 5.14.4 5.5.14 5.5.9.3 an entity map fixes what a query is about, until it expires or is deleted', async () => {
  const made = await broker.ask('GET', '/entityMaps?type=Van')
  assert.equal(made.status, 201)
  assert.deepEqual(made.json.entityMap, { 'urn:v:1': ['@none'], 'urn:v:2': ['@none'], 'urn:v:3': ['@none'] })
  await broker.ask('POST', '/entities', { id: 'urn:v:0', type: 'Van' })
  const header = { 'NGSILD-EntityMap': String(made.headers['ngsild-entitymap']) }
  const page = await broker.ask('GET', '/entities?type=Van&limit=2', undefined, header)
  assert.deepEqual(
    page.json.map(({ id }: { id: string }) => id),
    ['urn:v:1', 'urn:v:2'],
  )
  const path = pathOf(header['NGSILD-EntityMap'])
  assert.equal((await broker.ask('PATCH', path, { expiresAt: 'tomorrow' })).status, 400)
  assert.equal((await broker.ask('PATCH', path, { expiresAt: '2000-01-01T00:00:00Z' })).status, 204)
  assert.equal((await broker.ask('GET', path)).status, 404)
  const other = await broker.ask('GET', '/entities?type=Van&entityMap=true')
  assert.equal(other.status, 201)
  assert.equal((await broker.ask('DELETE', pathOf(other.headers['ngsild-entitymap']))).status, 204)
  await broker.ask('DELETE', '/entities/urn:v:0')
})

void test('5.14.5 a temporal entity map holds what has instances in the interval', async () => {
  const within = await broker.ask('GET', '/temporal/entityMaps?type=Van&timerel=after&timeAt=2025-01-01T00:00:00Z')
  assert.deepEqual(Object.keys(within.json.entityMap), ['urn:v:1', 'urn:v:2', 'urn:v:3'])
  const before2025 = await broker.ask('GET', '/temporal/entityMaps?type=Van&timerel=before&timeAt=2025-01-01T00:00:00Z')
  assert.deepEqual(before2025.json.entityMap, {})
  assert.equal((await broker.ask('GET', '/temporal/entityMaps?type=Van')).json.title, 'BadRequestData')
})

void test('5.16.1 5.16.2 5.16.3 5.16.4 5.16.5 5.16.7 5.5.15 6.3.22 a snapshot stays what it was; it is cloned, changed, deleted and purged', async () => {
  const queries = [{ type: 'Query', entities: [{ type: 'Van' }], q: 'load>1' }]
  const temporal = [{ type: 'Query', entities: [{ type: 'Van' }], temporalQ: { timerel: 'after', timeAt: '2025-01-01T00:00:00Z' } }]
  const made = await broker.ask('POST', '/snapshots', {
    type: 'Snapshot',
    id: 'urn:snap:1',
    snapshotQueries: queries,
    snapshotTemporalQueries: temporal,
  })
  assert.equal(made.status, 201)
  const ready = await filled('/snapshots/urn:snap:1')
  assert.deepEqual([ready.snapshotStatus, ready.snapshotPriority], ['success', 5])
  await broker.ask('PATCH', '/entities/urn:v:2/attrs', { load: { type: 'Property', value: 99 } })
  const inside = { 'NGSILD-Snapshot': 'urn:snap:1' }
  const frozen = await broker.ask('GET', '/entities?type=Van&format=simplified&q=load>1', undefined, inside)
  assert.deepEqual(
    frozen.json.map(({ load }: { load: number }) => load),
    [2, 3],
  )
  assert.equal(frozen.headers['ngsild-snapshot'], 'urn:snap:1')
  assert.equal((await broker.ask('PATCH', '/snapshots/urn:snap:1', { snapshotPriority: 2 })).json.snapshotPriority, 2)
  assert.equal((await broker.ask('PATCH', '/snapshots/urn:snap:1', { snapshotQueries: [] })).status, 400)
  await broker.ask('POST', '/snapshots/urn:snap:1/clone', { type: 'Snapshot', id: 'urn:snap:2', snapshotPriority: 9 })
  await filled('/snapshots/urn:snap:2')
  assert.equal((await broker.ask('DELETE', '/snapshots?q=load>5')).json.title, 'BadRequestData')
  assert.equal((await broker.ask('DELETE', `/snapshots?q=${encodeURIComponent('snapshotPriority<5')}`)).status, 204)
  assert.equal((await broker.ask('GET', '/entities?type=Van', undefined, inside)).status, 404)
  assert.equal((await broker.ask('GET', '/entities?type=Van', undefined, { 'NGSILD-Snapshot': 'urn:snap:2' })).json.length, 3)
  assert.equal((await broker.ask('DELETE', '/snapshots/urn:snap:2')).status, 204)
})

async function filled(path: string): Promise<any> {
  for (;;) {
    const { json } = await broker.ask('GET', path)
    if (json.snapshotStatus !== 'preparing') return json
    await pause(20)
  }
}
