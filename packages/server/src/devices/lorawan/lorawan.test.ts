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
import { openCodecSandbox } from './codec-sandbox.ts'

/** Thirty codecs of ten meanings in the three shapes of vendors; each reads its first two bytes as a number and a third as the battery. */
const meanings = Array.from({ length: 10 }, (_, index) => ({ field: `m${index}`, divisor: [1, 2, 4, 5, 10, 20, 25, 50, 100, 200][index] ?? 1 }))
const body = ({ divisor, field }: { field: string; divisor: number }): string =>
  `var raw = (bytes[0] << 8) | bytes[1]; if (raw > 32767) raw -= 65536; var out = { batteryLevel: bytes[2] }; out['${field}'] = raw / ${divisor};`
const shapes: readonly ((meaning: { field: string; divisor: number }) => string)[] = [
  (meaning) => `function decodeUplink(input) { var bytes = input.bytes; ${body(meaning)} return { data: out, warnings: [], errors: [] } }`,
  (meaning) => `function Decoder(bytes, port) { ${body(meaning)} return out }`,
  (meaning) => `function Decode(fPort, bytes, variables) { ${body(meaning)} return out }`,
]
const codecs = meanings.flatMap((meaning) => shapes.map((shape, index) => ({ name: `${meaning.field}-${index}`, source: shape(meaning), meaning })))

let city: RunningCity
let folder: string
const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
const call = (method: string, path: string, document?: unknown): Promise<Response> =>
  fetch(`${city.url}${path}`, {
    method,
    headers: { link, ...(document === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(document === undefined ? {} : { body: JSON.stringify(document) }),
  })
const json = async (method: string, path: string, document?: unknown): Promise<never> => (await (await call(method, path, document)).json()) as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-lorawan-'))
  city = await runCity(parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '18833' }), { log: silent })
  await call('POST', '/iot/services', { services: [{ apikey: 'lora', entity_type: 'WeatherObserved', autoprovision: false }] })
})
after(async () => {
  await city.close()
  await rm(folder, { recursive: true })
})

const time = '2026-11-01T08:00:00Z'
const euiOf = (index: number): string => `70b3d5${index.toString(16).padStart(10, '0')}`
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
const dialects: readonly { readonly topic: (eui: string) => string; readonly document: (eui: string, hex: string) => object }[] = [
  {
    topic: (eui) => `application/1/device/${eui}/event/up`,
    document: (eui, hex) => ({ applicationID: '1', devEUI: base64(eui), fCnt: 3, fPort: 2, data: base64(hex), publishedAt: time, rxInfo: [{ gatewayID: base64('00000000000000aa'), rssi: -90 }] }),
  },
  {
    topic: (eui) => `application/8e5a/device/${eui}/event/up`,
    document: (eui, hex) => ({ time, deviceInfo: { devEui: eui, tenantName: 'city' }, fCnt: 3, fPort: 2, data: base64(hex), rxInfo: [{ gatewayId: '00000000000000aa', rssi: -90 }] }),
  },
  {
    topic: (eui) => `v3/city@ttn/devices/eui-${eui}/up`,
    document: (eui, hex) => ({
      end_device_ids: { device_id: `eui-${eui}`, dev_eui: eui.toUpperCase() },
      received_at: time,
      uplink_message: { f_port: 2, f_cnt: 3, frm_payload: base64(hex), received_at: time, rx_metadata: [{ gateway_ids: { gateway_id: 'aa' }, rssi: -90 }] },
    }),
  },
] // prettier-ignore

test('30 codecs in three dialects give equal entities, over MQTT and by webhook', async () => {
  const hex = 'ff385a'
  for (const { meaning, name, source } of codecs) {
    const examples = [{ hex, fPort: 2, expected: { batteryLevel: 90, [meaning.field]: -200 / meaning.divisor } }]
    assert.equal((await call('PUT', `/api/codecs/${name}`, { source, examples })).status, 200)
  }
  const devices = codecs.flatMap(({ name }, codec) =>
    dialects.map((_, dialect) => ({ device_id: euiOf(codec * 3 + dialect), apikey: 'lora', entity_type: 'WeatherObserved', codec: name })),
  )
  assert.equal((await call('POST', '/iot/devices', { devices })).status, 201)
  const client = await mqtt.connectAsync('mqtt://127.0.0.1:18833', { clientId: 'network-server' })
  for (const [codec, { meaning }] of codecs.entries()) {
    const found: unknown[] = []
    for (const [index, dialect] of dialects.entries()) {
      const eui = euiOf(codec * 3 + index)
      const document = dialect.document(eui, hex)
      if (codec % 2 === 0) await client.publishAsync(dialect.topic(eui), JSON.stringify(document), { qos: 1 })
      else assert.equal((await call('POST', '/iot/lorawan?k=lora', document)).status, 200)
      const { id, ...entity } = (await json('GET', `/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:${eui}`)) as { id: string }
      assert.equal(id, `urn:ngsi-ld:WeatherObserved:${eui}`)
      found.push(entity)
    }
    assert.deepEqual(found[0], {
      type: 'WeatherObserved',
      batteryLevel: { type: 'Property', value: 90, observedAt: time },
      [meaning.field]: { type: 'Property', value: -200 / meaning.divisor, observedAt: time },
    })
    assert.deepEqual([found[1], found[2]], [found[0], found[0]])
  }
  await client.endAsync()
})

