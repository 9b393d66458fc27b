import { NgsiLdError, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, TemporalQuery } from '@cityloop/ngsi-ld'
import { queryEntities } from '#broker/read-entities.ts'
import type { Caller } from '#governance/access.ts'
import { queryEvolution } from '#history/query-evolution.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import { findSources } from './find-sources.ts'
import type { Source } from './find-sources.ts'
import { narrowQuery, toParameters } from './narrow-query.ts'
import type { Narrowed } from './narrow-query.ts'
import { offers } from './operations.ts'
import type { Origin } from './origin.ts'
import type { PeerRequest } from './peer.ts'
import { candidatesOf, mostEntities, mostPeersAtOnce, querySource, warnOf, withoutLoops } from './read-peers.ts'
import type { DistributedReadDeps, QueryOptions } from './read-peers.ts'
import { timeParameters } from './temporal-peers.ts'

/** Which entities a query is about, with the registrations that have something of each, `@none` for what is here; and the map that a source made of its own. */
export type MappedEntities = {
  readonly entityMap: { readonly [entityId: string]: readonly string[] }
  readonly linkedMaps: { readonly [registrationId: string]: string }
}

export type MapOptions = QueryOptions & { readonly temporal?: TemporalQuery }

/**
 * The candidates of a query here and at the sources that it concerns (CIM 009, 5.14.4 and 5.14.5). A source that makes no maps, but answers queries, is asked for the
 * entities. Throws `TooManyResults` beyond 100 000.
 */
export async function mapDistributed(
  deps: DistributedReadDeps,
  origin: Origin,
  caller: Caller,
  query: EntityQuery,
  options: MapOptions = {},
): Promise<MappedEntities> {
  const sources = mappedSources(deps, origin, caller, query, options)
  const isSplit = options.isSplit ?? sources.some(({ information }) => information.some(({ names }) => names !== undefined))
  const whole = isSplit && sources.length > 0 ? candidatesOf(query) : query
  const [local, remote] = await Promise.all([
    localIds(deps, caller, whole, options.temporal),
    mapBounded(sources, mostPeersAtOnce, (source) => idsAt(deps, origin, source, whole, options.temporal)),
  ])
  const entityMap = new Map<string, string[]>(local.map((id) => [id, ['@none']]))
  const linkedMaps: [string, string][] = []
  for (const [index, { ids, mapId }] of remote.entries()) {
    const registrationId = sources[index]?.registration.id ?? ''
    if (mapId !== undefined) linkedMaps.push([registrationId, mapId])
    for (const id of ids) entityMap.set(id, [...(entityMap.get(id) ?? []), registrationId])
  }
  if (entityMap.size > mostEntities) throw new NgsiLdError('TooManyResults', `An entity map has at most ${mostEntities} entities`)
  return { entityMap: Object.fromEntries(entityMap), linkedMaps: Object.fromEntries(linkedMaps) }
}

function mappedSources(
  deps: DistributedReadDeps,
  origin: Origin,
  { tenant }: Caller,
  query: EntityQuery,
  { csf, temporal }: MapOptions,
): readonly Source[] {
  const { attrs, entities, geo, scopeQ } = query
  if (entities?.some(({ types }) => types?.kind === 'any') === true) return []
  const interest = {
    time: temporal ?? ('latest' as const),
    ...(entities === undefined ? {} : { selectors: entities }),
    ...(attrs === undefined ? {} : { names: attrs }),
    ...(geo === undefined ? {} : { geo }),
    ...(scopeQ === undefined ? {} : { scopeQ }),
    ...(csf === undefined ? {} : { csf }),
  }
  return withoutLoops(findSources(deps, tenant, origin, interest), origin).filter(({ registration: { operations } }) =>
    temporal === undefined
      ? offers(operations, 'createEntityMapQueryEntity') || offers(operations, 'queryEntity') || offers(operations, 'queryBatch')
      : offers(operations, 'createEntityMapQueryTemporal'),
  )
}

async function localIds(
  deps: DistributedReadDeps,
  caller: Caller,
  query: EntityQuery,
  temporal: TemporalQuery | undefined,
): Promise<readonly string[]> {
  const page = { offset: 0, limit: mostEntities + 1, count: false }
  if (temporal !== undefined) return (await queryEvolution(deps, caller, { query, temporal, ...page })).evolutions.map(({ id }) => id)
  return (await queryEntities(deps, caller, { query, moment: { kind: 'now' }, ...page })).entities.map(({ id }) => id)
}

type Found = { readonly ids: readonly string[]; readonly mapId?: string }

async function idsAt(
  deps: DistributedReadDeps,
  origin: Origin,
  source: Source,
  query: EntityQuery,
  temporal: TemporalQuery | undefined,
): Promise<Found> {
  const makesMaps = temporal !== undefined || offers(source.registration.operations, 'createEntityMapQueryEntity')
  const [narrowed, ...more] = narrowQuery(source.information, query)
  if (narrowed === undefined) return { ids: [] }
  // A map is of one query; what a registration divides into several is asked for as entities.
  if (!makesMaps || more.length > 0) {
    if (temporal !== undefined) return { ids: [] }
    return { ids: (await querySource(deps, origin, source, query)).map(({ id }) => id) }
  }
  const context = await deps.peers.contextFor(source.registration, origin)
  const reply = await deps.peers.call(source.registration, origin, context, toMapRequest(narrowed, query, context, temporal))
  if (reply.kind === 'failed') {
    warnOf(origin, source, reply)
    return { ids: [] }
  }
  const document = isJsonObject(reply.body) ? reply.body : {}
  const { entityMap, id } = document
  if (!isJsonObject(entityMap) || typeof id !== 'string') {
    warnOf(origin, source, { kind: 'failed', fault: 'invalid', detail: 'What the source sent is no entity map' })
    return { ids: [] }
  }
  return { ids: Object.keys(entityMap), mapId: id }
}

function toMapRequest(narrowed: Narrowed, query: EntityQuery, context: Context, temporal: TemporalQuery | undefined): PeerRequest {
  const parameters = toParameters(narrowed, query, context)
  return temporal === undefined
    ? { method: 'GET', path: '/entityMaps', parameters }
    : { method: 'GET', path: '/temporal/entityMaps', parameters: [...parameters, ...timeParameters(temporal, undefined)] }
}
