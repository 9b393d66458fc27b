import {
  expandTerm,
  parseAttributeFragment,
  parseAttributeInstances,
  parseEntity,
  parseFragment,
  parseInstant,
  parseTypeSelection,
} from '@cityloop/ngsi-ld'
import type { Context, NotUpdated } from '@cityloop/ngsi-ld'
import { NgsiLdError, compactIri } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { queryEntities, retrieveEntity } from '#broker/read-entities.ts'
import { writeEntity } from '#broker/write-entities.ts'
import type { Written } from '#broker/write-entities.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { pageParameters, readPage, sendPageHeaders } from './page.ts'
import { orderParameters, queryParameters, readEntityQuery, readOrderBy, refuseTooWide } from './read-query.ts'
import { negotiate, readShowing, sendDocument, showEntities, showEntity, showingParameters } from './represent.ts'

type WithId = { Params: { id: string } }
type WithAttribute = { Params: { id: string; attribute: string } }
const readTypes = ['application/json', 'application/ld+json', 'application/geo+json'] as const
const base = '/ngsi-ld/v1/entities'

/** /entities and what is below it (CIM 009, 6.4 to 6.7). */
export function entityRoutes(app: FastifyInstance, deps: Deps): void {
  app.post(base, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseEntity(body, context)
    await writeEntity(deps, readCaller(request), { kind: 'createEntity', entity })
    return reply
      .code(201)
      .header('location', `${base}/${encodeURI(entity.id)}`)
      .send()
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply, readTypes)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...queryParameters, ...showingParameters, ...pageParameters, ...orderParameters])
    const context = await contextOfRead(request, deps.contexts)
    const query = readEntityQuery(parameters, context)
    refuseTooWide(query, parameters)
    const page = readPage(parameters)
    const orderBy = readOrderBy(parameters, context)
    const result = await queryEntities(deps, readCaller(request), {
      query,
      moment: { kind: 'now' },
      ...page,
      ...(orderBy === undefined ? {} : { orderBy }),
    })
    sendPageHeaders(request, reply, page, type, result)
    return sendDocument(request, reply, type, context, showEntities(result.entities, context, type, readShowing(parameters, context)))
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply, readTypes)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...showingParameters, 'local', 'type'])
    const context = await contextOfRead(request, deps.contexts)
    const id = parseEntityId(request.params.id)
    const entity = await retrieveEntity(deps, readCaller(request), id)
    const selects = selectedTypes(parameters, context)
    const isShown =
      (selects === undefined || selects.some((name) => entity.types.includes(name))) && hasShownAttribute(entity.attributes, parameters, context)
    if (!isShown) throw new NgsiLdError('ResourceNotFound', `Entity ${id} does not exist with what the query asks for`)
    return sendDocument(request, reply, type, context, showEntity(entity, context, type, readShowing(parameters, context)))
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    const { id, selects } = await target(request, ['local', 'type'])
    await writeEntity(deps, readCaller(request), { kind: 'deleteEntity', id, ...selects })
    return reply.code(204).send()
  })

  app.put<WithId>(`${base}/:id`, async (request, reply) => {
    const { id, selects } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id, { allowNull: 'never' })
    await writeEntity(deps, readCaller(request), {
      kind: 'replaceEntity',
      entity,
      ...(selects.selects === undefined ? {} : { types: selects.selects }),
    })
    return reply.code(204).send()
  })

  app.patch<WithId>(`${base}/:id`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['format', 'lang', 'local', 'observedAt', 'options', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id, { allowNull: 'everywhere', allowPartial: true })
    const observedAt = parameters.get('observedAt')
    const lang = parameters.get('lang')
    const written = await writeEntity(deps, readCaller(request), {
      kind: 'mergeEntity',
      entity,
      ...(observedAt === undefined ? {} : { observedAt: parseInstant(observedAt, 'observedAt') }),
      ...(lang === undefined ? {} : { lang }),
      ...(selects.selects === undefined ? {} : { types: selects.selects }),
    })
    return sendUpdateResult(reply, context, Object.keys(entity.attributes), written)
  })

  app.post<WithId>(`${base}/:id/attrs`, async (request, reply) => {
    const { id, selects, parameters } = await target(request, ['local', 'options', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id)
    const overwrite = !parameters.options.has('noOverwrite')
    const written = await writeEntity(deps, readCaller(request), { kind: 'appendAttributes', entity, overwrite, ...selects })
    return sendUpdateResult(reply, context, Object.keys(entity.attributes), written)
  })

  app.patch<WithId>(`${base}/:id/attrs`, async (request, reply) => {
    const { id, selects } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const entity = parseFragment(body, context, id)
    const written = await writeEntity(deps, readCaller(request), { kind: 'updateAttributes', entity, ...selects })
    return sendUpdateResult(reply, context, Object.keys(entity.attributes), written)
  })

  app.patch<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const { id, selects } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const name = attributeName(request.params.attribute, context)
    await writeEntity(deps, readCaller(request), {
      kind: 'partialUpdateAttribute',
      id,
      name,
      fragment: parseAttributeFragment(body, context, name),
      ...selects,
    })
    return reply.code(204).send()
  })

  app.put<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const { id, selects } = await target(request, ['local', 'type'])
    const { body, context } = await readBody(request, deps.contexts)
    const name = attributeName(request.params.attribute, context)
    await writeEntity(deps, readCaller(request), {
      kind: 'replaceAttribute',
      id,
      name,
      instances: parseAttributeInstances(body, context, name),
      ...selects,
    })
    return reply.code(204).send()
  })

  app.delete<WithAttribute>(`${base}/:id/attrs/:attribute`, async (request, reply) => {
    const { id, selects, parameters, context } = await target(request, ['datasetId', 'deleteAll', 'local', 'type'])
    const { attribute } = request.params
    const name = attribute === 'scope' ? 'scope' : attributeName(attribute, context)
    const datasetId = parameters.get('datasetId')
    await writeEntity(deps, readCaller(request), {
      kind: 'deleteAttribute',
      id,
      name,
      deleteAll: parameters.flag('deleteAll'),
      ...(datasetId === undefined ? {} : { datasetId }),
      ...selects,
    })
    return reply.code(204).send()
  })

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

