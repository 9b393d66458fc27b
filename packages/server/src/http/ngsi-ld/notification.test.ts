import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server as TcpServer } from 'node:net'
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

void test('5.8.6 6.3.8 a change notifies with the receiver’s own headers; an update that changes nothing does not', async () => {
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

type Published = { readonly topic: string; readonly qos: number; readonly message: any }

async function listen(server: TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}/city/bins`
}

void test('7.2 a notification over MQTT is one object of metadata and body, with the QoS and version that are asked for', async () => {
  const aedes = await Aedes.createBroker()
  const server = createTcpServer(aedes.handle)
  const uri = await listen(server)
  let version: number | undefined
  aedes.preConnect = (_client, packet, done) => {
    version = packet.protocolVersion
    done(null, true)
  }
  const published = new Promise<Published>((resolve) =>
    aedes.on('publish', ({ topic, qos, payload }) => {
      if (!topic.startsWith('$SYS')) resolve({ topic, qos, message: JSON.parse(payload.toString()) })
    }),
  )
  const notifierInfo = [
    { key: 'MQTT-QoS', value: '1' },
    { key: 'MQTT-Version', value: 'mqtt3.1.1' },
  ]
  await subscribe('urn:n:5', 'Tap', { endpoint: { uri, notifierInfo, receiverInfo: [{ key: 'X-Key', value: 'k' }] } })
  await broker.ask('POST', '/entities', { id: 'urn:tap:1', type: 'Tap', level: 1 })
  const { topic, qos, message } = await published
  assert.deepEqual([topic, qos, version], ['city/bins', 1, 4])
  assert.deepEqual([message.metadata['Content-Type'], message.metadata['X-Key'], message.body.data[0].id], ['application/json', 'k', 'urn:tap:1'])
  assert.match(message.metadata['Link'], /^<.*ngsi-ld-core-context.*>; rel="http:\/\/www.w3.org\/ns\/json-ld#context"/)
  assert.deepEqual(Object.keys(message).toSorted(), ['body', 'metadata'])
  await broker.ask('DELETE', '/subscriptions/urn:n:5')
  await new Promise<void>((resolve) => aedes.close(() => resolve()))
  await new Promise((resolve) => server.close(resolve))
})

/** Takes one message by version 5, as far as a publisher at QoS 0 needs an answer: its bytes are CONNECT, then PUBLISH. */
function takeOne(server: TcpServer): Promise<Published & { readonly version: number | undefined }> {
  return new Promise((resolve) =>
    server.on('connection', (socket) => {
      let version: number | undefined
      let bytes = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        if (version === undefined) {
          version = chunk[8]
          socket.write(Buffer.from([0x20, 3, 0, 0, 0]))
          return
        }
        bytes = Buffer.concat([bytes, chunk])
        // The length is of two bytes, since the message is longer than 127 and shorter than 16384.
        const length = ((bytes[1] ?? 0) & 0x7f) | ((bytes[2] ?? 0) << 7)
        if (bytes.length < 3 + length) return
        const name = bytes.readUInt16BE(3)
        const payload = bytes.subarray(5 + name + 1, 3 + length).toString()
        resolve({ version, qos: ((bytes[0] ?? 0) >> 1) & 3, topic: bytes.subarray(5, 5 + name).toString(), message: JSON.parse(payload) })
        socket.end()
      })
    }),
  )
}

void test('7.2 without being asked for anything a notification over MQTT comes at most once and by version 5; JSON-LD has its @context inside', async () => {
  const server = createTcpServer()
  const uri = await listen(server)
  const taken = takeOne(server)
  await subscribe('urn:n:6', 'Pipe', { endpoint: { uri, accept: 'application/ld+json' } })
  await broker.ask('POST', '/entities', { id: 'urn:pipe:1', type: 'Pipe', level: 1 })
  const { message, qos, topic, version } = await taken
  assert.deepEqual([topic, qos, version], ['city/bins', 0, 5])
  assert.deepEqual([message.metadata['Content-Type'], message.metadata['Link']], ['application/ld+json', undefined])
  assert.match(message.body['@context'], /ngsi-ld-core-context/)
  await broker.ask('DELETE', '/subscriptions/urn:n:6')
  server.close()
})

void test('7.2 an endpoint of MQTT without a topic, a QoS above 2 and an unknown version are refused', async () => {
  const wrong: readonly object[] = [
    { uri: 'mqtt://127.0.0.1:1883' },
    { uri: 'mqtt://127.0.0.1:1883/' },
    { uri: 'mqtt://127.0.0.1/a', notifierInfo: [{ key: 'MQTT-QoS', value: '3' }] },
    { uri: 'mqtt://127.0.0.1/a', notifierInfo: [{ key: 'MQTT-Version', value: 'mqtt2' }] },
  ]
  for (const endpoint of wrong) {
    const reply = await broker.ask('POST', '/subscriptions', {
      id: 'urn:n:7',
      type: 'Subscription',
      entities: [{ type: 'Pipe' }],
      notification: { endpoint },
    })
    assert.deepEqual([reply.status, reply.json?.title], [400, 'BadRequestData'], JSON.stringify(endpoint))
  }
})
