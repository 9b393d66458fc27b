import { compactIri } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { AttributeKind } from '../entity/entity.ts'
import { formatInstant } from '../entity/instant.ts'
import type { Instant } from '../entity/instant.ts'
import type { Json, JsonObject } from '../json.ts'
import { setMember } from './members.ts'
import { isTyped } from './parse-value.ts'

/** The value of an attribute as its member shows it; a list relationship's items are bare URIs if `isTerse`. NGSI-LD null takes the kind's encoding (4.5.0). */
export function writeValue(kind: AttributeKind, value: Json, context: Context, isTerse: boolean): Json {
  if (value === ngsiLdNull) return writeNull(kind)
  switch (kind) {
    case 'Property':
      return isTyped(value) ? writeTyped(value, context) : value
    case 'VocabProperty':
      return compactAll(context, value)
    case 'ListRelationship':
      return isTerse || !Array.isArray(value) ? value : (value as readonly Json[]).map((object) => ({ object }))
    case 'Relationship':
    case 'GeoProperty':
    case 'LanguageProperty':
    case 'ListProperty':
    case 'JsonProperty':
      return value
  }
}

/** One IRI or several as the context's terms. */
export function compactAll(context: Context, iris: Json): Json {
  if (typeof iris === 'string') return compactIri(context, iris)
  return Array.isArray(iris) ? (iris as readonly Json[]).map((iri) => compactAll(context, iri)) : iris
}

/** A date-time on the wire: without a fraction where it is zero. */
export function writeInstant(instant: Instant): string {
  const text = formatInstant(instant)
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text
}

function writeNull(kind: AttributeKind): Json {
  switch (kind) {
    case 'LanguageProperty':
      return { '@none': ngsiLdNull }
    case 'ListProperty':
    case 'ListRelationship':
      return [ngsiLdNull]
    case 'Property':
    case 'GeoProperty':
    case 'Relationship':
    case 'VocabProperty':
    case 'JsonProperty':
      return ngsiLdNull
  }
}

function writeTyped(value: JsonObject, context: Context): JsonObject {
  const type = value['@type']
  if (typeof type !== 'string') return value
  const compacted: Record<string, Json> = {}
  for (const [name, part] of Object.entries(value)) setMember(compacted, name, name === '@type' ? compactIri(context, type) : part)
  return compacted
}
