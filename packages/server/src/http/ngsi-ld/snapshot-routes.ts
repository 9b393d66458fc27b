import { NgsiLdError, badRequest, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { EvolutionFill } from '#snapshots/fill-snapshot.ts'
import type { Fills } from '#snapshots/snapshots.ts'
import type { Deps } from '../deps.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters, toParameters } from '../exchange.ts'
import { queryEntitiesParameters } from './entity-routes.ts'
import { readOrigin } from './origin.ts'
import { parseQueryDocument } from './query-document.ts'
import { readEntityQuery, refuseTooWide } from './read-query.ts'
import { negotiate, sendDocument } from './represent.ts'
import { readTemporal, readWanted, temporalParameters } from './temporal-parameters.ts'

type WithId = { Params: { id: string } }
const base = '/ngsi-ld/v1/snapshots'

/** /snapshots (CIM 009, 5.16; 6.36 to 6.38). */
export function snapshotRoutes(app: FastifyInstance, deps: Deps): void {
  const { snapshots } = deps

  app.post(base, async (request, reply) => {
    const parameters = readParameters(request, [])
    const { body, context } = await readBody(request, deps.contexts)
    const origin = readOrigin(request, reply, parameters, context)
    return sendCreated(reply, await snapshots.create(origin, readCaller(request), body, parseFills(body, context)))
  })

  app.delete(base, async (request, reply) => {
    const q = readParameters(request, ['q']).get('q')
    if (q === undefined) throw new NgsiLdError('BadRequestData', 'q must say which snapshots are to be purged')
    await snapshots.purge(readCaller(request), q)
    return reply.code(204).send()
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, [])
    return show(request, reply, () => snapshots.retrieve(readCaller(request), parseEntityId(request.params.id)))
  })

  app.patch<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, [])
    const id = parseEntityId(request.params.id)
    const { body } = await readBody(request, deps.contexts)
    return show(request, reply, () => snapshots.update(readCaller(request), id, body))
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, [])
    await snapshots.delete(readCaller(request), parseEntityId(request.params.id))
    return reply.code(204).send()
  })

  app.post<WithId>(`${base}/:id/clone`, async (request, reply) => {
    readParameters(request, [])
    const id = parseEntityId(request.params.id)
    const { body } = await readBody(request, deps.contexts)
    return sendCreated(reply, await snapshots.clone(readCaller(request), id, body))
  })

  async function show(request: FastifyRequest, reply: FastifyReply, act: () => Promise<Json>): Promise<FastifyReply> {
    const type = negotiate(request, reply)
    return type === undefined ? reply : sendDocument(request, reply, type, await contextOfRead(request, deps.contexts), await act())
  }
}

function sendCreated(reply: FastifyReply, id: string): FastifyReply {
  return reply
    .code(201)
    .header('location', `${base}/${encodeURI(id)}`)
    .send()
}

/** The queries of a snapshot's document (5.2.41). Throws `BadRequestData`. */
function parseFills(body: unknown, context: Context): Fills {
  if (!isJsonObject(body)) return { entities: [], evolutions: [] }
  return {
    entities: listOf(body['snapshotQueries'], 'snapshotQueries').map((query) => parseFill(query, context)),
    evolutions: listOf(body['snapshotTemporalQueries'], 'snapshotTemporalQueries').map((query) => parseEvolutionFill(query, context)),
  }
}

function listOf(value: Json | undefined, name: string): readonly Json[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length === 0) throw badRequest(`${name} must be an array of at least one Query`)
  return value as readonly Json[]
}

function parseFill(document: Json, context: Context): EntityQuery {
  const { selectors, parameters } = parseQueryDocument(document, context, false)
  const read = toParameters(new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])), queryEntitiesParameters)
  const query = readEntityQuery(read, context, selectors)
  refuseTooWide(query, read)
  return query
}

function parseEvolutionFill(document: Json, context: Context): EvolutionFill {
  const { selectors, parameters } = parseQueryDocument(document, context, true)
  const search = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value]))
  const read = toParameters(search, [...queryEntitiesParameters, ...temporalParameters])
  if (!read.has('timerel')) throw badRequest('Each of snapshotTemporalQueries must have a temporalQ')
  const query = readEntityQuery(read, context, selectors)
  refuseTooWide(query, read)
  const { attributes, lastN } = readWanted(read, context, undefined)
  return { query, temporal: readTemporal(read), ...(attributes === undefined ? {} : { attributes }), ...(lastN === undefined ? {} : { lastN }) }
}
