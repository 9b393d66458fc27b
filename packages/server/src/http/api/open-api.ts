import type { FastifyInstance } from 'fastify'

type Route = { readonly path: string; readonly method: string }

/** Collects every route that is made after this, and describes them at `/api/openapi.json` (OpenAPI 3.1): paths, methods and their parameters. */
export function openApiRoutes(app: FastifyInstance, version: string): void {
  const routes: Route[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (!/^\/(ngsi-ld|api|iot|health|ready|metrics)/.test(url)) return
    for (const one of [method].flat())
      if (one !== 'HEAD' && one !== 'OPTIONS') routes.push({ path: url.replace(/:(\w+)/g, '{$1}'), method: one.toLowerCase() })
  })
  app.get('/api/openapi.json', async () => ({
    openapi: '3.1.0',
    info: { title: 'Cityloop', version, description: 'NGSI-LD (ETSI GS CIM 009 v1.9.1) under /ngsi-ld/v1, and the APIs of Cityloop under /api.' },
    paths: pathsOf(routes),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ProblemDetails: {
          type: 'object',
          required: ['type', 'title', 'status', 'detail'],
          properties: { type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
        },
      },
    },
    security: [{ bearer: [] }],
  }))
}

function pathsOf(routes: readonly Route[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const { path, method } of routes) {
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
    const problem = { description: 'A problem', content: { 'application/json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } } }
    ;(paths[path] ??= {})[method] = { parameters, responses: { default: problem } }
  }
  return paths
}
