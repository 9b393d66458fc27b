import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { toProblemDetails } from '../problem.ts'

const root = '/ngsi-ld/v1/'

/** What HTTP itself asks of the NGSI-LD face, before and after any operation (CIM 009, 6.3.2 to 6.3.6). */
export type Transport = {
  /** Answers a path of NGSI-LD that no route serves with this method; `undefined` where the path is not of NGSI-LD at all. */
  refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined
}

/** Installs the common rules; to be called before the routes are added, since it learns their paths. */
export function installTransport(app: FastifyInstance): Transport {
  const methodsOf = new Map<string, Set<string>>()

  app.addHook('onRoute', ({ url, method }) => {
    if (!url.startsWith(root)) return
    const methods = methodsOf.get(url) ?? new Set<string>()
    for (const one of [method].flat()) methods.add(one)
    methodsOf.set(url, methods)
  })

  // A body must state its length; checked before the tenant is looked up (6.3.2).
  app.addHook('onRequest', async (request, reply) => {
    const hasBody = request.method === 'POST' || request.method === 'PATCH' || request.method === 'PUT'
    if (!hasBody || !request.url.startsWith(root) || request.headers['content-length'] !== undefined) return
    reply.header('connection', 'close')
    return reply.code(411).send()
  })

  // 6.3.4 asks a content type of POST, PATCH and PUT alone: a deletion without a body has none, whatever a client states.
  app.addHook('onRequest', async ({ method, headers, url }) => {
    const isBare = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined
    if (method === 'DELETE' && isBare && url.startsWith(root)) delete headers['content-type']
  })

  // JSON has no charset parameter (RFC 8259), and 6.3.4 names the media types without one.
  app.addHook('onSend', async (_request, reply, payload) => {
    const type = reply.getHeader('content-type')
    if (typeof type === 'string' && type.startsWith('application/') && type.endsWith('; charset=utf-8'))
      reply.header('content-type', type.slice(0, -'; charset=utf-8'.length))
    return payload
  })

  return {
    refuse(request, reply) {
      const path = request.url.split('?')[0] ?? ''
      if (!path.startsWith(root)) return undefined
      // An entity that is to be replaced or merged must be named (5.6.17, 5.6.18).
      if (/^\/ngsi-ld\/v1\/entities\/?$/.test(path) && (request.method === 'PUT' || request.method === 'PATCH'))
        return sendProblem(reply, new NgsiLdError('BadRequestData', 'The path must name an entity'))
      const methods = [...methodsOf].filter(([pattern]) => isOf(pattern, path)).flatMap(([, known]) => [...known])
      if (methods.length === 0) return sendProblem(reply, new NgsiLdError('ResourceNotFound', `There is nothing at ${path}`))
      return reply
        .code(405)
        .header('allow', [...new Set(methods)].join(', '))
        .send()
    },
  }
}

function sendProblem(reply: FastifyReply, error: NgsiLdError): FastifyReply {
  const problem = toProblemDetails(error)
  return reply.code(problem.status).type('application/json').send(JSON.stringify(problem))
}

/** Whether a route's pattern matches the path; a parameter may be empty only where something follows it. */
function isOf(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.replace(/\/$/, '').split('/')
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index])
}
