import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { startCity } from '../test/reliability/city-process.ts'
import type { CityProcess } from '../test/reliability/city-process.ts'
import { runFaults } from '../test/scenarios/notification-faults.ts'
import { costOf } from './process-cost.ts'
import { describe, quantile } from './statistics.ts'
import { measureSyncRate } from './sync-rate.ts'
import { createEntities, updateLoad } from './update-load.ts'

const parts = ['updates', 'reads', 'sizes', 'receivers'] as const

/**
 * The server in a process of its own, loaded from this one over HTTP.
 *
 *   npm run bench -- broker [updates] [reads] [sizes] [receivers] [--runs 3] [--seconds 3] [--entities 100000]
 */
export async function bench(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', default: '3' }, seconds: { type: 'string', default: '3' }, entities: { type: 'string', default: '100000' } },
  })
  const unknown = positionals.find((name) => !(parts as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`The broker's bench has no part ${unknown}: its parts are ${parts.join(', ')}`)
  const has = (part: (typeof parts)[number]): boolean => positionals.length === 0 || positionals.includes(part)
  if (has('updates')) await benchUpdates(Number(values.runs), Number(values.seconds))
  if (has('reads')) await benchBesideReads(Number(values.seconds))
  if (has('sizes')) await benchSizes(Number(values.entities), Number(values.runs))
  if (has('receivers')) await benchReceivers(Number(values.seconds))
}

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-bench-'))
  try {
    await act(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

type UpdateRun = {
  readonly perSecond: number
  readonly cpuUs: number
  readonly writtenKB: number
  readonly p99Ms: number
  readonly syncRate: number
  readonly rssMiB: number
}

const benchEntities = 20_000

/** Durable updates beside the disk's own rate of syncs and the same server on a store that does not sync; runs of all alternate. */
async function benchUpdates(runs: number, seconds: number): Promise<void> {
  await withFolder(async (folder) => {
    const cities: Record<'FULL' | 'OFF', CityProcess> = {
      FULL: await startCity({ data: join(folder, 'full') }),
      OFF: await startCity({ data: join(folder, 'off'), synchronous: 'OFF' }),
    }
    for (const city of Object.values(cities)) await createEntities(city.url, 0, benchEntities)
    const results = new Map<string, UpdateRun[]>()
    for (let run = 0; run < runs; run += 1) {
      for (const connections of [1, 32, 256]) {
        for (const mode of ['FULL', 'OFF'] as const) {
          const measured = await runUpdates(cities[mode], folder, connections, seconds)
          const key = `${mode} ${connections}`
          results.set(key, [...(results.get(key) ?? []), measured])
        }
      }
    }
    for (const city of Object.values(cities)) await city.kill('SIGTERM')
    console.log(`updates: median [range] of ${runs} runs of ${seconds} s, ${benchEntities} entities; ratios are medians of each run's`)
    for (const connections of [1, 32, 256]) {
      const full = results.get(`FULL ${connections}`) ?? []
      const off = results.get(`OFF ${connections}`) ?? []
      const of = (name: keyof UpdateRun, digits = 0): string =>
        describe(
          full.map((run) => run[name]),
          digits,
        )
      const toSyncs = describe(
        full.map((run) => run.perSecond / run.syncRate),
        2,
      )
      const toUnsynced = describe(
        full.map((run, index) => run.perSecond / (off[index]?.perSecond ?? Number.NaN)),
        2,
      )
      console.log(
        `  ${String(connections).padStart(3)} connections: ${of('perSecond')}/s, p99 ${of('p99Ms', 1)} ms; ${toSyncs} x the disk's ${of('syncRate')} syncs/s; ` +
          `${toUnsynced} x the unsynced store's ${describe(off.map((run) => run.perSecond))}/s; CPU ${of('cpuUs')} us and ${of('writtenKB', 1)} KB written an update; RSS ${of('rssMiB')} MiB`,
      )
    }
  })
}

async function runUpdates(city: CityProcess, folder: string, connections: number, seconds: number): Promise<UpdateRun> {
  const syncRate = measureSyncRate(folder)
  const before = costOf(city.pid)
  const { count, seconds: took, delaysMs } = await updateLoad(city.url, { connections, seconds, entities: benchEntities })
  const after = costOf(city.pid)
  return {
    perSecond: count / took,
    cpuUs: (after.cpuUs - before.cpuUs) / count,
    writtenKB: (after.writtenBytes - before.writtenBytes) / count / 1024,
    p99Ms: quantile(delaysMs, 0.99),
    syncRate,
    rssMiB: after.rssMiB,
  }
}

/** Single updates and `/health` while a query that reads all of 20,000 entities runs again and again. */
async function benchBesideReads(seconds: number): Promise<void> {
  await withFolder(async (folder) => {
    const city = await startCity({ data: folder })
    await createEntities(city.url, 0, benchEntities)
    const quiet = await probe(city, seconds)
    let isOver = false
    let queries = 0
    const reading = Array.from({ length: 2 }, async () => {
      while (!isOver) {
        const query = new URLSearchParams({ local: 'true', q: 'temperature>-1;humidity!=3', count: 'true', limit: '1' })
        const reply = await fetch(`${city.url}/ngsi-ld/v1/entities?${query.toString()}`)
        await reply.arrayBuffer()
        if (reply.status !== 200 || reply.headers.get('ngsild-results-count') !== String(benchEntities))
          throw new Error(`The query was answered ${reply.status}`)
        queries += 1
      }
    })
    const busy = await probe(city, Math.max(seconds, 10))
    isOver = true
    await Promise.all(reading)
    await city.kill('SIGTERM')
    console.log(
      `reads: single updates and /health beside two callers of a query that reads all ${benchEntities} entities (${queries} queries were answered)`,
    )
    console.log(
      `  in quiet  updates p50 ${ms(quiet.updates, 0.5)} p99 ${ms(quiet.updates, 0.99)} ms, /health p50 ${ms(quiet.health, 0.5)} p99 ${ms(quiet.health, 0.99)} ms`,
    )
    console.log(
      `  meanwhile updates p50 ${ms(busy.updates, 0.5)} p99 ${ms(busy.updates, 0.99)} ms, /health p50 ${ms(busy.health, 0.5)} p99 ${ms(busy.health, 0.99)} ms`,
    )
  })
}

function ms(values: readonly number[], part: number): string {
  return quantile(values, part).toFixed(1)
}

async function probe(city: CityProcess, seconds: number): Promise<{ readonly updates: readonly number[]; readonly health: readonly number[] }> {
  const health: number[] = []
  const end = performance.now() + seconds * 1000
  const asking = (async () => {
    while (performance.now() < end) {
      const sent = performance.now()
      await (await fetch(`${city.url}/health`)).arrayBuffer()
      health.push(performance.now() - sent)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  const { delaysMs } = await updateLoad(city.url, { connections: 1, seconds, entities: benchEntities })
  await asking
  return { updates: delaysMs, health }
}

const observations = 200_000

/** Bytes on disk, time to start and memory with many entities. */
async function benchSizes(entities: number, runs: number): Promise<void> {
  await withFolder(async (data) => {
    const file = join(data, 'city.db')
    const sizeOf = async (): Promise<number> => (await stat(file)).size
    let city = await startCity({ data })
    await createEntities(city.url, 0, entities)
    await city.kill('SIGTERM')
    const withEntities = await sizeOf()
    const startsMs: number[] = []
    for (let run = 0; run < runs; run += 1) {
      const begun = performance.now()
      city = await startCity({ data })
      const ready = await fetch(`${city.url}/ready`)
      if (ready.status !== 200) throw new Error(`/ready answered ${ready.status}`)
      startsMs.push(performance.now() - begun)
      if (run < runs - 1) await city.kill('SIGTERM')
    }
    const idle = costOf(city.pid).rssMiB
    await observe(city, entities)
    const busy = costOf(city.pid).rssMiB
    await city.kill('SIGTERM')
    const withInstances = await sizeOf()
    console.log(`sizes: ${entities} entities of eight attributes, then ${observations} observations of one attribute`)
    console.log(`  ${Math.round(withEntities / entities)} bytes on disk an entity, with its first eight instances, change and indexes`)
    console.log(`  ${Math.round((withInstances - withEntities) / observations)} bytes on disk a further instance, with its change`)
    console.log(`  start to /ready ${describe(startsMs)} ms; RSS ${idle} MiB after the start, ${busy} MiB after the observations`)
    printTables(file)
  })
}

/** Observations of the temperature of the first thousand entities, newer and newer, as an import sends them. */
async function observe(city: CityProcess, entities: number): Promise<void> {
  const term = (name: string): string => `https://uri.etsi.org/ngsi-ld/default-context/${name}`
  const among = Math.min(1000, entities)
  for (let sent = 0; sent < observations; sent += 1000) {
    const body = Array.from({ length: 1000 }, (_, place) => ({
      id: `urn:ngsi-ld:Bench:${place % among}`,
      types: [term(`Bench${place % 5}`)],
      attributes: { [term('temperature')]: [{ kind: 'Property', value: sent + place, observedAt: (1_780_000_000_000 + sent * 60 + place) * 1000 }] },
    }))
    const reply = await fetch(`${city.url}/api/observe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (reply.status !== 200) throw new Error(`The observations were answered ${reply.status}: ${(await reply.text()).slice(0, 300)}`)
    await reply.arrayBuffer()
  }
}

/** The largest tables and indexes, where this SQLite can tell. */
function printTables(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = database.prepare('SELECT name, SUM(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC LIMIT 8').all()
    console.log(`  ${rows.map(({ name, bytes }) => `${String(name)} ${(Number(bytes) / 2 ** 20).toFixed(0)} MiB`).join(', ')}`)
  } finally {
    database.close()
  }
}

/** How late a healthy receiver is told while a hundred others never answer. */
async function benchReceivers(seconds: number): Promise<void> {
  const { changes, healthyDelayMs, recoveredAfterMs } = await runFaults({ seconds: Math.max(seconds, 10), hanging: 100 })
  console.log(`receivers: ${changes} changes while 100 receivers never answer and 5 fail otherwise`)
  console.log(
    `  the healthy one was told after p50 ${healthyDelayMs.p50} p99 ${healthyDelayMs.p99} ms; all others had all ${recoveredAfterMs} ms after they recovered`,
  )
}
