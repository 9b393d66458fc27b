import { NgsiLdError, parseInstant } from '@cityloop/ngsi-ld'
import type { Instant } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { queryEntities, retrieveEntity } from '#broker/read-entities.ts'
import type { Moment } from '#store/store.ts'
import { contextOfRead, parseEntityId, readCaller, readParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { pageParameters, readPage, sendPageHeaders } from '../ngsi-ld/page.ts'
import { queryParameters, readEntityQuery, refuseTooWide } from '../ngsi-ld/read-query.ts'
import { negotiate, readShowing, sendDocument, showEntities, showEntity, showingParameters } from '../ngsi-ld/represent.ts'
import { answerTemporal, answerTemporalOfOne } from '../ngsi-ld/answer-temporal.ts'
import { temporalParameters } from '../ngsi-ld/temporal-parameters.ts'

export const momentParameters = ['asKnownAt', 'asTrueAt'] as const

/** NGSI-LD's queries asked of the past: `asKnownAt` gives what a live answer gave then, `asTrueAt` what is now held to have been so. */
export function pastRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/api/entities', async (request, reply) => {
    const type = negotiate(request, reply, ['application/json', 'application/ld+json', 'application/geo+json'])
    if (type === undefined) return reply
    const parameters = readParameters(request, [...queryParameters, ...showingParameters, ...pageParameters, ...momentParameters])
    const context = await contextOfRead(request, deps.contexts)
    const query = readEntityQuery(parameters, context)
    refuseTooWide(query, parameters)
    const page = readPage(parameters)
    const result = await queryEntities(deps, readCaller(request), { query, moment: readMoment(parameters), ...page })
    sendPageHeaders(request, reply, page, type, result)
    return sendDocument(request, reply, type, context, showEntities(result.entities, context, type, readShowing(parameters, context)))
  })

  app.get<{ Params: { id: string } }>('/api/entities/:id', async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...showingParameters, ...momentParameters])
    const context = await contextOfRead(request, deps.contexts)
    const entity = await retrieveEntity(deps, readCaller(request), parseEntityId(request.params.id), readMoment(parameters))
    return sendDocument(request, reply, type, context, showEntity(entity, context, type, readShowing(parameters, context)))
  })

  app.get('/api/temporal/entities', async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...queryParameters, ...showingParameters, ...pageParameters, ...temporalParameters, 'asKnownAt'])
    const context = await contextOfRead(request, deps.contexts)
    const query = readEntityQuery(parameters, context)
    refuseTooWide(query, parameters)
    return answerTemporal(request, reply, deps, type, parameters, context, query, readKnownAt(parameters))
  })

  app.get<{ Params: { id: string } }>('/api/temporal/entities/:id', async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, [...showingParameters, ...temporalParameters, 'asKnownAt', 'local'])
    const context = await contextOfRead(request, deps.contexts)
    return answerTemporalOfOne(request, reply, deps, type, parameters, context, parseEntityId(request.params.id), readKnownAt(parameters))
  })
}

/** The moment that the parameters name; both at once are refused. */
export function readMoment(parameters: Parameters): Moment {
  const [known, true_] = [parameters.get('asKnownAt'), parameters.get('asTrueAt')]
  if (known !== undefined && true_ !== undefined) throw new NgsiLdError('BadRequestData', 'asKnownAt and asTrueAt exclude each other')
  if (known !== undefined) return { kind: 'known', at: parseInstant(known, 'asKnownAt') }
  return true_ === undefined ? { kind: 'now' } : { kind: 'true', at: parseInstant(true_, 'asTrueAt') }
}

function readKnownAt(parameters: Parameters): Instant | undefined {
  const known = parameters.get('asKnownAt')
  return known === undefined ? undefined : parseInstant(known, 'asKnownAt')
}
