import { NgsiLdError, expandTerm, filteredNames, parseQ } from '@cityloop/ngsi-ld'
import type { Context, EntityQuery } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import { matchingInformation } from '#federation/match-registration.ts'
import type { Interest } from '#federation/match-registration.ts'
import { projectRegistration, showRegistration } from '#federation/show-registration.ts'
import type { Deps } from '../deps.ts'
import { contextOfRead, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { pageParameters, readPage, sendPageHeaders } from './page.ts'
import { queryParameters, readEntityQuery } from './read-query.ts'
import { negotiate, readShowing, sendDocument } from './represent.ts'
import { readTemporal, temporalParameters } from './temporal-parameters.ts'

type WithId = { Params: { id: string } }
const base = '/ngsi-ld/v1/csourceRegistrations'

/** Every parameter of Query Context Source Registrations (6.8.3.2). */
const known = [
  ...queryParameters,
  ...pageParameters,
  ...temporalParameters,
  'geometryProperty',
  'lang',
  'omit',
  'options',
  'pick',
  'datasetId',
] as const

/** /csourceRegistrations (CIM 009, 5.9 and 5.10; 6.8 and 6.9). */
export function registrationRoutes(app: FastifyInstance, deps: Deps): void {
  const { contexts } = deps
  const { registrations } = deps.federation

  app.post(base, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, contexts)
    const id = await registrations.create(readCaller(request), body, context)
    // Written as 6.8.3.1 has it: there are clients that look for it so.
    reply.raw.setHeader('Location', `${base}/${encodeURI(id)}`)
    return reply.code(201).send()
  })

  app.get(base, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, known)
    const context = await contextOfRead(request, contexts)
    const interest = readInterest(parameters, context)
    const page = readPage(parameters)
    const { pick, omit } = readShowing(parameters, context)
    const matching = registrations
      .list(readCaller(request).tenant)
      .filter(({ registration }) => matchingInformation(registration, interest).length > 0)
    const offset = Math.min(page.offset, Math.max(0, matching.length - 1))
    const isLast = offset + page.limit >= matching.length
    sendPageHeaders(request, reply, page, 'application/ld+json', { isLast, ...(page.count ? { count: matching.length } : {}) })
    const options = { sysAttrs: parameters.options.has('sysAttrs') }
    const shown = matching.slice(offset, offset + page.limit).map((view) => {
      const whole = showRegistration(view, context, options)
      return projectRegistration(whole, context, pick && new Set(pick.keys()), omit && new Set(omit.keys()))
    })
    return sendDocument(request, reply, type, context, shown)
  })

  app.get<WithId>(`${base}/:id`, async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    const parameters = readParameters(request, ['options'])
    const context = await contextOfRead(request, contexts)
    const view = registrations.retrieve(readCaller(request), parseEntityId(request.params.id))
    const options = { sysAttrs: parameters.options.has('sysAttrs') }
    return sendDocument(request, reply, type, context, showRegistration(view, context, options))
  })

  app.patch<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, ['local'])
    const { body, context } = await readBody(request, contexts)
    await registrations.update(readCaller(request), parseEntityId(request.params.id), body, context)
    return reply.code(204).send()
  })

  app.delete<WithId>(`${base}/:id`, async (request, reply) => {
    readParameters(request, ['local'])
    await registrations.delete(readCaller(request), parseEntityId(request.params.id))
    return reply.code(204).send()
  })
}

/** 5.10.2.4. Throws `BadRequestData` where the query is too wide; one by ids alone is narrow enough, as it is among entities. */
function readInterest(parameters: Parameters, context: Context): Interest {
  const query = readEntityQuery(parameters, context)
  const { attrs, entities, geo, q, scopeQ } = query
  if (entities === undefined && attrs === undefined && q === undefined && geo === undefined)
    throw new NgsiLdError('BadRequestData', 'The query is too wide: give at least one of type, attrs, q and georel')
  const names = namesOf(query)
  const csf = parameters.get('csf')
  const datasetIds = parameters.list('datasetId')
  return {
    isDiscovery: true,
    time: parameters.has('timerel') ? readTemporal(parameters) : 'latest',
    ...(entities === undefined ? {} : { selectors: entities }),
    ...(names.length === 0 ? {} : { names }),
    ...(geo === undefined ? {} : { geo }),
    ...(scopeQ === undefined ? {} : { scopeQ }),
    ...(datasetIds === undefined ? {} : { datasetIds }),
    ...(csf === undefined ? {} : { csf: parseQ(csf, (term) => expandTerm(context, term)) }),
  }
}

/** The attributes that a query is about: those asked for, and those that its filters name. */
function namesOf({ attrs = [], q, geo }: EntityQuery): readonly string[] {
  return [...attrs, ...filteredNames({ ...(q === undefined ? {} : { q }), ...(geo === undefined ? {} : { geo }) })]
}
