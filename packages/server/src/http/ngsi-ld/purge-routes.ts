import { NgsiLdError, parseName } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { contextOfRead, readCaller, readParameters } from '../exchange.ts'
import { toProblemDetails } from '../problem.ts'
import { readOrigin } from './origin.ts'
import { checkReach } from './read-join.ts'
import { queryParameters, readEntityQuery, refuseTooWide } from './read-query.ts'

/** Purge Entities (CIM 009, 5.6.21; 6.4.3.3). */
export function purgeRoutes(app: FastifyInstance, deps: Deps): void {
  app.delete('/ngsi-ld/v1/entities', async (request, reply) => {
    const parameters = readParameters(request, [...queryParameters, 'drop', 'geometryProperty', 'keep', 'pick', 'omit'])
    const context = await contextOfRead(request, deps.contexts)
    const names = (which: 'keep' | 'drop'): readonly string[] | undefined =>
      parameters.list(which)?.map((name) => {
        if (name.includes('{')) throw new NgsiLdError('BadRequestData', `${which} must not reach into linked entities`)
        return name === 'scope' ? 'scope' : parseName(context, name, which)
      })
    const [keep, drop] = [names('keep'), names('drop')]
    if (keep !== undefined && drop !== undefined) throw new NgsiLdError('BadRequestData', 'keep and drop exclude each other')
    const query = readEntityQuery(parameters, context)
    refuseTooWide(query, parameters)
    checkReach(undefined, [], query)
    const origin = readOrigin(request, reply, parameters, context)
    const { success, failures, sources } = await deps.federation.purge(origin, readCaller(request), query, {
      ...(keep === undefined ? {} : { keep }),
      ...(drop === undefined ? {} : { drop }),
    })
    if (failures.length === 0 && sources.length === 0) return reply.code(204).send()
    const errors = [
      ...failures.map(({ id, error }) => ({ entityId: id, error: toProblemDetails(error) })),
      ...sources.map(({ error, registrationId }) => ({ registrationId, error: toProblemDetails(error) })),
    ]
    return reply.code(207).type('application/json').send(JSON.stringify({ success, errors }))
  })
}
