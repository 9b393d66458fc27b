import { NgsiLdError, contextMember, isJsonObject, withContext } from '@cityloop/ngsi-ld'
import type { Context, ErrorType, Json } from '@cityloop/ngsi-ld'
import type { Contexts } from '#broker/contexts.ts'
import type { Clock } from '#runtime/clock.ts'
import { AnswerTooLarge } from '#runtime/dialler.ts'
import type { Dialler } from '#runtime/dialler.ts'
import type { Log } from '#runtime/log.ts'
import { olderBody } from './older-body.ts'
import type { Registrations } from './open-registrations.ts'
import { contextSourceAlias, printVia } from './origin.ts'
import type { Origin } from './origin.ts'
import type { Registration } from './registration.ts'

const mostBytes = 16 * 1024 * 1024
const mostHosted = 500

/** Headers that belong to the connection or to the standard itself, which contextSourceInfo cannot set (4.3.6.5). */
const ownHeaders = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'contenttype',
  'host',
  'jsonldcontext',
  'keep-alive',
  'link',
  'ngsild-tenant',
  'ngsildconformance',
  'te',
  'transfer-encoding',
  'upgrade',
  'via',
])

/** A request to a peer; `parameters` in order, empty ones left out; names are written with the context of the target. */
export type PeerRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/ngsi-ld/v1`. */
  readonly path: string
  readonly parameters?: readonly (readonly [name: string, value: string | undefined])[]
  readonly body?: Json
}

/** Why a peer did not answer as it should. */
export type PeerFault = 'timeout' | 'loop' | 'invalid' | 'refused'

/** What a peer answered. A fault `refused` has the status it sent; 404 to a read is none. */
export type PeerReply =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Json | undefined; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly fault: PeerFault; readonly status?: number; readonly detail: string; readonly type?: ErrorType }

/** Calls peers. What comes back has been read as JSON and no more. */
export type Peers = {
  /** The @context that names are to be written with for this source: its own (4.3.6.6) or that of the request. */
  contextFor(registration: Registration, origin: Origin): Promise<Context>
  call(registration: Registration, origin: Origin, context: Context, request: PeerRequest): Promise<PeerReply>
  /** Whether a request that came this way must not go on to that source (4.3.6.4). */
  isLoop(registration: Registration, origin: Origin): boolean
}

export type PeerDeps = {
  readonly clock: Clock
  readonly contexts: Contexts
  readonly dialler: Pick<Dialler, 'call'>
  readonly hostAlias: string
  readonly log: Log
  readonly registrations: Pick<Registrations, 'note'>
}

export function createPeers({ clock, contexts, dialler, hostAlias, log, registrations }: PeerDeps): Peers {
  const restingUntil = new WeakMap<Registration, number>()
  const underWay = new WeakMap<Registration, number>()
  const othersOf = (registration: Registration): number => underWay.get(registration) ?? 0
  const hosted = new Map<string, Promise<string>>()

  /** A @context that no URL names is kept here, so that a request without a body can name it. */
  async function linkOf(tenant: string, context: Context): Promise<string> {
    const member = contextMember(context)
    if (typeof member === 'string') return member
    const key = `${tenant}\n${JSON.stringify(member)}`
    const known = hosted.get(key)
    if (known !== undefined) return contexts.urlOf(await known)
    if (hosted.size >= mostHosted) hosted.delete(hosted.keys().next().value ?? '')
    const made = contexts.host(tenant, { '@context': member }, 'ImplicitlyCreated')
    hosted.set(key, made)
    made.catch(() => hosted.delete(key))
    return contexts.urlOf(await made)
  }

  async function headersFor(registration: Registration, origin: Origin, context: Context, hasBody: boolean): Promise<Record<string, string>> {
    const { peerTenant, sourceInfo, tenant } = registration
    const info = new Map(sourceInfo.map(([key, value]) => [key.toLowerCase(), value]))
    const headers: Record<string, string> = {}
    for (const [key, value] of sourceInfo) {
      if (ownHeaders.has(key.toLowerCase())) continue
      const stated = value === 'urn:ngsi-ld:request' ? origin.header(key.toLowerCase()) : value
      if (stated !== undefined) headers[key] = stated
    }
    headers['Accept'] = info.get('accept') ?? 'application/json'
    headers['Via'] = printVia([...origin.via, contextSourceAlias(hostAlias, tenant)])
    if (peerTenant !== undefined) headers['NGSILD-Tenant'] = peerTenant
    const version = versionOf(registration)
    if (version !== undefined) headers['Prefer'] = `ngsi-ld=1.${version}`
    if (hasBody) headers['Content-Type'] = isInside(registration, context) ? 'application/ld+json' : 'application/json'
    if (!hasBody || !isInside(registration, context))
      headers['Link'] = `<${await linkOf(tenant, context)}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`
    return headers
  }

  async function dial(registration: Registration, origin: Origin, context: Context, request: PeerRequest): Promise<PeerReply> {
    const { method, path } = request
    const version = versionOf(registration)
    const body = version === undefined ? request.body : olderBody(request, version)
    const search = new URLSearchParams()
    for (const [name, value] of request.parameters ?? []) if (value !== undefined && value !== '') search.append(name, value)
    if (registration.isLocalOnly) search.set('local', 'true')
    const query =
      search.size === 0 ? '' : `?${search.toString().replaceAll('+', '%20').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')}`
    const sent = body === undefined ? undefined : JSON.stringify(isInside(registration, context) ? withContext(body, context) : body)
    try {
      const reply = await dialler.call(`${registration.endpoint}/ngsi-ld/v1${path}${query}`, {
        method,
        headers: await headersFor(registration, origin, context, body !== undefined),
        ...(sent === undefined ? {} : { body: sent }),
        timeoutMs: registration.timeoutMs,
        mostBytes,
      })
      return read(reply)
    } catch (error) {
      if (error instanceof AnswerTooLarge) return { kind: 'failed', fault: 'invalid', detail: error.message }
      if (error instanceof NgsiLdError) return { kind: 'failed', fault: 'timeout', detail: error.message }
      throw error
    }
  }

  return {
    async contextFor(registration, origin) {
      const own = registration.sourceInfo.find(([key]) => key === 'jsonldContext')?.[1]
      return own === undefined || own === 'urn:ngsi-ld:request' ? origin.context : contexts.compile(own)
    },
    async call(registration, origin, context, request) {
      const until = restingUntil.get(registration)
      if (until !== undefined && until > clock.now())
        return {
          kind: 'failed',
          fault: 'timeout',
          detail: `${registration.endpoint} failed and is left alone for ${Math.ceil((until - clock.now()) / 1000)} ms`,
        }
      const began = clock.now()
      underWay.set(registration, othersOf(registration) + 1)
      const reply = await dial(registration, origin, context, request).finally(() => underWay.set(registration, othersOf(registration) - 1))
      const hasSucceeded = reply.kind === 'answered'
      registrations.note(registration, hasSucceeded)
      if (reply.kind === 'failed') {
        const restMs = restAfter(registration, reply, (clock.now() - began) / 1000, othersOf(registration))
        if (restMs > 0) restingUntil.set(registration, clock.now() + restMs * 1000)
        log.warn('peer_failed', { registration: registration.id, fault: reply.fault, detail: reply.detail })
      } else {
        const warning = reply.headers['ngsild-warning']
        for (const [, code, agent, text] of (warning ?? '').matchAll(/(\d{3}) (\S+) "((?:[^"\\]|\\.)*)"/g))
          if (code === '110' || code === '111' || code === '199' || code === '299')
            origin.warn({ code: Number(code) as 110 | 111 | 199 | 299, agent: agent ?? '-', text: text ?? '' })
      }
      return reply
    },
    isLoop({ alias, tenant }, { via }) {
      return via.includes(contextSourceAlias(hostAlias, tenant)) || (alias !== undefined && via.includes(alias))
    },
  }
}

