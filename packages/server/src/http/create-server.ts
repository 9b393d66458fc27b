import { NgsiLdError } from '@cityloop/ngsi-ld'
import fastifyStatic from '@fastify/static'
import type { FastifyStaticOptions } from '@fastify/static'
import fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { alertRoutes } from './api/alert-routes.ts'
import { installLive } from './api/live.ts'
import type { Live } from './api/live.ts'
import { mapRoutes } from './api/map-routes.ts'
import { openApiRoutes } from './api/open-api.ts'
import { ownRoutes } from './api/own-routes.ts'
import { pastRoutes } from './api/past-routes.ts'
import { streetRoutes } from './api/street-routes.ts'
import { planRoutes } from './api/plan-routes.ts'
import { sessionRoutes } from './api/session-routes.ts'
import type { City } from './api/session-routes.ts'
import type { Deps } from './deps.ts'
import { installGuard } from './guard.ts'
import { healthRoutes } from './health-routes.ts'
import { iotRoutes, quarantineRoutes } from './iot/iot-routes.ts'
import { batchRoutes } from './ngsi-ld/batch-routes.ts'
import { contextRoutes } from './ngsi-ld/context-routes.ts'
import { csourceSubscriptionRoutes } from './ngsi-ld/csource-subscription-routes.ts'
import { discoveryRoutes } from './ngsi-ld/discovery-routes.ts'
import { entityMapRoutes } from './ngsi-ld/entity-map-routes.ts'
import { entityRoutes } from './ngsi-ld/entity-routes.ts'
import { identityRoutes } from './ngsi-ld/identity-routes.ts'
import { purgeRoutes } from './ngsi-ld/purge-routes.ts'
import { queryRoutes } from './ngsi-ld/query-routes.ts'
import { registrationRoutes } from './ngsi-ld/registration-routes.ts'
import { snapshotRoutes } from './ngsi-ld/snapshot-routes.ts'
import { subscriptionRoutes } from './ngsi-ld/subscription-routes.ts'
import { temporalRoutes } from './ngsi-ld/temporal-routes.ts'
import { installTenancy } from './ngsi-ld/tenancy.ts'
import { installTransport } from './ngsi-ld/transport.ts'
import type { Transport } from './ngsi-ld/transport.ts'
import { parseJson } from './parse-json.ts'
import { toProblemDetails } from './problem.ts'

const bodyBytes = 4 * 1024 * 1024
const urlCharacters = 8192
const jsonTypes = ['application/json', 'application/ld+json', 'application/merge-patch+json', 'application/geo+json']

export type ServerOptions = {
  readonly version: string
  /** Where the console's built files are; without them `/` says how to build it. */
  readonly consoleDirectory: string
  readonly city: City | null
  readonly isSynthetic: boolean
  /** Routes of further areas. */
  readonly more?: readonly ((app: FastifyInstance, deps: Deps) => void)[]
}

