import {
  isJsonObject,
  NgsiLdError,
  parseAttributeFragment,
  parseAttributeInstances,
  parseEntity,
  parseFragment,
  parseInstant,
} from '@cityloop/ngsi-ld'
import type { Context, Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import type { Write, Written } from '#broker/write-entities.ts'
import { contextOfRead, parseAttributeName, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { answerEntities, answerEntity } from './answer-entities.ts'
import { mapParameters } from './entity-map-header.ts'
import { readOrigin, sendPartly } from './origin.ts'
import { pageParameters } from './page.ts'
import { joinParameters } from './read-join.ts'
import { orderParameters, queryParameters, selectedTypes } from './read-query.ts'
import { negotiate, showingParameters } from './represent.ts'

type WithId = { Params: { id: string } }
type WithAttribute = { Params: { id: string; attribute: string } }
const readTypes = ['application/json', 'application/ld+json', 'application/geo+json'] as const
const base = '/ngsi-ld/v1/entities'

/** Every parameter of Query Entities (6.4.3.2). */
export const queryEntitiesParameters = [
  ...queryParameters,
  ...showingParameters,
  ...pageParameters,
  ...orderParameters,
  ...joinParameters,
  ...mapParameters,
] as const

/** /entities and what is below it (CIM 009, 6.4 to 6.7). */
export function entityRoutes(app: FastifyInstance, deps: Deps): void {
  app.post(base, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    if (!isJsonObject(body)) throw new NgsiLdError('InvalidRequest', 'The body must be one entity, an object')
    const entity = parseEntity(body, context)
    reply.header('location', `${base}/${encodeURI(entity.id)}`)
    return write(request, reply, parameters, context, { kind: 'createEntity', entity }, () => reply.code(201).send())
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply, readTypes)
    if (type === undefined) return reply
    const parameters = readParameters(request, queryEntitiesParameters)
    return answerEntities(request, reply, deps, type, parameters, await contextOfRead(request, deps.contexts))
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply, readTypes)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...showingParameters, ...joinParameters, ...mapParameters, 'local', 'type'])
    const context = await contextOfRead(request, deps.contexts)
    return answerEntity(request, reply, deps, type, parameters, context, parseEntityId(request.params.id))
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    const { id, selects, parameters, context } = await target(request, ['local', 'type'])
    return write(request, reply, parameters, context, { kind: 'deleteEntity', id, ...selects })
  })

  app.put<WithId>(`${base}/:id`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id, { allowNull: 'never' })
    const types = selects.selects === undefined ? {} : { types: selects.selects }
    return write(request, reply, parameters, context, { kind: 'replaceEntity', entity, ...types })
  })

  app.patch<WithId>(`${base}/:id`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['format', 'lang', 'local', 'observedAt', 'options', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id, { allowNull: 'everywhere', allowPartial: true })
    const observedAt = parameters.get('observedAt')
    const lang = parameters.get('lang')
    const merge: Write = {
      kind: 'mergeEntity',
      entity,
      ...(observedAt === undefined ? {} : { observedAt: parseInstant(observedAt, 'observedAt') }),
      ...(lang === undefined ? {} : { lang }),
      ...(selects.selects === undefined ? {} : { types: selects.selects }),
    }
    return write(request, reply, parameters, context, merge, (written) => sendUpdateResult(reply, Object.keys(entity.attributes), written))
  })

  app.post<WithId>(`${base}/:id/attrs`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['local', 'options', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id)
    const overwrite = !parameters.options.has('noOverwrite')
    return write(request, reply, parameters, context, { kind: 'appendAttributes', entity, overwrite, ...selects }, (written) =>
      sendUpdateResult(reply, Object.keys(entity.attributes), written),
    )
  })

  app.patch<WithId>(`${base}/:id/attrs`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(withoutId(body), context, id)
    return write(request, reply, parameters, context, { kind: 'updateAttributes', entity, ...selects }, (written) =>
      sendUpdateResult(reply, Object.keys(entity.attributes), written),
    )
  })

  app.patch<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const name = parseAttributeName(request.params.attribute, context)
    if (name === 'scope')
      throw new NgsiLdError('BadRequestData', 'The scope has no parts to update: replace it with the attributes of the entity (5.6.4)')
    const fragment = parseAttributeFragment(body, context, name)
    return write(request, reply, parameters, context, { kind: 'partialUpdateAttribute', id, name, fragment, ...selects })
  })

  app.put<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const name = parseAttributeName(request.params.attribute, context)
    const instances = parseAttributeInstances(withoutName(body, request.params.attribute), context, name)
    return write(request, reply, parameters, context, { kind: 'replaceAttribute', id, name, instances, ...selects })
  })

  app.delete<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const { id, selects, parameters, context } = await target(request, ['datasetId', 'deleteAll', 'local', 'type'])
    const name = parseAttributeName(request.params.attribute, context)
    const datasetId = parameters.get('datasetId')
    const deleteAll = parameters.flag('deleteAll')
    const dataset = datasetId === undefined ? {} : { datasetId }
    return write(request, reply, parameters, context, { kind: 'deleteAttribute', id, name, deleteAll, ...dataset, ...selects })
  })

  /** Carries out a write, here and where else the entity is; `done` answers where all of it was done. */
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

  /** The entity that a path names, and the types that `type` asks it to have. */
  async function target(
    request: FastifyRequest<WithId>,
    known: readonly string[],
  ): Promise<{ id: string; selects: { selects?: readonly string[] }; parameters: Parameters; context: Context }> {
    const parameters = readParameters(request, known)
    const context = await contextOfRead(request, deps.contexts)
    const selects = selectedTypes(parameters, context)
    return { id: parseEntityId(request.params.id), selects: selects === undefined ? {} : { selects }, parameters, context }
  }
}

/** 5.6.2 takes the id from the path alone: what a fragment says of it does not matter. */
function withoutId(body: unknown): unknown {
  return isJsonObject(body) ? Object.fromEntries(Object.entries(body).filter(([member]) => member !== 'id' && member !== '@id')) : body
}

/** The instances of a body that names the attribute once more, as in a fragment of the entity; or the body itself. */
function withoutName(body: unknown, attribute: string): unknown {
  if (!isJsonObject(body)) return body
  const members = Object.keys(body).filter((member) => member !== '@context')
  return members.length === 1 && members[0] === attribute ? body[attribute] : body
}

/** 204 where everything was done; 207 with an UpdateResult (5.2.18) in full names, since no context goes with it (6.3.6), where some attributes were not. */
export function sendUpdateResult(reply: FastifyReply, names: readonly string[], { notUpdated }: Written): FastifyReply {
  if (notUpdated.length === 0) return reply.code(204).send()
  const failed = new Set(notUpdated.map(({ name }) => name))
  const updated = names.filter((name) => !failed.has(name))
  const problems = notUpdated.map(({ name, datasetId, reason }) => ({
    attributeName: name,
    ...(datasetId === undefined ? {} : { datasetId }),
    reason,
  }))
  return reply
    .code(207)
    .type('application/json')
    .send(JSON.stringify({ updated, notUpdated: problems }))
}
