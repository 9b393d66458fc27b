import { NgsiLdError, parseAttributeFragment, parseTemporalEntity, parseTemporalFragment } from '@cityloop/ngsi-ld'
import type { Context, Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import type { Write, Written } from '#broker/write-entities.ts'
import { contextOfRead, parseAttributeName, parseEntityId, readBody, readCaller, readParameters, toParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { answerTemporal, answerTemporalOfOne } from './answer-temporal.ts'
import { mapParameters } from './entity-map-header.ts'
import { readOrigin, sendPartly } from './origin.ts'
import { pageParameters } from './page.ts'
import { parseQueryDocument } from './query-document.ts'
import { queryUrlParameters } from './query-routes.ts'
import { queryParameters, readEntityQuery, refuseTooWide } from './read-query.ts'
import { negotiate, showingParameters } from './represent.ts'
import { temporalParameters } from './temporal-parameters.ts'

type WithId = { Params: { id: string } }
type WithAttribute = { Params: { id: string; attribute: string } }
type WithInstance = { Params: { id: string; attribute: string; instance: string } }
const base = '/ngsi-ld/v1/temporal/entities'
const queryPath = '/ngsi-ld/v1/temporal/entityOperations/query'

/** Every parameter of Query Temporal Evolution of Entities (6.18.3.2). */
const evolutionParameters = [
  ...queryParameters,
  ...showingParameters,
  ...pageParameters,
  ...temporalParameters,
  ...mapParameters,
  'collation',
  'orderBy',
] as const

/** /temporal/entities and what is below it (CIM 009, 6.18 to 6.22). */
export function temporalRoutes(app: FastifyInstance, deps: Deps): void {
  app.post(base, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseTemporalEntity(body, context, { allowNull: 'attributes' })
    return write(request, reply, parameters, context, { kind: 'appendTemporal', entity, create: true }, (written) => {
      const created = written.kind === 'changed' && written.created
      return created
        ? reply
            .code(201)
            .header('location', `${base}/${encodeURI(entity.id)}`)
            .send()
        : reply.code(204).send()
    })
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, evolutionParameters)
    const context = await contextOfRead(request, deps.contexts)
    const query = readEntityQuery(parameters, context)
    requireTemporal(parameters)
    refuseTooWide(query, parameters)
    return answerTemporal(request, reply, deps, type, parameters, context, query)
  })

  app.post(queryPath, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    readParameters(request, queryUrlParameters)
    const { body, context } = await readBody(request, deps.contexts)
    const document = parseQueryDocument(body, context, true)
    const search = new URLSearchParams(request.url.split('?')[1] ?? '')
    for (const [name, value] of document.parameters) search.set(name, value)
    const parameters = toParameters(search, evolutionParameters)
    const query = readEntityQuery(parameters, context, document.selectors)
    requireTemporal(parameters)
    refuseTooWide(query, parameters)
    return answerTemporal(request, reply, deps, type, parameters, context, query)
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...showingParameters, ...temporalParameters, ...mapParameters, 'local'])
    const context = await contextOfRead(request, deps.contexts)
    return answerTemporalOfOne(request, reply, deps, type, parameters, context, parseEntityId(request.params.id))
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const context = await contextOfRead(request, deps.contexts)
    return write(request, reply, parameters, context, { kind: 'deleteTemporalEntity', id: parseEntityId(request.params.id) })
  })

  app.post<WithId>(`${base}/:id/attrs`, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseTemporalFragment(body, context, parseEntityId(request.params.id))
    return write(request, reply, parameters, context, { kind: 'appendTemporal', entity, create: false })
  })

  app.delete<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const parameters = readParameters(request, ['datasetId', 'deleteAll', 'local'])
    const context = await contextOfRead(request, deps.contexts)
    const name = parseAttributeName(request.params.attribute, context)
    const datasetId = parameters.get('datasetId')
    const deleteAll = parameters.flag('deleteAll')
    const id = parseEntityId(request.params.id)
    const dataset = datasetId === undefined ? {} : { datasetId }
    return write(request, reply, parameters, context, { kind: 'deleteTemporalAttribute', id, name, deleteAll, ...dataset })
  })

  app.patch<WithInstance>(`${base}/:id/attrs/:attribute/:instance`, async (request, reply) => {
    // Without the attribute's name the path is that of no instance.
    if (request.params.attribute === '') return reply.code(405).header('allow', 'DELETE').send()
    const parameters = readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const name = parseAttributeName(request.params.attribute, context)
    const id = parseEntityId(request.params.id)
    const fragment = parseAttributeFragment(onlyInstance(body, request.params.attribute), context, name)
    const instanceId = parseEntityId(request.params.instance)
    return write(request, reply, parameters, context, { kind: 'correctInstance', id, name, instanceId, fragment })
  })

  app.delete<WithInstance>(`${base}/:id/attrs/:attribute/:instance`, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const context = await contextOfRead(request, deps.contexts)
    const name = parseAttributeName(request.params.attribute, context)
    const [id, instanceId] = [parseEntityId(request.params.id), parseEntityId(request.params.instance)]
    return write(request, reply, parameters, context, { kind: 'deleteInstance', id, name, instanceId })
  })

  /** Carries out a write, here and where else the evolution is; `done` answers where all of it was done. */
  async function write(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Parameters,
    context: Context,
    command: Write,
    done: (written: Written) => FastifyReply = () => reply.code(204).send(),
  ): Promise<FastifyReply> {
    const document = request.body as Json
    const result = await deps.federation.write(readOrigin(request, reply, parameters, context), readCaller(request), {
      write: command,
      document,
      context,
    })
    return sendPartly(reply, command, result) ?? done(result.written ?? { kind: 'unchanged', notUpdated: [] })
  }
}

/** 5.7.4.4 */
function requireTemporal(parameters: Parameters): void {
  if (!parameters.has('timerel')) throw new NgsiLdError('BadRequestData', 'A temporal query is needed: give timerel and timeAt')
}

/** The one instance of a body that names the attribute, or the body itself. */
function onlyInstance(body: unknown, attribute: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, attribute)) return body
  const inner: unknown = Reflect.get(body, attribute)
  if (!Array.isArray(inner)) return inner
  if (inner.length !== 1) throw new NgsiLdError('BadRequestData', `The body must hold one instance of ${attribute}, not ${inner.length}`)
  return inner[0] as unknown
}
