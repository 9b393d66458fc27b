import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { lamp, openBroker, openSource, property, registration } from './brokers.ts'
import type { Broker, Source } from './brokers.ts'

let broker: Broker
let receiver: Source
before(async () => {
  broker = await openBroker('registry')
  receiver = await openSource((_request, response) => response.end())
})
after(async () => {
  await broker.close()
  await receiver.close()
})

const base = '/csourceRegistrations'

async function refuses(members: Record<string, unknown>): Promise<void> {
  const { status, body } = await broker.ask('POST', base, registration('bad', 'http://peer.example', members))
  assert.equal(status, 400, JSON.stringify(members))
  assert.match(body.type, /BadRequestData$/)
}

test('5.9.2 a registration is kept, read back in the reader’s words, and not twice', async () => {
  const given = registration('one', 'http://peer.example', { information: [{ entities: [{ type: 'Lamp' }], propertyNames: ['power'] }] })
  assert.equal((await broker.ask('POST', base, given)).status, 201)
  assert.equal((await broker.ask('POST', base, given)).status, 409)
  const { body } = await broker.ask('GET', `${base}/${String(given['id'])}`)
  assert.deepEqual(body.information, [{ entities: [{ type: 'Lamp' }], propertyNames: ['power'] }])
  assert.equal(body.mode, 'inclusive')
  assert.equal((await broker.ask('DELETE', `${base}/${String(given['id'])}`)).status, 204)
  assert.equal((await broker.ask('GET', `${base}/${String(given['id'])}`)).status, 404)
})

test('5.2.9 what is no registration is refused', async () => {
  const bad: Record<string, unknown>[] = [
    { information: [] },
    { endpoint: 'no url' },
    { mode: 'sideways' },
    { operations: ['dance'] },
    { management: { timeout: 0 } },
    { contextSourceInfo: [{ key: 'a', value: 5 }] },
    { expiresAt: '2001-01-01T00:00:00Z' },
    { information: [{ entities: [{ idPattern: 'urn:x:.*' }] }] },
  ]
  for (const members of bad) await refuses(members)
})

test('5.2.10 5.2.8 information names entities, properties or relationships, and none of its lists is empty', async () => {
  const good: object[] = [
    { propertyNames: ['power'] },
    { relationshipNames: ['owner'] },
    { entities: [{ type: ['Lamp', 'Light'], idPattern: 'urn:.*' }], propertyNames: ['power'], relationshipNames: ['owner'] },
  ]
  for (const info of good) {
    assert.equal((await broker.ask('POST', base, registration('info', 'http://peer.example', { information: [info] }))).status, 201)
    const { body } = await broker.ask('GET', `${base}/urn:ngsi-ld:ContextSourceRegistration:info`)
    assert.deepEqual(body.information, [info])
    await broker.ask('DELETE', `${base}/urn:ngsi-ld:ContextSourceRegistration:info`)
  }
  const bad: object[] = [
    {},
    { entities: [] },
    { propertyNames: [] },
    { relationshipNames: [] },
    { propertyNames: [7] },
    { propertyNames: ['a b'] },
    { entities: ['Lamp'] },
    { entities: [{}] },
    { entities: [{ type: 'Lamp', id: 'no uri' }] },
    { entities: [{ type: 'Lamp', idPattern: '[' }] },
  ]
  for (const info of bad) await refuses({ information: [info] })
})

test('5.2.11 an interval has a start and may be open; 5.2.34 times of management are above nought; 5.2.22 a pair has a key and a value', async () => {
  const good = {
    observationInterval: { startAt: '2020-01-01T00:00:00Z' },
    managementInterval: { startAt: '2020-01-01T00:00:00Z', endAt: '2021-01-01T00:00:00Z' },
    management: { cacheDuration: 'PT1M', cooldown: 0.5, localOnly: false, timeout: 100 },
    contextSourceInfo: [{ key: 'X-Key', value: 'k' }],
  }
  assert.equal((await broker.ask('POST', base, registration('timed', 'http://peer.example', good))).status, 201)
  const { body } = await broker.ask('GET', `${base}/urn:ngsi-ld:ContextSourceRegistration:timed`)
  for (const [member, value] of Object.entries(good)) assert.deepEqual(body[member], value)
  await broker.ask('DELETE', `${base}/urn:ngsi-ld:ContextSourceRegistration:timed`)
  const wrongIntervals: unknown[] = [
    {},
    'P1D',
    { endAt: '2021-01-01T00:00:00Z' },
    { startAt: 'soon' },
    { ...good.managementInterval, endAt: '2019-01-01T00:00:00Z' },
  ]
  for (const interval of wrongIntervals) {
    await refuses({ observationInterval: interval })
    await refuses({ managementInterval: interval })
  }
  for (const management of [{ timeout: -1 }, { cooldown: 0 }, { cooldown: '5' }, { localOnly: 'yes' }, { cacheDuration: '1 minute' }, 7])
    await refuses({ management })
  for (const pair of [{ key: 'X-Key' }, { value: 'k' }, { key: 'X Key', value: 'k' }, { key: 'X-Key', value: 'a\nb' }, 'X-Key: k'])
    await refuses({ contextSourceInfo: [pair] })
})

