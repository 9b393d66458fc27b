import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { allOperations, lamp, openBroker, openSource, property, registration } from './brokers.ts'
import type { Broker, Source } from './brokers.ts'

let hub: Broker
let source: Source
before(async () => {
  hub = await openBroker('hub')
  source = await openSource(({ method, url }, response) => {
    const isList = method === 'GET' ? !/\/entities\/urn/.test(url ?? '') : url?.endsWith('/entityOperations/query') === true
    response.statusCode = method === 'GET' || isList ? 200 : 204
    response.end(isList ? '[]' : method === 'GET' ? JSON.stringify(lamp('a', { far: property(1) })) : undefined)
  })
})
after(async () => {
  await hub.close()
  await source.close()
})
beforeEach(() => void source.asked.splice(0))

const base = '/csourceRegistrations'
const id = 'urn:ngsi-ld:ContextSourceRegistration:r'
const a = 'urn:ngsi-ld:Lamp:a'
const instant = { observedAt: '2026-01-01T00:00:00Z' }
let made = 0
const newLamp = (): Record<string, unknown> => lamp(`new-${(made += 1)}`, { power: property(1) })

type Ask = readonly [method: string, path: string, body?: () => unknown]

/** What asks the hub for each operation, on an entity that is there; creations make one of their own. */
const asks: Readonly<Record<string, Ask>> = {
  createEntity: ['POST', '/entities', newLamp],
  updateEntity: ['PATCH', `/entities/${a}/attrs`, () => ({ power: property(2) })],
  appendAttrs: ['POST', `/entities/${a}/attrs`, () => ({ power: property(3) })],
  updateAttrs: ['PATCH', `/entities/${a}/attrs/power`, () => ({ value: 4 })],
  replaceAttrs: ['PUT', `/entities/${a}/attrs/power`, () => property(5)],
  deleteAttrs: ['DELETE', `/entities/${a}/attrs/colour`],
  mergeEntity: ['PATCH', `/entities/${a}`, () => ({ power: property(6) })],
  replaceEntity: ['PUT', `/entities/${a}`, () => lamp('a', { power: property(7), colour: property('red') })],
  retrieveEntity: ['GET', `/entities/${a}`],
  queryEntity: ['GET', '/entities?type=Lamp'],
  purgeEntity: ['DELETE', '/entities?type=Lamp&q=power==1'],
  retrieveEntityTypes: ['GET', '/types'],
  retrieveEntityTypeDetails: ['GET', '/types?details=true'],
  retrieveEntityTypeInfo: ['GET', '/types/Lamp'],
  retrieveAttrTypes: ['GET', '/attributes'],
  retrieveAttrTypeDetails: ['GET', '/attributes?details=true'],
  retrieveAttrTypeInfo: ['GET', '/attributes/power'],
  upsertTemporal: ['POST', '/temporal/entities', () => lamp('a', { power: [property(8, instant)] })],
  retrieveTemporal: ['GET', `/temporal/entities/${a}`],
  queryTemporal: ['GET', '/temporal/entities?type=Lamp&timerel=after&timeAt=2025-01-01T00:00:00Z'],
  deleteEntity: ['DELETE', `/entities/${a}`],
}

/** Those of the operations that came to the source when all were asked for. */
async function forwarded(more = '', look: () => void = () => {}): Promise<readonly string[]> {
  const reached: string[] = []
  for (const [operation, [method, path, body]] of Object.entries(asks)) {
    await hub.ask('POST', '/entities?local=true', lamp('a', { power: property(1), colour: property('red') }))
    source.asked.splice(0)
    await hub.ask(method, path + (more === '' ? '' : `${path.includes('?') ? '&' : '?'}${more}`), body?.())
    look()
    if (source.asked.length > 0) reached.push(operation)
  }
  return reached
}

async function register(members: Record<string, unknown>): Promise<void> {
  await hub.ask('DELETE', `${base}/${id}`)
  const { status, body } = await hub.ask('POST', base, registration('r', source.url, members))
  assert.equal(status, 201, JSON.stringify(body))
}

/** A request without what tells pages and shares apart. */
function shapeOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url.replace('/ngsi-ld/v1', ''), source.url)
  return `${method} ${pathname.replace(/\/$/, '')}${searchParams.has('details') ? ' with details' : ''}`
}

test('4.20 a source is asked by the operation that it offers and by no other, whatever the broker is asked', async () => {
  for (const [operation, [method, path]] of Object.entries(asks)) {
    await register({ operations: [operation] })
    const shapes = new Set<string>()
    const reached = await forwarded('', () => source.asked.forEach((one) => shapes.add(shapeOf(one.method, one.url))))
    assert.deepEqual([...shapes], [shapeOf(method, path)], operation)
    // An entity can be looked for by a query, and an evolution too.
    const alike = operation.replace('query', 'retrieve')
    assert.deepEqual(reached, operation.startsWith('query') ? [alike, operation] : [operation])
  }
})

