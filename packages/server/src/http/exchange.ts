import { NgsiLdError, badRequest, isJsonObject, parseName } from '@cityloop/ngsi-ld'
import type { Context } from '@cityloop/ngsi-ld'
import type { FastifyRequest } from 'fastify'
import type { Contexts } from '#broker/contexts.ts'
import type { Caller } from '#governance/access.ts'

export type MediaType = 'application/json' | 'application/ld+json' | 'application/geo+json'

/** The query parameters of a request, each checked to be one the operation knows (CIM 009, 6.3.20). */
export type Parameters = {
  get(name: string): string | undefined
  /** The parts of a comma-separated list, or `undefined` where the parameter is absent. */
  list(name: string): readonly string[] | undefined
  has(name: string): boolean
  flag(name: string): boolean
  /** The values of `options` and of `format` together. */
  readonly options: ReadonlySet<string>
}

const optionNames = new Set([
  'sysAttrs',
  'normalized',
  'concise',
  'simplified',
  'keyValues',
  'temporalValues',
  'aggregatedValues',
  'count',
  'noOverwrite',
  'replace',
  'update',
  'audit',
])

const formatNames: ReadonlySet<string> = new Set(['normalized', 'concise', 'simplified', 'keyValues', 'temporalValues', 'aggregatedValues'])

/** Reads the query string. Throws `InvalidRequest` for a parameter that `known` does not list. */
export function readParameters(request: FastifyRequest, known: readonly string[]): Parameters {
  const mark = request.url.indexOf('?')
  return toParameters(new URLSearchParams(mark < 0 ? '' : request.url.slice(mark + 1)), known)
}

/** Parameters from a query string, or from what a Query document says in their place. Throws `InvalidRequest` for one that `known` does not list. */
export function toParameters(search: URLSearchParams, known: readonly string[]): Parameters {
  for (const name of search.keys())
    if (!known.includes(name)) throw new NgsiLdError('InvalidRequest', `This operation has no query parameter ${name}`)
  const listed = (name: string): readonly string[] => (search.get(name)?.split(',') ?? []).map((part) => part.trim()).filter((part) => part !== '')
  // The format has the last word on what `options` says of it (6.3.7, 6.3.12).
  const format = listed('format')
  const options = new Set([...listed('options').filter((option) => format.length === 0 || !formatNames.has(option)), ...format])
  for (const option of options) if (!optionNames.has(option)) throw new NgsiLdError('InvalidRequest', `options and format have no value ${option}`)
  const get = (name: string): string | undefined => search.get(name) ?? undefined
  return {
    get,
    list: (name) =>
      get(name)
        ?.split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    has: (name) => search.has(name),
    flag(name) {
      const value = get(name)?.toLowerCase()
      if (value === undefined || value === 'false') return false
      if (value === 'true') return true
      throw new NgsiLdError('InvalidRequest', `${name} must be true or false, not ${value}`)
    },
    options,
  }
}

/** A whole number from a parameter. Throws `InvalidRequest`, naming the bounds. */
export function readCount(
  parameters: Parameters,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const text = parameters.get(name)
  if (text === undefined) return otherwise
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(number) || number < least)
    throw new NgsiLdError('InvalidRequest', `${name} must be a whole number of at least ${least}, not ${text}`)
  if (number > most) throw new NgsiLdError('InvalidRequest', `${name} must be at most ${most}, not ${text}`)
  return number
}

/** The media type to answer with: the most wanted that the operation has; at equal weight JSON, then JSON-LD, then GeoJSON (6.3.4). `undefined`: none will do. */
export function chooseMediaType(
  accept: string | undefined,
  offered: readonly MediaType[] = ['application/json', 'application/ld+json'],
): MediaType | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = accept.split(',').map(parseRange)
  let best: { type: MediaType; weight: number } | undefined
  for (const type of offered) {
    const weight = weightOf(type, ranges)
    if (weight > 0 && (best === undefined || weight > best.weight)) best = { type, weight }
  }
  return best?.type
}

