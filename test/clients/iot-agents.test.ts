import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openBroker, openSource, property } from '../federation/brokers.ts'
import type { Answer, Broker, Source } from '../federation/brokers.ts'

/** Requests as FIWARE's IoT Agents send them in NGSI-LD mode, written out, and an agent that is told how to answer. */
const factory = { 'fiware-service': 'factory', 'fiware-servicepath': '/robots' }
const harbour = { 'fiware-service': 'harbour', 'fiware-servicepath': '/robots' }
const r1 = 'urn:ngsi-ld:Robot:r1'
const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld'

let broker: Broker
let agent: Source
let answer: (response: ServerResponse) => void
/** The @context of the agents: their terms, then the core. */
let context: readonly string[]

before(async () => {
  broker = await openBroker('agents')
  agent = await openSource((_, response) => answer(response))
  const terms = { '@context': { Robot: 'https://example.org/Robot', position: 'https://example.org/position', speed: 'https://example.org/speed' } }
  const made = await fetch(`${broker.url}/ngsi-ld/v1/jsonldContexts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(terms),
  })
  context = [new URL(made.headers.get('location') ?? '', broker.url).href, core]
})
after(async () => {
  await broker.close()
  await agent.close()
})
beforeEach(async () => {
  answer = (response) => response.writeHead(204).end()
  agent.asked.length = 0
  for (const headers of [factory, harbour]) {
    await broker.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:r1', undefined, headers)
    await broker.ask('DELETE', '/entities?type=https://example.org/Robot&local=true', undefined, headers)
  }
})

test('5.6.8 6.15.3.1 measures make entities, then update them, and say which they made; other attributes and other services stay', async () => {
  const first = await measured([robot(r1, { speed: property(1), maker: property('ACME') })])
  assert.deepEqual([first.status, first.body], [201, [r1]])
  const mixed = await measured([robot(r1, { speed: property(2) }), robot('urn:ngsi-ld:Robot:r2', { speed: property(5) })])
  assert.deepEqual([mixed.status, mixed.body], [201, ['urn:ngsi-ld:Robot:r2']])
  const again = await measured([robot(r1, { speed: property(3) }), robot('urn:ngsi-ld:Robot:r2', { speed: property(6) })])
  assert.deepEqual([again.status, again.body], [204, undefined])
  assert.deepEqual(await stored(r1), { id: r1, type: 'Robot', speed: property(3), maker: property('ACME') })
  assert.equal((await asked('GET', `/entities/${r1}`, undefined, harbour)).status, 404)
  assert.equal((await broker.ask('GET', `/entities/${r1}`)).status, 404)
  assert.equal((await measured([robot(r1, { speed: property(9) })], harbour)).status, 201)
  assert.deepEqual((await stored(r1))?.['speed'], property(3))
})

test('5.6.8 5.2.16 of measures sent together the ill-formed fail alone, and what they would have changed stays', async () => {
  await measured([robot(r1, { speed: property(1) })])
  const { body, status } = await measured([
    robot(r1, { speed: property(2), 'bad name': property(1) }),
    robot('urn:ngsi-ld:Robot:r2', { speed: property(5) }),
    { id: 'r3', type: 'Robot', speed: property(7) },
  ])
  assert.equal(status, 207)
  assert.deepEqual(body.success, ['urn:ngsi-ld:Robot:r2'])
  assert.deepEqual(
    body.errors.map(({ entityId, error }: any) => [entityId, error.title]),
    [
      [r1, 'BadRequestData'],
      ['r3', 'BadRequestData'],
    ],
  )
  assert.deepEqual((await stored(r1))?.['speed'], property(1))
  assert.deepEqual((await stored('urn:ngsi-ld:Robot:r2'))?.['speed'], property(5))
})

test('5.6.8 forty measures of one entity at once make it once, and none of them is lost', async () => {
  const busy = 'urn:ngsi-ld:Robot:busy'
  const numbers = Array.from({ length: 40 }, (_, n) => n)
  const observedAt = (n: number): string => `2026-01-01T00:00:${String(n).padStart(2, '0')}Z`
  const replies = await Promise.all(
    numbers.map((n) => measured([robot(busy, { speed: property(n, { observedAt: observedAt(n) }), [`sensor${n}`]: property(n) })])),
  )
  assert.deepEqual(replies.map(({ status }) => status).toSorted(), [201, ...Array.from({ length: 39 }, () => 204)])
  const entity = await stored(busy)
  assert.deepEqual(
    numbers.map((n) => entity?.[`sensor${n}`]),
    numbers.map((n) => property(n)),
  )
  const evolution = await asked('GET', `/temporal/entities/${busy}?attrs=speed&format=temporalValues`)
  assert.deepEqual(
    evolution.body.speed.values.map(([value]: [number]) => value).toSorted((one: number, other: number) => one - other),
    numbers,
  )
})

test('5.6.4 5.6.2 6.3.19 a command goes to the agent of its service alone, in its words and with what it registered; the rest is written here', async () => {
  await measured([robot(r1, { speed: property(1) })])
  await measured([robot(r1, { speed: property(1), position: property('unset') })], harbour)
  await register()
  assert.equal((await asked('PATCH', `/entities/${r1}/attrs/position`, property([3, 4]))).status, 204)
  assert.equal((await asked('PATCH', `/entities/${r1}/attrs`, { position: property([5, 6]), speed: property(2) })).status, 204)
  assert.equal((await asked('PATCH', `/entities/${r1}/attrs/position`, property([7, 8]), harbour)).status, 204)
  assert.deepEqual(
    agent.asked.map(({ method, url, body }) => [method, url, bodyOf(body)]),
    [
      ['PATCH', `/ngsi-ld/v1/entities/${r1}/attrs/position`, property([3, 4])],
      ['PATCH', `/ngsi-ld/v1/entities/${r1}/attrs/`, { position: property([5, 6]) }],
    ],
  )
  for (const { headers } of agent.asked) {
    assert.deepEqual([headers['ngsild-tenant'], headers['fiware-servicepath'], headers.via], ['robots-of-factory', '/robots', '1.1 agents~factory'])
    assert.equal(String(headers.link).split(';')[0], `<${context[0]}>`)
  }
  assert.deepEqual(await stored(r1), { id: r1, type: 'Robot', speed: property(2) })
  assert.deepEqual((await stored(r1, harbour))?.['position'], property([7, 8]))
})

test('6.3.17 a command that its agent refuses, does not know or never hears fails so, and changes nothing here', async () => {
  await measured([robot(r1, { speed: property(1) })])
  await register()
  const before = await stored(r1)
  const command = (): Promise<Answer> => asked('PATCH', `/entities/${r1}/attrs/position`, property([3, 4]))
  for (const [code, status] of [
    [500, 502],
    [403, 502],
    [404, 404],
  ] as const) {
    answer = (response) => response.writeHead(code, { 'content-type': 'application/json' }).end('{}')
    assert.equal((await command()).status, status, `for ${code}`)
  }
  assert.equal(agent.asked.length, 3)
  const gone = await openSource(() => undefined)
  await gone.close()
  await asked('PATCH', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:r1', { endpoint: gone.url })
  assert.equal((await command()).status, 504)
  assert.deepEqual(await stored(r1), before)
  const partly = await asked('PATCH', `/entities/${r1}/attrs`, { position: property([3, 4]), speed: property(2) })
  assert.equal(partly.status, 207)
  assert.deepEqual(
    [partly.body.updated, partly.body.notUpdated.map(({ attributeName }: any) => attributeName)],
    [['https://example.org/speed'], ['https://example.org/position']],
    'in full names, as no @context goes with an UpdateResult',
  )
  assert.deepEqual(await stored(r1), { id: r1, type: 'Robot', speed: property(2) })
})

test('5.8.6 a client that gives a command is notified of its status and its result, which the agent upserts', async () => {
  await measured([robot(r1, { speed: property(1) })])
  await register()
  const client = await openSource((_, response) => response.end())
  const subscription = {
    id: 'urn:ngsi-ld:Subscription:status',
    type: 'Subscription',
    entities: [{ id: r1, type: 'Robot' }],
    watchedAttributes: ['position_status'],
    notification: {
      attributes: ['position_status', 'position_info'],
      format: 'simplified',
      endpoint: { uri: client.url, accept: 'application/json' },
    },
  }
  try {
    assert.equal((await asked('POST', '/subscriptions', subscription)).status, 201)
    await asked('PATCH', `/entities/${r1}/attrs/position`, property([3, 4]))
    assert.equal((await measured([robot(r1, { position_status: property('PENDING') })])).status, 204)
    await notifications(client, 1)
    const result = { position_status: property('OK'), position_info: property('[3,4]') }
    assert.equal((await measured([robot(r1, { speed: property(2) })])).status, 204)
    assert.equal((await measured([robot(r1, result)])).status, 204)
    await notifications(client, 2)
    assert.deepEqual(
      client.asked.map(({ headers, body }) => [headers['ngsild-tenant'], bodyOf(body).data]),
      [
        ['factory', [{ id: r1, type: 'Robot', position_status: 'PENDING' }]],
        ['factory', [{ id: r1, type: 'Robot', position_status: 'OK', position_info: '[3,4]' }]],
      ],
    )
  } finally {
    await asked('DELETE', '/subscriptions/urn:ngsi-ld:Subscription:status')
    await client.close()
  }
})

test('5.7.1 6.3.17 a lazy attribute is asked of the agent; without it the rest is told, with a warning', async () => {
  await measured([robot(r1, { speed: property(1) })])
  await register()
  const told = { id: r1, type: 'Robot', position: property([3, 4]) }
  answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  const whole = await asked('GET', `/entities/${r1}`)
  assert.deepEqual([whole.body, whole.warning], [{ id: r1, type: 'Robot', speed: property(1), position: property([3, 4]) }, null])
  const [request] = agent.asked
  const { pathname, searchParams } = new URL(request?.url ?? '', agent.url)
  assert.deepEqual([request?.method, pathname, request?.headers['ngsild-tenant']], ['GET', `/ngsi-ld/v1/entities/${r1}`, 'robots-of-factory'])
  assert.equal(searchParams.get('attrs') ?? searchParams.get('pick'), 'position')
  answer = (response) => response.writeHead(500).end()
  const rest = await asked('GET', `/entities/${r1}`)
  assert.deepEqual([rest.status, rest.body], [200, { id: r1, type: 'Robot', speed: property(1) }])
  assert.match(rest.warning ?? '', /^299 /)
})

function robot(id: string, attributes: Record<string, unknown>): Record<string, unknown> {
  return { '@context': context, id, type: 'Robot', ...attributes }
}

/** The agent's own request for measures: every entity brings its @context. */
function measured(entities: readonly unknown[], service: Record<string, string> = factory): Promise<Answer> {
  const headers = { ...service, 'ngsild-tenant': service['fiware-service'] ?? '', 'content-type': 'application/ld+json' }
  return broker.ask('POST', '/entityOperations/upsert/?options=update', entities, headers)
}

/** A client's request, in the agents' words. */
function asked(method: string, path: string, body?: unknown, service: Record<string, string> = factory): Promise<Answer> {
  const link = `<${context[0]}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`
  return broker.ask(method, path, body, { ...service, link })
}

async function stored(id: string, service?: Record<string, string>): Promise<Record<string, unknown> | undefined> {
  return (await asked('GET', `/entities/${id}?local=true`, undefined, service)).body
}

async function register(): Promise<void> {
  const registration = {
    id: 'urn:ngsi-ld:ContextSourceRegistration:r1',
    type: 'ContextSourceRegistration',
    information: [{ entities: [{ id: r1, type: 'Robot' }], propertyNames: ['position'] }],
    mode: 'exclusive',
    operations: ['retrieveOps', 'updateOps'],
    endpoint: agent.url,
    tenant: 'robots-of-factory',
    contextSourceInfo: [
      { key: 'jsonldContext', value: context[0] },
      { key: 'Fiware-ServicePath', value: '/robots' },
    ],
    '@context': context,
  }
  const { body, status } = await broker.ask('POST', '/csourceRegistrations/', registration, { ...factory, 'content-type': 'application/ld+json' })
  assert.equal(status, 201, JSON.stringify(body))
}

function bodyOf(text: string): any {
  const { '@context': _, ...members } = JSON.parse(text) as Record<string, unknown>
  return members
}

async function notifications(client: Source, count: number): Promise<void> {
  for (const until = Date.now() + 5000; client.asked.length < count && Date.now() < until;) await pause(20)
  assert.equal(client.asked.length, count)
}
