/**
 * Imports rows by the command while the server runs, a subscriber and a client of the live stream listen, and the server is started again half-way.
 *
 *   node test/scenarios/import-under-way.ts [--rows 100000]
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { freePort, startCity } from '../reliability/city-process.ts'
import type { CityProcess } from '../reliability/city-process.ts'
import { openLive } from './live-client.ts'
import type { LiveClient, LiveEvent } from './live-client.ts'
import { openReceiver } from './receiver.ts'

const stations = 200
const type = 'NoiseLevelObserved'
const context = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
const mapping = `title: Noise, made up
source: { attribution: nobody, license: 'https://creativecommons.org/publicdomain/zero/1.0/' }
file: { format: csv, delimiter: ',' }
zone: UTC
entities:
  - type: ${type}
    id: urn:ngsi-ld:${type}:{station}
    time: time
    attributes:
      LAeq: { column: level, as: number }
`

/** What the scenario saw. */
export type ImportUnderWay = {
  readonly rows: number
  /** Instances in the evolution of all stations together. */
  readonly instances: number
  /** Values that the subscriber was told of, and how many of them more than once. */
  readonly told: number
  readonly toldTwice: number
  /** Stations of which the live client's last word is not the newest value. */
  readonly staleStations: number
  /** The first event on coming back after the restart, and how many stations it told of. */
  readonly comeback: string
  readonly comebackStations: number
  /** First events on coming back with an id of another tenant, one that is none, and one older than the outbox. */
  readonly resets: readonly string[]
  readonly importMs: number
  readonly toldAfterMs: number
}

/** Runs the scenario with so many rows, a multiple of 1,000 and at least 4,000. */
export async function importUnderWay(rows: number): Promise<ImportUnderWay> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-under-way-'))
  const data = join(folder, 'data')
  const port = await freePort()
  await using receiver = await openReceiver()
  const seen = new Map<string, unknown>()
  try {
    await writeFile(join(folder, 'noise.yaml'), mapping)
    const half = rows / 2
    let city = await startCity({ data, port })
    await subscribe(city, receiver.uri)
    let live = await openLive(city.url)
    const begun = performance.now()
    await importRows(folder, data, 0, half)
    await settled(live, half)
    noteLive(seen, live.events)
    const lastEventId = live.lastId() ?? ''
    live.close()
    await city.kill('SIGTERM')

    city = await startCity({ data, port })
    await importRows(folder, data, half, half + 1000)
    live = await openLive(city.url, { lastEventId })
    const comeback = await live.until(({ event }) => event !== 'ping')
    await importRows(folder, data, half + 1000, rows)
    const importMs = performance.now() - begun
    await settled(live, rows)
    noteLive(seen, live.events)
    const values = (): number[] => receiver.arrivals.flatMap((arrival) => arrival.data.map((entity) => Number(entity['LAeq'])))
    for (let count = 0; count < 600 && values().length < rows; count += 1) await pause(100)
    await pause(300)
    const toldAfterMs = performance.now() - begun - importMs
    const told = values()
    const instances = await countInstances(city)
    live.close()

    const resets = [await firstEvent(city, lastEventId, 'another'), await firstEvent(city, 'bm9uZQ')]
    await city.kill('SIGTERM')
    const database = new DatabaseSync(join(data, 'city.db'))
    database.exec(`DELETE FROM outbox WHERE sequence <= ${rows - 500}`)
    database.close()
    city = await startCity({ data, port })
    resets.push(await firstEvent(city, lastEventId))
    await city.kill('SIGTERM')

    const newest = (station: number): number => rows - stations + station
    return {
      rows,
      instances,
      told: new Set(told).size,
      toldTwice: told.length - new Set(told).size,
      staleStations: Array.from({ length: stations }, (_, station) => station).filter(
        (station) => seen.get(`urn:ngsi-ld:${type}:s${station}`) !== newest(station),
      ).length,
      comeback: comeback.event,
      comebackStations: changesOf(comeback).length,
      resets,
      importMs: Math.round(importMs),
      toldAfterMs: Math.round(toldAfterMs),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Row n is the value n of station n mod 200, a minute after that station's one before. */
async function importRows(folder: string, data: string, from: number, to: number): Promise<void> {
  const lines = ['station,time,level']
  for (let row = from; row < to; row += 1)
    lines.push(`s${row % stations},${new Date(Date.UTC(2026, 0, 1) + Math.floor(row / stations) * 60_000).toISOString()},${row}`)
  const file = join(folder, `noise-${from}.csv`)
  await writeFile(file, `${lines.join('\n')}\n`)
  const program = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [program, 'import', file, '--mapping', join(folder, 'noise.yaml')], {
    env: { PATH: process.env['PATH'], CITYLOOP_DATA: data, CITYLOOP_MQTT_PORT: '0' },
  })
}

async function subscribe(city: CityProcess, uri: string): Promise<void> {
  const reply = await fetch(`${city.url}/ngsi-ld/v1/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', link: context },
    body: JSON.stringify({
      type: 'Subscription',
      entities: [{ type }],
      notification: { format: 'simplified', endpoint: { uri, accept: 'application/json' } },
    }),
  })
  if (reply.status !== 201) throw new Error(`The subscription was answered ${reply.status}: ${await reply.text()}`)
}

type LiveChange = { readonly id: string; readonly entity: { readonly LAeq?: { readonly value: unknown } } | null }

function changesOf({ event, data }: LiveEvent): readonly LiveChange[] {
  return event === 'change' ? (data as { readonly changes: readonly LiveChange[] }).changes : []
}

function noteLive(seen: Map<string, unknown>, events: readonly LiveEvent[]): void {
  for (const event of events) for (const { id, entity } of changesOf(event)) seen.set(id, entity?.LAeq?.value)
}

/** Waits for the last row's value in the live stream. */
async function settled(live: LiveClient, rows: number): Promise<void> {
  await live.until((event) => changesOf(event).some(({ entity }) => entity?.LAeq?.value === rows - 1))
}

async function firstEvent(city: CityProcess, lastEventId: string, tenant?: string): Promise<string> {
  const live = await openLive(city.url, { lastEventId, ...(tenant === undefined ? {} : { tenant }) })
  const { event } = await live.until(({ event: name }) => name !== 'ping')
  live.close()
  return event
}

async function countInstances(city: CityProcess): Promise<number> {
  let total = 0
  for (let offset = 0; offset < stations; offset += 20) {
    const query = `type=${type}&timerel=after&timeAt=2000-01-01T00:00:00Z&options=aggregatedValues&aggrMethods=totalCount&limit=20&offset=${offset}`
    const reply = await fetch(`${city.url}/ngsi-ld/v1/temporal/entities?${query}`, { headers: { link: context } })
    if (reply.status !== 200) throw new Error(`The evolution was answered ${reply.status}: ${await reply.text()}`)
    const page = (await reply.json()) as readonly { readonly LAeq: { readonly totalCount: readonly (readonly [number])[] } }[]
    for (const { LAeq } of page) total += LAeq.totalCount[0]?.[0] ?? 0
  }
  return total
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
  console.log(JSON.stringify(await importUnderWay(Number(values.rows))))
}
