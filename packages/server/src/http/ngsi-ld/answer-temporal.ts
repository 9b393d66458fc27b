import {
  NgsiLdError,
  aggregateEvolution,
  collatorOf,
  formatInstant,
  pageInTime,
  selectDatasets,
  writeAggregated,
  writeTemporalEntity,
} from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, GeoJsonOptions, Instant, JsonObject, TemporalEntity, TemporalQuery } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { readCaller } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'
import { readMapRequest, sendMapHeader } from './entity-map-header.ts'
import { readOrigin } from './origin.ts'
import { readPage, sendPageHeaders } from './page.ts'
import { checkReach } from './read-join.ts'
import { readShowing, sendDocument, showsAnything } from './represent.ts'
import { readAggregation, readIdOrder, readLastN, readTemporal, readWanted } from './temporal-parameters.ts'

/** How evolutions are shown, read and checked before anything is queried. */
type Reading = {
  readonly isAggregated: boolean
  readonly temporal: TemporalQuery
  readonly lastN: number | undefined
  readonly showing: GeoJsonOptions
  readonly requested: readonly string[]
  readonly show: (evolution: TemporalEntity) => JsonObject
  /** The evolution without what is not asked for; `undefined` where nothing is left. */
  readonly reduce: (evolution: TemporalEntity) => TemporalEntity | undefined
}

/** Answers Query Temporal Evolution of Entities (CIM 009, 5.7.4); `knownAt` narrows it to what was recorded by then. */
export async function answerTemporal(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  type: MediaType,
  parameters: Parameters,
  context: Context,
  query: EntityQuery,
  knownAt?: Instant,
): Promise<FastifyReply> {
  const page = readPage(parameters)
  const reading = readReading(parameters, context, type, query)
  const order = readIdOrder(parameters)
  const collation = parameters.get('collation')
  if (collation !== undefined) collatorOf(collation)
  const caller = readCaller(request)
  const mapRequest = readMapRequest(request, parameters)
  const map = await deps.entityMaps.find(caller, mapRequest.id)
  const asked =
    map === undefined ? query : { ...query, entities: (query.entities ?? [{}]).map((selector) => ({ ...selector, ids: Object.keys(map.entityMap) })) }
  const read = { query: asked, ...readWanted(parameters, context, knownAt), temporal: reading.temporal, ...page, order }
  const result = await deps.federation.queryEvolution(readOrigin(request, reply, parameters, context), caller, read)
  const evolutions = result.evolutions.flatMap((evolution) => reading.reduce(evolution) ?? [])
  const isMapWanted = map === undefined && (mapRequest.isWanted || mapRequest.id !== undefined)
  const made = isMapWanted
    ? await deps.entityMaps.keep(
        caller,
        { entityMap: Object.fromEntries(evolutions.map(({ id }) => [id, ['@none']])), linkedMaps: {} },
        mapRequest.lifetime,
      )
    : undefined
  sendMapHeader(reply, made ?? map)
  if (made !== undefined) reply.code(201)
  sendPageHeaders(request, reply, page, type, result)
  const shown = cutInTime(reply, evolutions, reading, deps.config.mostInstances)
  return sendDocument(request, reply, type, context, shown.map(reading.show))
}

/** Answers Retrieve Temporal Evolution of an Entity (5.7.3). Throws `ResourceNotFound` where there is none. */
export async function answerTemporalOfOne(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  type: MediaType,
  parameters: Parameters,
  context: Context,
  id: string,
  knownAt?: Instant,
): Promise<FastifyReply> {
  const query: EntityQuery = { entities: [{ ids: [id] }] }
  const reading = readReading(parameters, context, type, query)
  const read = { query, ...readWanted(parameters, context, knownAt), temporal: reading.temporal, offset: 0, limit: 1, count: false }
  const { evolutions } = await deps.federation.queryEvolution(readOrigin(request, reply, parameters, context), readCaller(request), read, id)
  const [evolution] = cutInTime(
    reply,
    evolutions.flatMap((one) => reading.reduce(one) ?? []),
    reading,
    deps.config.mostInstances,
  )
  if (evolution === undefined) throw new NgsiLdError('ResourceNotFound', `There is no temporal evolution of entity ${id} that the query asks for`)
  const caller = readCaller(request)
  const mapRequest = readMapRequest(request, parameters)
  const known = await deps.entityMaps.find(caller, mapRequest.id)
  const isMapWanted = known === undefined && (mapRequest.isWanted || mapRequest.id !== undefined)
  sendMapHeader(
    reply,
    isMapWanted ? await deps.entityMaps.keep(caller, { entityMap: { [id]: ['@none'] }, linkedMaps: {} }, mapRequest.lifetime) : known,
  )
  return sendDocument(request, reply, type, context, reading.show(evolution))
}

function readReading(parameters: Parameters, context: Context, type: MediaType, query: EntityQuery): Reading {
  const temporal = readTemporal(parameters)
  const lastN = readLastN(parameters)
  const aggregation = readAggregation(parameters)
  const showing = readShowing(parameters, context, type)
  checkReach(undefined, [showing.pick, showing.omit], query)
  const requested = readWanted(parameters, context, undefined).attributes ?? []
  const { format, ...rest } = showing
  const options = { ...rest, timeproperty: temporal.timeproperty }
  const isSimple = parameters.options.has('temporalValues') || format === 'simplified'
  const show = (evolution: TemporalEntity): JsonObject =>
    aggregation === undefined
      ? writeTemporalEntity(evolution, context, { ...options, format: isSimple ? 'temporalValues' : format === 'concise' ? 'concise' : 'normalized' })
      : writeAggregated(evolution, aggregateEvolution(aggregation, temporal, evolution, requested), context, options)
  const reduce = (evolution: TemporalEntity): TemporalEntity | undefined => {
    const reduced = showing.datasetIds === undefined ? evolution : selectDatasets(evolution, [...showing.datasetIds])
    const hasLost = Object.keys(reduced.attributes).length === 0 && Object.keys(evolution.attributes).length > 0
    return hasLost || !showsAnything(reduced, rest) ? undefined : reduced
  }
  return { temporal, lastN, showing, requested, show, reduce, isAggregated: aggregation !== undefined }
}

/** Cuts evolutions so that no attribute has more than so many instances; then the answer is partial and says its range (6.3.10). Aggregation is over all. */
function cutInTime(
  reply: FastifyReply,
  evolutions: readonly TemporalEntity[],
  { isAggregated, temporal, lastN }: Reading,
  mostInstances: number,
): readonly TemporalEntity[] {
  const { range, evolutions: cut } = pageInTime(temporal, evolutions, isAggregated ? Number.MAX_SAFE_INTEGER : mostInstances, lastN)
  // 6.3.10 of v1.9.1 calls the unit DateTime; all published test suites and clients know it as date-time, as earlier versions had it.
  if (range !== undefined) reply.code(206).header('content-range', `date-time ${secondsOf(range.start)}-${secondsOf(range.end)}/${range.size}`)
  return cut
}

/** An instant without a fraction that is nought. */
function secondsOf(instant: Instant): string {
  return formatInstant(instant).replace(/\.000Z$/, 'Z')
}
