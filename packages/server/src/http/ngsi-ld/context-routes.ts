import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { cityloopContextPath } from '#broker/contexts.ts'
import { cityloopTerms } from '#runtime/cityloop-terms.ts'

/** Serves our own words as a hosted @context (CIM 009, 5.13.4), open to everyone. */
export function contextRoutes(app: FastifyInstance, _deps: Deps): void {
  const document = JSON.stringify({ '@context': cityloopTerms })
  app.get(cityloopContextPath, async (_request, reply) =>
    reply.type('application/ld+json').header('cache-control', 'public, max-age=3600').send(document),
  )
}
