import {
  NgsiLdError,
  aggregateEvolution,
  expandTerm,
  formatInstant,
  pageInTime,
  parseAggregation,
  parseAttributeFragment,
  parseLastN,
  parseTemporalEntity,
  parseTemporalFragment,
  parseTemporalQuery,
  scopeName,
  writeAggregated,
  writeTemporalEntity,
} from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, Instant, JsonObject, TemporalEntity, TemporalQuery } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { writeEntity } from '#broker/write-entities.ts'
import { queryEvolution } from '#history/query-evolution.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'
import { pageParameters, readPage, sendPageHeaders } from './page.ts'
import { queryParameters, readEntityQuery, refuseTooWide } from './read-query.ts'
import { negotiate, readShowing, sendDocument, showingParameters } from './represent.ts'

type WithId = { Params: { id: string } }
type WithAttribute = { Params: { id: string; attribute: string } }
type WithInstance = { Params: { id: string; attribute: string; instance: string } }
const base = '/ngsi-ld/v1/temporal/entities'
export const temporalParameters = ['aggrMethods', 'aggrPeriodDuration', 'endTimeAt', 'lastN', 'timeAt', 'timeproperty', 'timerel'] as const

/** /temporal/entities and what is below it (CIM 009, 6.18 to 6.22). */
export function temporalRoutes(app: FastifyInstance, deps: Deps): void {
  app.post(base, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseTemporalEntity(body, context)
    const written = await writeEntity(deps, readCaller(request), { kind: 'appendTemporal', entity, create: true })
    const created = written.kind === 'changed' && written.created
    return created
      ? reply
          .code(201)
          .header('location', `${base}/${encodeURI(entity.id)}`)
          .send()
      : reply.code(204).send()
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...queryParameters, ...showingParameters, ...pageParameters, ...temporalParameters])
    const context = await contextOfRead(request, deps.contexts)
    const query = readEntityQuery(parameters, context)
    refuseTooWide(query, parameters)
    if (!parameters.has('timerel')) throw new NgsiLdError('BadRequestData', 'A temporal query is needed: give timerel and timeAt')
    return answerTemporal(request, reply, deps, type, parameters, context, query)
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...showingParameters, ...temporalParameters, 'local'])
    const context = await contextOfRead(request, deps.contexts)
    return answerTemporalOfOne(request, reply, deps, type, parameters, context, parseEntityId(request.params.id))
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, ['local'])
    await writeEntity(deps, readCaller(request), { kind: 'deleteTemporalEntity', id: parseEntityId(request.params.id) })
    return reply.code(204).send()
  })

  app.post<WithId>(`${base}/:id/attrs`, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseTemporalFragment(body, context, parseEntityId(request.params.id))
    await writeEntity(deps, readCaller(request), { kind: 'appendTemporal', entity, create: false })
    return reply.code(204).send()
  })

  app.delete<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const parameters = readParameters(request, ['datasetId', 'deleteAll', 'local'])
    const name = expandTerm(await contextOfRead(request, deps.contexts), request.params.attribute)
    const datasetId = parameters.get('datasetId')
    const deleteAll = parameters.flag('deleteAll')
    await writeEntity(deps, readCaller(request), {
      kind: 'deleteTemporalAttribute',
      id: parseEntityId(request.params.id),
      name,
      deleteAll,
      ...(datasetId === undefined ? {} : { datasetId }),
    })
    return reply.code(204).send()
  })

  app.patch<WithInstance>(`${base}/:id/attrs/:attribute/:instance`, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const name = expandTerm(context, request.params.attribute)
    const id = parseEntityId(request.params.id)
    const fragment = parseAttributeFragment(onlyInstance(body, request.params.attribute), context, name)
    await writeEntity(deps, readCaller(request), { kind: 'correctInstance', id, name, instanceId: parseEntityId(request.params.instance), fragment })
    return reply.code(204).send()
  })

  app.delete<WithInstance>(`${base}/:id/attrs/:attribute/:instance`, async (request, reply) => {
    readParameters(request, ['local'])
    const name = expandTerm(await contextOfRead(request, deps.contexts), request.params.attribute)
    await writeEntity(deps, readCaller(request), {
      kind: 'deleteInstance',
      id: parseEntityId(request.params.id),
      name,
      instanceId: parseEntityId(request.params.instance),
    })
    return reply.code(204).send()
  })
}