/** The minor number of the version that the source knows, where its registration says so. */
function versionOf({ sourceInfo }: Registration): number | undefined {
  const stated = sourceInfo.find(([key]) => key.toLowerCase() === 'ngsildconformance')?.[1]
  return stated === undefined ? undefined : Number(stated.slice('1.'.length))
}

/** With so many requests waiting for it, a source that gave no answer in time is not asked again at once. */
const manyWaiting = 4

/**
 * For how long a source that failed is left alone, in milliseconds: its cooldown (5.2.34). One that let its whole time pass while others wait for it rests for a tenth
 * of that in any case, or a source that leads back here without a `Via` would keep requests going round for ever, each taking the place of one that gave up.
 */
function restAfter(
  { cooldownMs, timeoutMs }: Registration,
  { fault, status }: PeerReply & { readonly kind: 'failed' },
  tookMs: number,
  others: number,
): number {
  if (fault !== 'timeout' && (status ?? 0) < 500) return 0
  const isOverrun = fault === 'timeout' && tookMs >= 0.9 * timeoutMs && others >= manyWaiting
  return isOverrun ? Math.max(cooldownMs, timeoutMs / 10) : cooldownMs
}

/** Whether the @context goes inside the body: where the source asks for it, or where no URL names it. */
function isInside({ sourceInfo }: Registration, context: Context): boolean {
  const asked = sourceInfo.find(([key]) => key === 'contentType')?.[1]
  if (asked !== undefined) return asked === 'application/ld+json'
  return typeof contextMember(context) !== 'string'
}

function read({ body, headers, status }: { status: number; headers: Readonly<Record<string, string>>; body: string }): PeerReply {
  if (status === 508) return { kind: 'failed', fault: 'loop', status, detail: 'The source answered that there is a loop' }
  const parsed = parse(body)
  if (status >= 200 && status < 300) {
    if (body !== '' && parsed === undefined) return { kind: 'failed', fault: 'invalid', detail: 'What the source sent is not JSON' }
    return { kind: 'answered', status, body: parsed, headers }
  }
  const detail = isJsonObject(parsed) ? (parsed['detail'] ?? parsed['title']) : undefined
  return {
    kind: 'failed',
    fault: status === 504 ? 'timeout' : 'refused',
    status,
    detail: typeof detail === 'string' ? detail.slice(0, 1000) : `The source answered ${status}`,
    ...typeOf(isJsonObject(parsed) ? parsed['type'] : undefined),
  }
}

const passedOn: ReadonlySet<string> = new Set(['BadRequestData', 'AlreadyExists', 'Conflict', 'OperationNotSupported', 'ResourceNotFound'])

/** The error type that a peer stated, as far as it is one to pass on. */
function typeOf(type: Json | undefined): { readonly type?: ErrorType } {
  const name = typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : ''
  return passedOn.has(name) ? { type: name as ErrorType } : {}
}

function parse(text: string): Json | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Json)
  } catch {
    // Not JSON: the caller says what that means.
    return undefined
  }
}
