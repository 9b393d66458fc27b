import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { openTestBroker, until } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

// The members of a subscription one by one: which values are refused, and what each does to its notifications.

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: any }

let broker: TestBroker
let receiver: Server
const received: Received[] = []
before(async () => {
  broker = await openTestBroker()
  receiver = createServer((request, reply) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) })
      reply.writeHead(request.url === '/refused' ? 500 : 204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  await broker.close()
  await new Promise((resolve) => receiver.close(resolve))
})

const uri = (path: string): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/${path}`
const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld'

/** A subscription to one type, told at the path of that name. */
function subscription(type: string, notification: object = {}, endpoint: object = {}, more: object = {}): Record<string, unknown> & { id: string } {
  const whole = { endpoint: { uri: uri(type), ...endpoint }, ...notification }
  return { id: `urn:sub:${type}`, type: 'Subscription', entities: [{ type }], notification: whole, ...more }
}

async function subscribe(...given: Parameters<typeof subscription>): Promise<void> {
  const reply = await broker.ask('POST', '/subscriptions', subscription(...given))
  assert.equal(reply.status, 201, reply.text)
}

async function refuses(wrong: Record<string, unknown>): Promise<void> {
  const reply = await broker.ask('POST', '/subscriptions', { ...wrong, id: 'urn:sub:wrong' })
  assert.deepEqual([reply.status, reply.json?.title], [400, 'BadRequestData'], JSON.stringify(wrong))
}

const told = (path: string): Promise<Received> => until(() => received.find((one) => one.path === `/${path}`))

void test('5.2.13 a geoquery has a relation, a geometry and coordinates, which may be a string, and may name its property', async () => {
  const near = { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [8, 49] }
  await subscribe('Pin', {}, {}, { geoQ: { ...near, coordinates: '[8, 49]', geoproperty: 'operationSpace' } })
  const at = (longitude: number): object => ({ type: 'Point', coordinates: [longitude, 49] })
  await broker.ask('POST', '/entities', { id: 'urn:pin:1', type: 'Pin', location: at(8), operationSpace: at(9) })
  await broker.ask('POST', '/entities', { id: 'urn:pin:2', type: 'Pin', location: at(9), operationSpace: at(8) })
  assert.equal((await told('Pin')).body.data[0].id, 'urn:pin:2')
  const wrong: readonly object[] = [
    { georel: undefined },
    { georel: 'beside' },
    { geometry: undefined },
    { geometry: 'GeometryCollection' },
    { coordinates: undefined },
    { coordinates: [8] },
    { coordinates: '[8, ' },
    { coordinates: [[8, 49]] },
    { geoproperty: 7 },
  ]
  for (const member of wrong) await refuses(subscription('Pin', {}, {}, { geoQ: { ...near, ...member } }))
  await refuses(subscription('Pin', {}, {}, { geoQ: 'near' }))
})

void test('5.2.14 what a notification shows is chosen by its format, attributes, pick and omit, system attributes and join', async () => {
  const wrong: readonly object[] = [
    { endpoint: undefined },
    { format: 'short' },
    { attributes: [] },
    { attributes: ['id'] },
    { attributes: ['type'] },
    { attributes: ['scope'] },
    { attributes: ['a b'] },
    { pick: [] },
    { omit: [] },
    { pick: ['a'], omit: ['a'] },
    { attributes: ['a'], pick: ['a'] },
    { join: 'deep' },
    { join: 'flat', joinLevel: 0 },
    { join: 'flat', joinLevel: 1.5 },
    { showChanges: true, format: 'keyValues' },
    { showChanges: 'yes' },
    { sysAttrs: 1 },
  ]
  for (const notification of wrong) await refuses(subscription('Box', notification))
  const shows: readonly [string, object, object][] = [
    ['normalized', {}, { level: { type: 'Property', value: 1 }, name: { type: 'Property', value: 'x' } }],
    ['concise', { format: 'concise' }, { level: 1, name: 'x' }],
    ['keyValues', { format: 'keyValues', attributes: ['level'] }, { level: 1 }],
    ['omit', { format: 'simplified', omit: ['level'] }, { name: 'x' }],
  ]
  for (const [path, notification] of shows) {
    const reply = await broker.ask('POST', '/subscriptions', { ...subscription('Box', notification, { uri: uri(path) }), id: `urn:sub:${path}` })
    assert.equal(reply.status, 201, reply.text)
  }
  await broker.ask('POST', '/subscriptions', { ...subscription('Box', { pick: ['name'] }, { uri: uri('pick') }), id: 'urn:sub:pick' })
  await broker.ask('POST', '/subscriptions', { ...subscription('Box', { sysAttrs: true }, { uri: uri('times') }), id: 'urn:sub:times' })
  await broker.ask('POST', '/entities', { id: 'urn:box:1', type: 'Box', level: 1, name: 'x' })
  for (const [path, , shown] of shows) assert.deepEqual((await told(path)).body.data, [{ id: 'urn:box:1', type: 'Box', ...shown }], path)
  assert.deepEqual((await told('pick')).body.data, [{ name: { type: 'Property', value: 'x' } }])
  const [timed] = (await told('times')).body.data
  for (const { createdAt, modifiedAt } of [timed, timed.level]) assert.deepEqual([typeof createdAt, typeof modifiedAt], ['string', 'string'])
})

void test('5.2.14 5.2.12 what the broker generates is not taken from the subscriber, and tells how the deliveries went', async () => {
  const lies = { status: 'ok', timesSent: 7, timesFailed: 7, lastNotification: 'x', lastSuccess: 'x', lastFailure: 'x' }
  await subscribe('Jar', lies, { uri: uri('refused') }, { status: 'expired', createdAt: '2001-01-01T00:00:00Z' })
  const fresh = (await broker.ask('GET', '/subscriptions/urn:sub:Jar')).json
  assert.deepEqual([fresh.status, fresh.createdAt, fresh.notification], ['active', undefined, { endpoint: { uri: uri('refused') } }])
  await broker.ask('POST', '/entities', { id: 'urn:jar:1', type: 'Jar', level: 1 })
  const after = await until(async () => {
    const { notification } = (await broker.ask('GET', '/subscriptions/urn:sub:Jar')).json
    return notification.timesFailed === undefined ? undefined : notification
  })
  assert.equal(after.status, 'failed')
  assert.match(after.lastFailure, /Z$/)
  assert.equal(after.lastSuccess, undefined)
  assert.equal((await broker.ask('PATCH', '/subscriptions/urn:sub:Jar', { notification: { endpoint: { uri: uri('Jar') }, ...lies } })).status, 204)
  await broker.ask('PATCH', '/entities/urn:jar:1/attrs', { level: 2 })
  const healed = await until(async () => {
    const { notification } = (await broker.ask('GET', '/subscriptions/urn:sub:Jar')).json
    return notification.lastSuccess === undefined ? undefined : notification
  })
  assert.equal(healed.status, 'ok')
  assert.notEqual(healed.timesSent, 7)
})

void test('5.2.15 5.2.22 6.3.8 an endpoint has an address, may choose its media type, and headers as pairs', async () => {
  const wrong: readonly object[] = [
    { uri: undefined },
    { uri: 'nowhere' },
    { uri: 'ftp://a.example/x' },
    { accept: 'text/html' },
    { cooldown: 0 },
    { cooldown: '5' },
    { timeout: -1 },
    { receiverInfo: { 'X-Key': 'k' } },
    { receiverInfo: [{ key: 'X-Key' }] },
    { receiverInfo: [{ value: 'k' }] },
    { receiverInfo: [{ key: 'X Key', value: 'k' }] },
    { receiverInfo: [{ key: 'X-Key', value: 'a\r\nb' }] },
    { notifierInfo: [7] },
  ]
  for (const endpoint of wrong) await refuses(subscription('Can', {}, endpoint))
  const place = { type: 'GeoProperty', value: { type: 'Point', coordinates: [8, 49] } }
  const receiverInfo = [{ key: 'X-Key', value: 'k' }]
  for (const [path, accept, more] of [
    ['json', 'application/json', []],
    ['linked', 'application/ld+json', []],
    ['geo', 'application/geo+json', []],
    ['geo-plain', 'application/geo+json', [{ key: 'Prefer', value: 'body=json' }]],
  ] as const) {
    const given = subscription('Can', {}, { uri: uri(path), accept, receiverInfo: [...receiverInfo, ...more], cooldown: 5, timeout: 1000 })
    assert.equal((await broker.ask('POST', '/subscriptions', { ...given, id: `urn:sub:${path}` })).status, 201)
  }
  const can = { id: 'urn:can:1', type: 'Can', location: place }
  await broker.ask('POST', '/entities', can)
  const json = await told('json')
  assert.deepEqual([json.headers['content-type'], json.headers['x-key'], json.body.data], ['application/json', 'k', [can]])
  assert.match(String(json.headers.link), new RegExp(core))
  const linked = await told('linked')
  assert.deepEqual([linked.headers['content-type'], linked.headers.link, linked.body['@context']], ['application/ld+json', undefined, core])
  const feature = { id: 'urn:can:1', type: 'Feature', geometry: place.value, properties: { type: 'Can', location: place } }
  const geo = await told('geo')
  assert.deepEqual([geo.headers['content-type'], geo.headers.link], ['application/geo+json', undefined])
  assert.deepEqual(geo.body.data, { type: 'FeatureCollection', features: [feature], '@context': core })
  const plain = await told('geo-plain')
  assert.match(String(plain.headers.link), new RegExp(core))
  assert.deepEqual(plain.body.data, { type: 'FeatureCollection', features: [feature] })
})

void test('5.3.1 a notification has an id of its own, its type, its time, its subscription and its data, and no more', async () => {
  await subscribe('Tin')
  await broker.ask('POST', '/entities', { id: 'urn:tin:1', type: 'Tin', level: 1 })
  const { id, notifiedAt, ...rest } = (await told('Tin')).body
  assert.match(id, /^urn:ngsi-ld:Notification:/)
  assert.ok(Math.abs(Date.parse(notifiedAt) - Date.now()) < 60_000)
  const data = [{ id: 'urn:tin:1', type: 'Tin', level: { type: 'Property', value: 1 } }]
  assert.deepEqual(rest, { type: 'Notification', subscriptionId: 'urn:sub:Tin', data })
})

void test('5.2.12 a subscription that names an earlier version is told what that knows', async () => {
  await subscribe('Urn', {}, {}, { ngsildConformance: '1.5' })
  await broker.ask('POST', '/entities', { id: 'urn:urn:1', type: 'Urn', colour: { type: 'VocabProperty', vocab: 'Red' } })
  assert.deepEqual((await told('Urn')).body.data, [{ id: 'urn:urn:1', type: 'Urn', colour: { type: 'Property', value: 'Red' } }])
  for (const ngsildConformance of ['newest', '1', 1.5]) await refuses(subscription('Urn', {}, {}, { ngsildConformance }))
})
