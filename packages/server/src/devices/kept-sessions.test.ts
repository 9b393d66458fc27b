import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import mqtt from 'mqtt'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

test('a kept session gets what was sent to it before a restart once, and a retained message outlives it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-sessions-'))
  const config = parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0' })
  const port = await freePort()
  const run = () => runCity({ ...config, mqttPort: port, isMqttPortStated: true }, { log: silent })
  const connect = (clientId: string, clean: boolean) => mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId, clean, reconnectPeriod: 0 })
  let city = await run()
  const device = await connect('device', false)
  await device.subscribeAsync('/mine/d1/cmd', { qos: 1 })
  await device.endAsync()
  const sender = await connect('sender', true)
  await Promise.all(Array.from({ length: 1100 }, (_, number) => sender.publishAsync('/mine/d1/cmd', `on ${number}`, { qos: 1 })))
  await sender.publishAsync('notes', 'kept', { qos: 1, retain: true })
  await sender.endAsync()
  await city.close()

  const got: string[] = []
  const listen = async (): Promise<void> => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'device', clean: false, reconnectPeriod: 0 })
    let quietSince = Date.now()
    client.on('message', (_topic, payload) => {
      got.push(payload.toString())
      quietSince = Date.now()
    })
    while (Date.now() - quietSince < 700) await pause(50)
    await client.endAsync()
  }
  city = await run()
  await listen()
  const other = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 })
  const retained: string[] = []
  other.on('message', (_topic, payload) => retained.push(payload.toString()))
  await other.subscribeAsync('notes', { qos: 1 })
  await pause(200)
  await other.endAsync()
  await city.close()
  city = await run()
  await listen()
  await city.close()
  await rm(folder, { recursive: true })
  assert.deepEqual(
    got,
    Array.from({ length: 1000 }, (_, number) => `on ${number}`),
    'a thousand wait, in order, each once',
  )
  assert.deepEqual(retained, ['kept'])
})
