import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { statusOf, toProblemDetails } from '../problem.ts'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => {
  broker = await openTestBroker()
  await broker.ask('POST', '/entities', { id: 'urn:c:1', type: 'Car', speed: 1 })
})
after(() => broker.close())

const link = (iri: string): Record<string, string> => ({ link: `<${iri}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` })
const redirect = {
  id: 'urn:reg:1',
  type: 'ContextSourceRegistration',
  mode: 'redirect',
  information: [{ entities: [{ type: 'Car', id: 'urn:c:1' }] }],
  endpoint: 'http://127.0.0.1:9',
}

type Case = readonly [status: number, type: string, ...asked: Parameters<TestBroker['ask']>]

/** A request that ends in each type of error that a client can cause. */
const cases: readonly Case[] = [
  [409, 'AlreadyExists', 'POST', '/entities', { id: 'urn:c:1', type: 'Car' }],
  [400, 'BadRequestData', 'POST', '/entities', { id: 'no uri', type: 'Car' }],
  [409, 'Conflict', 'POST', '/csourceRegistrations', redirect],
  [400, 'InvalidRequest', 'GET', '/entities?type=Car&colour=red'],
  [504, 'LdContextNotAvailable', 'GET', '/entities/urn:c:1', undefined, link('http://127.0.0.1:9/none.jsonld')],
  [404, 'NonexistentTenant', 'GET', '/entities/urn:c:1', undefined, { 'NGSILD-Tenant': 'nowhere' }],
  [422, 'OperationNotSupported', 'GET', `/jsonldContexts/${encodeURIComponent('https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld')}`],
  [404, 'ResourceNotFound', 'GET', '/entities/urn:c:none'],
  [403, 'TooComplexQuery', 'GET', `/entities?type=Car&q=${'('.repeat(200)}speed${')'.repeat(200)}`],
]

void test('5.5.2 each fault of a client is an error of its own type', async () => {
  for (const [status, type, ...asked] of cases) {
    const reply = await broker.ask(...asked)
    assert.deepEqual([reply.status, reply.json?.type], [status, `https://uri.etsi.org/ngsi-ld/errors/${type}`], `${asked[0]} ${asked[1]}`)
  }
  const standard = 'AlreadyExists BadRequestData Conflict InternalError InvalidRequest LdContextNotAvailable NoMultiTenantSupport'
  for (const type of `${standard} NonexistentTenant OperationNotSupported ResourceNotFound TooComplexQuery TooManyResults`.split(' '))
    assert.ok(Object.hasOwn(statusOf, type), type)
})

void test('5.5.3 6.3.3 an error is JSON of type, title, status and detail, whatever media type was asked for', async () => {
  for (const [status, type, method, path, body, headers] of cases) {
    const reply = await broker.ask(method, path, body, { ...headers, accept: 'application/ld+json' })
    assert.equal(reply.headers['content-type'], 'application/json')
    const { detail, ...rest } = reply.json
    assert.deepEqual(rest, { type: `https://uri.etsi.org/ngsi-ld/errors/${type}`, title: type, status })
    assert.ok(typeof detail === 'string' && detail.length > 10, detail)
  }
  assert.match((await broker.ask('GET', '/entities/urn:c:none')).json.detail, /urn:c:none/, 'the detail names the thing')
  assert.deepEqual(toProblemDetails(new NgsiLdError('TooManyResults', 'There are more')), {
    type: 'https://uri.etsi.org/ngsi-ld/errors/TooManyResults',
    title: 'TooManyResults',
    status: 403,
    detail: 'There are more',
  })
})
