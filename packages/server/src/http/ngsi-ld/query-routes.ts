import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { readBody, readParameters, toParameters } from '../exchange.ts'
import { answerEntities } from './answer-entities.ts'
import { queryEntitiesParameters } from './entity-routes.ts'
import { parseQueryDocument } from './query-document.ts'
import { negotiate } from './represent.ts'

/** What the URL of a query by POST may say beside the document (CIM 009, 6.23.3.1). */
export const queryUrlParameters = ['count', 'format', 'geometryProperty', 'limit', 'local', 'offset', 'options'] as const

/** Query Entities by a document (CIM 009, 5.7.2; 6.23). */
export function queryRoutes(app: FastifyInstance, deps: Deps): void {
  app.post('/ngsi-ld/v1/entityOperations/query', async (request, reply) => {
    const type = negotiate(request, reply, ['application/json', 'application/ld+json', 'application/geo+json'])
    if (type === undefined) return reply
    readParameters(request, queryUrlParameters)
    const { body, context } = await readBody(request, deps.contexts)
    const { selectors, parameters } = parseQueryDocument(body, context, false)
    const search = new URLSearchParams(request.url.split('?')[1] ?? '')
    for (const [name, value] of parameters) search.set(name, value)
    return answerEntities(request, reply, deps, type, toParameters(search, queryEntitiesParameters), context, selectors)
  })
}
