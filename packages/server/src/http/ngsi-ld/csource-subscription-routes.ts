import { NgsiLdError, formatInstant } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callbackPath } from '#federation/distribute-subscriptions.ts'
import type { SubscriptionView } from '#subscriptions/open-subscriptions.ts'
import type { Deps } from '../deps.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'
import { pageParameters, readPage, sendPageHeaders } from './page.ts'
import type { PageRequest } from './page.ts'
import { negotiate, sendDocument } from './represent.ts'

type WithId = { Params: { id: string } }
const base = '/ngsi-ld/v1/csourceSubscriptions'

/** /csourceSubscriptions (CIM 009, 5.11; 6.12 and 6.13). */
export function csourceSubscriptionRoutes(app: FastifyInstance, deps: Deps): void {
  const { contexts } = deps
  const { sourceSubscriptions } = deps.federation

  // Where sources send what concerns copies of subscriptions made here (5.8.1.4).
  app.post(callbackPath, async (request, reply) => {
    const { body, context } = await readBody(request, contexts)
    await deps.federation.distributedSubscriptions.take(body, context)
    return reply.code(200).send()
  })

  app.post(base, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, contexts)
    const id = await sourceSubscriptions.create(readCaller(request), body, context)
    // Written as 6.8.3.1 has it: there are clients that look for it so.
    reply.raw.setHeader('Location', `${base}/${encodeURI(id)}`)
    return reply.code(201).send()
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...pageParameters, 'options'])
    const page = readSubscriptionPage(parameters)
    const all = sourceSubscriptions.list(readCaller(request))
    const context = await contextOfRead(request, contexts)
    const offset = Math.min(page.offset, Math.max(0, all.length - 1))
    sendPageHeaders(request, reply, page, 'application/ld+json', {
      isLast: offset + page.limit >= all.length,
      ...(page.count ? { count: all.length } : {}),
    })
    const shown = all.slice(offset, offset + page.limit).map((view) => show(view, type, parameters.options.has('sysAttrs')))
    return sendDocument(request, reply, type, context, shown)
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, ['options'])
    const context = await contextOfRead(request, contexts)
    const view = sourceSubscriptions.retrieve(readCaller(request), parseEntityId(request.params.id))
    return sendDocument(request, reply, type, context, show(view, type, parameters.options.has('sysAttrs')))
  })

  // A fragment without a content type is read as JSON, so that a broken one is told to be (5.11.3.4).
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    request.headers['content-type'] ??= 'application/json'
  }
  app.patch<WithId>(`${base}/:id`, { onRequest }, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, contexts)
    await sourceSubscriptions.update(readCaller(request), parseEntityId(request.params.id), body, context)
    return reply.code(204).send()
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, ['local'])
    await sourceSubscriptions.delete(readCaller(request), parseEntityId(request.params.id))
    return reply.code(204).send()
  })
}

/** 5.11.5 has `BadRequestData` for a page that cannot be. */
function readSubscriptionPage(parameters: Parameters): PageRequest {
  try {
    return readPage(parameters)
  } catch (error) {
    throw error instanceof NgsiLdError ? new NgsiLdError('BadRequestData', error.message, { cause: error }) : error
  }
}

function show({ document, context, createdAt, modifiedAt }: SubscriptionView, type: MediaType, sysAttrs: boolean): JsonObject {
  const times: Record<string, Json> = sysAttrs ? { createdAt: formatInstant(createdAt), modifiedAt: formatInstant(modifiedAt) } : {}
  return { ...document, ...times, ...(type === 'application/ld+json' ? { '@context': context } : {}) }
}
