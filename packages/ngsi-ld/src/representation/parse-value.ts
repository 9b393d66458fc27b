import { expandTerm } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { defaultVocab } from '../context/core-terms.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { AttributeKind } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { kindMembers } from './attribute-kinds.ts'
import { parseGeometry } from './geometry.ts'
import { excerpt, parseUri, setMember } from './members.ts'
import type { Nulls } from './parse-options.ts'

/** How deep a value or a tree of sub-attributes may nest. */
export const maxDepth = 64

/**
 * The expanded value of an attribute of that kind. NGSI-LD null in any of its encodings (4.5.0) becomes `ngsiLdNull` where `nulls` admits it.
 * Throws `BadRequestData`, naming `path`.
 */
export function parseValue(kind: AttributeKind, value: Json, context: Context, nulls: Nulls, path: string): Json {
  const member = kindMembers[kind].value
  if (isNull(value, kind)) {
    if (nulls === 'never') throw badRequest(`${path}.${member} must not be NGSI-LD null here`)
    return ngsiLdNull
  }
  if (value === null) throw badRequest(`${path}.${member} must not be null; a JSON null literal is {"@type": "@json", "@value": null}`)
  switch (kind) {
    case 'Property':
      checkJson(value, nulls, `${path}.value`)
      return isTyped(value) ? typedValue(value, context, `${path}.value`) : value
    case 'GeoProperty':
      return parseGeometry(value, `${path}.value`)
    case 'Relationship':
      return parseObjects(value, `${path}.object`)
    case 'LanguageProperty':
      return parseLanguageMap(value, nulls, `${path}.languageMap`)
    case 'VocabProperty':
      return parseVocab(value, context, `${path}.vocab`)
    case 'ListProperty':
      if (!Array.isArray(value)) throw badRequest(`${path}.valueList must be an array, not ${excerpt(value)}`)
      checkJson(value, nulls, `${path}.valueList`)
      return value
    case 'ListRelationship':
      return parseObjectList(value, `${path}.objectList`)
    case 'JsonProperty':
      if (typeof value !== 'object') throw badRequest(`${path}.json must be a JSON object or an array, not ${excerpt(value)}`)
      checkJson(value, 'everywhere', `${path}.json`)
      return value
  }
}

/** Whether the value is a JSON-LD value object, `{"@type", "@value"}`. */
export function isTyped(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, '@value')
}

/** Whether the value stands for deletion in an attribute of that kind, in the encoding of the standard or as the bare URI. */
function isNull(value: Json, kind: AttributeKind): boolean {
  if (value === ngsiLdNull) return true
  if (kind === 'ListProperty' || kind === 'ListRelationship')
    return Array.isArray(value) && value.length === 1 && isNullItem((value as readonly Json[])[0])
  return kind === 'LanguageProperty' && isJsonObject(value) && value['@none'] === ngsiLdNull && Object.keys(value).length === 1
}

function isNullItem(item: Json | undefined): boolean {
  return item === ngsiLdNull || (isJsonObject(item) && item['object'] === ngsiLdNull)
}

function typedValue(value: JsonObject, context: Context, path: string): JsonObject {
  const type = value['@type']
  if (type === undefined) return value
  if (typeof type !== 'string') throw badRequest(`${path}.@type must be a string, not ${excerpt(type)}`)
  const expanded: Record<string, Json> = {}
  for (const [name, part] of Object.entries(value)) setMember(expanded, name, name === '@type' ? expandTerm(context, type) : part)
  return expanded
}

function parseObjects(value: Json, path: string): Json {
  if (!Array.isArray(value)) return parseUri(value, path)
  if (value.length === 0) throw badRequest(`${path} must be a URI or an array of URIs that is not empty`)
  return (value as readonly Json[]).map((item) => parseUri(item, path))
}

function parseObjectList(value: Json, path: string): Json {
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, not ${excerpt(value)}`)
  return (value as readonly Json[]).map((item) => {
    if (!isJsonObject(item)) return parseUri(item, path)
    if (Object.keys(item).length !== 1) throw badRequest(`${path} must have items of a single member, object`)
    return parseUri(item['object'], path)
  })
}

function parseLanguageMap(value: Json, nulls: Nulls, path: string): Json {
  if (!isJsonObject(value)) throw badRequest(`${path} must be an object of language tags, not ${excerpt(value)}`)
  for (const [tag, text] of Object.entries(value)) {
    if (!/^(?:@none|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)$/.test(tag)) throw badRequest(`${path} has ${excerpt(tag)}, which is no language tag`)
    const texts: readonly Json[] = Array.isArray(text) ? text : [text]
    for (const item of texts) {
      if (typeof item !== 'string') throw badRequest(`${path}.${tag} must be a string or an array of strings, not ${excerpt(item)}`)
      if (item === ngsiLdNull && nulls !== 'everywhere') throw badRequest(`${path}.${tag} must not be NGSI-LD null here`)
    }
  }
  return value
}

function parseVocab(value: Json, context: Context, path: string): Json {
  const expand = (item: Json): string => {
    if (typeof item !== 'string' || item === '' || item.startsWith('@'))
      throw badRequest(`${path} must be a string or an array of strings, not ${excerpt(item)}`)
    const iri = expandTerm(context, item)
    // A vocab such as `type` is no keyword.
    return iri.startsWith('@') ? defaultVocab + item : iri
  }
  return Array.isArray(value) ? (value as readonly Json[]).map(expand) : expand(value)
}

/** 5.5.4: NGSI-LD null within a value only where a merge may remove members by it. */
function checkJson(value: Json, nulls: Nulls, path: string, depth = 0): void {
  if (typeof value === 'string') {
    if (value === ngsiLdNull && nulls !== 'everywhere') throw badRequest(`${path} must not hold NGSI-LD null here`)
    return
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw badRequest(`${path} holds a number beyond the range of JSON`)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (depth >= maxDepth) throw badRequest(`${path} nests deeper than ${maxDepth}`)
  if (Array.isArray(value)) for (const part of value as readonly Json[]) checkJson(part, nulls, path, depth + 1)
  else for (const part of Object.values(value as JsonObject)) checkJson(part, nulls, path, depth + 1)
}