test('a runaway codec is stopped at its time wall, a greedy one at its memory wall, and the next one runs', async () => {
  const attempt = (source: string): Promise<{ refused?: { rule: string; detail: string }; fields?: object }> =>
    json('POST', '/api/codecs/try', { source, hex: '00' })
  assert.deepEqual((await attempt('function decodeUplink() { while (true) {} }')).refused, {
    rule: 'codec-time',
    detail: 'The codec ran longer than 100 ms and was stopped',
  })
  assert.equal((await attempt('function Decoder() { return { all: new Uint8Array(64 * 1024 * 1024).length } }')).refused?.rule, 'codec-memory')
  assert.equal((await attempt('function Decoder() { return (function f() { return f() })() }')).refused?.rule, 'codec-error')
  assert.deepEqual((await attempt('function Decoder() { return { t: 1 } }')).fields, { t: 1 })
})

test('a codec reaches nothing outside, and nothing that an earlier run left', async () => {
  const sandbox = openCodecSandbox()
  const run = (source: string) => sandbox.run({ source, bytes: new Uint8Array([1]), fPort: 1 })
  const seen = await run(
    'function Decoder() { globalThis.left = 1; return { process: typeof process, require: typeof require, fetch: typeof fetch, timer: typeof setTimeout } }',
  )
  assert.deepEqual(seen, {
    kind: 'decoded',
    warnings: [],
    fields: { process: 'undefined', require: 'undefined', fetch: 'undefined', timer: 'undefined' },
  })
  assert.deepEqual(await run('function Decoder() { return { left: typeof left } }'), { kind: 'decoded', warnings: [], fields: { left: 'undefined' } })
  assert.equal((await run('function Decoder() {')).kind, 'failed')
  await sandbox.close()
})

test('pasted hex shows the fields and the entity they become; a codec that fails its example is not kept', async () => {
  const source = 'function decodeUplink(input) { return { data: { temperature: input.bytes[0] / 2 }, warnings: ["old firmware"] } }'
  const tried = await json('POST', '/api/codecs/try', { source, hex: '2B', type: 'WeatherObserved', device: 'x1' })
  assert.deepEqual(tried, {
    fields: { temperature: 21.5 },
    warnings: ['old firmware'],
    entity: { id: 'urn:ngsi-ld:WeatherObserved:x1', type: 'WeatherObserved', temperature: 21.5 },
  })
  const wrong = await call('PUT', '/api/codecs/wrong', { source, examples: [{ hex: '2B', expected: { temperature: 22 } }] })
  assert.equal(wrong.status, 400)
  assert.match(await wrong.text(), /Example 1 \(2B\) gives/)
  assert.equal((await call('GET', '/api/codecs/wrong')).status, 404)
})

test('an uplink that its codec refuses waits in the quarantine and passes once the codec is mended', async () => {
  await call('PUT', '/api/codecs/mended', { source: 'function decodeUplink() { return { errors: ["unknown port"] } }' })
  const eui = euiOf(999)
  await call('POST', '/iot/devices', { devices: [{ device_id: eui, apikey: 'lora', entity_type: 'WeatherObserved', codec: 'mended' }] })
  const [, four] = dialects
  assert.equal((await call('POST', '/iot/lorawan?k=lora', four?.document(eui, '07'))).status, 202)
  assert.equal((await call('POST', '/iot/lorawan?k=nobody', four?.document(eui, '07'))).status, 401)
  const { messages } = await json('GET', '/api/quarantine') as { messages: { rule: string; detail: string }[] } // prettier-ignore
  assert.deepEqual(messages.map(({ rule }) => rule), ['codec-error']) // prettier-ignore
  assert.match(messages[0]?.detail ?? '', /unknown port/)
  await call('PUT', '/api/codecs/mended', { source: 'function decodeUplink(input) { return { data: { temperature: input.bytes[0] } } }' })
  assert.deepEqual(await json('POST', '/api/quarantine/replay', { keys: 'all' }), { taken: 1, left: 0, reasons: {} })
  const entity = (await json('GET', `/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:${eui}`)) as { temperature: object }
  assert.deepEqual(entity.temperature, { type: 'Property', value: 7, observedAt: time })
})

test('an uplink of an unknown device over MQTT is quarantined; joins and states are let by', async () => {
  const client = await mqtt.connectAsync('mqtt://127.0.0.1:18833', { clientId: 'network-server-2' })
  await client.publishAsync('application/8e5a/device/0102030405060708/event/up', JSON.stringify(dialects[1]?.document('0102030405060708', '00')), {
    qos: 1,
  })
  const { messages } = await json('GET', '/api/quarantine') as { messages: { rule: string; deviceId: string }[] } // prettier-ignore
  assert.deepEqual(messages.map(({ deviceId, rule }) => [rule, deviceId]), [['unknown-device', '0102030405060708']]) // prettier-ignore
  const joined = await call('POST', '/iot/lorawan?k=lora', { end_device_ids: { device_id: 'x', dev_eui: '0102030405060708' }, join_accept: {} })
  assert.deepEqual([joined.status, await joined.json()], [200, { kind: 'observed', entities: 0 }])
  await client.endAsync()
})
