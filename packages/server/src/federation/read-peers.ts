import { NgsiLdError, isJsonObject, linkDepthOf, matchesFor, mergeParts, pageOf, parseEntity, project, selects } from '@cityloop/ngsi-ld'
import type { Context, Entity, EntityPart, EntityQuery, Iri, Json, Q } from '@cityloop/ngsi-ld'
import type { Contexts } from '#broker/contexts.ts'
import { queryEntities } from '#broker/read-entities.ts'
import type { ReadDeps } from '#broker/read-entities.ts'
import type { Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import type { EntityPage, EntityRead } from '#store/store.ts'
import { findSources } from './find-sources.ts'
import type { Source } from './find-sources.ts'
import { narrowQuery, toParameters } from './narrow-query.ts'
import type { Narrowed } from './narrow-query.ts'
import type { Registrations } from './open-registrations.ts'
import { offers } from './operations.ts'
import type { Origin } from './origin.ts'
import type { PeerReply, Peers } from './peer.ts'

export const mostPeersAtOnce = 8
/** Beyond so many entities a distributed query is refused. */
export const mostEntities = 100_000
const onAPage = 1000

export type DistributedReadDeps = ReadDeps & {
  readonly clock: Clock
  readonly contexts: Contexts
  readonly peers: Peers
  readonly registrations: Registrations
}

export type QueryOptions = {
  /** Whether entities may be divided among sources (4.3.6.7); where nothing is said, they may be if a registration names attributes. */
  readonly isSplit?: boolean
  /** The context source filter. */
  readonly csf?: Q
}

/** Query Entities (CIM 009, 5.7.2) here and at every source that is concerned; the local query where none is. */
export async function queryDistributed(
  deps: DistributedReadDeps,
  origin: Origin,
  caller: Caller,
  read: Omit<EntityRead, 'tenant' | 'scope'>,
  options: QueryOptions = {},
): Promise<EntityPage> {
  const { query } = read
  const isOfAll = query.entities?.some(({ types }) => types?.kind === 'any') === true
  const sources = isOfAll ? [] : queriedSources(deps, origin, caller, query, options)
  if (sources.length === 0) return queryEntities(deps, caller, read)
  if (read.orderBy !== undefined)
    throw new NgsiLdError('BadRequestData', 'orderBy is only for queries of this broker alone, but context sources are registered: give local=true')
  const isSplit = options.isSplit ?? sources.some(({ information }) => information.some(({ names }) => names !== undefined))
  const whole = isSplit || (query.q !== undefined && linkDepthOf(query.q) > 0) ? candidatesOf(query) : query
  const [local, remote] = await Promise.all([
    queryEntities(deps, caller, { ...read, query: whole, offset: 0, limit: mostEntities + 1, count: false }),
    mapBounded(sources, mostPeersAtOnce, (source) => querySource(deps, origin, source, whole)),
  ])
  const merged = mergeAll(deps, local.entities, sources, remote)
  const scope = deps.access.readScope(caller, 'queryEntities')
  // Where sources filter for themselves, they may show less of an entity than its filters name.
  const decided = whole === query ? { ...candidatesOf(query), ...(query.attrs === undefined ? {} : { attrs: query.attrs }) } : query
  const entities = merged.filter((entity) => matchesFor(scope, decided, entity))
  if (entities.length > mostEntities) throw new NgsiLdError('TooManyResults', `A distributed query finds at most ${mostEntities} entities`)
  const page = pageOf(
    entities.map((entity) => project(scope, entity)),
    read.offset,
    read.limit,
  )
  return { entities: page.items, isLast: page.nextOffset === undefined, ...(read.count ? { count: page.count } : {}) }
}

export type RetrieveOptions = {
  readonly types?: readonly Iri[]
  readonly names?: readonly Iri[]
  /** A registration that is not asked. */
  readonly except?: string
}

/** Retrieve Entity (CIM 009, 5.7.1) from here and from every source that is concerned. Throws `ResourceNotFound`. */
export async function retrieveDistributed(
  deps: DistributedReadDeps,
  origin: Origin,
  caller: Caller,
  id: string,
  want: RetrieveOptions = {},
): Promise<Entity> {
  const { except, names, types } = want
  const scope = deps.access.readScope(caller, 'retrieveEntity')
  const local = await deps.store.retrieve(caller.tenant, scope, id)
  const alternatives = types?.map((type) => [{ written: type, expanded: type }])
  const selector = { ids: [id], ...(alternatives === undefined ? {} : { types: { kind: 'anyOf' as const, alternatives } }) }
  const query: EntityQuery = { entities: [selector], ...(names === undefined ? {} : { attrs: names }) }
  const sources = findSources(deps, caller.tenant, origin, { selectors: [selector], ...(names === undefined ? {} : { names }), time: 'latest' })
  const able = withoutLoops(sources, origin).filter(
    ({ registration }) =>
      registration.id !== except &&
      (['retrieveEntity', 'queryEntity', 'queryBatch'] as const).some((operation) => offers(registration.operations, operation)),
  )
  const remote = await mapBounded(able, mostPeersAtOnce, (source) =>
    offers(source.registration.operations, 'retrieveEntity')
      ? retrieveFrom(deps, origin, source, id, query)
      : querySource(deps, origin, source, query),
  )
  const entity = mergeAll(deps, local === undefined ? [] : [local], able, remote)[0]
  if (entity === undefined || !matchesFor(scope, {}, entity)) throw new NgsiLdError('ResourceNotFound', `Entity ${id} does not exist`)
  return project(scope, entity)
}

/** Those of the sources that the request has not come through; of the others the caller is told. */
export function withoutLoops(sources: readonly Source[], origin: Origin): readonly Source[] {
  return sources.filter(({ isLooping, registration }) => {
    if (isLooping)
      origin.warn({
        code: 199,
        agent: agentOf(registration.endpoint),
        text: `Registration ${registration.id} leads back to where the request came from`,
      })
    return !isLooping
  })
}

/** Says of a reply what 6.3.17 wants said; what is not there (404) is no failure. */
export function warnOf(origin: Origin, { registration }: Source, reply: PeerReply & { readonly kind: 'failed' }): void {
  if (reply.status === 404) return
  const code = reply.fault === 'timeout' || reply.fault === 'loop' ? 199 : reply.fault === 'invalid' ? 111 : 299
  origin.warn({ code, agent: agentOf(registration.endpoint), text: `${registration.id}: ${reply.detail}` })
}

function agentOf(endpoint: string): string {
  return URL.parse(endpoint)?.host ?? '-'
}

function queriedSources(deps: DistributedReadDeps, origin: Origin, { tenant }: Caller, query: EntityQuery, options: QueryOptions): readonly Source[] {
  const { attrs, datasetIds, entities, geo, scopeQ } = query
  const sources = findSources(deps, tenant, origin, {
    time: 'latest',
    ...(entities === undefined ? {} : { selectors: entities }),
    ...(attrs === undefined ? {} : { names: attrs }),
    ...(datasetIds === undefined ? {} : { datasetIds }),
    ...(geo === undefined ? {} : { geo }),
    ...(scopeQ === undefined ? {} : { scopeQ }),
    ...(options.csf === undefined ? {} : { csf: options.csf }),
  })
  return withoutLoops(sources, origin).filter(
    ({ registration: { operations } }) => offers(operations, 'queryEntity') || offers(operations, 'queryBatch'),
  )
}

/** What is asked where entities may be divided: everything that could belong to a match. */
export function candidatesOf({ entities }: EntityQuery): EntityQuery {
  return entities === undefined ? {} : { entities }
}

/** All that a source has for the query, checked. */
export async function querySource(deps: DistributedReadDeps, origin: Origin, source: Source, query: EntityQuery): Promise<readonly Entity[]> {
  const { registration } = source
  const context = await deps.peers.contextFor(registration, origin)
  const found: Entity[] = []
  for (const narrowed of narrowQuery(source.information, query)) {
    const seen = new Set<string>()
    for (let offset = 0; found.length <= mostEntities; offset += onAPage) {
      const reply = await deps.peers.call(registration, origin, context, toRequest(registration.operations, narrowed, query, context, offset))
      if (reply.kind === 'failed') {
        warnOf(origin, source, reply)
        break
      }
      const items = listed(reply.body)
      if (items === undefined) {
        warnOf(origin, source, { kind: 'failed', fault: 'invalid', detail: 'What the source sent is no list of entities' })
        break
      }
      const fresh = (await readAll(deps, origin, source, narrowed, context, items)).filter(({ id }) => !seen.has(id))
      for (const entity of fresh) seen.add(entity.id)
      found.push(...fresh)
      // A source that does not page gives the same again: then that was all.
      if (items.length < onAPage || fresh.length === 0) break
    }
  }
  return found
}

function toRequest(operations: bigint, narrowed: Narrowed, query: EntityQuery, context: Context, offset: number): Parameters<Peers['call']>[3] {
  const parameters = toParameters(narrowed, query, context)
  const page = [
    ['limit', String(onAPage)],
    ['offset', offset === 0 ? undefined : String(offset)],
    ['options', 'sysAttrs'],
  ] as const
  if (offers(operations, 'queryEntity')) return { method: 'GET', path: '/entities', parameters: [...parameters, ...page] }
  const stated = new Map(parameters.filter((entry): entry is readonly [string, string] => entry[1] !== undefined && entry[1] !== ''))
  const [type, ids, idPattern, attrs, georel] = ['type', 'id', 'idPattern', 'attrs', 'georel'].map((name) => stated.get(name))
  const body: Json = {
    type: 'Query',
    entities: [
      {
        ...(type === undefined ? {} : { type }),
        ...(ids === undefined ? {} : { id: ids.includes(',') ? ids.split(',') : ids }),
        ...(idPattern === undefined ? {} : { idPattern }),
      },
    ],
    ...(attrs === undefined ? {} : { attrs: attrs.split(',') }),
    ...Object.fromEntries(['q', 'scopeQ'].flatMap((name) => (stated.has(name) ? [[name, stated.get(name) ?? '']] : []))),
    ...(georel === undefined
      ? {}
      : {
          geoQ: {
            georel,
            geometry: stated.get('geometry') ?? '',
            coordinates: JSON.parse(stated.get('coordinates') ?? '[]') as Json,
            geoproperty: stated.get('geoproperty') ?? '',
          },
        }),
  }
  return { method: 'POST', path: '/entityOperations/query', parameters: page, body }
}

async function retrieveFrom(deps: DistributedReadDeps, origin: Origin, source: Source, id: string, query: EntityQuery): Promise<readonly Entity[]> {
  const context = await deps.peers.contextFor(source.registration, origin)
  const asked = narrowQuery(source.information, query)
  const [first] = asked
  if (first === undefined) return []
  const names = asked.some((one) => one.names === undefined) ? undefined : [...new Set(asked.flatMap((one) => one.names ?? []))]
  const narrowed: Narrowed = { selector: { ...first.selector, ids: [id] }, names }
  const parameters = toParameters(narrowed, undefined, context).filter(([name]) => name !== 'id' && name !== 'idPattern')
  const reply = await deps.peers.call(source.registration, origin, context, {
    method: 'GET',
    path: `/entities/${encodeURI(id)}`,
    parameters: [...parameters, ['options', 'sysAttrs']],
  })
  if (reply.kind === 'failed') {
    warnOf(origin, source, reply)
    return []
  }
  return readAll(deps, origin, source, narrowed, context, [reply.body ?? null])
}

/** The entities among what a source sent: those that were asked for, without attributes that it has not registered. Of others the caller is told. */
async function readAll(
  deps: DistributedReadDeps,
  origin: Origin,
  source: Source,
  { names, selector }: Narrowed,
  context: Context,
  items: readonly Json[],
): Promise<readonly Entity[]> {
  const entities: Entity[] = []
  for (const item of items) {
    try {
      const own = isJsonObject(item) && item['@context'] !== undefined ? await deps.contexts.compile(item['@context']) : context
      const entity = parseEntity(item, own, { sysAttrs: true })
      // Selections by type that the source knows better than we do are its business; an id that was not asked for is not.
      if (!selects(selector.ids === undefined ? selector : { ids: selector.ids }, entity))
        throw new NgsiLdError('BadRequestData', `${entity.id} was not asked for`)
      const kept = names === undefined ? entity : withNames(entity, names)
      if (kept !== undefined) entities.push(kept)
    } catch (error) {
      if (!(error instanceof NgsiLdError)) throw error
      warnOf(origin, source, { kind: 'failed', fault: 'invalid', detail: error.message })
    }
  }
  return entities
}

function withNames(entity: Entity, names: readonly Iri[]): Entity | undefined {
  const kept = Object.entries(entity.attributes).filter(([name]) => names.includes(name))
  return kept.length === 0 && Object.keys(entity.attributes).length > 0 ? undefined : { ...entity, attributes: Object.fromEntries(kept) }
}

function listed(body: Json | undefined): readonly Json[] | undefined {
  if (body === undefined) return undefined
  if (Array.isArray(body)) return body as readonly Json[]
  // A source that found one entity may send it by itself.
  return isJsonObject(body) ? [body] : undefined
}

/** Puts together what sources say of each entity (4.5.5), ordered by id. */
function mergeAll(
  { clock }: Pick<DistributedReadDeps, 'clock'>,
  local: readonly Entity[],
  sources: readonly Source[],
  remote: readonly (readonly Entity[])[],
): readonly Entity[] {
  const parts = new Map<string, EntityPart[]>()
  const add = (entity: Entity, isAuxiliary: boolean): void => {
    const known = parts.get(entity.id)
    if (known === undefined) parts.set(entity.id, [{ entity, isAuxiliary }])
    else known.push({ entity, isAuxiliary })
  }
  for (const entity of local) add(entity, false)
  for (const [index, entities] of remote.entries()) for (const entity of entities) add(entity, sources[index]?.registration.mode === 'auxiliary')
  const now = clock.now()
  return [...parts.values()].flatMap((known) => mergeParts(known, now) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
