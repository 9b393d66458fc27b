/** Sends random requests of every operation to a city in this process and looks at each answer: no 5xx, and every refusal a problem that says what is wrong. */
import type { Entity } from '@cityloop/ngsi-ld'
import { everything } from '@cityloop/ngsi-ld'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as fc from 'fast-check'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { runCity } from '../../packages/server/src/main/run-city.ts'
import type { RunningCity } from '../../packages/server/src/main/run-city.ts'
import { createLog } from '../../packages/server/src/runtime/log.ts'
import { fuzzRequest } from './request.arbitrary.ts'
import type { FuzzRequest } from './request.arbitrary.ts'

export type FuzzedCity = RunningCity & {
  /** Errors that the city logged. */
  readonly errors: string[]
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** A city with an empty folder of its own, which goes with it. */
export async function openFuzzedCity(): Promise<FuzzedCity> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-fuzz-'))
  const errors: string[] = []
  const config = parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_MQTT_PORT: '0' })
  const city = await runCity(config, { log: createLog((line) => errors.push(line), 'error'), store: { synchronous: 'OFF' } })
  const close = async (): Promise<void> => {
    await city.close()
    await rm(folder, { recursive: true })
  }
  return { ...city, errors, [Symbol.asyncDispose]: close }
}

/** How often each operation was asked for, and how often it did what it was asked. */
export type Tally = Map<string, { asked: number; done: number }>

/** Asks the city so many times; throws fast-check's report, with the smallest request it found, where an answer is wrong. */
export async function fuzz(city: FuzzedCity, cases: number, seed: number): Promise<Tally> {
  const tally: Tally = new Map()
  await fc.assert(
    fc.asyncProperty(fuzzRequest, async (request) => {
      const { status, fault } = await ask(city, request)
      assert.equal(fault, undefined)
      const operation = `${request.method} ${request.path}`
      const { asked, done } = tally.get(operation) ?? { asked: 0, done: 0 }
      tally.set(operation, { asked: asked + 1, done: done + (status < 300 ? 1 : 0) })
    }),
    { seed, numRuns: cases },
  )
  assert.equal((await city.app.inject({ url: '/ready', headers: { host: 'localhost' } })).statusCode, 200)
  return tally
}

/** Compares each entity with what its history says of now, so that a write in part shows; answers how many there were. */
export async function compareWithHistory({ store }: RunningCity): Promise<number> {
  let entities = 0
  for (const tenant of await store.tenants()) {
    for (const id of await store.ids(tenant, '', 1000)) {
      const query = { entities: [{ ids: [id] }] }
      const read = { tenant, scope: everything, query, offset: 0, limit: 1, count: false }
      const known = await store.query({ ...read, moment: { kind: 'known', at: Number.MAX_SAFE_INTEGER } })
      assert.deepEqual(inOneOrder(await store.retrieve(tenant, everything, id)), inOneOrder(known.entities[0]))
      entities += 1
    }
  }
  return entities
}

/** Instances of an attribute have no order of their own. */
function inOneOrder(entity: Entity | undefined): unknown {
  const attributes = Object.entries(entity?.attributes ?? {})
  return {
    ...entity,
    attributes: Object.fromEntries(
      attributes.map(([name, all]) => [name, all.toSorted((a, b) => ((a.datasetId ?? '') < (b.datasetId ?? '') ? -1 : 1))]),
    ),
  }
}

async function ask({ app, errors }: FuzzedCity, { method, url, headers, body }: FuzzRequest): Promise<{ status: number; fault: string | undefined }> {
  const { statusCode: status, body: text } = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
  return { status, fault: faultOf(status, text, errors) }
}

function faultOf(status: number, text: string, errors: string[]): string | undefined {
  if (status < 400) return undefined
  // A context or a peer that cannot be had is the world's fault, and the standard's answers to it are these (6.3.2).
  const isOfTheWorld =
    [502, 504].includes(status) && ['LdContextNotAvailable', 'GatewayTimeout', 'BadGateway'].some((type) => text.includes(`/${type}"`))
  if (status >= 500 && !isOfTheWorld) return `${status} ${text} ${errors.splice(0).join('')}`
  if ([405, 406, 411, 413, 414, 415].includes(status) && text === '') return undefined
  const { type, title, detail, name, message } = JSON.parse(text) as Readonly<Record<string, unknown>>
  // The IoT Agents' interface has its own form of a refusal: a name and a message.
  const isProblem = [type, title, detail].every(isText) || [name, message].every(isText)
  return isProblem ? undefined : `${status} without a problem: ${text}`
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '20261126' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log('npm run fuzz -- [--cases 100000] [--seed N]')
    process.exit(0)
  }
  await using city = await openFuzzedCity()
  const from = performance.now()
  const tally = await fuzz(city, Number(values.cases), Number(values.seed))
  const seconds = Math.round((performance.now() - from) / 1000)
  const entities = await compareWithHistory(city)
  for (const [operation, { asked, done }] of [...tally].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${operation.padEnd(64)} ${String(asked).padStart(6)} asked, ${String(done).padStart(6)} done`)
  console.log(
    `${values.cases} requests of ${tally.size} operations, seed ${values.seed}, in ${seconds} s: no 5xx, every refusal a problem; ${city.store.state().lastSequence} changes, ${entities} entities equal to their history`,
  )
}
