import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import mqtt from 'mqtt'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'

let city: RunningCity
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-devices-'))
  city = await runCity(parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '18831' }), { log: silent })
  await post('/iot/services', {
    services: [
      {
        apikey: 'key1',
        resource: '/iot/json',
        entity_type: 'WeatherObserved',
        attributes: [
          { object_id: 't', name: 'temperature', type: 'Number', metadata: { unitCode: { type: 'Text', value: 'CEL' } } },
          { object_id: 'h', name: 'relativeHumidity', type: 'Number', expression: 'h / 100' },
          { object_id: 'p', name: 'location', type: 'geo:point' },
        ],
        static_attributes: [{ name: 'dataProvider', type: 'Text', value: 'City' }],
      },
    ],
  })
  await post('/iot/devices', {
    devices: [{ device_id: 'd1', entity_name: 'urn:ngsi-ld:WeatherObserved:d1', entity_type: 'WeatherObserved', protocol: 'PDI-IoTA-UltraLight' }],
  })
})
after(async () => {
  await city.close()
  await rm(folder, { recursive: true })
})

const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
async function post(path: string, body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<Response> {
  return fetch(`${city.url}${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}
async function read(path: string): Promise<unknown> {
  return (await fetch(`${city.url}${path}`, { headers: { link } })).json()
}

test('a measure over HTTP in UltraLight is mapped, with expression, static attribute and place', async () => {
  const reply = await post('/iot/d?k=key1&i=d1', 't|21.5|h|40|p|43.46,-3.8', { 'content-type': 'text/plain' })
  assert.equal(reply.status, 200)
  assert.deepEqual(await read('/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:d1?format=simplified'), {
    id: 'urn:ngsi-ld:WeatherObserved:d1',
    type: 'WeatherObserved',
    temperature: 21.5,
    relativeHumidity: 0.4,
    location: { type: 'Point', coordinates: [-3.8, 43.46] },
    dataProvider: 'City',
  })
})

test('devices are listed by entity and in pages, as the agents do', async () => {
  const list = async (query: string): Promise<{ count: number; devices: { device_id: string }[] }> => (await read(`/iot/devices${query}`)) as never
  assert.deepEqual(
    (await list('?entity=urn:ngsi-ld:WeatherObserved:d1')).devices.map(({ device_id: id }) => id),
    ['d1'],
  )
  assert.equal((await list('?entity=urn:x:none')).count, 0)
  assert.deepEqual([(await list('?limit=1&offset=1')).devices.length, (await list('')).count], [0, 1])
})

test('a PUBACK over MQTT comes after the commit, and an unknown device of the group becomes known', async () => {
  const client = await mqtt.connectAsync('mqtt://127.0.0.1:18831', { clientId: 'c1', username: 'x', password: 'key1' })
  await client.publishAsync('/json/key1/new1/attrs', JSON.stringify({ t: 5, TimeInstant: '2026-11-01T00:00:00Z' }), { qos: 1 })
  const entity = (await read('/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:new1')) as { temperature: unknown }
  assert.deepEqual(entity.temperature, { type: 'Property', value: 5, observedAt: '2026-11-01T00:00:00Z', unitCode: 'CEL' })
  await client.publishAsync('/json/key1/new1/attrs', JSON.stringify({ t: 5, TimeInstant: '2026-11-01T00:00:00Z' }), { qos: 1 })
  const evolution = (await read('/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:WeatherObserved:new1?attrs=temperature')) as { temperature: unknown[] }
  assert.equal(evolution.temperature.length, 1)
  await client.endAsync()
})

test('what cannot be taken waits in the quarantine with the rule that refused it, and is replayed once mended', async () => {
  const client = await mqtt.connectAsync('mqtt://127.0.0.1:18831', { clientId: 'c2' })
  for (const payload of ['{"t":"warm"}', '{', '{"t":1,"TimeInstant":"1971-01-01T00:00:00Z"}'])
    await client.publishAsync('/json/key1/d2/attrs', payload, { qos: 1 })
  await client.publishAsync('/json/nokey/d2/attrs', '{"t":1}', { qos: 1 })
  const { messages } = (await read('/api/quarantine')) as { messages: { rule: string; key: string; detail: string }[] }
  assert.deepEqual(messages.map(({ rule }) => rule).toSorted(), ['number-text', 'payload-json', 'time-absurd', 'unknown-key'])
  assert.match(messages.find(({ rule }) => rule === 'number-text')?.detail ?? '', /temperature must be a number, not "warm"/)

  await post('/iot/services', {
    services: [{ apikey: 'nokey', entity_type: 'Thing', attributes: [{ object_id: 't', name: 'temperature', type: 'Number' }] }],
  })
  const replayed = (await (await post('/api/quarantine/replay', { keys: 'all' })).json()) as { taken: number; left: number }
  assert.deepEqual([replayed.taken, replayed.left], [1, 3])
  const left = messages.filter(({ rule }) => rule !== 'unknown-key').map(({ key }) => key)
  assert.equal((await post('/api/quarantine/discard', { keys: left })).status, 204)
  assert.deepEqual(await read('/api/quarantine'), { messages: [] })
  await client.endAsync()
})
