import { badRequest } from '../errors.ts'
import { isIri } from '../context/iri.ts'
import { instantOf } from '../entity/instant.ts'
import type { Instant } from '../entity/instant.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Json } from '../json.ts'

/** Sets a member whatever its name: `__proto__` becomes a member like any other. */
export function setMember(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  else target[name] = value
}

/** A date-time of 4.6.3: always in UTC, written with `Z`. Throws `BadRequestData`, naming `path`. */
export function parseUtc(value: Json | undefined, path: string): Instant {
  const instant = typeof value === 'string' && value.endsWith('Z') ? instantOf(value) : undefined
  if (instant === undefined) throw badRequest(`${path} must be a date-time in UTC such as 2026-03-01T12:00:00Z, not ${excerpt(value)}`)
  return instant
}

/** A URI that identifies something; NGSI-LD null identifies nothing. Throws `BadRequestData`, naming `path`. */
export function parseUri(value: unknown, path: string): string {
  if (typeof value !== 'string' || !isIri(value) || value === ngsiLdNull) throw badRequest(`${path} must be a URI, not ${excerpt(value)}`)
  return value
}

export function parseText(value: Json | undefined, path: string): string {
  if (typeof value !== 'string' || value === '') throw badRequest(`${path} must be a string that is not empty, not ${excerpt(value)}`)
  return value
}

/** The beginning of a value for a message. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'object' && part !== null ? shallow(part) : part)) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function shallow(value: object): unknown {
  return Array.isArray(value) ? `[${value.length}]` : '{…}'
}
