import { contextMember, formatInstant } from '@cityloop/ngsi-ld'
import type { Context, Json, JsonObject } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import type { SubscriptionView } from '#subscriptions/open-subscriptions.ts'
import { withTermsOf } from '#subscriptions/show-terms.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { MediaType } from '../exchange.ts'
import { readOrigin } from './origin.ts'
import { pageParameters, readPage, sendPageHeaders } from './page.ts'
import { negotiate, sendDocument } from './represent.ts'

type WithId = { Params: { id: string } }
const base = '/ngsi-ld/v1/subscriptions'

/** /subscriptions (CIM 009, 6.10 and 6.11). */
export function subscriptionRoutes(app: FastifyInstance, deps: Deps): void {
  const { subscriptions, contexts } = deps

  app.post(base, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const { body, context } = await readBody(request, contexts)
    const id = await subscriptions.create(readCaller(request), body, context)
    await deps.federation.distributedSubscriptions.created(readOrigin(request, reply, parameters, context), readCaller(request), id)
    return reply
      .code(201)
      .header('location', `${base}/${encodeURI(id)}`)
      .send()
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...pageParameters, 'options'])
    const page = readPage(parameters)
    const all = subscriptions.list(readCaller(request))
    const shown = all.slice(page.offset, page.offset + page.limit)
    const context = await contextOfRead(request, contexts)
    sendPageHeaders(request, reply, page, type, { isLast: page.offset + page.limit >= all.length, ...(page.count ? { count: all.length } : {}) })
    return sendDocument(
      request,
      reply,
      type,
      context,
      await Promise.all(shown.map((view) => show(deps, view, context, type, parameters.options.has('sysAttrs')))),
    )
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, ['options'])
    const context = await contextOfRead(request, contexts)
    const view = subscriptions.retrieve(readCaller(request), parseEntityId(request.params.id))
    return sendDocument(request, reply, type, context, await show(deps, view, context, type, parameters.options.has('sysAttrs')))
  })

  app.patch<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, contexts)
    await subscriptions.update(readCaller(request), parseEntityId(request.params.id), body, context)
    await deps.federation.distributedSubscriptions.updated(readCaller(request), request.params.id)
    return reply.code(204).send()
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, ['local'])
    await subscriptions.delete(readCaller(request), parseEntityId(request.params.id))
    await deps.federation.distributedSubscriptions.deleted(readCaller(request), request.params.id)
    return reply.code(204).send()
  })
}

/** A subscription as its reader sees it: names and @context are the reader's. */
async function show(deps: Pick<Deps, 'contexts'>, view: SubscriptionView, context: Context, type: MediaType, sysAttrs: boolean): Promise<JsonObject> {
  const { document, createdAt, modifiedAt } = view
  const times: Record<string, Json> = sysAttrs ? { createdAt: formatInstant(createdAt), modifiedAt: formatInstant(modifiedAt) } : {}
  const shown = withTermsOf(context, document, await deps.contexts.compile(view.context))
  return { ...shown, ...times, ...(type === 'application/ld+json' ? { '@context': contextMember(context) } : {}) }
}
