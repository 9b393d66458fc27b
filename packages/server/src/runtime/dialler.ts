import { NgsiLdError } from '@cityloop/ngsi-ld'
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'
import type { Egress } from './egress.ts'

/** What came back from a call; the body is cut off, and the call failed, beyond the size asked for. */
export type Reply = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

export type Call = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  readonly mostBytes: number
  readonly signal?: AbortSignal
}

/** An answer with more bytes than were asked for. */
export class AnswerTooLarge extends NgsiLdError {
  constructor(url: string, mostBytes: number) {
    super('Unavailable', `The answer of ${url} is larger than ${mostBytes} bytes`)
    this.name = 'AnswerTooLarge'
  }
}

/** The only way out of the program. */
export type Dialler = {
  /** Calls an address that a caller or an entity named; it must pass the egress rule when connected to. Throws `Unavailable`, saying what happened. Follows no redirect. */
  call(url: string, call: Call): Promise<Reply>
  /** For connections that are not HTTP: resolves a host to addresses that may be reached, or throws `Unavailable`. */
  readonly lookup: LookupFunction
  close(): Promise<void>
}

/** Makes the dialler for an egress rule: the resolved address is checked as the connection is made, so no spelling or rebinding gets round it. */
export function createDialler(egress: Egress): Dialler {
  const guardedFor =
    (port: number): LookupFunction =>
    (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '', 0)
        const allowed = addresses.filter(({ address }) => egress.mayReach(address, port))
        const [first] = allowed
        if (first === undefined) return callback(new Error(`The address of ${hostname} is outside CITYLOOP_EGRESS`), '', 0)
        if (options.all === true) return callback(null, allowed)
        callback(null, first.address, first.family)
      })
    }
  const agents = new Map<number, Dispatcher>()
  function agentFor(port: number): Dispatcher {
    const known = agents.get(port)
    if (known !== undefined) return known
    const agent = new Agent({ connect: { lookup: guardedFor(port), timeout: 3000 }, connections: 8, pipelining: 1, maxHeaderSize: 16_384 })
    agents.set(port, agent)
    return agent
  }

  return {
    async call(url, { method, headers, body, timeoutMs, mostBytes, signal }) {
      const target = parseTarget(url)
      const port = Number(target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : target.port)
      const host = target.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !egress.mayReach(host, port))
        throw new NgsiLdError('Unavailable', `The address ${target.host} is outside CITYLOOP_EGRESS`)
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        const reply = await request(target, {
          method,
          headers: { ...headers },
          body: body ?? null,
          dispatcher: agentFor(port),
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        })
        return { status: reply.statusCode, headers: plainHeaders(reply.headers), body: await readAtMost(reply.body, mostBytes, url) }
      } catch (error) {
        if (error instanceof NgsiLdError) throw error
        const reason = timeout.aborted
          ? `gave no answer within ${timeoutMs} ms`
          : `could not be reached: ${error instanceof Error ? error.message : String(error)}`
        throw new NgsiLdError('Unavailable', `${target.origin} ${reason}`, { cause: error })
      }
    },
    lookup: guardedFor(0),
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
    },
  }
}

function parseTarget(url: string): URL {
  const target = URL.parse(url)
  if (target === null || (target.protocol !== 'http:' && target.protocol !== 'https:'))
    throw new NgsiLdError('BadRequestData', `${url} is not an http or https URL`)
  return target
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])),
  )
}

async function readAtMost(body: AsyncIterable<Buffer>, mostBytes: number, url: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > mostBytes) throw new AnswerTooLarge(url, mostBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
