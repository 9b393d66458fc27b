import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { cityloopContextPath } from '#broker/contexts.ts'
import type { Config } from '#config/config.ts'
import { ownHosts } from '#config/config.ts'
import { callbackPath } from '#federation/distribute-subscriptions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: `urn:cityloop:operator` for whoever was let in; devices and citizens get their own. */
    callerId: string
  }
}

const cookieName = 'cityloop_session'
const sessionHours = 12
/** A hosted @context by itself, without its details. */
const hostedContext = /^\/ngsi-ld\/v1\/jsonldContexts\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Lets requests in: only under this machine's names, from allowed origins, and with the token where one is set. */
export type Guard = {
  readonly needsToken: boolean
  isAuthenticated(request: FastifyRequest): boolean
  /** Sets the session cookie if the token is right; returns whether it was. */
  open(reply: FastifyReply, token: unknown): boolean
  close(reply: FastifyReply): void
}

/** Puts the guard in front of every route. A route is open to all with `config: { open: true }`. */
export function installGuard(app: FastifyInstance, config: Config): Guard {
  const hosts = ownHosts(config)
  const origins = new Set(config.origins)
  const secret = randomBytes(32)

  const guard: Guard = {
    needsToken: config.adminToken !== undefined,
    isAuthenticated: (request) => config.adminToken === undefined || hasToken(request, config.adminToken) || hasSession(request),
    open(reply, token) {
      if (config.adminToken !== undefined && (typeof token !== 'string' || !sameText(token, config.adminToken))) return false
      const expires = String(Date.now() + sessionHours * 3_600_000)
      reply.header('set-cookie', `${cookieName}=${expires}.${sign(expires)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${sessionHours * 3600}`)
      return true
    },
    close: (reply) => void reply.header('set-cookie', `${cookieName}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`),
  }

  app.decorateRequest('callerId', '')
  app.addHook('onRequest', async (request) => {
    checkHost(request)
    checkOrigin(request)
    request.callerId = 'urn:cityloop:operator'
    if (!isOpenRoute(request) && !guard.isAuthenticated(request)) {
      throw new NgsiLdError('Unauthorized', 'This server wants a token: send the header Authorization: Bearer, or log in')
    }
  })

  function checkHost(request: FastifyRequest): void {
    const name = URL.parse(`http://${request.headers.host ?? ''}`)
      ?.hostname.replace(/^\[|\]$/g, '')
      .toLowerCase()
    if (name === undefined || !hosts.has(name))
      throw new NgsiLdError(
        'BadRequestData',
        `This server does not answer to the name ${request.headers.host ?? '(none)'}: add its origin to CITYLOOP_ORIGINS`,
      )
  }

  function checkOrigin(request: FastifyRequest): void {
    const { origin } = request.headers
    if (origin === undefined || origins.has(origin)) return
    const name = URL.parse(origin)
      ?.hostname.replace(/^\[|\]$/g, '')
      .toLowerCase()
    if (name === undefined || !hosts.has(name))
      throw new NgsiLdError('BadRequestData', `Requests from the origin ${origin} are not let in: add it to CITYLOOP_ORIGINS`)
  }

  function sign(text: string): string {
    return createHmac('sha256', secret).update(text).digest('base64url')
  }

  function hasSession(request: FastifyRequest): boolean {
    const cookie = request.headers.cookie
      ?.split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${cookieName}=`))
    const [expires = '', signature = ''] = cookie?.slice(cookieName.length + 1).split('.') ?? []
    return sameText(signature, sign(expires)) && Number(expires) > Date.now()
  }

  return guard
}

/**
 * What needs no token: health, the console's files and log-in, our own words, and measures, which have their own key. Peers have no token of ours: what they notify
 * names the copy of a subscription that it is for, and the contexts that they are to read are named to them; both by an id that nobody else knows.
 */
function isOpenRoute(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? ''
  if (request.method === 'POST' && path === callbackPath) return true
  if (path === '/health' || path === '/ready' || path === '/api/session' || /^\/iot\/((json|d)(\/commands)?|lorawan)$/.test(path)) return true
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (path === cityloopContextPath || hostedContext.test(request.url)) return true
  return !/^\/(ngsi-ld|api|iot|metrics|v2)(\/|$)/.test(path)
}

function hasToken(request: FastifyRequest, token: string): boolean {
  const match = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')
  return match !== null && sameText(match[1] ?? '', token)
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHmac('sha256', 'compare').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