/** Builds the HTTP server with every face on it; it listens when told to. */
export async function createServer(
  given: Omit<Deps, 'live'>,
  options: ServerOptions,
): Promise<{ readonly app: FastifyInstance; readonly live: Live }> {
  const app = fastify({
    bodyLimit: bodyBytes,
    forceCloseConnections: true,
    connectionTimeout: 0,
    requestTimeout: 30_000,
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: false, maxParamLength: urlCharacters, querystringParser: () => ({}) },
    genReqId: () => randomUUID(),
    // A path whose percent signs mean nothing never reaches a route.
    frameworkErrors: (error, request, reply) => void sendError(given, error, request, reply),
  })
  openApiRoutes(app, options.version)
  const guard = installGuard(app, given.config)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(jsonTypes, { parseAs: 'string' }, (request, body, done) => {
    try {
      // A deletion that states a content type but has no body is one without a body.
      const isAbsent = body === '' && request.method === 'DELETE'
      done(null, isAbsent ? undefined : parseJson(String(body)))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), undefined)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.length > urlCharacters) return reply.code(414).send()
    const tenant = request.headers['ngsild-tenant']
    if (typeof tenant === 'string') reply.header('NGSILD-Tenant', tenant)
    reply.header('x-content-type-options', 'nosniff')
  })
  const transport = installTransport(app)
  app.setErrorHandler((error, request, reply) => sendError(given, error, request, reply))
  app.setNotFoundHandler((request, reply) => notFound(request, reply, options.consoleDirectory, transport))

  const live = installLive(app, given)
  const deps: Deps = { ...given, live }
  installTenancy(app, deps)
  entityRoutes(app, deps)
  queryRoutes(app, deps)
  purgeRoutes(app, deps)
  batchRoutes(app, deps)
  temporalRoutes(app, deps)
  discoveryRoutes(app, deps)
  contextRoutes(app, deps)
  subscriptionRoutes(app, deps)
  registrationRoutes(app, deps)
  csourceSubscriptionRoutes(app, deps)
  entityMapRoutes(app, deps)
  snapshotRoutes(app, deps)
  identityRoutes(app, deps)
  pastRoutes(app, deps)
  mapRoutes(app, deps)
  ownRoutes(app, deps)
  alertRoutes(app, deps)
  planRoutes(app, deps)
  streetRoutes(app, deps, options.isSynthetic)
  iotRoutes(app, deps)
  quarantineRoutes(app, deps)
  sessionRoutes(app, deps, guard, options)
  healthRoutes(app, deps)
  for (const add of options.more ?? []) add(app, deps)
  app.all('/v2/*', (_request, reply) => sendProblem(reply, 501, 'OperationNotSupported', 'NGSIv2 is not spoken here: use /ngsi-ld/v1'))
  if (existsSync(options.consoleDirectory)) {
    await app.register(fastifyStatic, { root: options.consoleDirectory, wildcard: false, setHeaders: setConsoleHeaders(given) })
  }
  return { app, live }
}

type SetHeaders = NonNullable<FastifyStaticOptions['setHeaders']>

function setConsoleHeaders({ config }: Pick<Deps, 'config'>): SetHeaders {
  const basemap = config.basemap === undefined ? '' : ` ${URL.parse(config.basemap)?.origin ?? ''}`
  const policy = `default-src 'self'; img-src 'self' data: blob:${basemap}; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'${basemap}; frame-ancestors 'none'; base-uri 'none'`
  return (reply, path) => {
    reply.header('content-security-policy', policy)
    reply.header('referrer-policy', 'no-referrer')
    reply.header('cache-control', /assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
  }
}

/** Unknown paths of the interfaces are a problem; any other is a page of the console. */
function notFound(request: FastifyRequest, reply: FastifyReply, consoleDirectory: string, transport: Transport): FastifyReply {
  const refused = transport.refuse(request, reply)
  if (refused !== undefined) return refused
  const path = request.url.split('?')[0] ?? ''
  const isPage = (request.method === 'GET' || request.method === 'HEAD') && !/^\/(ngsi-ld|api|iot|v2)(\/|$)/.test(path) && !path.includes('.')
  if (!isPage) return sendProblem(reply, 404, 'ResourceNotFound', `There is nothing at ${request.method} ${path}`)
  if (existsSync(consoleDirectory)) return reply.sendFile('index.html')
  return reply.code(200).type('text/plain').send('The console is not built: run npm run build. The interface is at /ngsi-ld/v1.\n')
}

function sendError(deps: Omit<Deps, 'live'>, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof NgsiLdError) {
    const problem = toProblemDetails(error)
    if (problem.status === 503 || problem.status === 507 || problem.status === 429) reply.header('retry-after', '5')
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
    return reply.code(problem.status).type('application/json').send(JSON.stringify(problem))
  }
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 413 || status === 415) return reply.code(status).send()
  if (status >= 400 && status < 500) return sendProblem(reply, status, 'InvalidRequest', error instanceof Error ? error.message : String(error))
  deps.log.error('request_failed', {
    request: request.id,
    method: request.method,
    url: request.routeOptions.url,
    error: error instanceof Error ? error.stack : String(error),
  })
  return sendProblem(reply, 500, 'InternalError', `The request failed by a fault of ours; it is logged as ${request.id}`)
}

function sendProblem(reply: FastifyReply, status: number, type: string, detail: string): FastifyReply {
  return reply
    .code(status)
    .type('application/json')
    .send(JSON.stringify({ type: `https://uri.etsi.org/ngsi-ld/errors/${type}`, title: type, status, detail }))
}
