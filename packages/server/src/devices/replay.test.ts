import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import mqtt from 'mqtt'
import { parseConfig } from '#config/config.ts'
import { openCity, runCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'
import { parseServiceGroup } from './provisioning.ts'
import type { Message } from './take-measure.ts'

let folder: string
before(async () => (folder = await mkdtemp(join(tmpdir(), 'cityloop-replay-'))))
after(() => rm(folder, { recursive: true }))

const start = 1_793_520_000_000_000
const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

test('10,000 quarantined messages, replayed after a mend, give the history that would have been', async () => {
  const city = await openCity(parseConfig({ CITYLOOP_DATA: join(folder, 'replay'), CITYLOOP_PORT: '0' }), { log: silent })
  const { devices } = city
  const group = (apikey: string, expression: string) =>
    parseServiceGroup(
      { apikey, entity_type: 'WeatherObserved', attributes: [{ object_id: 't', name: 'temperature', type: 'Number', expression }] },
      '',
      '/',
    )
  // The broken mapping makes a text of the number; the mended one is what the other group had from the first.
  await devices.registry.putAll([group('broken', "t + ' degrees'"), group('right', 't * 2')], [])
  const count = 10_000
  const message = (apiKey: string, number: number): Message => ({
    apiKey,
    deviceId: `${apiKey}-${number % 100}`,
    protocol: 'json',
    transport: 'MQTT',
    receivedAt: start + number * 1000,
    // Every third has a time of its own, some of them older than what came before; some come twice.
    payload: Buffer.from(JSON.stringify(number % 3 === 0 ? { t: number % 50, TimeInstant: new Date(1_793_000_000_000 + ((number * 7919) % 9000) * 1000).toISOString() } : { t: number % 50 })),
  }) // prettier-ignore
  for (const apiKey of ['broken', 'right'])
    for (let first = 0; first < count; first += 1000)
      await Promise.all(Array.from({ length: 1000 }, (_, index) => devices.take(message(apiKey, first + index))))
  assert.equal((await devices.quarantine.list('', { limit: 20_000 })).length, count)

  await devices.registry.putGroup(group('broken', 't * 2'))
  assert.deepEqual(await devices.replay('', 'all'), { taken: count, left: 0, reasons: {} })
  assert.deepEqual(await devices.quarantine.list(''), [])
  const history = async (apiKey: string): Promise<unknown> => {
    const found: unknown[] = []
    for (let number = 0; number < 100; number += 1) {
      const { evolutions } = await city.store.queryEvolution({
        tenant: '',
        scope: city.access.readScope({ id: 'urn:x:me', tenant: '' }, 'queryTemporalEvolution'),
        query: { entities: [{ ids: [`urn:ngsi-ld:WeatherObserved:${apiKey}-${number}`] }] },
        temporal: { timeProperty: 'observedAt' } as never,
        offset: 0,
        limit: 1,
        count: false,
      })
      const instances = Object.values(evolutions[0]?.attributes ?? {}).flat() as { observedAt?: number; value?: unknown }[]
      found.push(instances.map(({ observedAt, value }) => `${observedAt} ${String(value)}`).toSorted())
    }
    return found
  }
  const [mended, right] = [await history('broken'), await history('right')]
  assert.equal((mended as unknown[][]).flat().length > 9000, true)
  assert.deepEqual(mended, right)
  await city.close()
})

test('broken, huge, binary, duplicate, out-of-order and future messages: each is in the quarantine once with its reason, and the connection lives on', async () => {
  const config = parseConfig({ CITYLOOP_DATA: join(folder, 'bad'), CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '18834' })
  const city = await runCity(config, { log: silent })
  await city.devices.registry.putAll([parseServiceGroup({ apikey: 'k', entity_type: 'WeatherObserved', attributes: [{ object_id: 't', name: 'temperature', type: 'Number' }] }, '', '/')], []) // prettier-ignore
  const client = await mqtt.connectAsync('mqtt://127.0.0.1:18834', { clientId: 'bad' })
  let closed = 0
  client.on('close', () => (closed += 1))
  const send = (topic: string, payload: string | Buffer): Promise<unknown> => client.publishAsync(topic, payload, { qos: 1 })
  const bad: readonly (readonly [rule: string, topic: string, payload: string | Buffer])[] = [
    ['payload-json', '/json/k/d1/attrs', '{"t":'],
    ['payload-form', '/json/k/d1/attrs', '[1]'],
    ['payload-size', '/json/k/d1/attrs', `{"t":"${'x'.repeat(300_000)}"}`],
    ['payload-text', '/json/k/d1/attrs', Buffer.from([0xff, 0xfe, 0x00, 0x81])],
    ['payload-ultralight', '/ul/k/d1/attrs', 't|1|h'],
    ['number-text', '/json/k/d1/attrs', '{"t":"warm"}'],
    ['time-absurd', '/json/k/d1/attrs', '{"t":1,"TimeInstant":"2090-01-01T00:00:00Z"}'],
    ['time-form', '/json/k/d1/attrs', '{"t":1,"TimeInstant":"yesterday"}'],
    ['unknown-key', '/json/nobody/d1/attrs', '{"t":1}'],
    ['payload-json', 'application/1/device/0102030405060708/event/up', 'no uplink'],
  ]
  for (let round = 0; round < 99; round += 1) {
    await send('/json/k/d1/attrs', JSON.stringify({ t: round, TimeInstant: new Date(1_793_520_000_000 + (round ^ 1) * 1000).toISOString() }))
    const one = bad[round]
    if (one !== undefined) await send(one[1], one[2])
  }
  // The same again is known already.
  await send('/json/k/d1/attrs', JSON.stringify({ t: 98, TimeInstant: new Date(1_793_520_000_000 + 99_000).toISOString() }))
  const kept = await city.devices.quarantine.list('')
  assert.deepEqual(kept.map(({ rule }) => rule).toSorted(), bad.map(([rule]) => rule).toSorted())
  const reply = await fetch(`${city.url}/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:WeatherObserved:d1?attrs=temperature`, { headers: { link } })
  assert.equal(((await reply.json()) as { temperature: unknown[] }).temperature.length, 99)
  assert.equal(closed, 0)
  await client.endAsync()
  await city.close()
})
