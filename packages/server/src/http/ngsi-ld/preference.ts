import { badRequest } from '@cityloop/ngsi-ld'
import type { FastifyRequest } from 'fastify'

/** What a `Prefer` header (RFC 7240) asks of an answer (CIM 009, 6.3.6): a minor version of the standard, and GeoJSON without an @context inside. */
export type Preference = { readonly version?: number; readonly isPlainBody: boolean }

/** Reads the header. Throws `BadRequestData` for a version that is none. */
export function readPreference(request: FastifyRequest): Preference {
  const parts = [request.headers['prefer'] ?? []].flat().flatMap((header) => header.split(',').map((part) => part.trim()))
  const stated = parts.map((part) => /^ngsi-ld\s*=\s*([^;]*)/i.exec(part)?.[1]?.trim()).find((part) => part !== undefined)
  const version = stated === undefined ? undefined : /^"?1\.(\d{1,2})(?:\.\d+)?"?$/.exec(stated)?.[1]
  if (stated !== undefined && version === undefined) throw badRequest(`Prefer must name a version of NGSI-LD such as 1.6, not ${stated}`)
  return { isPlainBody: parts.includes('body=json'), ...(version === undefined ? {} : { version: Number(version) }) }
}
