import type { Entity, EntityQuery } from '@cityloop/ngsi-ld'
import type { Federation } from '#federation/open-federation.ts'
import type { Origin } from '#federation/origin.ts'
import type { QueryOptions } from '#federation/read-peers.ts'
import type { Caller } from '#governance/access.ts'
import type { EntityPage, EntityRead } from '#store/store.ts'
import type { EntityMap } from './entity-maps.ts'

/** So many ids fit into the URL of a request to a source. */
const idsAtOnce = 50

/**
 * A page of the entities of a map that match (CIM 009, 5.5.9.3): which are considered was fixed when the map was made; filters are checked again, and the page is filled
 * from further candidates. Where other sources have some, candidates are fetched a few at a time.
 */
export async function queryMapped(
  federation: Pick<Federation, 'query'>,
  origin: Origin,
  caller: Caller,
  read: Omit<EntityRead, 'tenant' | 'scope'>,
  options: QueryOptions,
  { entityMap }: EntityMap,
): Promise<EntityPage> {
  const { count, limit, offset, orderBy, query } = read
  const ids = Object.keys(entityMap).toSorted()
  const isHere = Object.values(entityMap).every((sources) => sources.every((source) => source === '@none'))
  if (isHere || orderBy !== undefined) return federation.query(origin, caller, { ...read, query: within(query, ids) }, options)
  const found: Entity[] = []
  let walked = 0
  while (walked < ids.length && (count || found.length <= offset + limit)) {
    const some = ids.slice(walked, walked + idsAtOnce)
    walked += some.length
    const page = { query: within(query, some), moment: read.moment, offset: 0, limit: some.length, count: false }
    found.push(...(await federation.query(origin, caller, page, options)).entities)
  }
  return {
    entities: found.slice(offset, offset + limit),
    isLast: walked === ids.length && found.length <= offset + limit,
    ...(count ? { count: found.length } : {}),
  }
}

function within(query: EntityQuery, ids: readonly string[]): EntityQuery {
  const selectors = query.entities ?? [{}]
  return {
    ...query,
    entities: selectors.map((selector) => ({ ...selector, ids: selector.ids === undefined ? ids : ids.filter((id) => selector.ids?.includes(id)) })),
  }
}
