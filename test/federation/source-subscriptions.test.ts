import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBroker, openSource, registration } from './brokers.ts'
import type { Answer, Broker, Source } from './brokers.ts'

type Told = {
  readonly id: string
  readonly triggerReason: string
  readonly subscriptionId: string
  readonly data: readonly { readonly id: string }[]
}

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

const base = '/csourceSubscriptions'
const sourceId = (name: string): string => `urn:ngsi-ld:ContextSourceRegistration:${name}`

/** A subscription to the registrations of one type, told at a path of its own. */
function subscription(type: string, members: object = {}, endpoint: object = {}): { readonly id: string } & Record<string, unknown> {
  const notification = { endpoint: { uri: `${receiver.url}/${type}`, ...endpoint } }
  return { id: `urn:ngsi-ld:Subscription:${type}`, type: 'Subscription', entities: [{ type }], notification, ...members }
}

function register(name: string, type: string, members: Record<string, unknown> = {}): Promise<Answer> {
  return broker.ask(
    'POST',
    '/csourceRegistrations',
    registration(name, 'http://peer.example', { information: [{ entities: [{ type }] }], ...members }),
  )
}

/** What the subscriber of a type was told, once there are so many; more than that at that time fail the test. */
async function told(type: string, count: number): Promise<readonly Told[]> {
  const all = (): Source['asked'] => receiver.asked.filter(({ url }) => url === `/${type}`)
  for (let tries = 0; all().length < count && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(all().length, count, `what ${type} was told`)
  return all().map(({ body }) => JSON.parse(body) as Told)
}

/** The reason and the registrations of each notification. */
function reasons(all: readonly Told[]): readonly string[] {
  return all.map(({ triggerReason, data }) => [triggerReason, ...data.map(({ id }) => id.slice(sourceId('').length))].join(' '))
}

async function refuses(method: string, path: string, status: number, type: string, body?: unknown): Promise<void> {
  const answer = await broker.ask(method, path, body)
  assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(body)}`)
  assert.equal(answer.body.type, `https://uri.etsi.org/ngsi-ld/errors/${type}`)
}

test('5.11.2 5.3.2 5.3.3 a subscriber is told at once of what matches, then of each that comes to match, and only of those', async () => {
  await register('old', 'Ferry')
  await register('other', 'Barge')
  await register('past', 'Ferry', { observationInterval: { startAt: '2020-01-01T00:00:00Z' } })
  const made = await broker.ask('POST', base, subscription('Ferry'))
  assert.equal(made.status, 201)
  const [first] = await told('Ferry', 1)
  const { notifiedAt, id, ...rest } = first as Told & { readonly notifiedAt: string }
  assert.match(notifiedAt, /^20\d\d-.*Z$/)
  assert.match(id, /^urn:/)
  assert.deepEqual(rest, {
    type: 'ContextSourceNotification',
    subscriptionId: 'urn:ngsi-ld:Subscription:Ferry',
    triggerReason: 'newlyMatching',
    data: first?.data,
  })
  assert.deepEqual(reasons([first as Told]), ['newlyMatching old'])
  await register('new', 'Ferry')
  await broker.ask('PATCH', `/csourceRegistrations/${sourceId('other')}`, { information: [{ entities: [{ type: 'Ferry' }] }] })
  await told('Ferry', 3)
  await broker.ask('PATCH', `/csourceRegistrations/${sourceId('new')}`, { description: 'still one of them' })
  await told('Ferry', 4)
  await broker.ask('PATCH', `/csourceRegistrations/${sourceId('old')}`, { information: [{ entities: [{ type: 'Barge' }] }] })
  await told('Ferry', 5)
  await broker.ask('DELETE', `/csourceRegistrations/${sourceId('other')}`)
  assert.deepEqual(reasons(await told('Ferry', 6)), [
    'newlyMatching old',
    'newlyMatching new',
    'newlyMatching other',
    'updated new',
    'noLongerMatching old',
    'noLongerMatching other',
  ])
})

