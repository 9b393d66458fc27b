import { NgsiLdError, formatInstant } from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, EntitySelector, JsonObject, TemporalQuery } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { EntityMap } from '#snapshots/entity-maps.ts'
import type { Deps } from '../deps.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters, toParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { entityMapsPath, readMapRequest, sendMapHeader } from './entity-map-header.ts'
import { queryEntitiesParameters } from './entity-routes.ts'
import { parseQueryDocument } from './query-document.ts'
import { readOrigin } from './origin.ts'
import { queryUrlParameters } from './query-routes.ts'
import { checkReach, readJoin } from './read-join.ts'
import { readDistribution, readEntityQuery, refuseTooWide } from './read-query.ts'
import { negotiate, readShowing, sendDocument } from './represent.ts'
import type { MediaType } from '../exchange.ts'
import { readTemporal, temporalParameters } from './temporal-parameters.ts'

const temporalPath = '/ngsi-ld/v1/temporal/entityMaps'

/** /entityMaps and /temporal/entityMaps (CIM 009, 5.14; 6.32, 6.34, 6.35). */
export function entityMapRoutes(app: FastifyInstance, deps: Deps): void {
  const { entityMaps } = deps
  for (const [path, create, isTemporal] of [
    [entityMapsPath, createMap, false],
    [temporalPath, createTemporalMap, true],
  ] as const) {
    const known = isTemporal ? [...queryEntitiesParameters, ...temporalParameters] : queryEntitiesParameters
    app.get(path, async (request, reply) => {
      const type = negotiate(request, reply)
      if (type === undefined) return reply
      const context = await contextOfRead(request, deps.contexts)
      return send(request, reply, type, context, await create(request, reply, readParameters(request, known), context, type), 201)
    })
    app.post(path, async (request, reply) => {
      const type = negotiate(request, reply)
      if (type === undefined) return reply
      readParameters(request, queryUrlParameters)
      const { body, context } = await readBody(request, deps.contexts)
      const { selectors, parameters } = parseQueryDocument(body, context, isTemporal)
      const search = new URLSearchParams(request.url.split('?')[1] ?? '')
      for (const [name, value] of parameters) search.set(name, value)
      return send(request, reply, type, context, await create(request, reply, toParameters(search, known), context, type, selectors), 201)
    })
  }

  type WithId = { Params: { id: string } }
  app.get<WithId>(`${entityMapsPath}/:id`, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    readParameters(request, [])
    const map = await entityMaps.retrieve(readCaller(request), parseEntityId(request.params.id))
    return send(request, reply, type, await contextOfRead(request, deps.contexts), map, 200)
  })

  app.patch<WithId>(`${entityMapsPath}/:id`, async (request, reply) => {
    readParameters(request, [])
    const id = parseEntityId(request.params.id)
    const { body } = await readBody(request, deps.contexts)
    await entityMaps.update(readCaller(request), id, body)
    return reply.code(204).send()
  })

  app.delete<WithId>(`${entityMapsPath}/:id`, async (request, reply) => {
    readParameters(request, [])
    await entityMaps.delete(readCaller(request), parseEntityId(request.params.id))
    return reply.code(204).send()
  })

  /** 5.14.4 */
  function createMap(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Parameters,
    context: Context,
    type: MediaType,
    selectors?: readonly EntitySelector[],
  ): Promise<EntityMap> {
    const query = readEntityQuery(parameters, context, selectors)
    refuseTooWide(query, parameters)
    const { pick, omit } = readShowing(parameters, context, type)
    checkReach(readJoin(parameters), [pick, omit], query)
    return keep(request, reply, parameters, context, query)
  }

  /** 5.14.5 */
  async function createTemporalMap(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Parameters,
    context: Context,
    type: MediaType,
    selectors?: readonly EntitySelector[],
  ): Promise<EntityMap> {
    if (!parameters.has('timerel')) throw new NgsiLdError('BadRequestData', 'A temporal query is needed: give timerel and timeAt')
    const query = readEntityQuery(parameters, context, selectors)
    refuseTooWide(query, parameters)
    const { pick, omit } = readShowing(parameters, context, type)
    checkReach(undefined, [pick, omit], query)
    return keep(request, reply, parameters, context, query, readTemporal(parameters))
  }

  async function keep(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Parameters,
    context: Context,
    query: EntityQuery,
    temporal?: TemporalQuery,
  ): Promise<EntityMap> {
    const caller = readCaller(request)
    const mapped = await deps.federation.map(readOrigin(request, reply, parameters, context), caller, query, {
      ...readDistribution(parameters, context),
      ...(temporal === undefined ? {} : { temporal }),
    })
    return entityMaps.keep(caller, mapped, readMapRequest(request, parameters).lifetime)
  }

  function send(request: FastifyRequest, reply: FastifyReply, type: MediaType, context: Context, map: EntityMap, status: number): FastifyReply {
    sendMapHeader(reply, map)
    const document: JsonObject = { ...map, expiresAt: formatInstant(map.expiresAt) }
    return sendDocument(request, reply.code(status), type, context, document)
  }
}
