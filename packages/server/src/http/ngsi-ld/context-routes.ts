import { NgsiLdError, formatInstant } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import { cityloopContextPath } from '#broker/contexts.ts'
import type { ShownContext } from '#broker/contexts.ts'
import type { ContextKind } from '#broker/context-entries.ts'
import { cityloopTerms } from '#runtime/cityloop-terms.ts'
import type { Deps } from '../deps.ts'
import { readParameters, readTenant } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { negotiate } from './represent.ts'

type WithId = { Params: { id: string } }
const base = '/ngsi-ld/v1/jsonldContexts'

/** /jsonldContexts (CIM 009, 5.13; 6.29 and 6.30). Our own words are open to everyone. */
export function contextRoutes(app: FastifyInstance, { contexts }: Pick<Deps, 'contexts'>): void {
  const own = JSON.stringify({ '@context': cityloopTerms })
  app.get(cityloopContextPath, async (request, reply) => {
    if (readFlag(readParameters(request, ['details']), 'details'))
      return reply.type('application/json').send(JSON.stringify(detailsOf(contexts.retrieve('', 'cityloop'))))
    return reply.type('application/ld+json').header('cache-control', 'public, max-age=3600').send(own)
  })

  app.post(base, async (request, reply) => {
    readParameters(request, [])
    const localId = await contexts.host(readTenant(request), request.body)
    return reply.code(201).header('location', `${base}/${localId}`).send()
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply, ['application/json'])
    if (type === undefined) return reply
    const parameters = readParameters(request, ['details', 'kind'])
    const isDetailed = readFlag(parameters, 'details')
    const shown = contexts.list(readTenant(request), readKind(parameters.get('kind')))
    const document = isDetailed ? shown.map(detailsOf) : shown.map(({ shownUrl }) => shownUrl)
    return reply.type(type).send(JSON.stringify(document))
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const isDetailed = readFlag(readParameters(request, ['details']), 'details')
    const shown = contexts.retrieve(readTenant(request), request.params.id)
    if (!isDetailed && shown.kind === 'Cached')
      throw new NgsiLdError('OperationNotSupported', `The @context ${request.params.id} is a cached copy: ask ${shown.shownUrl} for it`)
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    return reply.type(type).send(JSON.stringify(isDetailed ? detailsOf(shown) : shown.document))
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    const reload = readFlag(readParameters(request, ['reload']), 'reload')
    await contexts.delete(readTenant(request), request.params.id, reload)
    return reply.code(204).send()
  })
}

/** How often a context was used is told of those that are kept for callers; of a cached copy it is nobody's business but ours. */
function detailsOf({ shownUrl, localId, kind, createdAt, expiresAt, lastUsage, hits }: ShownContext): Json {
  return {
    URL: shownUrl,
    localId,
    kind,
    createdAt: formatInstant(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) }),
    ...(lastUsage === undefined ? {} : { lastUsage: formatInstant(lastUsage) }),
    ...(kind === 'Hosted' ? { numberOfHits: hits } : {}),
  }
}

function readKind(kind: string | undefined): ContextKind | undefined {
  if (kind === undefined || kind === 'Cached' || kind === 'Hosted' || kind === 'ImplicitlyCreated') return kind
  throw new NgsiLdError('BadRequestData', `kind must be Cached, Hosted or ImplicitlyCreated, not ${kind}`)
}

function readFlag(parameters: Parameters, name: string): boolean {
  const value = parameters.get(name)?.toLowerCase() ?? 'false'
  if (value !== 'true' && value !== 'false') throw new NgsiLdError('BadRequestData', `${name} must be true or false, not ${value}`)
  return value === 'true'
}