test('5.11.2 a subscription is refused by the member that is wrong, and under an id that is taken', async () => {
  await broker.ask('POST', base, subscription('Canoe'))
  await refuses('POST', base, 409, 'AlreadyExists', subscription('Canoe'))
  const wrong: readonly object[] = [
    { id: 'no uri' },
    { type: 'Sub' },
    { entities: [] },
    { entities: undefined },
    { notification: undefined },
    { watchedAttributes: [] },
    { timeInterval: 0 },
    { timeInterval: 5, watchedAttributes: ['a'] },
    { csf: '((' },
    { temporalQ: { timerel: 'during', timeAt: '2020-01-01T00:00:00Z' } },
    { geoQ: { georel: 'beside', geometry: 'Point', coordinates: [0, 0] } },
    { expiresAt: '2001-01-01T00:00:00Z' },
  ]
  for (const members of wrong)
    await refuses('POST', base, 400, 'BadRequestData', subscription('Canoe', { id: 'urn:ngsi-ld:Subscription:wrong', ...members }))
  await refuses('GET', `${base}/urn:ngsi-ld:Subscription:wrong`, 404, 'ResourceNotFound')
})

test('5.11.2 time, place, attributes and filter choose the registrations that are told', async () => {
  const information = [{ entities: [{ type: 'Buoy' }], propertyNames: ['depth'] }]
  await register('north', 'Buoy', { information, location: { type: 'Point', coordinates: [8, 60] } })
  await register('south', 'Buoy', {
    information: [{ ...information[0], propertyNames: ['wind'] }],
    location: { type: 'Point', coordinates: [8, 40] },
  })
  await register('history', 'Buoy', { observationInterval: { startAt: '2020-01-01T00:00:00Z', endAt: '2021-01-01T00:00:00Z' } })
  const choices: readonly [string, object][] = [
    ['north', { geoQ: { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [8, 60] } }],
    ['history', { temporalQ: { timerel: 'between', timeAt: '2020-06-01T00:00:00Z', endTimeAt: '2022-01-01T00:00:00Z' } }],
    ['south', { watchedAttributes: ['wind'], notification: { attributes: ['wind'], endpoint: { uri: `${receiver.url}/choice-2` } } }],
    ['south', { csf: 'endpoint=="http://south.example"' }],
  ]
  await broker.ask('PATCH', `/csourceRegistrations/${sourceId('south')}`, { endpoint: 'http://south.example' })
  for (const [index, [name, members]] of choices.entries()) {
    const given = subscription(`choice-${index}`, { entities: [{ type: 'Buoy' }], ...members })
    assert.equal((await broker.ask('POST', base, given)).status, 201)
    assert.deepEqual(reasons(await told(`choice-${index}`, 1)), [`newlyMatching ${name}`], JSON.stringify(members))
  }
})

test('5.11.2 with a time interval the matching registrations are told at once and again, though nothing changed', async () => {
  await register('ticked', 'Tug')
  await broker.ask('POST', base, subscription('Tug', { timeInterval: 0.2 }))
  await told('Tug', 1)
  assert.deepEqual(reasons((await told('Tug', 2)).map((one) => ({ ...one, triggerReason: '' }))), [' ticked', ' ticked'])
  assert.equal((await broker.ask('DELETE', `${base}/urn:ngsi-ld:Subscription:Tug`)).status, 204)
})

test('5.11.3 an update replaces members and tells all that matches then', async () => {
  await register('kept', 'Yacht')
  await register('joined', 'Dinghy')
  const { id } = subscription('Yacht')
  await broker.ask('POST', base, subscription('Yacht', { description: 'sails' }))
  await told('Yacht', 1)
  const fragment = { entities: [{ type: 'Yacht' }, { type: 'Dinghy' }], description: 'urn:ngsi-ld:null' }
  assert.equal((await broker.ask('PATCH', `${base}/${id}`, fragment)).status, 204)
  assert.deepEqual(reasons(await told('Yacht', 3)).toSorted(), ['newlyMatching joined', 'newlyMatching kept', 'updated kept'])
  const { body } = await broker.ask('GET', `${base}/${id}`)
  assert.deepEqual([body.entities, body.description], [fragment.entities, undefined])
  await refuses('PATCH', `${base}/${id}`, 400, 'BadRequestData', { entities: [] })
  await refuses('PATCH', `${base}/${id}`, 400, 'BadRequestData', { type: 'Other' })
  await refuses('PATCH', `${base}/urn:ngsi-ld:Subscription:none`, 404, 'ResourceNotFound', { description: 'x' })
  await refuses('PATCH', `${base}/none`, 400, 'BadRequestData', { description: 'x' })
  await told('Yacht', 3)
})

