import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import mqtt from 'mqtt'
import type { MqttClient } from 'mqtt'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { wallClock } from '#runtime/clock.ts'
import { silent } from '#runtime/log.ts'
import { openSqliteStore } from '#store/sqlite/open-store.ts'
import type { Store } from '#store/store.ts'
import { joinMqttBroker } from './join-mqtt-broker.ts'
import type { JoinOptions } from './join-mqtt-broker.ts'
import type { MqttDoor } from './mqtt-listener.ts'

const skip = isThere('mosquitto') ? false : 'AN EXTERNAL MQTT BROKER WAS NOT TESTED: mosquitto is not installed'
let folder: string
let port: number
let broker: ChildProcess
let store: Store
const url = (): string => `mqtt://127.0.0.1:${port}`

before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'cityloop-external-mqtt-'))
  port = await freePort()
  await writeFile(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`)
  broker = startBroker()
  store = await openSqliteStore(join(folder, 'own'), {})
})
after(async () => {
  if (skip !== false) return
  await store.close()
  await endBroker()
  await rm(folder, { recursive: true })
})

const connectDevice = (): Promise<MqttClient> => mqtt.connectAsync(url(), { reconnectPeriod: 0 })
function open(given: Partial<JoinOptions>): Promise<MqttDoor> {
  const sinks = { clock: wallClock, log: silent, take: () => Promise.resolve(), answer: () => Promise.resolve() }
  return joinMqttBroker({ ...sinks, url: url(), rows: store.rows, joined: () => Promise.resolve(), ...given })
}
async function joinedBroker(given: Partial<JoinOptions>): Promise<MqttDoor> {
  let door: MqttDoor | undefined
  await new Promise<void>((resolve, reject) => void open({ ...given, joined: async () => resolve() }).then((opened) => (door = opened), reject))
  return door as MqttDoor
}
async function eventually(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isSo(); attempt += 1) await pause(50)
  assert.ok(isSo())
}

test(
  'a message is acknowledged to the external broker only after its commit: what was not comes again, in order and with nothing lost',
  { skip },
  async () => {
    const device = await connectDevice()
    const held: string[] = []
    const first = await joinedBroker({ take: ({ payload }) => (held.push(Buffer.from(payload).toString()), new Promise(() => undefined)) })
    for (const value of ['1', '2', '3']) await device.publishAsync('/json/mine/d1/attrs', value, { qos: 1 })
    await eventually(() => held.length === 1)
    await first.close()
    await device.publishAsync('json/mine/d1/attrs', '4', { qos: 1 })
    const taken: string[] = []
    const second = await joinedBroker({ take: ({ payload }) => Promise.resolve(taken.push(Buffer.from(payload).toString())) })
    await eventually(() => taken.length === 4)
    assert.deepEqual(taken, ['1', '2', '3', '4'])
    await second.close()
    const third = await joinedBroker({ take: ({ payload }) => Promise.resolve(taken.push(Buffer.from(payload).toString())) })
    await device.publishAsync('/ul/mine/d1/attrs', '5', { qos: 1 })
    await eventually(() => taken.length === 5)
    assert.deepEqual(taken.slice(4), ['5'])
    await third.close()
    await device.endAsync()
  },
)

test('a message that could not be committed comes again over a new connection; a retained one is taken once', { skip }, async () => {
  const device = await connectDevice()
  const seen: string[] = []
  const take: JoinOptions['take'] = ({ payload }) => {
    seen.push(Buffer.from(payload).toString())
    return seen.length === 1 ? Promise.reject(new Error('The disk is full')) : Promise.resolve()
  }
  const door = await joinedBroker({ take })
  await device.publishAsync('/json/mine/d2/attrs', 'kept', { qos: 1, retain: true })
  await eventually(() => seen.length === 2)
  await door.close()
  const again = await joinedBroker({ take })
  await device.publishAsync('/json/mine/d2/attrs', 'last', { qos: 1 })
  await eventually(() => seen.includes('last'))
  assert.deepEqual(seen, ['kept', 'kept', 'last'])
  await again.close()
  await device.publishAsync('/json/mine/d2/attrs', '', { qos: 1, retain: true })
  await device.endAsync()
})

test('a city behind an external broker takes measures, sends commands and reads answers, also after the broker was away', { skip }, async () => {
  const city = await runCity(parseConfig({ CITYLOOP_DATA: join(folder, 'city'), CITYLOOP_PORT: '0', CITYLOOP_MQTT_URL: url() }), { log: silent })
  const device = mqtt.connect(url(), { clientId: 'light', clean: false, reconnectPeriod: 100 })
  device.on('error', () => undefined)
  const commands: string[] = []
  device.on('message', (topic, payload) => {
    commands.push(`${topic} ${payload.toString()}`)
    device.publish('/json/lights/l1/cmdexe', 'not {json', { qos: 1 })
    device.publish('/json/lights/l1/cmdexe', '{"sw":"done"}', { qos: 1 })
  })
  await new Promise<void>((resolve) => device.once('connect', () => resolve()))
  await device.subscribeAsync('/lights/l1/cmd', { qos: 1 })
  await post(city, '/iot/services', {
    services: [{ apikey: 'lights', entity_type: 'Streetlight', attributes: [{ object_id: 's', name: 'powerState', type: 'Text' }] }],
  })
  await post(city, '/iot/devices', {
    devices: [{ device_id: 'l1', apikey: 'lights', entity_name: light, entity_type: 'Streetlight', commands: [{ object_id: 'sw', name: 'switch' }] }],
  })
  await device.publishAsync('/json/lights/l1/attrs', '{"s":"off"}', { qos: 1 })
  await attributeIs(city, 'powerState', 'off')

  await endBroker()
  await post(city, `/ngsi-ld/v1/entities/${light}/attrs`, { switch: { value: 'on' } })
  await attributeIs(city, 'switch_status', 'PENDING')
  broker = startBroker()
  await attributeIs(city, 'switch_status', 'OK')
  assert.deepEqual(commands, ['/lights/l1/cmd {"sw":"on"}'])
  await device.endAsync(true)
  await city.close()
})

test('another URL than of MQTT is refused by name', () => {
  assert.throws(() => parseConfig({ CITYLOOP_MQTT_URL: 'http://broker' }), /CITYLOOP_MQTT_URL must be the URL of a broker/)
})

const light = 'urn:ngsi-ld:Streetlight:l1'
const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

async function post(city: RunningCity, path: string, body: unknown): Promise<void> {
  const reply = await fetch(`${city.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', link },
    body: JSON.stringify(body),
  })
  assert.ok(reply.ok, await reply.text())
}

async function attributeIs(city: RunningCity, name: string, wanted: string): Promise<void> {
  let found: unknown
  for (let attempt = 0; attempt < 200 && found !== wanted; attempt += 1) {
    const reply = await fetch(`${city.url}/ngsi-ld/v1/entities/${light}?format=simplified`, { headers: { link } })
    found = ((await reply.json()) as Record<string, unknown>)[name]
    await pause(50)
  }
  assert.equal(found, wanted)
}

function startBroker(): ChildProcess {
  return spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' })
}

async function endBroker(): Promise<void> {
  const ended = new Promise<void>((resolve) => broker.once('exit', () => resolve()))
  broker.kill('SIGTERM')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: found } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return found
}

function isThere(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
