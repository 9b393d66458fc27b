import type { AttributeFragment } from '../command/command.ts'
import { expandTerm } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Entity, Iri, TemporalEntity } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { scopeName } from './attribute-kinds.ts'
import { looksLikeGeometry } from './geometry.ts'
import { excerpt, parseUri, parseUtc } from './members.ts'
import { addInstances, parseInstance, parseInstances, parseName, parseReified, parseTypes, parsingOf } from './parse-attribute.ts'
import type { Parsing } from './parse-attribute.ts'
import type { ParseOptions } from './parse-options.ts'
import { parseEvolution } from './parse-evolution.ts'

/**
 * Reads an entity, normalized or concise (4.5.1). Its `@context` member is passed over: the caller compiles it. Throws `BadRequestData` for what is no
 * entity, naming the member.
 */
export function parseEntity(document: unknown, context: Context, options: ParseOptions = {}): Entity {
  return parse(document, parsingOf(context, options), undefined, false)
}

/** Reads an entity fragment for the entity `id` (5.4): id and types may be absent, the id must be that one. NGSI-LD null removes unless the options say else. */
export function parseFragment(document: unknown, context: Context, id: string, options: ParseOptions = {}): Entity {
  return parse(document, parsingOf(context, options, 'attributes'), id, false)
}

/** Reads the temporal evolution of an entity (4.5.6 to 4.5.9, 5.2.20): several instances of one dataset id; scope as an attribute of the core's name. */
export function parseTemporalEntity(document: unknown, context: Context, options: ParseOptions = {}): TemporalEntity {
  return parse(document, parsingOf(context, options), undefined, true)
}

/** Reads a fragment of the temporal evolution of the entity `id`; types may be absent. */
export function parseTemporalFragment(document: unknown, context: Context, id: string, options: ParseOptions = {}): TemporalEntity {
  return parse(document, parsingOf(context, options), id, true)
}

/** Reads the instances that replace those of the attribute `name` (5.6.19): one or an array, each an object that states its value. */
export function parseAttributeInstances(document: unknown, context: Context, name: Iri, options: ParseOptions = {}): readonly Attribute[] {
  const parsing = parsingOf(context, options)
  const items: readonly unknown[] = Array.isArray(document) ? document : [document]
  if (items.length === 0) throw badRequest('The attribute has no instance')
  const instances = items.map((item) => {
    const instance = withoutContext(item as Json)
    if (!isJsonObject(instance)) throw badRequest(`The attribute must be an object or an array of objects, not ${excerpt(instance)}`)
    return looksLikeGeometry(instance)
      ? parseInstance(parsing, name, instance, 'The attribute', 0)
      : (parseReified(parsing, name, instance, 'The attribute', 0, false) as Attribute)
  })
  const attributes: Record<Iri, readonly Attribute[]> = {}
  addInstances(attributes, name, instances, 'The attribute')
  return instances
}

/**
 * Reads the fragment of one attribute instance (5.6.4, 5.6.14), in which any member may be absent; the kind is that which the value tells.
 * NGSI-LD null removes unless the options say else.
 */
export function parseAttributeFragment(document: unknown, context: Context, name: Iri, options: ParseOptions = {}): AttributeFragment {
  const fragment = withoutContext(document as Json)
  if (!isJsonObject(fragment)) throw badRequest(`The attribute fragment must be an object, not ${excerpt(fragment)}`)
  if (Object.keys(fragment).length === 0) throw badRequest('The attribute fragment is empty')
  return parseReified(parsingOf(context, options, 'attributes', true), name, fragment, 'The attribute', 0, true)
}

type Draft = { -readonly [K in keyof Entity]?: Entity[K] }

