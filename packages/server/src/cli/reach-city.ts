import type { Config } from '#config/config.ts'
import { openCity } from '#main/run-city.ts'
import type { OpenCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'
import { ownerOf } from '#store/sqlite/own-directory.ts'

/** The city that a command works on: opened by this process, or through the server that owns the data directory. */
export type Reached = { readonly kind: 'open'; readonly city: OpenCity } | { readonly kind: 'remote'; readonly remote: Remote }

/** A running server, spoken to over HTTP. Throws, with what the server said, where it does not answer with a 2xx. */
export type Remote = {
  readonly url: string
  request(method: string, path: string, options?: { readonly body?: unknown; readonly tenant?: string }): Promise<Response>
}

/** Reaches the city of a configuration: over HTTP where a server owns its directory, else by opening it. */
export async function reachCity(config: Config): Promise<Reached> {
  const owner = ownerOf(config.dataDirectory)
  if (owner?.url !== undefined && (await isUp(owner.url))) return { kind: 'remote', remote: remoteOf(owner.url, config.adminToken) }
  return { kind: 'open', city: await openCity(config, { log: silent }) }
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

function remoteOf(url: string, token: string | undefined): Remote {
  return {
    url,
    async request(method, path, { body, tenant } = {}) {
      const headers: Record<string, string> = {}
      if (token !== undefined) headers['authorization'] = `Bearer ${token}`
      if (tenant !== undefined && tenant !== '') headers['ngsild-tenant'] = tenant
      if (body !== undefined) headers['content-type'] = 'application/json'
      const reply = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      if (!reply.ok) throw new Error(`The server at ${url} answered ${reply.status} to ${method} ${path}: ${(await reply.text()).slice(0, 500)}`)
      return reply
    },
  }
}
