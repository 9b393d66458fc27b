import {
  NgsiLdError,
  filteredNames,
  formatInstant,
  isJsonObject,
  mergeEvolutions,
  newestOf,
  parseTemporalEntity,
  project,
  selectEvolution,
  selects,
  showOnly,
} from '@cityloop/ngsi-ld'
import type { EntityQuery, Json, TemporalEntity, TemporalQuery } from '@cityloop/ngsi-ld'
import type { Caller } from '#governance/access.ts'
import { queryEvolution } from '#history/query-evolution.ts'
import type { EvolutionQuery } from '#history/query-evolution.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import type { EvolutionPage } from '#store/store.ts'
import { findSources } from './find-sources.ts'
import type { Source } from './find-sources.ts'
import { narrowQuery, toParameters } from './narrow-query.ts'
import { offers } from './operations.ts'
import type { Origin } from './origin.ts'
import type { PeerRequest } from './peer.ts'
import { mostPeersAtOnce, warnOf, withoutLoops } from './read-peers.ts'
import type { DistributedReadDeps } from './read-peers.ts'

const mostEvolutions = 10_000
const onAPage = 100

/**
 * The temporal evolution of entities (CIM 009, 5.7.3 and 5.7.4) as told here and by every source that is concerned, put together before anything is filtered,
 * since a part of an evolution may lie at each. `id` asks for one entity.
 */
export async function queryEvolutionDistributed(
  deps: DistributedReadDeps,
  origin: Origin,
  caller: Caller,
  read: EvolutionQuery,
  id?: string,
): Promise<EvolutionPage> {
  const { attributes, lastN, query, temporal } = read
  const { entities } = query
  // What the filters look at is asked for too, since they are applied to the whole.
  const names = attributes === undefined ? undefined : [...new Set([...attributes, ...filteredNames(query)])]
  const interest = {
    time: temporal,
    ...(entities === undefined ? {} : { selectors: entities }),
    ...(names === undefined ? {} : { names }),
  }
  const sources = withoutLoops(findSources(deps, caller.tenant, origin, interest), origin).filter(
    ({ registration: { operations } }) => offers(operations, 'queryTemporal') || (id !== undefined && offers(operations, 'retrieveTemporal')),
  )
  if (sources.length === 0 || read.knownAt !== undefined) return queryEvolution(deps, caller, read)
  const candidates: EntityQuery = entities === undefined ? {} : { entities }
  const { order = 'asc', lastN: _, attributes: __, ...whole } = read
  const [local, remote] = await Promise.all([
    queryEvolution(deps, caller, { ...whole, query: candidates, offset: 0, limit: mostEvolutions + 1, count: false }),
    mapBounded(sources, mostPeersAtOnce, (source) =>
      askSource(deps, origin, source, { ...candidates, ...(names === undefined ? {} : { attrs: names }) }, read, id),
    ),
  ])
  const parts = Map.groupBy([...local.evolutions, ...remote.flat()], (evolution) => evolution.id)
  const scope = deps.access.readScope(caller, 'queryTemporalEvolution')
  const evolutions = [...parts.values()].flatMap((own): readonly TemporalEntity[] => {
    const merged = mergeEvolutions(own)
    const selected = merged === undefined ? undefined : selectEvolution(query, temporal, project(scope, merged))
    if (selected === undefined) return []
    const wanted = showOnly(attributes, selected)
    if (wanted === undefined) return []
    return [lastN === undefined ? wanted : newestOf(temporal, wanted, lastN)]
  })
  if (evolutions.length > mostEvolutions) throw new NgsiLdError('TooManyResults', `A distributed query finds at most ${mostEvolutions} evolutions`)
  const direction = order === 'asc' ? 1 : -1
  const ordered = evolutions.toSorted((a, b) => (a.id < b.id ? -direction : direction))
  const end = read.offset + read.limit
  return { evolutions: ordered.slice(read.offset, end), isLast: end >= ordered.length, ...(read.count ? { count: ordered.length } : {}) }
}

async function askSource(
  deps: DistributedReadDeps,
  origin: Origin,
  source: Source,
  query: EntityQuery,
  read: EvolutionQuery,
  id: string | undefined,
): Promise<readonly TemporalEntity[]> {
  const { operations } = source.registration
  const context = await deps.peers.contextFor(source.registration, origin)
  const found: TemporalEntity[] = []
  // Filters look at all instances; only without them are the newest of the whole among the newest of each source.
  const newest = filteredNames(read.query).length > 0 ? undefined : read.lastN
  for (const narrowed of narrowQuery(source.information, query)) {
    const seen = new Set<string>()
    for (let offset = 0; found.length <= mostEvolutions; offset += onAPage) {
      const parameters = [...toParameters(narrowed, undefined, context), ...timeParameters(read.temporal, newest)]
      const request: PeerRequest =
        id !== undefined && offers(operations, 'retrieveTemporal')
          ? {
              method: 'GET',
              path: `/temporal/entities/${encodeURI(id)}`,
              parameters: [...parameters.filter(([name]) => name !== 'id' && name !== 'type' && name !== 'idPattern'), ['options', 'sysAttrs']],
            }
          : {
              method: 'GET',
              path: '/temporal/entities',
              parameters: [...parameters, ['limit', String(onAPage)], ['offset', offset === 0 ? undefined : String(offset)], ['options', 'sysAttrs']],
            }
      const reply = await deps.peers.call(source.registration, origin, context, request)
      if (reply.kind === 'failed') {
        warnOf(origin, source, reply)
        break
      }
      const items = Array.isArray(reply.body) ? (reply.body as readonly Json[]) : isJsonObject(reply.body) ? [reply.body] : []
      let fresh = 0
      for (const item of items) {
        try {
          const own = isJsonObject(item) && item['@context'] !== undefined ? await deps.contexts.compile(item['@context']) : context
          const evolution = parseTemporalEntity(item, own, { sysAttrs: true, allowNull: 'attributes' })
          if (seen.has(evolution.id) || !selects(narrowed.selector.ids === undefined ? {} : { ids: narrowed.selector.ids }, evolution)) continue
          seen.add(evolution.id)
          fresh += 1
          const kept = showOnly(narrowed.names, evolution)
          if (kept !== undefined) found.push(kept)
        } catch (error) {
          if (!(error instanceof NgsiLdError)) throw error
          warnOf(origin, source, { kind: 'failed', fault: 'invalid', detail: error.message })
        }
      }
      if (items.length < onAPage || fresh === 0) break
    }
  }
  return found
}

/** The time of a temporal query as parameters. */
export function timeParameters({ from, timeproperty, until }: TemporalQuery, lastN: number | undefined): NonNullable<PeerRequest['parameters']> {
  const timerel = from === undefined ? (until === undefined ? undefined : 'before') : until === undefined ? 'after' : 'between'
  const at = from ?? until
  return [
    ['timerel', timerel],
    ['timeAt', at === undefined ? undefined : formatInstant(at)],
    ['endTimeAt', timerel === 'between' && until !== undefined ? formatInstant(until) : undefined],
    ['timeproperty', timerel === undefined || timeproperty === 'observedAt' ? undefined : timeproperty],
    ['lastN', lastN === undefined ? undefined : String(lastN)],
  ]
}
