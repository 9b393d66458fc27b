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

/** Puts the number of results and the links to the pages beside this one into the headers. */
export function sendPageHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  page: PageRequest,
  type: MediaType,
  { count, isLast }: { readonly count?: number; readonly isLast: boolean },
): void {
  if (count !== undefined) reply.header('NGSILD-Results-Count', String(count))
  if (page.limit === 0) return
  if (page.offset > 0) addLink(reply, link(request, page, Math.max(0, page.offset - page.limit), 'prev', type))
  if (!isLast) addLink(reply, link(request, page, page.offset + page.limit, 'next', type))
}

function link(request: FastifyRequest, page: PageRequest, offset: number, rel: 'prev' | 'next', type: MediaType): string {
  const [path = '', search = ''] = request.url.split('?')
  const parts = search.split('&').filter((part) => part !== '' && !/^(limit|offset)=/.test(part))
  return `<${path}?${[...parts, `limit=${page.limit}`, `offset=${offset}`].join('&')}>;rel="${rel}";type="${type}"`
}
