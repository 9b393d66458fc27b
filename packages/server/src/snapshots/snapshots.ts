import { NgsiLdError, badRequest, isJsonObject, matchesQ, parseQ, pathsOf } from '@cityloop/ngsi-ld'
import type { Attribute, EntityQuery, JsonObject } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { Federation } from '#federation/open-federation.ts'
import type { Origin } from '#federation/origin.ts'
import type { Access, Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Dialler } from '#runtime/dialler.ts'
import type { Log } from '#runtime/log.ts'
import type { Store } from '#store/store.ts'
import { copySnapshot, emptySnapshot, fillSnapshot } from './fill-snapshot.ts'
import type { EvolutionFill } from './fill-snapshot.ts'
import { sendSnapshotNotification } from './notify-snapshot.ts'
import { mergeSnapshot, parseSnapshot, showSnapshot } from './snapshot.ts'
import type { Snapshot } from './snapshot.ts'

const area = 'snapshots'
const kind = 'snapshot'
const atOnce = 1000

/** The queries of a snapshot, parsed. */
export type Fills = { readonly entities: readonly EntityQuery[]; readonly evolutions: readonly EvolutionFill[] }

/** The snapshots of all tenants. */
export type Snapshots = {
  /** 5.16.1: resolves when the snapshot is kept; it is filled afterwards. */
  create(origin: Origin, caller: Caller, document: unknown, fills: Fills): Promise<string>
  /** 5.16.2 */
  clone(caller: Caller, id: string, document: unknown): Promise<string>
  /** 5.16.3. Throws `ResourceNotFound`. */
  retrieve(caller: Caller, id: string): Promise<JsonObject>
  /** 5.16.4 */
  update(caller: Caller, id: string, fragment: unknown): Promise<JsonObject>
  /** 5.16.5 */
  delete(caller: Caller, id: string): Promise<void>
  /** 5.16.7: `q` speaks of the members of snapshots. */
  purge(caller: Caller, q: string): Promise<void>
  /** The tenant in which the entities of a snapshot live. Throws `ResourceNotFound`. */
  tenantOf(tenant: string, id: string): Promise<string>
  /** Resolves when nothing is being filled any more. */
  close(): Promise<void>
}

export type SnapshotDeps = {
  readonly access: Access
  readonly clock: Clock
  readonly dialler: Pick<Dialler, 'call'>
  readonly federation: Pick<Federation, 'query' | 'queryEvolution' | 'registrations'>
  readonly log: Log
  readonly store: Store
}

/** No header can hold the character, so no caller can name the tenant of a snapshot as one. */
export function snapshotTenant(tenant: string, id: string): string {
  return `${tenant}\u001F${id}`
}

