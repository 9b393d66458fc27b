import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import mqtt from 'mqtt'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'

let city: RunningCity
let folder: string
const config = (): ReturnType<typeof parseConfig> => parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '18832' })
const headers = {
  'content-type': 'application/json',
  link: '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
}
const call = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${city.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
const id = 'urn:ngsi-ld:Streetlight:l1'

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-commands-'))
  city = await runCity(config(), { log: silent })
  await call('POST', '/iot/services', {
    services: [{ apikey: 'lights', entity_type: 'Streetlight', attributes: [{ object_id: 's', name: 'powerState', type: 'Text' }] }],
  })
  for (const [device, transport] of [
    ['l1', 'MQTT'],
    ['l2', 'HTTP'],
  ]) {
    await call('POST', '/iot/devices', {
      devices: [
        {
          device_id: device,
          apikey: 'lights',
          entity_name: `urn:ngsi-ld:Streetlight:${device}`,
          entity_type: 'Streetlight',
          transport,
          commands: [{ object_id: 'sw', name: 'switch' }],
        },
      ],
    })
    await call('POST', `/iot/json?k=lights&i=${device}`, { s: 'off' })
  }
})
after(async () => {
  await city.close()
  await rm(folder, { recursive: true })
})

async function status(entity: string, wanted: string): Promise<Record<string, unknown>> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = (await (await call('GET', `/ngsi-ld/v1/entities/${entity}?format=simplified`)).json()) as Record<string, unknown>
    if (found['switch_status'] === wanted) return found
    await pause(50)
  }
  throw new Error(`The status never was ${wanted}`)
}
const order = (entity: string, value: string): Promise<Response> => call('POST', `/ngsi-ld/v1/entities/${entity}/attrs`, { switch: { value } })

test('a command waits for its device across a restart, is delivered once, and the answer is beside it', async () => {
  await order(id, 'on')
  await status(id, 'PENDING')
  await city.close()
  city = await runCity(config(), { log: silent })

  const got: string[] = []
  const client = await mqtt.connectAsync('mqtt://127.0.0.1:18832', { clientId: 'l1' })
  client.on('message', (topic, payload) => got.push(`${topic} ${payload.toString()}`))
  await client.subscribeAsync('/lights/l1/cmd', { qos: 1 })
  await status(id, 'DELIVERED')
  await client.publishAsync('/json/lights/l1/cmdexe', JSON.stringify({ sw: 'is on' }), { qos: 1 })
  assert.equal((await status(id, 'OK'))['switch_info'], 'is on')
  await client.unsubscribeAsync('/lights/l1/cmd')
  await client.subscribeAsync('/lights/l1/cmd', { qos: 1 })
  await pause(200)
  assert.deepEqual(got, ['/lights/l1/cmd {"sw":"on"}'])
  await order(id, 'off')
  await status(id, 'DELIVERED')
  await client.publishAsync('/json/lights/l1/cmdexe', JSON.stringify({ sw: 'ERROR: no current' }), { qos: 1 })
  assert.equal((await status(id, 'ERROR'))['switch_info'], 'ERROR: no current')
  await client.endAsync()
})

test('a device that polls gets a command with its next measure, once', async () => {
  const other = 'urn:ngsi-ld:Streetlight:l2'
  await order(other, 'on')
  await status(other, 'PENDING')
  const poll = async (): Promise<unknown> => (await call('POST', '/iot/json?k=lights&i=l2&getCmd=1', { s: 'off' })).json()
  assert.deepEqual(await poll(), { sw: 'on' })
  assert.deepEqual(await poll(), {})
  assert.equal((await call('POST', '/iot/json/commands?k=lights&i=l2', { sw: 'done' })).status, 200)
  await status(other, 'OK')
})
