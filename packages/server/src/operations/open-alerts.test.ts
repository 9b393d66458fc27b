import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'

let city: RunningCity
let folder: string
const config = (): ReturnType<typeof parseConfig> => parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0' })
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-alerts-'))
  city = await runCity(config(), { log: silent })
})
after(async () => {
  await city.close()
  await rm(folder, { recursive: true })
})

const headers = {
  'content-type': 'application/json',
  link: '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
}
const call = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${city.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
type Alert = {
  id: string
  alertState: string
  alertSource: string
  severity: string
  description: string
  alertAttribute?: string
  alertValue?: number
  acknowledgeNote?: string
}
const alerts = async (): Promise<Alert[]> => (await (await call('GET', '/ngsi-ld/v1/entities?type=Alert&format=simplified')).json()) as Alert[]
async function eventually(is: (found: Alert[]) => boolean): Promise<Alert[]> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = await alerts()
    if (is(found)) return found
    await pause(50)
  }
  throw new Error(`The alerts stayed ${JSON.stringify(await alerts())}`)
}
const observe = (no2: number, observedAt: string): Promise<Response> =>
  call('POST', '/ngsi-ld/v1/entityOperations/upsert?options=update', [
    { id: 'urn:ngsi-ld:AirQualityObserved:1', type: 'AirQualityObserved', no2: { value: no2, observedAt } },
  ])

test('an alert is raised once, acknowledged with a note, outlives a restart and is cleared by its rule', async () => {
  const rule = { title: 'NO2 is high', type: 'AirQualityObserved', kind: 'threshold', attribute: 'no2', limit: 100, clearLimit: 80, severity: 'high' }
  assert.equal((await call('PUT', '/api/rules/no2', rule)).status, 200)
  await observe(120, '2026-11-01T00:00:00Z')
  const [raised] = await eventually((found) => found.length === 1)
  assert.deepEqual(
    [raised?.alertState, raised?.alertSource, raised?.severity, raised?.description],
    ['active', 'urn:ngsi-ld:AirQualityObserved:1', 'high', 'no2 is 120, above 100'],
  )

  assert.deepEqual([raised?.alertAttribute, raised?.alertValue], ['no2', 120])

  assert.equal((await call('POST', `/api/alerts/${raised?.id ?? ''}/acknowledge`, { note: 'Seen from the bridge' })).status, 204)
  assert.equal((await call('POST', `/api/alerts/${raised?.id ?? ''}/acknowledge`, {})).status, 409)
  await city.close()
  city = await runCity(config(), { log: silent })
  await observe(130, '2026-11-01T01:00:00Z')
  await observe(90, '2026-11-01T02:00:00Z')
  await observe(70, '2026-11-01T03:00:00Z')
  const [cleared, ...others] = await eventually((found) => found[0]?.alertState === 'cleared')
  assert.deepEqual([cleared?.acknowledgeNote, others.length], ['Seen from the bridge', 0])
})

test('a rule that is put takes up what is there: a value already beyond its limit raises at once', async () => {
  await observe(300, '2026-11-02T00:00:00Z')
  await eventually((found) => found.filter(({ alertState }) => alertState === 'active').length === 1)
  assert.equal(
    (await call('PUT', '/api/rules/worse', { title: 'Much worse', type: 'AirQualityObserved', kind: 'threshold', attribute: 'no2', limit: 200 }))
      .status,
    200,
  )
  await eventually((found) => found.filter(({ alertState }) => alertState === 'active').length === 2)
  assert.equal((await call('DELETE', '/api/rules/worse')).status, 204)
  assert.equal((await call('DELETE', '/api/rules/worse')).status, 404)
  const [closed, ...rest] = (await alerts()).filter(({ description }) => description === 'The rule was deleted')
  assert.deepEqual([closed?.alertState, rest.length], ['cleared', 0])
})

test('a rule that is switched off clears its alerts, and takes them up again when it is switched on', async () => {
  const rule = { title: 'NO2', type: 'AirQualityObserved', kind: 'threshold', attribute: 'no2', limit: 250 }
  const standing = async (): Promise<number> => (await alerts()).filter(({ alertState }) => alertState === 'active').length
  const before = await standing()
  await call('PUT', '/api/rules/switched', rule)
  assert.equal(await standing(), before + 1)
  await call('PUT', '/api/rules/switched', { ...rule, isActive: false })
  assert.equal(await standing(), before)
  assert.ok((await alerts()).some(({ alertState, description }) => alertState === 'cleared' && description === 'The rule was switched off'))
  await call('PUT', '/api/rules/switched', rule)
  assert.equal(await standing(), before + 1)
})

test('a rule that is for another type now clears the alerts of the former one', async () => {
  const rule = { title: 'NO2', type: 'AirQualityObserved', kind: 'threshold', attribute: 'no2', limit: 250 }
  await call('PUT', '/api/rules/moved', rule)
  await eventually((found) => found.some(({ alertState, description }) => alertState === 'active' && description.includes('above 250')))
  await call('PUT', '/api/rules/moved', { ...rule, type: 'WeatherObserved' })
  const cleared = (await alerts()).filter(({ description }) => description === 'The rule is for WeatherObserved now')
  assert.deepEqual(
    cleared.map(({ alertState }) => alertState),
    ['cleared'],
  )
})