function parse(document: unknown, parsing: Parsing, id: string | undefined, isTemporal: boolean): Entity {
  if (!isJsonObject(document)) throw badRequest(`The entity must be an object, not ${excerpt(document)}`)
  const attributes: Record<Iri, readonly Attribute[]> = {}
  const draft: Draft = { id, attributes }
  for (const member of Object.keys(document)) {
    const part = document[member] as Json
    if (member === '@context' || readMember(parsing, draft, member, part, isTemporal)) continue
    const name = isTemporal && member === 'scope' ? scopeName : parseName(parsing.context, member, member)
    if (isTemporal) addEvolution(parsing, attributes, name, part, member)
    else addInstances(attributes, name, parseInstances(parsing, name, part, member), member)
  }
  if (draft.id === undefined) throw badRequest('The entity has no id')
  if (id !== undefined && draft.id !== id) throw badRequest(`The fragment has the id ${draft.id}, but the entity is ${id}`)
  if (draft.types === undefined && id === undefined) throw badRequest(`Entity ${draft.id} has no type`)
  const { types = [], ...rest } = draft
  return { ...rest, id: draft.id, types, attributes }
}

function readMember(parsing: Parsing, draft: Draft, member: string, part: Json, isTemporal: boolean): boolean {
  switch (member) {
    case 'id':
    case '@id':
      draft.id = parseUri(part, 'id')
      return true
    case 'type':
    case '@type':
      draft.types = parseTypes(parsing.context, part, 'type')
      return true
    case 'scope':
      if (isTemporal && isReifiedScope(part)) return false
      readScopes(parsing, draft, part)
      return true
    case 'expiresAt':
      // The shape has no other place to tell that it goes.
      draft.expiresAt = part === ngsiLdNull && parsing.isPartial && parsing.nulls !== 'never' ? (part as unknown as number) : parseUtc(part, member)
      return true
    case 'createdAt':
    case 'modifiedAt':
    case 'deletedAt':
      if (parsing.sysAttrs) draft[member] = parseUtc(part, member)
      return true
    default:
      return readAlias(parsing, draft, member, part)
  }
}

/** A user's term for `@id` or `@type`. */
function readAlias(parsing: Parsing, draft: Draft, member: string, part: Json): boolean {
  const keyword = expandTerm(parsing.context, member)
  if (keyword !== '@id' && keyword !== '@type') return false
  return readMember(parsing, draft, keyword, part, false)
}

function addEvolution(parsing: Parsing, attributes: Record<Iri, readonly Attribute[]>, name: Iri, part: Json, path: string): void {
  const known = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  const instances = parseEvolution(parsing, name, part, path)
  const scoped = name === scopeName ? instances.map((instance) => ({ ...instance, value: scopeValue(instance.value, path) })) : instances
  attributes[name] = known === undefined ? scoped : [...known, ...scoped]
}

function isReifiedScope(part: Json): boolean {
  return isJsonObject(part) || (Array.isArray(part) && (part as readonly Json[]).some(isJsonObject))
}

function scopeValue(value: Json, path: string): Json {
  return value === ngsiLdNull ? value : parseScopes(value, path)
}

/** In a fragment no scope at all means that the entity loses those it has. */
function readScopes(parsing: Parsing, draft: Draft, part: Json): void {
  if (part === ngsiLdNull && parsing.nulls !== 'never') {
    draft.scopes = []
    return
  }
  const scopes = parseScopes(part, 'scope')
  if (scopes.length > 0 || parsing.nulls !== 'never') draft.scopes = scopes
}

const scope = /^\/?\p{L}[\p{L}\p{N}_]*(?:\/\p{L}[\p{L}\p{N}_]*)*$/u

/** The scopes that a member states (4.18), each beginning with `/` and stated once. */
function parseScopes(part: Json, path: string): string[] {
  const stated: readonly Json[] = Array.isArray(part) ? part : [part]
  const scopes = stated.map((item) => {
    if (typeof item !== 'string' || !scope.test(item))
      throw badRequest(`${path} must be a scope such as /Madrid/Gardens or an array of them, not ${excerpt(item)}`)
    return item.startsWith('/') ? item : `/${item}`
  })
  return [...new Set(scopes)]
}

/** The document without its `@context`, which a fragment's body may carry beside the members. */
function withoutContext(document: Json): Json {
  if (!isJsonObject(document) || !Object.hasOwn(document, '@context')) return document
  return Object.fromEntries<Json>(Object.entries(document).filter(([member]) => member !== '@context'))
}
