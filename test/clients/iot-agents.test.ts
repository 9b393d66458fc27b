import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBroker, openSource } from '../federation/brokers.ts'
import type { Answer, Broker, Source } from '../federation/brokers.ts'

// The requests of FIWARE's IoT Agents, beside what iotagent-node-lib.test.ts shows with their library: headers of the service, batches, exclusive registrations, an agent that is down.
let broker: Broker
let agent: Source
let isDown = false
before(async () => {
  broker = await openBroker('broker')
  agent = await openSource((request, response) => {
    if (isDown) response.destroy()
    else response.writeHead(request.method === 'GET' ? 200 : 204, { 'content-type': 'application/json' }).end()
  })
})
after(() => Promise.all([broker.close(), agent.close()]))

const as = (service: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  broker.ask(method, path, body, { 'fiware-service': service, 'fiware-servicepath': '/robots' })
const robot = (id: number, attributes: Record<string, unknown>): Record<string, unknown> => ({
  id: `urn:ngsi-ld:Robot:${id}`,
  type: 'Robot',
  ...attributes,
})
const measure = (value: unknown): Record<string, unknown> => ({ type: 'Property', value, observedAt: '2026-12-01T10:00:00.000Z' })
const upsert = '/entityOperations/upsert/?options=update'

test('5.6.8 4.14 measures of several devices are upserted in the tenant of Fiware-Service, and leave other attributes and tenants alone', async () => {
  assert.equal((await as('factory', 'POST', upsert, [robot(1, { battery: measure(70) }), robot(2, { battery: measure(60) })])).status, 201)
  assert.equal((await as('factory', 'POST', upsert, [robot(1, { speed: measure(3) }), robot(2, { battery: measure(59) })])).status, 204)
  assert.deepEqual((await as('factory', 'GET', '/entities/urn:ngsi-ld:Robot:1?options=keyValues')).body, robot(1, { battery: 70, speed: 3 }))
  assert.equal((await as('factory', 'GET', '/entities/urn:ngsi-ld:Robot:2?options=keyValues')).body.battery, 59)
  assert.equal((await as('harbour', 'GET', '/entities/urn:ngsi-ld:Robot:1')).status, 404)
  assert.equal((await broker.ask('GET', '/entities/urn:ngsi-ld:Robot:1')).status, 404)
})

test('5.6.8 of a batch with one entity that is none the others are kept, and it is named', async () => {
  const { body, status } = await as('factory', 'POST', upsert, [
    robot(3, { battery: measure(1) }),
    { id: 'no uri', type: 'Robot' },
    robot(1, { battery: measure(2) }),
  ])
  assert.deepEqual(
    [status, body.success, body.errors.map(({ entityId }: { entityId: string }) => entityId)],
    [207, ['urn:ngsi-ld:Robot:3', 'urn:ngsi-ld:Robot:1'], ['no uri']],
  )
  assert.equal((await as('factory', 'GET', '/entities/urn:ngsi-ld:Robot:1?options=keyValues')).body.battery, 2)
})

test('5.6.8 two hundred upserts of one entity at once lose nothing', async () => {
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, index) => as('factory', 'POST', upsert, [robot(4, { [`m${index}`]: measure(index) })])),
  )
  assert.deepEqual(replies.map(({ status }) => status).toSorted(), [201, ...Array.from({ length: 199 }, () => 204)].toSorted())
  const { body } = await as('factory', 'GET', '/entities/urn:ngsi-ld:Robot:4?options=keyValues')
  assert.equal(Object.keys(body).length, 202)
})

test('5.9.2 5.6.4 5.6.2 4.3.6.3 a command goes to the agent that registered it and nowhere else; while the agent is down it fails, and nothing is stored', async () => {
  const information = [{ entities: [{ type: 'Robot', id: 'urn:ngsi-ld:Robot:1' }], propertyNames: ['lift'] }]
  const registration = {
    type: 'ContextSourceRegistration',
    mode: 'exclusive',
    operations: ['updateOps', 'retrieveOps'],
    endpoint: agent.url,
    information,
  }
  assert.equal((await as('factory', 'POST', '/csourceRegistrations', registration)).status, 201)
  const path = '/entities/urn:ngsi-ld:Robot:1/attrs'
  assert.equal((await as('factory', 'PATCH', `${path}/lift`, { type: 'Property', value: 'up' })).status, 204)
  assert.equal((await as('factory', 'PATCH', path, { lift: { type: 'Property', value: 'down' }, battery: measure(50) })).status, 204)
  assert.deepEqual(
    agent.asked.map(({ body, method, url }) => [method, url, JSON.parse(body)]),
    [
      ['PATCH', `/ngsi-ld/v1${path}/lift`, { type: 'Property', value: 'up' }],
      ['PATCH', `/ngsi-ld/v1${path}/`, { lift: { type: 'Property', value: 'down' } }],
    ],
  )
  assert.deepEqual(
    (await as('factory', 'GET', '/entities/urn:ngsi-ld:Robot:1?options=keyValues&local=true')).body,
    robot(1, { battery: 50, speed: 3 }),
  )
  isDown = true
  const failed = await as('factory', 'PATCH', `${path}/lift`, { type: 'Property', value: 'up' })
  assert.deepEqual([failed.status, failed.body.title], [504, 'GatewayTimeout'])
  assert.equal((await as('factory', 'GET', '/entities/urn:ngsi-ld:Robot:1?options=keyValues')).body.lift, undefined)
  isDown = false
  assert.equal((await as('factory', 'PATCH', `${path}/lift`, { type: 'Property', value: 'up' })).status, 204)
})