/** The types of which an entity must have one, by the parameter `type`. */
function selectedTypes(parameters: Parameters, context: Context): readonly string[] | undefined {
  const type = parameters.get('type')
  if (type === undefined) return undefined
  const selection = parseTypeSelection(type, (term) => expandTerm(context, term))
  return selection.kind === 'any' ? undefined : selection.alternatives.flatMap((all) => all.map((name) => name.expanded))
}

function hasShownAttribute(attributes: object, parameters: Parameters, context: Context): boolean {
  const attrs = parameters.list('attrs')
  return attrs === undefined || attrs.some((name) => Object.hasOwn(attributes, expandTerm(context, name)))
}

function attributeName(name: string, context: Context): string {
  if (name === '' || name === 'id' || name === 'type' || name === 'scope' || /[<>"'()=;\s]/.test(name))
    throw new NgsiLdError('BadRequestData', `${JSON.stringify(name)} is no attribute name`)
  return expandTerm(context, name)
}

/** 204 where everything was done; 207 with an UpdateResult (5.2.18) where some attributes were not. */
export function sendUpdateResult(reply: FastifyReply, context: Context, names: readonly string[], { notUpdated }: Written): FastifyReply {
  if (notUpdated.length === 0) return reply.code(204).send()
  const failed = new Set(notUpdated.map(({ name }) => name))
  const updated = names.filter((name) => !failed.has(name)).map((name) => compactIri(context, name))
  return reply
    .code(207)
    .type('application/json')
    .send(JSON.stringify({ updated, notUpdated: notUpdated.map((item) => toNotUpdated(item, context)) }))
}

function toNotUpdated({ name, datasetId, reason }: NotUpdated, context: Context): object {
  return { attributeName: compactIri(context, name), ...(datasetId === undefined ? {} : { datasetId }), reason }
}
