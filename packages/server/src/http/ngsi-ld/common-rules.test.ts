import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => {
  broker = await openTestBroker()
  await broker.ask('POST', '/entities', {
    id: 'urn:r:1',
    type: 'Room',
    temperature: { type: 'Property', value: 21, observedAt: '2026-01-01T00:00:00Z' },
  })
  for (const n of [2, 3, 4]) await broker.ask('POST', '/entities', { id: `urn:r:${n}`, type: 'Room', scope: '/a' })
})
after(() => broker.close())

const link = (iri: string): string => `<${iri}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`

void test('6.3.2 a path with another method is 405 and says which there are; an unknown one is 404', async () => {
  const wrong = await broker.ask('DELETE', '/types')
  assert.equal(wrong.status, 405)
  assert.match(String(wrong.headers['allow']), /GET/)
  assert.equal((await broker.ask('GET', '/nothing')).status, 404)
  assert.equal((await broker.ask('PUT', '/entities', { type: 'Room' })).json.title, 'BadRequestData')
})

void test('6.3.2 a body without its length is 411, before the tenant is looked up', async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked', 'NGSILD-Tenant': 'nowhere' }
    const call = request(`${broker.url}/ngsi-ld/v1/entities/urn:r:1/attrs`, { method: 'PATCH', headers }, (reply) => resolve(reply.statusCode))
    call.on('error', reject)
    call.end('{}')
  })
  assert.equal(status, 411)
})

void test('6.3.4 the most wanted type is answered; a weight of nought removes one, and the wildcard does not bring it back', async () => {
  const typeOf = async (accept: string): Promise<unknown> =>
    (await broker.ask('GET', '/entities/urn:r:1', undefined, { accept })).headers['content-type']
  assert.equal(await typeOf('*/*'), 'application/json')
  assert.equal(await typeOf('application/geo+json, application/ld+json'), 'application/ld+json')
  assert.equal(await typeOf('application/json;q=0, */*'), 'application/ld+json')
  assert.equal(await typeOf('application/json;q=0.2, application/geo+json;q=0.9'), 'application/geo+json')
  assert.equal((await broker.ask('GET', '/entities/urn:r:1', undefined, { accept: 'text/html' })).status, 406)
})

void test('6.3.4 a content type is asked of a body: a deletion without one may state any', async () => {
  for (const type of ['text/plain', 'ld+json']) {
    assert.equal((await broker.ask('DELETE', '/entities/urn:r:none', undefined, { 'content-type': type })).status, 404, type)
    assert.equal((await broker.ask('DELETE', '/entities/urn:r:none', 'all of it', { 'content-type': type })).status, 415, type)
    assert.equal((await broker.ask('POST', '/entities', { id: 'urn:r:9', type: 'Room' }, { 'content-type': type })).status, 415, type)
  }
})

