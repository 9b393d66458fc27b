import { isJsonObject } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import type { Alerts } from '#operations/open-alerts.ts'
import { parseEntityId, readCaller, readTenant } from '../exchange.ts'

/** Rules, and what an operator does with an alert; the alerts themselves are entities of the type Alert. */
export function alertRoutes(app: FastifyInstance, { alerts }: { readonly alerts: Alerts }): void {
  app.get('/api/rules', async (request) => ({ rules: alerts.rules(readTenant(request)) }))
  app.put<{ Params: { id: string } }>('/api/rules/:id', async (request) =>
    alerts.putRule(readTenant(request), isJsonObject(request.body) ? { ...request.body, id: request.params.id } : request.body),
  )
  app.delete<{ Params: { id: string } }>('/api/rules/:id', async (request, reply) => {
    await alerts.deleteRule(readTenant(request), request.params.id)
    return reply.code(204).send()
  })
  app.post<{ Params: { id: string } }>('/api/alerts/:id/acknowledge', async (request, reply) => {
    const note = isJsonObject(request.body) ? request.body['note'] : undefined
    await alerts.acknowledge(readCaller(request), parseEntityId(request.params.id), typeof note === 'string' ? note : '')
    return reply.code(204).send()
  })
}
