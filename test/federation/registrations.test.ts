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
  for (const members of bad) {
    const { status, body } = await broker.ask('POST', base, registration('bad', 'http://peer.example', members))
    assert.equal(status, 400, JSON.stringify(members))
    assert.match(body.type, /BadRequestData$/)
  }
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

test('5.11.7 5.3.2 5.3.3 a subscriber is told what newly matches, is updated and no longer matches', async () => {
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

test('5.9.4 5.10.1 a registration is retrieved in the reader’s words and deleted; an id that is no URI or that nobody has is refused', async () => {
  const given = registration('gone', 'http://peer.example', { information: [{ entities: [{ type: 'https://example.org/Lamp' }] }] })
  await broker.ask('POST', base, given)
  const path = `${base}/${String(given['id'])}`
  const { body, status } = await broker.ask('GET', path)
  assert.equal(status, 200)
  assert.deepEqual([body.type, body.endpoint, body.information], ['ContextSourceRegistration', 'http://peer.example', given['information']])
  assert.deepEqual([body.createdAt, body.modifiedAt], [undefined, undefined])
  assert.equal(typeof (await broker.ask('GET', `${path}?options=sysAttrs`)).body.createdAt, 'string')
  assert.equal((await broker.ask('DELETE', path)).status, 204)
  for (const method of ['GET', 'DELETE'])
    for (const [id, wanted, title] of [
      [String(given['id']), 404, 'ResourceNotFound'],
      ['no-uri', 400, 'BadRequestData'],
    ] as const) {
      const refusal = await broker.ask(method, `${base}/${id}`)
      assert.deepEqual([refusal.status, refusal.body.title], [wanted, title], `${method} ${id}`)
    }
})

const subscriptions = '/csourceSubscriptions'
const toRegistry = (id: string, members: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: `urn:ngsi-ld:Subscription:${id}`,
  type: 'Subscription',
  entities: [{ type: 'Tram' }],
  notification: { endpoint: { uri: `${receiver.url}/registry`, accept: 'application/json' } },
  ...members,
})
/** What subscriptions to registrations were told since, once that many notifications are there. */
async function toldSince(
  start: number,
  count: number,
): Promise<readonly { subscriptionId: string; triggerReason: string; data: { id: string }[] }[]> {
  for (let tries = 0; receiver.asked.length < start + count && tries < 300; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  return receiver.asked.slice(start).map(({ body }) => JSON.parse(body))
}

test('5.11.2 a subscription to registrations is told at once of those that match by entity, attribute and area, and what is none is refused', async () => {
  const tram = (id: string, information: object, members: object = {}): Promise<unknown> =>
    broker.ask('POST', base, registration(id, 'http://tram.example', { information: [information], ...members }))
  await tram('speeds', { entities: [{ type: 'Tram' }], propertyNames: ['speed'] })
  await tram('doors', { entities: [{ type: 'Tram' }], propertyNames: ['doors'] }, { location: { type: 'Point', coordinates: [50, 50] } })
  await tram('boats', { entities: [{ type: 'Boat' }] })
  const near = { geometry: 'Point', coordinates: [50, 50], georel: 'near;maxDistance==10' }
  const shown = { watchedAttributes: ['speed'], notification: { attributes: ['speed'], endpoint: { uri: `${receiver.url}/registry` } } }
  for (const [id, members, expected] of [
    ['shown', shown, ['speeds']],
    // Without attributes in the notification, any attribute will do.
    ['watched', { watchedAttributes: ['speed'] }, ['doors', 'speeds']],
    ['all', {}, ['doors', 'speeds']],
    ['near', { geoQ: near }, ['doors']],
  ] as const) {
    const start = receiver.asked.length
    assert.equal((await broker.ask('POST', subscriptions, toRegistry(id, members))).status, 201)
    const [told] = await toldSince(start, 1)
    const ids = told?.data.map((one) => one.id.split(':').at(-1)).toSorted()
    assert.deepEqual([told?.triggerReason, ids], ['newlyMatching', expected], id)
  }
  for (const wrong of [{ entities: [] }, { notification: {} }, { geoQ: { ...near, georel: 'beside' } }, { type: 'Wish' }])
    assert.equal((await broker.ask('POST', subscriptions, toRegistry('wrong', wrong))).status, 400, JSON.stringify(wrong))
  assert.equal((await broker.ask('POST', subscriptions, toRegistry('all'))).status, 409)
})

test('5.11.3 5.11.4 5.11.5 5.11.6 a subscription to registrations is changed and told anew, retrieved, listed by pages, and deleted', async () => {
  const path = `${subscriptions}/urn:ngsi-ld:Subscription:all`
  const start = receiver.asked.length
  assert.equal(
    (await broker.ask('PATCH', path, { watchedAttributes: ['doors'], notification: { attributes: ['doors'], endpoint: { uri: receiver.url } } }))
      .status,
    204,
  )
  assert.deepEqual(
    (await toldSince(start, 2)).map(({ data, triggerReason }) => [triggerReason, data.map(({ id }) => id.split(':').at(-1))]),
    [
      ['updated', ['doors']],
      ['noLongerMatching', ['speeds']],
    ],
  )
  const { body } = await broker.ask('GET', path)
  assert.deepEqual([body.type, body.entities, body.watchedAttributes], ['Subscription', [{ type: 'Tram' }], ['doors']])
  assert.equal((await broker.ask('PATCH', path, { notification: { endpoint: { uri: 'no url' } } })).status, 400)
  const listed = await broker.ask('GET', `${subscriptions}?count=true&limit=2`)
  assert.deepEqual([listed.count, listed.body.length], ['4', 2])
  assert.equal((await broker.ask('GET', `${subscriptions}?limit=3&offset=3`)).body.length, 1)
  assert.equal((await broker.ask('DELETE', path)).status, 204)
  for (const method of ['GET', 'DELETE', 'PATCH'])
    for (const [id, wanted] of [
      ['urn:ngsi-ld:Subscription:all', 404],
      ['no-uri', 400],
    ] as const)
      assert.equal(
        (await broker.ask(method, `${subscriptions}/${id}`, method === 'PATCH' ? { watchedAttributes: ['a'] } : undefined)).status,
        wanted,
        `${method} ${id}`,
      )
  const before = receiver.asked.length
  await broker.ask('PATCH', `${base}/urn:ngsi-ld:ContextSourceRegistration:doors`, { endpoint: 'http://moved.example' })
  assert.ok((await toldSince(before, 1)).every(({ subscriptionId }) => subscriptionId !== 'urn:ngsi-ld:Subscription:all'))
})