test('5.11.4 a subscription is retrieved with what became of it', async () => {
  const given = subscription('Raft', { description: 'logs' })
  const lies = { timesSent: 7, timesFailed: 7, lastSuccess: 'x', status: 'failed' }
  await broker.ask('POST', base, { ...given, status: 'expired', notification: { ...(given['notification'] as object), ...lies } })
  assert.deepEqual((await broker.ask('GET', `${base}/${given.id}`)).body, { ...given, status: 'active' })
  await register('raft', 'Raft')
  await told('Raft', 1)
  const { notification } = (await broker.ask('GET', `${base}/${given.id}`)).body
  assert.deepEqual([notification.status, notification.timesSent, notification.timesFailed], ['ok', 1, undefined])
  assert.match(notification.lastSuccess, /Z$/)
  await refuses('GET', `${base}/urn:ngsi-ld:Subscription:none`, 404, 'ResourceNotFound')
  await refuses('GET', `${base}/none`, 400, 'BadRequestData')
})

test('5.11.5 subscriptions are listed in pages, with their count', async () => {
  const ids = async (query: string): Promise<string[]> => (await broker.ask('GET', `${base}${query}`)).body.map(({ id }: { id: string }) => id)
  const all = await ids('?limit=1000')
  assert.ok(all.length >= 4)
  assert.deepEqual([...(await ids('?limit=2')), ...(await ids(`?limit=1000&offset=2`))], all)
  const counted = await broker.ask('GET', `${base}?count=true&limit=0`)
  assert.deepEqual([counted.count, counted.body], [String(all.length), []])
  await refuses('GET', `${base}?limit=-1`, 400, 'BadRequestData')
})

test('5.11.6 a deleted subscription is gone, and nobody is told any more', async () => {
  const { id } = subscription('Kayak')
  await broker.ask('POST', base, subscription('Kayak'))
  await register('kayak', 'Kayak')
  await told('Kayak', 1)
  assert.equal((await broker.ask('DELETE', `${base}/${id}`)).status, 204)
  await refuses('DELETE', `${base}/${id}`, 404, 'ResourceNotFound')
  await refuses('DELETE', `${base}/none`, 400, 'BadRequestData')
  // A second subscriber is told of the next registration, which the first would have been before.
  await broker.ask('POST', base, subscription('Kayaks', { entities: [{ type: 'Kayak' }] }))
  await told('Kayaks', 1)
  await register('kayak2', 'Kayak')
  await told('Kayaks', 2)
  await told('Kayak', 1)
})

test('6.3.9 a notification has the receiver’s own headers and its @context in the header, or for JSON-LD in the body', async () => {
  const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld'
  await register('liner', 'Liner')
  await broker.ask('POST', base, subscription('Liner', {}, { receiverInfo: [{ key: 'X-Key', value: 'k' }] }))
  await told('Liner', 1)
  await broker.ask('POST', base, subscription('LinkedLiner', { entities: [{ type: 'Liner' }] }, { accept: 'application/ld+json' }))
  await told('LinkedLiner', 1)
  const plain = receiver.asked.find(({ url }) => url === '/Liner')
  assert.equal(plain?.method, 'POST')
  assert.deepEqual([plain.headers['content-type'], plain.headers['x-key']], ['application/json', 'k'])
  assert.equal(plain.headers.link, `<${core}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
  assert.equal(JSON.parse(plain.body)['@context'], undefined)
  const linked = receiver.asked.find(({ url }) => url === '/LinkedLiner')
  assert.deepEqual([linked?.headers['content-type'], linked?.headers.link], ['application/ld+json', undefined])
  assert.equal(JSON.parse(linked?.body ?? '')['@context'], core)
})
