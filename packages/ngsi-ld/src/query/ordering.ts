/*
 * The entity ordering language (CIM 009, 4.23.3):
 *
 *   orderBy   = Term *("," Term)
 *   Term      = Path [";" Direction]                       ; the path of q, without linked entities
 *   Direction = "asc" / "desc" / "dist-asc" / "dist-desc"  ; asc where none is given
 *
 * with `collation` (RFC 6067) and, for distances, `orderFrom` and `orderGeometry`.
 */
import type { Geometry } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import { parseReferenceGeometry } from './geometry.ts'
import type { Expand } from './name.ts'
import { parseQPath } from './parse-q.ts'
import { printQPath } from './print-q.ts'
import type { QPath } from './q.ts'

export type Direction = 'asc' | 'desc' | 'dist-asc' | 'dist-desc'

export type OrderTerm = { readonly path: QPath; readonly direction: Direction }

/** How a list of entities is ordered; `from` is there where a term orders by distance. */
export type Ordering = { readonly terms: readonly OrderTerm[]; readonly collation?: string; readonly from?: Geometry }

/** The parameters of an ordering as callers send them. */
export type OrderingParameters = {
  readonly orderBy: string | readonly string[]
  readonly collation?: string
  readonly orderFrom?: unknown
  readonly orderGeometry?: unknown
}

/** The most terms of an ordering. */
const maxTerms = 32

/** Parses an ordering; throws `BadRequestData`. */
export function parseOrdering(parameters: OrderingParameters, expand: Expand): Ordering {
  const texts = (typeof parameters.orderBy === 'string' ? [parameters.orderBy] : parameters.orderBy).flatMap((text) => text.split(','))
  if (texts.length === 0 || texts.length > maxTerms) throw badRequest(`orderBy must have 1 to ${maxTerms} terms, not ${texts.length}`)
  const terms = texts.map((text) => parseTerm(text, expand))
  const { collation, orderFrom } = parameters
  if (collation !== undefined) collatorOf(collation)
  const from = orderFrom === undefined ? undefined : parseReferenceGeometry(parameters.orderGeometry ?? 'Point', orderFrom, 'orderFrom')
  if (from === undefined && terms.some((term) => isByDistance(term.direction))) throw badRequest('orderFrom must be given to order by distance')
  return { terms, ...(collation === undefined ? {} : { collation }), ...(from === undefined ? {} : { from }) }
}

/** Writes the terms of an ordering so that they parse to the same. */
export function printOrderBy(ordering: Ordering): string {
  return ordering.terms.map((term) => `${printQPath(term.path)};${term.direction}`).join(',')
}

export function isByDistance(direction: Direction): boolean {
  return direction === 'dist-asc' || direction === 'dist-desc'
}

/**
 * The collator of an RFC 6067 tag; without one the root collation (4.23.1). Throws `BadRequestData` where the tag is none.
 * `und` is written as `en`, which has the root collation, since `Intl` would take the locale of the machine, and so is a language that is not known; `ks` becomes a sensitivity, which `Intl` asks for apart.
 */
export function collatorOf(collation = 'und'): Intl.Collator {
  let locale: Intl.Locale
  try {
    locale = new Intl.Locale(collation.replace(/^(?:und|root)(?=$|-)/i, 'en'))
  } catch (cause) {
    throw badRequest(`collation must be a tag of RFC 6067 such as de-u-co-phonebk, not ${JSON.stringify(collation)}`, cause)
  }
  const strength = /-u-(?:.*-)?ks-([a-z0-9]+)/i.exec(collation)?.[1]?.toLowerCase()
  const caseLevel = /-u-(?:.*-)?kc(?:-true)?(?:-|$)/i.test(collation)
  const sensitivity = strength === 'level1' ? (caseLevel ? 'case' : 'base') : strength === 'level2' ? 'accent' : 'variant'
  const known = Intl.Collator.supportedLocalesOf(locale.toString()).length > 0 ? locale.toString() : 'en'
  return new Intl.Collator(known, { sensitivity })
}

function parseTerm(text: string, expand: Expand): OrderTerm {
  const [path = '', direction = 'asc', ...rest] = text.split(';')
  if (rest.length > 0 || !isDirection(direction))
    throw badRequest(`orderBy must name a direction asc, desc, dist-asc or dist-desc after ";", not ${JSON.stringify(text)}`)
  const parsed = parseQPath(path, expand, 'orderBy')
  if (parsed.links.length > 0) throw badRequest(`orderBy must not follow relationships, as ${JSON.stringify(path)} does`)
  return { path: parsed, direction }
}

function isDirection(text: string): text is Direction {
  return text === 'asc' || text === 'desc' || text === 'dist-asc' || text === 'dist-desc'
}
