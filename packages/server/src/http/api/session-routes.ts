import type { FastifyInstance } from 'fastify'
import { NgsiLdError, isJsonObject } from '@cityloop/ngsi-ld'
import type { Deps } from '../deps.ts'
import type { Guard } from '../guard.ts'

/** What the console shows of the city: its name and where it lies. */
export type City = { readonly name: string; readonly center: readonly [number, number]; readonly zoom: number }

/** Logging in and out, and what the console asks first. `city` is what the data directory says of the city; `isSynthetic` marks a demo. */
export function sessionRoutes(
  app: FastifyInstance,
  deps: Deps,
  guard: Guard,
  about: { readonly version: string; readonly city: City | null; readonly isSynthetic: boolean },
): void {
  const { config } = deps
  const isReachable = config.isOpen && config.adminToken === undefined

  app.get('/api/session', async (request) => ({
    authenticated: guard.isAuthenticated(request),
    needsToken: guard.needsToken,
    ribbon: isReachable ? 'open' : about.isSynthetic ? 'synthetic' : null,
    city: about.city,
    version: about.version,
  }))

  app.post('/api/session', async (request, reply) => {
    const token = isJsonObject(request.body) ? request.body['token'] : undefined
    if (!guard.open(reply, token)) throw new NgsiLdError('Unauthorized', 'The token is not the one this server was started with')
    return { authenticated: true }
  })

  app.delete('/api/session', async (_request, reply) => {
    guard.close(reply)
    return reply.code(204).send()
  })

  app.get('/api/tenants', async () => ({
    // A snapshot's entities live in a tenant of their own, which a control character marks.
    tenants: (await deps.store.tenants()).filter((tenant) => !tenant.includes('\u001F')),
  }))
}