/** Answers a query of evolutions; `knownAt` narrows it to what was recorded by then. */
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
  const temporal = readTemporal(parameters)
  const result = await queryEvolution(deps, readCaller(request), { query, ...wantedOf(parameters, context, knownAt), temporal, ...page })
  sendPageHeaders(request, reply, page, type, result)
  const cut = cutEvolutions(result.evolutions, temporal, parameters)
  if (cut.range !== undefined) reply.code(206).header('content-range', cut.range)
  return sendDocument(
    request,
    reply,
    type,
    context,
    cut.evolutions.map((evolution) => show(evolution, temporal, parameters, context, type)),
  )
}

/** Answers the evolution of one entity. Throws `ResourceNotFound` where there is none. */
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
  const temporal = readTemporal(parameters)
  const { evolutions } = await queryEvolution(deps, readCaller(request), {
    query: { entities: [{ ids: [id] }] },
    ...wantedOf(parameters, context, knownAt),
    temporal,
    offset: 0,
    limit: 1,
    count: false,
  })
  if (evolutions.length === 0) throw new NgsiLdError('ResourceNotFound', `There is no temporal evolution of entity ${id} that the query asks for`)
  const cut = cutEvolutions(evolutions, temporal, parameters)
  const [evolution] = cut.evolutions
  if (evolution === undefined) throw new Error('An evolution was lost while it was cut')
  if (cut.range !== undefined) reply.code(206).header('content-range', cut.range)
  return sendDocument(request, reply, type, context, show(evolution, temporal, parameters, context, type))
}

function readTemporal(parameters: Parameters): TemporalQuery {
  const part = (name: 'timerel' | 'timeAt' | 'endTimeAt' | 'timeproperty'): object => {
    const value = parameters.get(name)
    return value === undefined ? {} : { [name]: value }
  }
  return parseTemporalQuery({ ...part('timerel'), ...part('timeAt'), ...part('endTimeAt'), ...part('timeproperty') })
}

function wantedOf(
  parameters: Parameters,
  context: Context,
  knownAt: Instant | undefined,
): { attributes?: readonly string[]; lastN?: number; knownAt?: Instant } {
  const attrs = parameters.list('attrs') ?? parameters.list('pick')?.filter((name) => name !== 'id' && name !== 'type')
  const lastN = parameters.get('lastN')
  return {
    ...(attrs === undefined || attrs.length === 0
      ? {}
      : { attributes: attrs.map((name) => (name === 'scope' ? scopeName : expandTerm(context, name))) }),
    ...(lastN === undefined ? {} : { lastN: parseLastN(lastN) }),
    ...(knownAt === undefined ? {} : { knownAt }),
  }
}

/** At most so many instances of one attribute are in an answer; beyond, it is cut at one time for all and says its range (6.3.10). */
const mostInstances = 10_000

function cutEvolutions(
  evolutions: readonly TemporalEntity[],
  temporal: TemporalQuery,
  parameters: Parameters,
): { readonly evolutions: readonly TemporalEntity[]; readonly range?: string } {
  const lastN = parameters.get('lastN')
  const { range, evolutions: cut } = pageInTime(temporal, evolutions, mostInstances, lastN === undefined ? undefined : parseLastN(lastN))
  if (range === undefined) return { evolutions: cut }
  return { evolutions: cut, range: `DateTime ${formatInstant(range.start)}-${formatInstant(range.end)}/${range.size}` }
}

function show(evolution: TemporalEntity, temporal: TemporalQuery, parameters: Parameters, context: Context, type: MediaType): JsonObject {
  const { format, ...showing } = readShowing(parameters, context)
  const options = { ...showing, withContext: type === 'application/ld+json', timeproperty: temporal.timeproperty }
  if (parameters.options.has('aggregatedValues')) {
    const methods = parameters.get('aggrMethods')
    if (methods === undefined) throw new NgsiLdError('BadRequestData', 'aggrMethods must be given for aggregated values')
    const aggregation = parseAggregation(methods, parameters.get('aggrPeriodDuration'))
    return writeAggregated(evolution, aggregateEvolution(aggregation, temporal, evolution), context, options)
  }
  const isSimple = parameters.options.has('temporalValues') || format === 'simplified'
  return writeTemporalEntity(evolution, context, {
    ...options,
    format: isSimple ? 'temporalValues' : format === 'concise' ? 'concise' : 'normalized',
  })
}

/** The one instance of a body that names the attribute, or the body itself. */
function onlyInstance(body: unknown, attribute: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, attribute)) return body
  const inner: unknown = Reflect.get(body, attribute)
  if (!Array.isArray(inner)) return inner
  if (inner.length !== 1) throw new NgsiLdError('BadRequestData', `The body must hold one instance of ${attribute}, not ${inner.length}`)
  return inner[0] as unknown
}
