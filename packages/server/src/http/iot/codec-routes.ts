import type { FastifyInstance } from 'fastify'
import type { Devices } from '#devices/open-devices.ts'
import { readTenant } from '../exchange.ts'

/** Payload codecs of LoRaWAN devices: kept with their vendors' examples, and tried on pasted bytes. */
export function codecRoutes(app: FastifyInstance, { devices }: { readonly devices: Devices }): void {
  const { codecs } = devices

  app.get('/api/codecs', async (request) => ({ codecs: codecs.list(readTenant(request)) }))
  app.post('/api/codecs/try', async (request) => devices.tryCodec(readTenant(request), request.body))
  app.get<{ Params: { name: string } }>('/api/codecs/:name', async (request) => codecs.get(readTenant(request), request.params.name))
  app.put<{ Params: { name: string } }>('/api/codecs/:name', async (request) => codecs.put(readTenant(request), request.params.name, request.body))
  app.delete<{ Params: { name: string } }>('/api/codecs/:name', async (request, reply) => {
    await codecs.delete(readTenant(request), request.params.name)
    return reply.code(204).send()
  })
}