type MediaRange = { readonly name: string; readonly weight: number }

function parseRange(range: string): MediaRange {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.map((part) => /^q=([\d.]+)$/.exec(part)?.[1]).find((part) => part !== undefined)
  return { name, weight: quality === undefined ? 1 : Number(quality) }
}

/** The weight that the most specific range gives a type (RFC 9110, 12.5.1); 0 where none covers it. */
function weightOf(type: MediaType, ranges: readonly MediaRange[]): number {
  for (const name of [type, 'application/*', '*/*']) {
    const range = ranges.find((one) => one.name === name)
    if (range !== undefined) return range.weight
  }
  return 0
}

/** The tenant that a request is about: `NGSILD-Tenant`, or for FIWARE's agents `Fiware-Service`. The default tenant has the empty name. */
export function readTenant(request: FastifyRequest): string {
  const header = request.headers['ngsild-tenant'] ?? request.headers['fiware-service'] ?? ''
  const tenant = Array.isArray(header) ? (header[0] ?? '') : header
  if (tenant.length > 200) throw badRequest('The tenant name is longer than 200 characters')
  return tenant
}

export function readCaller(request: FastifyRequest): Caller {
  return { id: request.callerId, tenant: request.storedTenant ?? readTenant(request) }
}

const linkForm = /<([^>]*)>\s*;[^,]*rel="?http:\/\/www\.w3\.org\/ns\/json-ld#context"?/

/** The @context that a `Link` header names (6.3.5). */
export function linkedContext(request: FastifyRequest): string | undefined {
  const header = request.headers['link']
  const match = typeof header === 'string' ? linkForm.exec(header) : null
  return match?.[1]
}

/** Compiles the @context that governs a request without a body. */
export function contextOfRead(request: FastifyRequest, contexts: Contexts): Promise<Context> {
  return contexts.compile(linkedContext(request))
}

/** A body with the context that governs it: `application/json` takes it from the Link header, `application/ld+json` from the body, and nothing else will do (6.3.5). */
export async function readBody(request: FastifyRequest, contexts: Contexts): Promise<{ readonly body: unknown; readonly context: Context }> {
  const { body } = request
  const isLinkedData = mediaTypeOf(request) === 'application/ld+json'
  const link = linkedContext(request)
  if (isLinkedData && link !== undefined)
    throw badRequest('A body of type application/ld+json has its @context inside; the Link header must not name one')
  const own = isJsonObject(body) ? body['@context'] : undefined
  if (!isLinkedData && own !== undefined) throw badRequest('A body with an @context inside must have the type application/ld+json')
  if (isLinkedData && own === undefined && !Array.isArray(body)) throw badRequest('A body of type application/ld+json must have an @context')
  return { body, context: await contexts.compile(isLinkedData ? own : link) }
}

/** The context of one item of a batch: its own in JSON-LD, the request's otherwise. */
export async function contextOfItem(request: FastifyRequest, item: unknown, shared: Context, contexts: Contexts): Promise<Context> {
  const own = isJsonObject(item) ? item['@context'] : undefined
  const isLinkedData = mediaTypeOf(request) === 'application/ld+json'
  if (!isLinkedData) {
    if (own !== undefined) throw badRequest('An entity with an @context inside must come in a body of type application/ld+json')
    return shared
  }
  if (own === undefined) throw badRequest('An entity in a body of type application/ld+json must have an @context')
  return contexts.compile(own)
}

export function mediaTypeOf(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** An id in a path or parameter. Throws `BadRequestData` where it is no URI. */
export function parseEntityId(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text)) throw badRequest(`The entity id must be a URI, not ${JSON.stringify(text)}`)
  return text
}

/** The expanded name of the attribute that a path names. Throws `BadRequestData` for what 4.6.2 does not admit. */
export function parseAttributeName(name: string, context: Context): string {
  return name === 'scope' ? 'scope' : parseName(context, name, 'The path')
}
