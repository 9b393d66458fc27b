import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Tenants } from '#broker/tenants.ts'
import type { Snapshots } from '#snapshots/snapshots.ts'
import { readTenant } from '../exchange.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the entities of the request live, if that is not the tenant of its header: the snapshot it is about. */
    storedTenant: string | undefined
  }
}

const root = '/ngsi-ld/v1/'

/** What makes the tenant that it is sent to (CIM 009, 5.5.10); agents begin with an upsert. */
const creating =
  /^\/ngsi-ld\/v1\/(?:entities|entityOperations\/(?:create|upsert)|temporal\/entities|subscriptions|csourceRegistrations|csourceSubscriptions)\/?$/

/** What is the same in all tenants. */
const shared = /^\/ngsi-ld\/v1\/(?:jsonldContexts|info)(?:\/|$)/

/** Sees that the tenant and the snapshot that a request names are there, and says them in the answer (6.3.14, 6.3.22). */
export function installTenancy(app: FastifyInstance, { tenants, snapshots }: { readonly tenants: Tenants; readonly snapshots: Snapshots }): void {
  app.decorateRequest('storedTenant', undefined)
  app.addHook('preHandler', async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    if (!path.startsWith(root) || request.routeOptions.url === undefined) return
    const tenant = readTenant(request)
    const isCreating = request.method === 'POST' && creating.test(path)
    if (tenant !== '' && !isCreating && !shared.test(path)) await tenants.require(tenant)
    const snapshot = snapshotOf(request)
    if (snapshot === undefined) return
    reply.header('NGSILD-Snapshot', snapshot)
    request.storedTenant = await snapshots.tenantOf(tenant, snapshot)
  })
}

function snapshotOf(request: FastifyRequest): string | undefined {
  const header = request.headers['ngsild-snapshot']
  return typeof header === 'string' && header !== '' ? header : undefined
}
