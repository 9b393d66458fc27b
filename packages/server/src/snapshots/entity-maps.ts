import { NgsiLdError, badRequest, formatInstant, instantOf, isJsonObject } from '@cityloop/ngsi-ld'
import type { Duration, EntityQuery, Instant } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import { queryEntities } from '#broker/read-entities.ts'
import type { MappedEntities } from '#federation/map-peers.ts'
import type { Access, Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Store } from '#store/store.ts'

const area = 'snapshots'
const kind = 'entityMap'
const hourUs = 3_600_000_000
const longestUs = 24 * hourUs
const mostEntities = 100_000
const idsAtOnce = 1000

/** Which entities a query is about, with the sources of each; `@none` is this broker (CIM 009, 5.2.39). */
export type EntityMap = MappedEntities & { readonly id: string; readonly type: 'EntityMap'; readonly expiresAt: Instant }

/** The entity maps of all tenants. */
export type EntityMaps = {
  /** 5.14.4 and 5.14.5 */
  keep(caller: Caller, mapped: MappedEntities, lifetime?: Duration): Promise<EntityMap>
  /** The map of that id, if there is one that has not expired. */
  find(caller: Caller, id: string | undefined): Promise<EntityMap | undefined>
  /** 5.14.1. Throws `ResourceNotFound`. */
  retrieve(caller: Caller, id: string): Promise<EntityMap>
  /** 5.14.2: only when it expires can be changed. */
  update(caller: Caller, id: string, fragment: unknown): Promise<void>
  /** 5.14.3 */
  delete(caller: Caller, id: string): Promise<void>
  /** 5.5.9.3: entities of this broker alone that no longer match leave the map; of others it is not known while their source does not answer. */
  prune(caller: Caller, map: EntityMap, query: EntityQuery): Promise<void>
}

export type EntityMapDeps = { readonly access: Access; readonly clock: Clock; readonly store: Store }

export function openEntityMaps(deps: EntityMapDeps): EntityMaps {
  const { clock, store } = deps

  async function find({ tenant }: Caller, id: string | undefined): Promise<EntityMap | undefined> {
    if (id === undefined) return undefined
    const row = await store.rows.get(tenant, area, kind, id)
    const map = row?.value as unknown as EntityMap | undefined
    return map === undefined || map.expiresAt <= clock.now() ? undefined : map
  }

  async function retrieve(caller: Caller, id: string): Promise<EntityMap> {
    const map = await find(caller, id)
    if (map === undefined) throw new NgsiLdError('ResourceNotFound', `Entity map ${id} does not exist`)
    return map
  }

  async function put({ tenant }: Caller, map: EntityMap): Promise<EntityMap> {
    const expired = await store.rows.due(area, kind, clock.now(), idsAtOnce)
    const deletions = expired.map(({ tenant: of, key }) => ({ delete: { tenant: of, area, kind, key } }))
    await store.rows.write([...deletions, { put: { tenant, area, kind, key: map.id, value: map, due: map.expiresAt } }])
    return map
  }

  async function idsOf(caller: Caller, query: EntityQuery): Promise<readonly string[]> {
    const { entities } = await queryEntities(deps, caller, { query, moment: { kind: 'now' }, offset: 0, limit: mostEntities, count: false })
    return entities.map(({ id }) => id)
  }

  return {
    keep: (caller, mapped, lifetime) =>
      put(caller, { ...mapped, id: `urn:ngsi-ld:EntityMap:${randomUUID()}`, type: 'EntityMap', expiresAt: clock.now() + lifetimeUs(lifetime) }),
    find,
    retrieve,
    async update(caller, id, fragment) {
      const map = await retrieve(caller, id)
      if (!isJsonObject(fragment)) throw badRequest('The entity map fragment must be an object')
      const stated = fragment['expiresAt']
      if (stated === undefined) return
      const expiresAt = typeof stated === 'string' ? instantOf(stated) : undefined
      if (expiresAt === undefined)
        throw badRequest(`expiresAt must be a date-time such as ${formatInstant(clock.now())}, not ${JSON.stringify(stated)}`)
      await put(caller, { ...map, expiresAt: Math.min(expiresAt, clock.now() + longestUs) })
    },
    async delete(caller, id) {
      await retrieve(caller, id)
      await store.rows.write([{ delete: { tenant: caller.tenant, area, kind, key: id } }])
    },
    async prune(caller, map, query) {
      const ids = Object.entries(map.entityMap).flatMap(([id, sources]) => (sources.every((source) => source === '@none') ? [id] : []))
      if (ids.length === 0) return
      const own = new Set(ids)
      const still = new Set(await idsOf(caller, { ...query, entities: (query.entities ?? [{}]).map((selector) => ({ ...selector, ids })) }))
      if (ids.every((id) => still.has(id))) return
      await put(caller, { ...map, entityMap: Object.fromEntries(Object.entries(map.entityMap).filter(([id]) => still.has(id) || !own.has(id))) })
    },
  }
}

/** How long a map lives: what was asked for, up to a day; an hour where nothing was. */
function lifetimeUs(lifetime: Duration | undefined): number {
  if (lifetime === undefined) return hourUs
  return Math.min(lifetime.us + lifetime.months * 30 * 24 * hourUs, longestUs)
}
