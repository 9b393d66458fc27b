import { everything, parseGeoQuery } from '@cityloop/ngsi-ld'
import type { Command, Entity, EntityQuery } from '@cityloop/ngsi-ld'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSqliteStore } from '../packages/server/src/store/sqlite/open-store.ts'
import type { Store } from '../packages/server/src/store/store.ts'
import { describe, quantile } from './statistics.ts'
import { measureSyncRate } from './sync-rate.ts'

const entities = 20_000
const common = { tenant: '', scope: everything, receivedAt: 0, cause: { caller: 'urn:bench' } } as const

/**
 * The embedded store without HTTP, in this process: partial updates with so many under way, and reads.
 *
 *   npm run bench -- store [--runs 3] [--seconds 2]
 */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '3' }, seconds: { type: 'string', default: '2' } } })
  const [runs, seconds] = [Number(values.runs), Number(values.seconds)]
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-bench-store-'))
  const stores = { FULL: await openSqliteStore(join(folder, 'full')), OFF: await openSqliteStore(join(folder, 'off'), { synchronous: 'OFF' }) }
  for (const store of Object.values(stores)) await fill(store)
  console.log(`updates: median [range] of ${runs} runs of ${seconds} s, ${entities} entities`)
  for (const underWay of [1, 32, 256]) {
    const rates: Record<'FULL' | 'OFF', number[]> = { FULL: [], OFF: [] }
    const syncs: number[] = []
    for (let run = 0; run < runs; run += 1) {
      syncs.push(measureSyncRate(folder))
      for (const mode of ['FULL', 'OFF'] as const) rates[mode].push(await updatesASecond(stores[mode], underWay, seconds))
    }
    console.log(
      `  ${String(underWay).padStart(3)} under way: ${describe(rates.FULL)}/s, unsynced ${describe(rates.OFF)}/s, the disk's own syncs ${describe(syncs)}/s`,
    )
  }
  await benchReads(stores.FULL)
  for (const store of Object.values(stores)) await store.close()
  await rm(folder, { recursive: true })
}

function benchEntity(index: number): Entity {
  const attributes = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name, place) => [`urn:${name}`, [{ kind: 'Property' as const, value: (index * (place + 3)) % 997 }]]),
  )
  const value = { type: 'Point', coordinates: [(index % 200) / 1000, Math.floor(index / 200) / 1000] }
  return { id: `urn:e:${index}`, types: [`urn:T${index % 5}`], attributes: { ...attributes, 'urn:location': [{ kind: 'GeoProperty', value }] } }
}

async function fill(store: Store): Promise<void> {
  for (let from = 0; from < entities; from += 1000)
    await store.commitAll(
      Array.from({ length: 1000 }, (_, place): Command => ({ ...common, kind: 'createEntity', entity: benchEntity(from + place) })),
    )
}

async function updatesASecond(store: Store, underWay: number, seconds: number): Promise<number> {
  const begun = performance.now()
  const end = begun + seconds * 1000
  let count = 0
  async function write(): Promise<void> {
    while (performance.now() < end) {
      const number = count++
      await store.commit({
        ...common,
        kind: 'partialUpdateAttribute',
        id: `urn:e:${(number * 7919) % entities}`,
        name: 'urn:a',
        fragment: { value: number },
      })
    }
  }
  await Promise.all(Array.from({ length: underWay }, write))
  return (count * 1000) / (performance.now() - begun)
}

async function benchReads(store: Store): Promise<void> {
  const types = { kind: 'anyOf', alternatives: [[{ written: 'T1', expanded: 'urn:T1' }]] } as const
  const coordinates = '[[[0.05,0.03],[0.07,0.03],[0.07,0.04],[0.05,0.04],[0.05,0.03]]]'
  const geo = parseGeoQuery({ georel: 'within', geometry: 'Polygon', coordinates }, (name) => `urn:${name}`)
  const inBox: EntityQuery = { entities: [{ types }], geo }
  const reads: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['by id', () => store.retrieve('', everything, 'urn:e:7000')],
    ['of a type, first 100', () => query(store, { entities: [{ types }] }, 100)],
    ['of a type, all counted', () => query(store, { entities: [{ types }] }, 1, true)],
    ['of a type in a box of 1 %', () => query(store, inBox, 100)],
  ]
  console.log('reads: p50 and p99 of 200, one at a time')
  for (const [name, read] of reads) {
    const timesMs: number[] = []
    for (let count = 0; count < 200; count += 1) {
      const begun = performance.now()
      await read()
      timesMs.push(performance.now() - begun)
    }
    console.log(`  ${name.padEnd(30)} ${quantile(timesMs, 0.5).toFixed(2)} and ${quantile(timesMs, 0.99).toFixed(2)} ms`)
  }
}

function query(store: Store, wanted: EntityQuery, limit: number, count = false): Promise<unknown> {
  return store.query({ tenant: '', scope: everything, query: wanted, moment: { kind: 'now' }, offset: 0, limit, count })
}
