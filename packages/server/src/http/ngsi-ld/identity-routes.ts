import { formatInstant, printDuration } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import { contextSourceAlias } from '#federation/origin.ts'
import type { Deps } from '../deps.ts'
import { contextOfRead, readParameters, readTenant } from '../exchange.ts'
import { negotiate, sendDocument } from './represent.ts'

/** Retrieve Context Source Identity Information (CIM 009, 5.15.1; 6.33). */
export function identityRoutes(app: FastifyInstance, { clock, config, contexts }: Pick<Deps, 'clock' | 'config' | 'contexts'>): void {
  const startedAt = clock.now()
  app.get('/ngsi-ld/v1/info/sourceIdentity', async (request, reply) => {
    const type = negotiate(request, reply)
    if (type === undefined) return reply
    readParameters(request, [])
    const now = clock.now()
    const alias = contextSourceAlias(config.hostAlias, readTenant(request))
    const uptimeS = Math.floor((now - startedAt) / 1_000_000)
    return sendDocument(request, reply, type, await contextOfRead(request, contexts), {
      id: `urn:ngsi-ld:ContextSource:${alias}`,
      type: 'ContextSourceIdentity',
      contextSourceAlias: alias,
      contextSourceUptime: printDuration({ months: 0, us: uptimeS * 1_000_000 }),
      contextSourceTimeAt: formatInstant(now),
    })
  })
}