test('5.10.1 a registration is retrieved by its id, in the reader’s words and with system attributes where asked for', async () => {
  const given = registration('read', 'http://peer.example', {
    information: [{ entities: [{ type: 'Lamp' }], propertyNames: ['power'] }],
    scope: '/North',
  })
  await broker.ask('POST', base, given)
  const path = `${base}/${String(given['id'])}`
  const { body } = await broker.ask('GET', path)
  assert.deepEqual(body, { ...given, mode: 'inclusive' })
  const dated = (await broker.ask('GET', `${path}?options=sysAttrs`)).body
  assert.match(dated.createdAt, /^20\d\d-.*Z$/)
  assert.equal(dated.modifiedAt, dated.createdAt)
  const none = await broker.ask('GET', `${base}/urn:ngsi-ld:ContextSourceRegistration:none`)
  assert.deepEqual([none.status, none.body.type], [404, 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound'])
  const wrong = await broker.ask('GET', `${base}/none`)
  assert.deepEqual([wrong.status, wrong.body.type], [400, 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData'])
  await broker.ask('DELETE', path)
})

test('4.3.6.3 5.9.2.4 an exclusive registration names one entity and attributes, and nobody else may hold them', async () => {
  const information = [{ entities: [{ type: 'Lamp', id: 'urn:ngsi-ld:Lamp:x' }], propertyNames: ['power'] }]
  const exclusive = registration('x1', 'http://peer.example', { mode: 'exclusive', information })
  assert.equal((await broker.ask('POST', base, registration('x0', 'http://peer.example', { mode: 'exclusive' }))).status, 400)
  assert.equal((await broker.ask('POST', '/entities', lamp('x', { power: property(1) }))).status, 201)
  assert.equal((await broker.ask('POST', base, exclusive)).status, 409, 'the attribute is held here')
  assert.equal((await broker.ask('DELETE', '/entities/urn:ngsi-ld:Lamp:x')).status, 204)
  assert.equal((await broker.ask('POST', base, exclusive)).status, 201)
  const rival = registration('x2', 'http://other.example', { mode: 'redirect', information: [{ entities: [{ type: 'Lamp' }] }] })
  assert.equal((await broker.ask('POST', base, rival)).status, 409, 'a redirect over an exclusive one')
  const beside = { ...information[0], propertyNames: ['colour'] }
  assert.equal((await broker.ask('POST', base, { ...rival, information: [beside] })).status, 201, 'another attribute is free')
  for (const id of ['x1', 'x2']) await broker.ask('DELETE', `${base}/urn:ngsi-ld:ContextSourceRegistration:${id}`)
})

test('5.9.3 a member is replaced, or removed by NGSI-LD null', async () => {
  await broker.ask('POST', base, registration('patched', 'http://peer.example', { description: 'old' }))
  const id = 'urn:ngsi-ld:ContextSourceRegistration:patched'
  assert.equal((await broker.ask('PATCH', `${base}/${id}`, { endpoint: 'http://new.example', description: 'urn:ngsi-ld:null' })).status, 204)
  const { body } = await broker.ask('GET', `${base}/${id}`)
  assert.equal(body.endpoint, 'http://new.example')
  assert.equal(body.description, undefined)
  await broker.ask('DELETE', `${base}/${id}`)
})

test('5.10.2 5.12 registrations are found by type, attribute, id, time and filter', async () => {
  const place = { type: 'Point', coordinates: [8, 49] }
  const past = { startAt: '2020-01-01T00:00:00Z', endAt: '2021-01-01T00:00:00Z' }
  await broker.ask('POST', base, registration('now', 'http://now.example', { location: place, scope: '/North' }))
  await broker.ask('POST', base, registration('past', 'http://past.example', { observationInterval: past }))
  await broker.ask('POST', base, registration('bin', 'http://bin.example', { information: [{ entities: [{ type: 'Bin', idPattern: '^urn:b:' }] }] }))
  const found = async (query: string): Promise<string[]> =>
    (await broker.ask('GET', `${base}?${query}`)).body.map(({ id }: { id: string }) => id.slice(id.lastIndexOf(':') + 1))
  assert.deepEqual(await found('type=Lamp'), ['now'])
  assert.deepEqual(
    await found('type=Lamp,Bin'),
    ['bin', 'now'].toSorted((a, b) => (a === 'now' ? -1 : b === 'now' ? 1 : 0)),
  )
  assert.deepEqual(await found('type=Bin&id=urn:b:1'), ['bin'])
  assert.deepEqual(await found('type=Bin&id=urn:c:1'), [])
  assert.deepEqual(await found('type=Lamp&timerel=between&timeAt=2020-06-01T00:00:00Z&endTimeAt=2022-01-01T00:00:00Z'), ['past'])
  assert.deepEqual(await found('type=Lamp&timerel=after&timeAt=2022-01-01T00:00:00Z'), [])
  assert.deepEqual(await found('type=Lamp&scopeQ=/North'), ['now'])
  assert.deepEqual(await found('type=Lamp&csf=endpoint=="http://other.example"'), [])
  assert.deepEqual(await found('type=Lamp&georel=near;maxDistance==1000&geometry=Point&coordinates=[8,49]'), ['now'])
  assert.equal((await broker.ask('GET', base)).status, 400, 'too wide')
  for (const id of ['now', 'past', 'bin']) await broker.ask('DELETE', `${base}/urn:ngsi-ld:ContextSourceRegistration:${id}`)
})

test('5.11.7 a subscriber is told what newly matches, is updated and no longer matches', async () => {
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; receiver.asked.length < count && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const notification = { endpoint: { uri: `${receiver.url}/notify`, accept: 'application/json' } }
  const subscription = { id: 'urn:ngsi-ld:Subscription:s', type: 'Subscription', entities: [{ type: 'Lamp' }], notification }
  assert.equal((await broker.ask('POST', '/csourceSubscriptions', subscription)).status, 201)
  const id = 'urn:ngsi-ld:ContextSourceRegistration:told'
  await broker.ask('POST', base, registration('told', 'http://told.example'))
  await until(1)
  await broker.ask('PATCH', `${base}/${id}`, { endpoint: 'http://moved.example' })
  await until(2)
  await broker.ask('DELETE', `${base}/${id}`)
  await until(3)
  const told = receiver.asked.map(({ body }) => JSON.parse(body) as { triggerReason: string; data: { id: string }[]; subscriptionId: string })
  assert.deepEqual(
    told.map(({ triggerReason }) => triggerReason),
    ['newlyMatching', 'updated', 'noLongerMatching'],
  )
  assert.ok(told.every(({ data, subscriptionId }) => data[0]?.id === id && subscriptionId === subscription.id))
  assert.equal((await broker.ask('GET', `/csourceSubscriptions/${subscription.id}`)).body.notification.timesSent, 3)
  assert.equal((await broker.ask('DELETE', `/csourceSubscriptions/${subscription.id}`)).status, 204)
})

test('5.11.2 5.2.12 the path of a hosted @context names it for those that are notified of sources', async () => {
  const made = await fetch(`${broker.url}/ngsi-ld/v1/jsonldContexts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ '@context': { Lamp: 'https://example.org/Lamp' } }),
  })
  const jsonldContext = made.headers.get('location')
  const notification = { endpoint: { uri: `${receiver.url}/notify`, accept: 'application/json' } }
  const subscription = { id: 'urn:ngsi-ld:Subscription:located', type: 'Subscription', entities: [{ type: 'Lamp' }], jsonldContext, notification }
  assert.equal((await broker.ask('POST', '/csourceSubscriptions', subscription)).status, 201)
  const route = `/csourceSubscriptions/${subscription.id}`
  assert.equal((await broker.ask('GET', route)).body.jsonldContext, `${broker.url}${jsonldContext}`)
  assert.equal((await broker.ask('PATCH', route, { jsonldContext: 'lamp.jsonld' })).status, 400)
  assert.equal((await broker.ask('DELETE', route)).status, 204)
})