test('4.20 a group stands for its operations, and without any the source federates', async () => {
  const discovery = Object.keys(asks).filter((operation) => /Types|Info|TypeDetails/.test(operation))
  const reading = ['retrieveEntity', 'queryEntity']
  const updating = ['updateEntity', 'updateAttrs', 'replaceAttrs', 'replaceEntity']
  const groups: Readonly<Record<string, readonly string[]>> = {
    federationOps: [...reading, ...discovery],
    associationOps: [...reading, ...discovery],
    retrieveOps: reading,
    updateOps: updating,
    redirectionOps: [
      'createEntity',
      'appendAttrs',
      'deleteAttrs',
      'mergeEntity',
      'deleteEntity',
      'purgeEntity',
      ...updating,
      ...reading,
      ...discovery,
    ],
  }
  for (const [group, operations] of Object.entries(groups)) {
    await register({ operations: [group] })
    assert.deepEqual((await forwarded()).toSorted(), operations.toSorted(), group)
  }
  await register({})
  assert.deepEqual((await forwarded()).toSorted(), groups['federationOps']?.toSorted())
  assert.equal((await hub.ask('POST', base, registration('none', source.url, { operations: ['readOps'] }))).status, 400)
})

test('5.5.13 what is asked of the local scope comes to no source, nor does what is asked of a snapshot', async () => {
  await register({ operations: allOperations })
  assert.deepEqual(await forwarded('local=true'), [])
  await hub.ask('POST', '/entities?local=true', lamp('a', { power: property(1) }))
  await hub.ask('POST', '/snapshots', { id: 'urn:snap:1', type: 'Snapshot', snapshotQueries: [{ type: 'Query', entities: [{ type: 'Lamp' }] }] })
  while ((await hub.ask('GET', '/snapshots/urn:snap:1')).body.snapshotStatus === 'preparing') await new Promise((resolve) => setTimeout(resolve, 20))
  source.asked.splice(0)
  const inside = { 'NGSILD-Snapshot': 'urn:snap:1' }
  assert.equal((await hub.ask('GET', `/entities/${a}?local=false`, undefined, inside)).status, 200)
  assert.equal((await hub.ask('GET', '/entities?type=Lamp&local=false', undefined, inside)).status, 200)
  assert.equal(source.asked.length, 0)
})

test('5.5.13 5.2.34 with localOnly a source is asked for what it holds itself', async () => {
  await register({ management: { localOnly: true } })
  await hub.ask('GET', `/entities/${a}`)
  assert.equal(new URL(source.asked[0]?.url ?? '', source.url).searchParams.get('local'), 'true')
  await hub.ask('PATCH', `${base}/${id}`, { management: { localOnly: false } })
  source.asked.splice(0)
  await hub.ask('GET', `/entities/${a}`)
  assert.equal(new URL(source.asked[0]?.url ?? '', source.url).searchParams.get('local'), null)
})

test('4.3.6.1 of a wide request a source is asked the part that it registered', async () => {
  const information = [{ entities: [{ type: 'Lamp', id: a }], propertyNames: ['power'] }]
  await register({ information, operations: allOperations })
  await hub.ask('GET', '/entities?type=Lamp,Bin&attrs=power,colour')
  const search = new URL(source.asked[0]?.url ?? '', source.url).searchParams
  assert.deepEqual([search.get('type'), search.get('id'), search.get('attrs')], ['Lamp', a, 'power'])
  source.asked.splice(0)
  await hub.ask('POST', '/entities?local=true', lamp('a', { power: property(1), colour: property('red') }))
  await hub.ask('PATCH', `/entities/${a}/attrs`, { power: property(2), colour: property('blue') })
  assert.deepEqual(JSON.parse(source.asked[0]?.body ?? ''), { power: property(2) })
  source.asked.splice(0)
  await hub.ask('GET', '/entities?type=Bin')
  await hub.ask('GET', '/entities/urn:ngsi-ld:Lamp:b')
  assert.equal(source.asked.length, 0)
})

test('5.9.4 a deleted registration is gone, and its source is asked no more', async () => {
  await register({})
  await hub.ask('GET', '/entities?type=Lamp')
  assert.equal(source.asked.length, 1)
  assert.equal((await hub.ask('DELETE', `${base}/${id}`)).status, 204)
  await hub.ask('GET', '/entities?type=Lamp')
  assert.equal(source.asked.length, 1)
  const again = await hub.ask('DELETE', `${base}/${id}`)
  assert.deepEqual([again.status, again.body.type], [404, 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound'])
  const wrong = await hub.ask('DELETE', `${base}/none`)
  assert.deepEqual([wrong.status, wrong.body.type], [400, 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData'])
})

test('4.20 5.5.13 a subscription goes to a source that offers to create one, unless it is of the local scope', async () => {
  const passedOn = (): number => source.asked.filter(({ method, url }) => method === 'POST' && url.endsWith('/subscriptions')).length
  const subscribe = async (name: string, members: object = {}): Promise<string> => {
    const notification = { endpoint: { uri: 'http://127.0.0.1:9/none' } }
    const given = { id: `urn:sub:${name}`, type: 'Subscription', entities: [{ type: 'Lamp' }], notification, ...members }
    assert.equal((await hub.ask('POST', '/subscriptions', given)).status, 201)
    return `/subscriptions/${given.id}`
  }
  await register({ operations: ['retrieveOps', 'updateSubscription', 'deleteSubscription'] })
  await hub.ask('DELETE', await subscribe('unoffered'))
  await register({ operations: ['createSubscription'] })
  await subscribe('local', { localOnly: true })
  await subscribe('wide')
  for (let tries = 0; passedOn() === 0 && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(passedOn(), 1)
})
