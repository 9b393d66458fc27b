import type { FastifyInstance } from 'fastify'
import type { Config } from '#config/config.ts'
import type { Streets } from '#streets/ask-streets.ts'
import { basemapRoutes } from './basemap-routes.ts'

/** Ways, matrices and isochrones on the city's streets, and the base map that came with them or by a setting. */
export function streetRoutes(
  app: FastifyInstance,
  { config, streets }: { readonly config: Config; readonly streets: Streets },
  isSynthetic: boolean,
): void {
  for (const kind of ['route', 'matrix', 'isochrone'] as const) {
    app.get(`/api/streets/${kind}`, async (request, reply) => {
      const mark = request.url.indexOf('?')
      return reply.type('application/json').send(await streets.ask(kind, mark < 0 ? '' : request.url.slice(mark + 1)))
    })
  }
  basemapRoutes(app, config, isSynthetic)
}