export function openSnapshots(deps: SnapshotDeps): Snapshots {
  const { clock, store } = deps
  const working = new Set<Promise<void>>()

  async function find({ tenant }: Pick<Caller, 'tenant'>, id: string): Promise<Snapshot> {
    const row = await store.rows.get(tenant, area, kind, id)
    const snapshot = row?.value as unknown as Snapshot | undefined
    if (snapshot === undefined || snapshot.expiresAt <= clock.now()) throw new NgsiLdError('ResourceNotFound', `Snapshot ${id} does not exist`)
    return snapshot
  }

  async function put(tenant: string, snapshot: Snapshot): Promise<void> {
    await store.rows.write([{ put: { tenant, area, kind, key: snapshot.id, value: snapshot, due: snapshot.expiresAt } }])
  }

  /** Keeps a new snapshot and lets `fill` work on it in the background. */
  async function begin(caller: Caller, snapshot: Snapshot, fill: () => Promise<Partial<Snapshot>>): Promise<string> {
    const known = await store.rows.get(caller.tenant, area, kind, snapshot.id)
    if (known !== undefined) throw new NgsiLdError('AlreadyExists', `Snapshot ${snapshot.id} already exists`)
    await put(caller.tenant, snapshot)
    const work = finish(caller, snapshot, fill).finally(() => working.delete(work))
    working.add(work)
    return snapshot.id
  }

  async function finish(caller: Caller, snapshot: Snapshot, fill: () => Promise<Partial<Snapshot>>): Promise<void> {
    try {
      const filled = await fill()
      // It may have been changed or deleted meanwhile.
      const done: Snapshot = { ...(await find(caller, snapshot.id)), ...filled, modifiedAt: clock.now() }
      await put(caller.tenant, done)
      await sendSnapshotNotification(deps, caller.tenant, done)
    } catch (error) {
      if (error instanceof NgsiLdError && error.type === 'ResourceNotFound') return
      deps.log.error('snapshot_failed', { snapshot: snapshot.id, error: String(error) })
    }
  }

  async function remove(tenant: string, { id }: Pick<Snapshot, 'id'>): Promise<void> {
    await store.rows.write([{ delete: { tenant, area, kind, key: id } }])
    await emptySnapshot(deps, snapshotTenant(tenant, id))
  }

  async function removeExpired(): Promise<void> {
    for (const row of await store.rows.due(area, kind, clock.now(), atOnce)) await remove(row.tenant, { id: row.key })
  }

  return {
    async create(origin, caller, document, fills) {
      await removeExpired()
      const snapshot = parseSnapshot(document, clock.now(), randomUUID)
      if (fills.entities.length === 0 && fills.evolutions.length === 0)
        throw badRequest('A snapshot must have snapshotQueries or snapshotTemporalQueries')
      return begin(caller, snapshot, () => fillSnapshot(deps, origin, caller, snapshotTenant(caller.tenant, snapshot.id), fills))
    },
    async clone(caller, id, document) {
      const original = await find(caller, id)
      const clone = parseSnapshot(document, clock.now(), randomUUID)
      if (clone.snapshotQueries !== undefined || clone.snapshotTemporalQueries !== undefined)
        throw badRequest('A clone has the entities of its original, so it must not state queries')
      return begin(caller, clone, async () => {
        await copySnapshot(deps, caller, snapshotTenant(caller.tenant, original.id), snapshotTenant(caller.tenant, clone.id))
        return { snapshotStatus: 'success' }
      })
    },
    retrieve: async (caller, id) => showSnapshot(await find(caller, id)),
    async update(caller, id, fragment) {
      const changed = mergeSnapshot(await find(caller, id), fragment, clock.now())
      await put(caller.tenant, changed)
      const notifying = sendSnapshotNotification(deps, caller.tenant, changed).finally(() => working.delete(notifying))
      working.add(notifying)
      return showSnapshot(changed)
    },
    async delete(caller, id) {
      await remove(caller.tenant, await find(caller, id))
    },
    async purge({ tenant }, q) {
      const query = parseQ(q, (term) => term)
      for (const { names } of pathsOf(query))
        if (names[0] === undefined || !members.has(names[0].written)) throw badRequest(`A snapshot has no member ${names[0]?.written ?? ''}`)
      for (const row of await store.rows.list(tenant, area, kind)) {
        const snapshot = row.value as unknown as Snapshot
        if (matchesQ(query, toEntity(snapshot))) await remove(row.tenant, snapshot)
      }
    },
    async tenantOf(tenant, id) {
      const snapshot = await find({ tenant }, id)
      await put(tenant, { ...snapshot, lastUsedAt: clock.now() })
      return snapshotTenant(tenant, id)
    },
    async close() {
      await Promise.allSettled(working)
    },
  }
}

/** The members that a purge may ask about (5.2.41). */
const members: ReadonlySet<string> = new Set([
  'id',
  'type',
  'snapshotStatus',
  'snapshotPriority',
  'snapshotLifetime',
  'endpoint',
  'createdAt',
  'modifiedAt',
  'expiresAt',
  'lastUsedAt',
])

/** The snapshot as an entity, so that the query language can speak of it. */
function toEntity(snapshot: Snapshot): Parameters<typeof matchesQ>[1] {
  const attributes: Record<string, readonly Attribute[]> = {}
  for (const [name, value] of Object.entries(showSnapshot(snapshot)))
    if (!isJsonObject(value) && !Array.isArray(value)) attributes[name] = [{ kind: 'Property', value }]
  const { id, createdAt, modifiedAt, expiresAt } = snapshot
  return { id, types: ['Snapshot'], attributes, createdAt, modifiedAt, expiresAt }
}
