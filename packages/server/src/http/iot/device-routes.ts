import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import { readDeviceTable } from '#devices/read-device-table.ts'
import type { Devices } from '#devices/open-devices.ts'
import { readTenant } from '../exchange.ts'

/** How devices do, and many made known at once by a table. */
export function deviceRoutes(app: FastifyInstance, { devices }: { readonly devices: Devices }): void {
  app.get('/api/devices', async (request) => ({ devices: devices.health.list(readTenant(request)) }))

  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, ready) => ready(null, body))
    scope.post('/api/devices/import', async (request, reply) => {
      const { devices: made, faults } = readDeviceTable(typeof request.body === 'string' ? request.body : '', readTenant(request))
      if (faults.length > 0)
        throw new NgsiLdError('BadRequestData', `The table has faults, so nothing is made known: ${faults.slice(0, 20).join('; ')}`)
      await devices.registry.putAll([], made)
      return reply.code(201).send({ devices: made.length })
    })
    done()
  })
}
