import { admits, project, unexpired } from '@cityloop/ngsi-ld'
import type { Entity } from '@cityloop/ngsi-ld'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { OwnRow } from '../rows.ts'
import type { Store } from '../store.ts'
import { openDictionary } from './dictionary.ts'
import { ownDirectory } from './own-directory.ts'
import { startReaders } from './reader-pool.ts'
import { toOwnRow } from './reader.ts'
import { openForReading } from './schema.ts'
import { startWriter } from './writer.ts'

/** `synchronous` OFF is for the control run of the power-loss test alone; `clock` for tests. */
export type SqliteStoreOptions = {
  readonly synchronous?: 'FULL' | 'OFF'
  readonly clock?: BigInt64Array
  readonly readers?: number
  /** Called once when nothing more may be acknowledged. */
  readonly onFailed?: (reason: string) => void
  /** Where this process can be reached, for the directory's lock file. */
  readonly url?: string
}

/** Opens the store in a directory, which this process then owns. Throws where another process owns it, naming its pid and URL. */
export async function openSqliteStore(directory: string, options: SqliteStoreOptions = {}): Promise<Store> {
  mkdirSync(directory, { recursive: true })
  const owner = ownDirectory(directory, options.url)
  const file = join(directory, 'city.db')
  const { clock } = options
  const writer = await startWriter({ file, synchronous: options.synchronous ?? 'FULL', ...(clock === undefined ? {} : { clock }) }, (reason) =>
    options.onFailed?.(reason),
  ).catch((error: unknown) => {
    owner.release()
    throw error
  })
  const readers = startReaders(file, options.readers ?? 2)
  const database = openForReading(file)
  const tenants = openDictionary(database, 'tenant')
  const byId = database.prepare('SELECT doc FROM entity WHERE tenant = ? AND id = ?')
  const ownRow = database.prepare('SELECT * FROM own WHERE area = ? AND kind = ? AND tenant = ? AND key = ?')
  const now = (): number => (clock === undefined ? Date.now() * 1000 : Number(Atomics.load(clock, 0)))

  const store: Store = {
    async commit(command) {
      const [outcome] = await writer.commit([command], [], false)
      if (outcome === undefined) throw new Error('The writer gave no outcome')
      return outcome
    },
    commitAll: (commands, rows = []) => writer.commit(commands, rows, rows.length > 0 && commands.length > 0),
    async retrieve(tenant, scope, id) {
      const doc = byId.get(tenants.find(tenant), id)?.['doc']
      if (typeof doc !== 'string') return undefined
      const entity = unexpired(JSON.parse(doc) as Entity, now())
      return entity === undefined || !admits(scope, entity) ? undefined : project(scope, entity)
    },
    query: (read, signal) => readers.run('query', [read, now()], signal),
    mapRows: (read, choice, signal) => readers.run('mapRows', [read, choice, now()], signal),
    queryEvolution: (read, signal) => readers.run('queryEvolution', [read], signal),
    ids: (tenant, after, limit) => readers.run('ids', [tenant, after, limit]),
    async types(tenant, scope) {
      const counts = await readers.run('types', [tenant])
      if (scope.types === undefined && scope.attributes === undefined && scope.area === undefined) return counts
      return countWithin(store, tenant, scope)
    },
    tenants: () =>
      Promise.resolve(
        database
          .prepare('SELECT name FROM tenant ORDER BY name')
          .all()
          .map(({ name }) => String(name)),
      ),
    changesAfter: (sequence, limit) => readers.run('changesAfter', [sequence, limit]),
    oldestChange() {
      const oldest = database.prepare('SELECT MIN(sequence) AS oldest FROM outbox').get()?.['oldest']
      return Promise.resolve(typeof oldest === 'number' ? oldest : writer.state().lastSequence + 1)
    },
    onCommitted: (listener) => writer.onCommitted(listener),
    rows: {
      get(tenant, area, kind, key): Promise<OwnRow | undefined> {
        const row = ownRow.get(area, kind, tenant, key)
        return Promise.resolve(row === undefined ? undefined : toOwnRow(row))
      },
      list: (tenant, area, kind, range = {}) => readers.run('listOwn', [tenant, area, kind, range.from ?? '', range.to, range.limit ?? -1]),
      due: (area, kind, by, limit) => readers.run('dueOwn', [area, kind, by, limit]),
      async write(writes) {
        await writer.commit([], writes, false)
      },
    },
    state: () => ({ ...writer.state(), bytes: sizeOf(file) + sizeOf(`${file}-wal`) }),
    retain: (policy) => writer.retain(policy),
    backup: (target) => runBackup(file, target),
    async close() {
      await writer.close()
      await readers.close()
      database.close()
      owner.release()
    },
  }
  return store
}

function runBackup(file: string, target: string): Promise<void> {
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), { workerData: { file, target } })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The backup into ${target} ended with code ${code}`))))
  })
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Counts types and attributes of what a narrow scope admits, by looking at each. */
async function countWithin(store: Store, tenant: string, scope: Parameters<Store['types']>[1]): ReturnType<Store['types']> {
  const { entities } = await store.query({
    tenant,
    scope,
    query: {},
    moment: { kind: 'now' },
    offset: 0,
    limit: Number.MAX_SAFE_INTEGER,
    count: false,
  })
  const counts = new Map<string, { count: number; attributes: Map<string, number> }>()
  for (const entity of entities) {
    for (const type of entity.types) {
      const entry = counts.get(type) ?? { count: 0, attributes: new Map<string, number>() }
      counts.set(type, entry)
      entry.count += 1
      for (const name of Object.keys(entity.attributes)) entry.attributes.set(name, (entry.attributes.get(name) ?? 0) + 1)
    }
  }
  return [...counts].map(([type, { count, attributes }]) => ({
    type,
    count,
    attributes: [...attributes].map(([name, among]) => ({ name, count: among })),
  }))
}
