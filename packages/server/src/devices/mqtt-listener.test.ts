import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import mqtt from 'mqtt'
import type { MqttClient } from 'mqtt'
import { wallClock } from '#runtime/clock.ts'
import { silent } from '#runtime/log.ts'
import { startMqttListener } from './mqtt-listener.ts'
import type { MqttListener, MqttOptions } from './mqtt-listener.ts'
import type { Message } from './take-measure.ts'

const open = (given: Partial<MqttOptions>): Promise<MqttListener> =>
  startMqttListener({
    host: '127.0.0.1',
    port: 0,
    clock: wallClock,
    log: silent,
    isOpen: true,
    adminToken: undefined,
    isKnownKey: (key) => key === 'mine' || key === 'other',
    take: () => Promise.resolve(),
    listening: () => Promise.resolve(),
    answer: () => Promise.resolve(),
    ...given,
  })
const connect = ({ port }: MqttListener, password?: string): Promise<MqttClient> =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...(password === undefined ? {} : { username: 'x', password }) })

test('with a held-back commit no PUBACK is seen, and it comes with the commit', async () => {
  let commit: () => void = () => undefined
  const listener = await open({ take: () => new Promise<void>((resolve) => (commit = resolve)) })
  const client = await connect(listener)
  let isAcknowledged = false
  const sent = client.publishAsync('/json/mine/d1/attrs', '{"t":1}', { qos: 1 }).then(() => (isAcknowledged = true))
  await pause(300)
  assert.equal(isAcknowledged, false)
  commit()
  await sent
  await client.endAsync()
  await listener.close()
})

test('messages of one client are taken in order, each after the one before is committed', async () => {
  const taken: string[] = []
  const listener = await open({
    async take({ payload }: Message) {
      const text = Buffer.from(payload).toString()
      await pause(text === '0' ? 50 : 0)
      taken.push(text)
    },
  })
  const client = await connect(listener)
  await Promise.all(Array.from({ length: 20 }, (_, index) => client.publishAsync('/json/mine/d1/attrs', String(index), { qos: 1 })))
  assert.deepEqual(
    taken,
    Array.from({ length: 20 }, (_, index) => String(index)),
  )
  await client.endAsync()
  await listener.close()
})

test('a client with an API key reaches the topics of that key alone, and no wildcard over keys; another password is refused', async () => {
  const taken: string[] = []
  const listener = await open({ isOpen: false, adminToken: 'x'.repeat(32), take: ({ apiKey }) => Promise.resolve(taken.push(apiKey)) })
  await assert.rejects(connect(listener, 'nobody'), /Not authorized/i)
  await assert.rejects(connect(listener), /Not authorized/i)
  for (const filter of ['/other/d1/cmd', '/+/d1/cmd', '#', '$SYS/#']) {
    const client = await connect(listener, 'mine')
    const ended = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.on('error', () => undefined)
    client.subscribe(filter, { qos: 1 }, () => undefined)
    await ended
  }
  const client = await connect(listener, 'mine')
  await client.subscribeAsync('/mine/+/cmd', { qos: 1 })
  await client.publishAsync('/json/mine/d1/attrs', '{}', { qos: 1 })
  await client.endAsync()
  const intruder = await connect(listener, 'mine')
  intruder.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => intruder.once('close', () => resolve()))
  intruder.publish('/json/other/d1/attrs', '{}', { qos: 1 }, () => undefined)
  await ended
  assert.deepEqual(taken, ['mine'])
  const all = await connect(listener, 'x'.repeat(32))
  await all.subscribeAsync('#', { qos: 1 })
  await all.endAsync()
  await listener.close()
})

test('a gateway that listens for all devices of its key is one that listens for each, and is told of when it begins', async () => {
  const begun: (readonly [string, string | undefined])[] = []
  const listener = await open({ listening: (apiKey, deviceId) => Promise.resolve(void begun.push([apiKey, deviceId])) })
  const client = await connect(listener)
  assert.equal(listener.listens('/mine/d1/cmd'), false)
  await client.subscribeAsync('#', { qos: 1 })
  assert.equal(listener.listens('/mine/d1/cmd'), false)
  await client.subscribeAsync(['/mine/+/cmd', '/json/mine/d7/cmd'], { qos: 1 })
  assert.deepEqual(
    ['/mine/d1/cmd', '/mine/d1/cmdexe', '/other/d1/cmd', '/json/mine/d7/cmd'].map((topic) => listener.listens(topic)),
    [true, false, false, true],
  )
  assert.deepEqual(begun, [
    ['mine', undefined],
    ['mine', 'd7'],
  ])
  await client.endAsync()
  await listener.close()
})

test('at QoS 2 a message is taken once, before its PUBREC', async () => {
  let taken = 0
  const listener = await open({ take: () => Promise.resolve(void (taken += 1)) })
  const client = await connect(listener)
  await client.publishAsync('/json/mine/d1/attrs', '{"t":1}', { qos: 2 })
  assert.equal(taken, 1)
  await client.endAsync()
  await listener.close()
})

test('a client of MQTT 5 is told that its version is not spoken', async () => {
  const listener = await open({})
  await assert.rejects(mqtt.connectAsync(`mqtt://127.0.0.1:${listener.port}`, { protocolVersion: 5, reconnectPeriod: 0 }), /version/i)
  await listener.close()
})
