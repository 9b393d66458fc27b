import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Aedes } from 'aedes'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

type Received = { readonly headers: IncomingHttpHeaders; readonly body: any }

let broker: TestBroker
let receiver: Server
const received: Received[] = []
const waiting: ((one: Received) => void)[] = []
before(async () => {
  broker = await openTestBroker()
  receiver = createServer((request, reply) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const one: Received = { headers: request.headers, body: JSON.parse(text) }
      const next = waiting.shift()
      if (next === undefined) received.push(one)
      else next(one)
      reply.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  await broker.close()
  await new Promise((resolve) => receiver.close(resolve))
})

const next = (): Promise<Received> => {
  const one = received.shift()
  return one === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(one)
}
const endpoint = (more: object = {}): object => ({ uri: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/n`, ...more })
const subscribe = async (id: string, type: string, notification: object, more: object = {}): Promise<void> => {
  const reply = await broker.ask('POST', '/subscriptions', { id, type: 'Subscription', entities: [{ type }], notification, ...more })
  assert.equal(reply.status, 201, reply.text)
}

void test('5.8.6 5.3.1 6.3.8 a change notifies with the receiver’s own headers; an update that changes nothing does not', async () => {
  await subscribe('urn:n:1', 'Bin', { endpoint: endpoint({ receiverInfo: [{ key: 'X-Key', value: 'k' }] }) })
  await broker.ask('POST', '/entities', { id: 'urn:bin:1', type: 'Bin', level: 1 })
  const created = await next()
  assert.deepEqual(created.body.data, [{ id: 'urn:bin:1', type: 'Bin', level: { type: 'Property', value: 1 } }])
  assert.equal(created.headers['x-key'], 'k')
  assert.match(String(created.headers.link), /json-ld#context/)
  await broker.ask('PATCH', '/entities/urn:bin:1/attrs', { level: { type: 'Property', value: 1 } })
  await broker.ask('PATCH', '/entities/urn:bin:1/attrs', { level: { type: 'Property', value: 2 } })
  assert.equal((await next()).body.data[0].level.value, 2, 'the update without a change was not told')
})

void test('5.8.6 a deletion is told with what was, and linked entities are shown beside', async () => {
  await subscribe('urn:n:2', 'Box', { endpoint: endpoint(), showChanges: true }, { notificationTrigger: ['entityDeleted'] })
  await broker.ask('POST', '/entities', { id: 'urn:box:1', type: 'Box', level: 1 })
  await broker.ask('DELETE', '/entities/urn:box:1')
  const { deletedAt, ...gone } = (await next()).body.data[0]
  assert.match(deletedAt, /Z$/)
  assert.deepEqual(gone, { id: 'urn:box:1', type: 'Box', level: { type: 'Property', value: 'urn:ngsi-ld:null', previousValue: 1 } })

  await subscribe('urn:n:3', 'Lid', { endpoint: endpoint(), join: 'flat', format: 'simplified' })
  await broker.ask('POST', '/entities', { id: 'urn:lid:1', type: 'Lid', of: { type: 'Relationship', object: 'urn:bin:1' } })
  assert.deepEqual((await next()).body.data, [
    { id: 'urn:lid:1', type: 'Lid', of: 'urn:bin:1' },
    { id: 'urn:bin:1', type: 'Bin', level: 2 },
  ])
})

void test('4.9 5.8.6 the query of a subscription may follow relationships', async () => {
  await subscribe('urn:n:4', 'Cap', { endpoint: endpoint() }, { q: 'of{level}==2' })
  await broker.ask('POST', '/entities', { id: 'urn:cap:1', type: 'Cap', of: { type: 'Relationship', object: 'urn:none' } })
  await broker.ask('POST', '/entities', { id: 'urn:cap:2', type: 'Cap', of: { type: 'Relationship', object: 'urn:bin:1' } })
  assert.equal((await next()).body.data[0].id, 'urn:cap:2')
})

void test('5.16.6 the endpoint of a snapshot is told when it is ready', async () => {
  const queries = [{ type: 'Query', entities: [{ type: 'Bin' }] }]
  await broker.ask('POST', '/snapshots', {
    id: 'urn:snap:9',
    type: 'Snapshot',
    snapshotQueries: queries,
    ...endpoint(),
    endpoint: (endpoint() as { uri: string }).uri,
    uri: undefined,
  })
  const { body } = await next()
  assert.deepEqual([body.type, body.snapshotId, body.snapshotStatus], ['SnapshotNotification', 'urn:snap:9', 'success'])
})

void test('7.2 a notification over MQTT is one object of metadata and body, with the QoS and version that are asked for', async () => {
  const aedes = await Aedes.createBroker()
  const server = createTcpServer(aedes.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const published = new Promise<{ topic: string; qos: number; message: any }>((resolve) =>
    aedes.on('publish', ({ topic, qos, payload }) => {
      if (!topic.startsWith('$SYS')) resolve({ topic, qos, message: JSON.parse(payload.toString()) })
    }),
  )
  const uri = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}/city/bins`
  const notifierInfo = [
    { key: 'MQTT-QoS', value: '1' },
    { key: 'MQTT-Version', value: 'mqtt3.1.1' },
  ]
  await subscribe('urn:n:5', 'Tap', { endpoint: { uri, notifierInfo, receiverInfo: [{ key: 'X-Key', value: 'k' }] } })
  await broker.ask('POST', '/entities', { id: 'urn:tap:1', type: 'Tap', level: 1 })
  const { topic, qos, message } = await published
  assert.deepEqual([topic, qos], ['city/bins', 1])
  assert.deepEqual([message.metadata['Content-Type'], message.metadata['X-Key'], message.body.data[0].id], ['application/json', 'k', 'urn:tap:1'])
  await broker.ask('DELETE', '/subscriptions/urn:n:5')
  await new Promise<void>((resolve) => aedes.close(() => resolve()))
  await new Promise((resolve) => server.close(resolve))
})

void test('5.2.14 how a notification is written is checked, and kept to: pick, omit, format, sysAttrs', async () => {
  const wrong: object[] = [
    { attributes: [] },
    { pick: [] },
    { omit: [] },
    { format: 'short' },
    { join: 'sideways' },
    { join: 'flat', joinLevel: 0 },
    { showChanges: true, format: 'keyValues' },
    { endpoint: { uri: 'no url' } },
  ]
  for (const notification of wrong) {
    const body = { type: 'Subscription', entities: [{ type: 'Crate' }], notification: { endpoint: endpoint(), ...notification } }
    const { json, status } = await broker.ask('POST', '/subscriptions', body)
    assert.deepEqual([status, json?.title], [400, 'BadRequestData'], JSON.stringify(notification))
  }
  const crate = { id: 'urn:crate:1', type: 'Crate', level: 1, weight: 2 }
  for (const [notification, expected] of [
    [
      { pick: ['id', 'level'], format: 'simplified' },
      { id: 'urn:crate:1', level: 1 },
    ],
    [
      { omit: ['level', 'type'], format: 'keyValues' },
      { id: 'urn:crate:1', weight: 2 },
    ],
    [
      { attributes: ['weight'], format: 'concise' },
      { id: 'urn:crate:1', type: 'Crate', weight: 2 },
    ],
  ] as const) {
    await subscribe('urn:n:14', 'Crate', { endpoint: endpoint(), ...notification })
    await broker.ask('POST', '/entities', crate)
    assert.deepEqual((await next()).body.data, [expected])
    await broker.ask('DELETE', '/entities/urn:crate:1')
    await broker.ask('DELETE', '/subscriptions/urn:n:14')
  }
  await subscribe('urn:n:15', 'Crate', { endpoint: endpoint(), sysAttrs: true })
  await broker.ask('POST', '/entities', crate)
  const [told] = (await next()).body.data
  assert.deepEqual(
    [told, told.level].map(({ createdAt, modifiedAt }) => [typeof createdAt, typeof modifiedAt]),
    [
      ['string', 'string'],
      ['string', 'string'],
    ],
  )
})
