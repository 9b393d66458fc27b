import { everything } from '@cityloop/ngsi-ld'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { runCity } from '../../packages/server/src/main/run-city.ts'
import type { RunningCity } from '../../packages/server/src/main/run-city.ts'
import { createLog } from '../../packages/server/src/runtime/log.ts'
import { fuzzRequest } from './request.arbitrary.ts'
import type { FuzzRequest } from './request.arbitrary.ts'

let folder: string
let city: RunningCity
const log: string[] = []
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-fuzz-'))
  const config = parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '0' })
  city = await runCity(config, { log: createLog((line) => log.push(line), 'error'), store: { synchronous: 'OFF' } })
})
after(async () => {
  await city.close()
  await rm(folder, { recursive: true })
})

/** What is wrong with the answer to a request, if anything. */
async function faultOf({ method, url, headers, body }: FuzzRequest): Promise<string | undefined> {
  const answer = await city.app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
  const { statusCode: status, body: text } = answer
  if (status < 400) return undefined
  // A context that cannot be had is the world's fault, and the standard's answer to it is 504.
  if (status >= 500 && !(status === 504 && text.includes('LdContextNotAvailable'))) return `${status} ${text} ${log.splice(0).join('')}`
  if ([405, 406, 411, 413, 414, 415].includes(status) && text === '') return undefined
  const { type, title, detail } = JSON.parse(text) as Readonly<Record<string, unknown>>
  const isProblem = typeof type === 'string' && typeof title === 'string' && typeof detail === 'string' && detail !== ''
  return isProblem ? undefined : `${status} without a problem: ${text}`
}

void test('10,000 random requests bring no 5xx and no crash, and every refusal is a problem that says what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fuzzRequest, async (request) => {
      assert.equal(await faultOf(request), undefined)
    }),
    { seed: 20_261_126, numRuns: 10_000 },
  )
  assert.equal((await city.app.inject({ url: '/ready', headers: { host: 'localhost' } })).statusCode, 200)
  assert.ok(city.store.state().lastSequence > 500, `only ${city.store.state().lastSequence} of the requests changed anything`)
})

void test('after all that each entity is what its history says, so nothing was written in part', async () => {
  let entities = 0
  for (const tenant of await city.store.tenants()) {
    for (const id of await city.store.ids(tenant, '', 1000)) {
      const query = { entities: [{ ids: [id] }] }
      const read = { tenant, scope: everything, query, offset: 0, limit: 1, count: false }
      const known = await city.store.query({ ...read, moment: { kind: 'known', at: Number.MAX_SAFE_INTEGER } })
      assert.deepEqual(await city.store.retrieve(tenant, everything, id), known.entities[0])
      entities += 1
    }
  }
  assert.ok(entities > 0)
})
