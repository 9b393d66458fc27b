import type { FastifyReply, FastifyRequest } from 'fastify'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { readCount } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'
import { addLink } from './represent.ts'

export const pageParameters = ['count', 'limit', 'offset'] as const
export const mostOnAPage = 1000

/** What part of a result is asked for (6.3.10, 6.3.13). */
export type PageRequest = { readonly limit: number; readonly offset: number; readonly count: boolean }

export function readPage(parameters: Parameters): PageRequest {
  const count = parameters.flag('count') || parameters.options.has('count')
  const limit = readCount(parameters, 'limit', { least: 0, most: mostOnAPage, otherwise: 20 })
  if (limit === 0 && !count) throw new NgsiLdError('BadRequestData', 'limit may be 0 only where count=true asks for the number alone')
  return { limit, offset: readCount(parameters, 'offset', { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: 0 }), count }
}

/**
 * Puts the number of results and the links to the pages beside this one into the headers. `order` says how the links name the parameters: as the request did, with
 * the page last, or `sorted`, so that two requests for the same list have the same links.
 */
export function sendPageHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  page: PageRequest,
  type: MediaType,
  { count, isLast }: { readonly count?: number; readonly isLast: boolean },
  order: 'as requested' | 'sorted' = 'as requested',
): void {
  if (count !== undefined) reply.header('NGSILD-Results-Count', String(count))
  if (page.limit === 0) return
  const link = (offset: number, rel: 'prev' | 'next'): string => `<${pageUrl(request.url, page.limit, offset, order)}>;rel="${rel}";type="${type}"`
  if (page.offset > 0) addLink(reply, link(Math.max(0, page.offset - page.limit), 'prev'))
  if (!isLast) addLink(reply, link(page.offset + page.limit, 'next'))
}

function pageUrl(url: string, limit: number, offset: number, order: 'as requested' | 'sorted'): string {
  const [path = '', search = ''] = url.split('?')
  const others = [...new URLSearchParams(search)].filter(([name]) => name !== 'limit' && name !== 'offset')
  const parameters = [...others, ['limit', String(limit)] as const, ['offset', String(offset)] as const]
  const named = order === 'sorted' ? parameters.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : parameters
  return `${path.replace(/\/$/, '')}?${named.map(([name, value]) => `${name}=${encodeValue(value)}`).join('&')}`
}

/** Escapes only what a query may not hold (RFC 3986, 3.4), and what would end it in a Link header. */
function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/%(?:3A|2F|2C|40|3B|24|3D|3F)/g, decodeURIComponent)
}
