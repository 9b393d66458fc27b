import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { runCity } from '../../packages/server/src/main/run-city.ts'
import { silent } from '../../packages/server/src/runtime/log.ts'

/** An answer as a client reads it; `body` is the JSON, if there is any. */
export type Answer = { readonly status: number; readonly warning: string | null; readonly count: string | null; readonly body: any }

/** A broker that listens, in a folder of its own. */
export type Broker = {
  readonly url: string
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

/** A port that nobody holds: a broker must know its own before it listens, for sources notify it there. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a broker on a free port; `settings` are those of its environment that a test sets itself. */
export async function openBroker(alias: string, settings: Readonly<Record<string, string>> = {}): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-federation-'))
  const config = parseConfig({
    CITYLOOP_DATA: folder,
    CITYLOOP_PORT: String(await freePort()),
    CITYLOOP_MQTT_PORT: '0',
    CITYLOOP_HOST_ALIAS: alias,
    CITYLOOP_EGRESS: 'public,127.0.0.0/8,::1/128',
    ...settings,
  })
  const city = await runCity(config, { log: silent })
  return {
    url: city.url,
    async ask(method, path, body, headers = {}) {
      const reply = await fetch(`${city.url}/ngsi-ld/v1${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      return {
        status: reply.status,
        warning: reply.headers.get('NGSILD-Warning'),
        count: reply.headers.get('NGSILD-Results-Count'),
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      }
    },
    async close() {
      await city.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** A source that is no broker: it answers as it is told and keeps what it was asked. */
export type Source = {
  readonly url: string
  readonly asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
  close(): Promise<void>
}

export async function openSource(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Source> {
  const asked: Source['asked'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A registration of what a source has. */
export function registration(id: string, endpoint: string, members: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `urn:ngsi-ld:ContextSourceRegistration:${id}`,
    type: 'ContextSourceRegistration',
    endpoint,
    information: [{ entities: [{ type: 'Lamp' }] }],
    ...members,
  }
}

export const allOperations = [
  'federationOps',
  'redirectionOps',
  'createBatch',
  'upsertBatch',
  'updateBatch',
  'deleteBatch',
  'mergeBatch',
  'retrieveTemporal',
  'queryTemporal',
  'upsertTemporal',
]

export function property(value: unknown, members: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: 'Property', value, ...members }
}

export function lamp(id: string, attributes: Record<string, unknown>): Record<string, unknown> {
  return { id: `urn:ngsi-ld:Lamp:${id}`, type: 'Lamp', ...attributes }
}

/** A broker that knows the others, which a test registers at it. */
export type Hub = {
  readonly hub: Broker
  readonly others: readonly Broker[]
  /** Registers an endpoint under an id, with all operations where `members` name none. Throws what the hub answered where it is no 201. */
  register(id: string, endpoint: string, members?: Record<string, unknown>): Promise<void>
  /** Takes away all registrations of lamps, and what each broker has. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** Opens a hub and brokers of these names beside it. */
export async function openHub(...names: readonly string[]): Promise<Hub> {
  const [hub, ...others] = (await Promise.all(['hub', ...names].map((name) => openBroker(name)))) as [Broker, ...Broker[]]
  return {
    hub,
    others,
    async register(id, endpoint, members = {}) {
      const { body, status } = await hub.ask('POST', '/csourceRegistrations', registration(id, endpoint, { operations: allOperations, ...members }))
      if (status !== 201) throw new Error(`The registration ${id} was answered with ${status}: ${JSON.stringify(body)}`)
    },
    async clear() {
      const { body } = await hub.ask('GET', '/csourceRegistrations?type=Lamp')
      for (const { id } of body as { id: string }[]) await hub.ask('DELETE', `/csourceRegistrations/${id}`)
      for (const broker of [hub, ...others]) await broker.ask('DELETE', '/entities?local=true')
    },
    async close() {
      await Promise.all([hub, ...others].map((broker) => broker.close()))
    },
  }
}