void test('6.3.5 JSON has its context in the Link header, JSON-LD in the body, and nothing else will do', async () => {
  const inside = { id: 'urn:r:9', type: 'Room', '@context': 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld' }
  assert.equal((await broker.ask('POST', '/entities', inside)).json.title, 'BadRequestData')
  const both = { 'content-type': 'application/ld+json', link: link('https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld') }
  assert.equal((await broker.ask('POST', '/entities', inside, both)).json.title, 'BadRequestData')
  assert.equal((await broker.ask('POST', '/entities', { id: 'urn:r:9', type: 'Room' }, { 'content-type': 'application/ld+json' })).status, 400)
})

void test('6.3.5 a context that cannot be had is LdContextNotAvailable, 504', async () => {
  const reply = await broker.ask('GET', '/entities/urn:r:1', undefined, { link: link('http://127.0.0.1:9/context.jsonld') })
  assert.equal(reply.status, 504)
  assert.equal(reply.json.title, 'LdContextNotAvailable')
})

void test('6.3.6 with Prefer body=json GeoJSON has its context in the Link header', async () => {
  const plain = await broker.ask('GET', '/entities/urn:r:1', undefined, { accept: 'application/geo+json', prefer: 'body=json' })
  assert.equal(plain.json['@context'], undefined)
  assert.match(String(plain.headers['link']), /json-ld#context/)
  const inside = await broker.ask('GET', '/entities/urn:r:1', undefined, { accept: 'application/geo+json' })
  assert.ok(inside.json['@context'] !== undefined)
})

void test('4.3.6.8 an earlier version gets what it knows, 203 and Preference-Applied; the present one is unchanged', async () => {
  await broker.ask('POST', '/entities', { id: 'urn:r:v', type: 'Lamp', colour: { type: 'VocabProperty', vocab: 'Red' } })
  const older = await broker.ask('GET', '/entities/urn:r:v', undefined, { prefer: 'ngsi-ld=1.5' })
  assert.equal(older.status, 203)
  assert.equal(older.headers['preference-applied'], 'ngsi-ld=1.5')
  assert.deepEqual(older.json.colour, { type: 'Property', value: 'Red' })
  const present = await broker.ask('GET', '/entities/urn:r:v', undefined, { prefer: 'NGSI-LD="1.9"' })
  assert.equal(present.status, 200)
  assert.equal(present.json.colour.type, 'VocabProperty')
})

void test('6.3.7 the format parameter outweighs options', async () => {
  const reply = await broker.ask('GET', '/entities/urn:r:1?format=simplified&options=normalized')
  assert.equal(reply.json.temperature, 21)
})

void test('6.3.10 4.12 5.5.9 pages link to those beside them, and an offset beyond the end gives the last entity', async () => {
  const middle = await broker.ask('GET', '/entities?type=Room&limit=2&offset=1')
  assert.match(String(middle.headers['link']), /offset=3[^>]*>;rel="next"/)
  assert.match(String(middle.headers['link']), /offset=0[^>]*>;rel="prev"/)
  const beyond = await broker.ask('GET', '/entities?type=Room&limit=2&offset=99')
  assert.deepEqual(
    beyond.json.map((entity: { id: string }) => entity.id),
    ['urn:r:4'],
  )
})

void test('6.3.11 system attributes are shown where they are asked for, and only there', async () => {
  assert.match((await broker.ask('GET', '/entities/urn:r:1?options=sysAttrs')).json.createdAt, /^20\d\d-/)
  assert.equal((await broker.ask('GET', '/entities/urn:r:1')).json.createdAt, undefined)
})

void test('6.3.13 4.13 the count is that of all matches, also with no entity shown', async () => {
  const reply = await broker.ask('GET', '/entities?type=Room&limit=0&count=true')
  assert.equal(reply.headers['ngsild-results-count'], '4')
  assert.deepEqual(reply.json, [])
  assert.equal((await broker.ask('GET', '/entities?type=Room&limit=0')).status, 400)
})

void test('6.3.14 5.5.10 4.14 a tenant is made by what creates in it and is named in the answer; in one that is not there nothing is found', async () => {
  const east = { 'NGSILD-Tenant': 'east' }
  assert.equal((await broker.ask('GET', '/entities?type=Room', undefined, east)).json.title, 'NonexistentTenant')
  const made = await broker.ask('POST', '/entities', { id: 'urn:r:1', type: 'Room' }, east)
  assert.equal(made.status, 201)
  assert.equal(made.headers['ngsild-tenant'], 'east')
  assert.equal((await broker.ask('GET', '/entities?type=Room', undefined, east)).json.length, 1)
  assert.equal((await broker.ask('GET', '/entities?type=Room')).json.length, 4)
})

void test('6.3.20 an unknown parameter is InvalidRequest', async () => {
  assert.equal((await broker.ask('GET', '/entities?type=Room&colour=red')).json.title, 'InvalidRequest')
})

void test('5.15.1 6.33 the identity tells the tenants of one broker apart', async () => {
  const own = await broker.ask('GET', '/info/sourceIdentity')
  assert.equal(own.json.type, 'ContextSourceIdentity')
  assert.match(own.json.contextSourceUptime, /^P/)
  assert.match(own.json.contextSourceTimeAt, /Z$/)
  const east = await broker.ask('GET', '/info/sourceIdentity', undefined, { 'NGSILD-Tenant': 'east' })
  assert.notEqual(own.json.contextSourceAlias, east.json.contextSourceAlias)
})
