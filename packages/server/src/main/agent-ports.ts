import type { FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Config } from '#config/config.ts'

/** The ports on which FIWARE's IoT agents are looked for; whatever is set. */
export type AgentPorts = { close(): Promise<void> }

/**
 * Listens where FIWARE users expect their agents: provisioning on `CITYLOOP_IOTA_PORT` (4041 with them), measures on `CITYLOOP_IOTA_HTTP_PORT` (7896). The same routes
 * with the same guard answer as on the one port, but of these only what is under `/iot` and the agents' `/version`. Throws, naming the port, where one cannot be had.
 */
export async function openAgentPorts(app: FastifyInstance, { host, iotaHttpPort, iotaPort }: Config, version: string): Promise<AgentPorts> {
  const servers: Server[] = []
  for (const port of new Set([iotaPort, iotaHttpPort])) {
    if (port === undefined) continue
    const server = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? ''
      if (/^\/iot(\/|$)/.test(path)) return app.routing(request, response)
      response.statusCode = path === '/version' || path === '/iot/about' ? 200 : 404
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify(
          response.statusCode === 200 ? { libVersion: version, name: 'cityloop' } : { name: 'NOT_FOUND', message: `There is nothing at ${path}` },
        ),
      )
    })
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (error) {
      await Promise.all(servers.map(end))
      throw new Error(`The port ${port} of the IoT agents cannot be had: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    servers.push(server)
  }
  return {
    async close() {
      await Promise.all(servers.map(end))
    },
  }
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
