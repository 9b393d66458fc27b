import { expandTerm } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { isIri, isName } from '../context/iri.ts'
import type { AttributeFragment } from '../command/command.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, AttributeKind, Iri } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import type { NgsiLdError } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import {
  coreGeoProperties,
  findKind,
  isAttributeMember,
  isNonReified,
  isRelationship,
  isValueMember,
  kindMembers,
  kindOfMember,
} from './attribute-kinds.ts'
import { mayHaveUnit, proofName } from './attribute-kinds.ts'
import { looksLikeGeometry } from './geometry.ts'
import { excerpt, parseText, parseUri, parseUtc } from './members.ts'
import type { Nulls, ParseOptions } from './parse-options.ts'
import { isTyped, maxDepth, parseValue } from './parse-value.ts'

/** What the parsing of one document goes by. */
export type Parsing = {
  readonly context: Context
  readonly nulls: Nulls
  readonly isPartial: boolean
  /** Whether what NGSI-LD null removes is told: not where whole instances are replaced, in which it then just is not there. */
  readonly tellsNulls: boolean
  readonly sysAttrs: boolean
}

export function parsingOf(context: Context, options: ParseOptions, nulls: Nulls = 'never', isFragment = false): Parsing {
  const allowed = options.allowNull ?? nulls
  return {
    context,
    nulls: allowed,
    isPartial: options.allowPartial === true,
    tellsNulls: isFragment || allowed === 'everywhere',
    sysAttrs: options.sysAttrs === true,
  }
}

/** The instances that one member of an entity or attribute states, in normalized or concise representation; one at most of a dataset id (4.5.5). */
export function parseInstances(parsing: Parsing, name: Iri, document: Json, path: string, depth = 0): Attribute[] {
  if (!isInstanceList(document)) return [parseInstance(parsing, name, document, path, depth)]
  return document.map((item, i) => parseInstance(parsing, name, item, `${path}[${i}]`, depth))
}

/** Adds the instances of one member; two members may expand to one name. Throws `BadRequestData` where a dataset id comes twice. */
export function addInstances(attributes: Record<Iri, readonly Attribute[]>, name: Iri, instances: readonly Attribute[], path: string): void {
  const known = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  const all = known === undefined ? instances : [...known, ...instances]
  if (all.length > 1) {
    const datasetIds = new Set<string | undefined>()
    for (const { datasetId } of all) {
      if (datasetIds.has(datasetId))
        throw badRequest(`${path} has two instances of ${datasetId === undefined ? 'no dataset id' : `dataset id ${datasetId}`}`)
      datasetIds.add(datasetId)
    }
  }
  attributes[name] = all
}

/** The IRI of an attribute's name. Throws `BadRequestData` for one that 4.6.2 does not admit or that the core keeps for itself; terms of the context are admitted. */
export function parseName(context: Context, name: string, path: string): Iri {
  const iri = expandTerm(context, name)
  if (!context.iris.has(name) && !(name.includes(':') ? isIri(iri) : isName(name)))
    throw badRequest(`${path} has the name ${excerpt(name)}; names are of letters, digits and _ and begin with a letter`)
  if (iri.startsWith('@') || isNonReified(iri)) throw isKept(name, path)
  return iri
}

function isKept(name: string, path: string): NgsiLdError {
  return badRequest(`${path} has the name ${excerpt(name)}, which the standard keeps for itself`)
}

/** Whether the parser takes a value that stands alone, without `value`, for the value of a Property; what is not, the concise writer wraps. */
export function isPlainValue(value: Json): boolean {
  if (Array.isArray(value)) return !isInstanceList(value)
  if (!isJsonObject(value)) return value !== null
  return isTyped(value) || !looksReified(value)
}

/** One instance, normalized or concise. */
export function parseInstance(parsing: Parsing, name: Iri, document: Json, path: string, depth: number): Attribute {
  if (isJsonObject(document) && !isTyped(document)) {
    if (looksLikeGeometry(document)) return concise(parsing, name, 'GeoProperty', document, path)
    if (looksReified(document)) return parseReified(parsing, name, document, path, depth, parsing.isPartial) as Attribute
  }
  return concise(parsing, name, 'Property', document, path)
}

/**
 * An instance as an object with the standard's members. If `partial`, the value may be absent, and then also the kind; a NGSI-LD null value leaves
 * the kind open.
 */
export function parseReified(parsing: Parsing, name: Iri, document: JsonObject, path: string, depth: number, partial: boolean): AttributeFragment {
  if (depth >= maxDepth) throw badRequest(`${path} nests deeper than ${maxDepth}`)
  const { kind, value } = readValue(parsing, document, path, partial)
  const draft: Draft = {}
  if (kind !== undefined) draft.kind = kind
  else if (parsing.isPartial) draft.kind = 'Property'
  if (value !== undefined) draft.value = parseValue(kind ?? 'Property', value, parsing.context, parsing.nulls, path)
  const sub: Record<Iri, readonly Attribute[]> = {}
  let hasSub = false
  for (const member of Object.keys(document)) {
    const part = document[member] as Json
    if (kindOfMember.has(member) || member === 'type' || member === '@type') continue
    if (readMember(parsing, draft, member, part, kind, name, path)) continue
    const inner = `${path}.${member}`
    const subName = parseName(parsing.context, member, inner)
    if (isValueMember(subName)) throw isKept(member, inner)
    const instances = parseInstances(parsing, subName, part, inner, depth + 1)
    const told = parsing.tellsNulls ? instances : instances.filter(({ value }) => value !== ngsiLdNull)
    if (told.length === 0) continue
    addInstances(sub, subName, told, inner)
    hasSub = true
  }
  if (hasSub) draft.sub = sub
  checkName(name, draft, path)
  return draft
}

type Draft = { -readonly [K in keyof Attribute]?: Attribute[K] }

function concise(parsing: Parsing, name: Iri, kind: AttributeKind, document: Json, path: string): Attribute {
  const attribute: Attribute = { kind, value: parseValue(kind, document, parsing.context, parsing.nulls, path) }
  checkName(name, attribute, path)
  return attribute
}

function isInstanceList(document: Json): document is readonly Json[] {
  return Array.isArray(document) && (document as readonly Json[]).some((item) => isJsonObject(item) && !isTyped(item) && statesInstance(item))
}

function statesInstance(item: JsonObject): boolean {
  if (findKind(item['type'] ?? item['@type']) !== undefined) return true
  return Object.keys(item).some((member) => kindOfMember.has(member))
}

function looksReified(document: JsonObject): boolean {
  return Object.hasOwn(document, 'type') || Object.hasOwn(document, '@type') || Object.keys(document).some(isAttributeMember)
}

function readValue(parsing: Parsing, document: JsonObject, path: string, partial: boolean): { kind?: AttributeKind; value?: Json } {
  const type = document['type'] ?? document['@type']
  const stated = findKind(type)
  if (stated === undefined && (Object.hasOwn(document, 'type') || Object.hasOwn(document, '@type')))
    throw badRequest(`${path}.type must be one of ${Object.keys(kindMembers).join(', ')}, not ${excerpt(type)}`)
  let found: string | undefined
  for (const member of Object.keys(document)) {
    if (!kindOfMember.has(member)) continue
    if (stated !== undefined && member !== kindMembers[stated].value) throw badRequest(`${path} is a ${stated}, which must not have ${member}`)
    if (found !== undefined) throw badRequest(`${path} must not have both ${found} and ${member}`)
    found = member
  }
  if (found === undefined) {
    if (!partial)
      throw badRequest(stated === undefined ? `${path} has no value` : `${path} is a ${stated}, which must have ${kindMembers[stated].value}`)
    return stated === undefined ? {} : { kind: stated }
  }
  const value = document[found] as Json
  if (stated !== undefined) return { kind: stated, value }
  if (partial && value === ngsiLdNull && parsing.nulls !== 'never') return { value }
  const kind = kindOfMember.get(found) as AttributeKind
  return { kind: kind === 'Property' && looksLikeGeometry(value) ? 'GeoProperty' : kind, value }
}

/** Reads one of the standard's own members into the draft; false for any other, which is a sub-attribute. */
function readMember(parsing: Parsing, draft: Draft, member: string, part: Json, kind: AttributeKind | undefined, name: Iri, path: string): boolean {
  const inner = `${path}.${member}`
  if (part === ngsiLdNull && removable.has(member)) {
    if (parsing.nulls === 'never') throw badRequest(`${inner} must not be NGSI-LD null here`)
    if (parsing.tellsNulls) Object.assign(draft, { [member]: part })
    return true
  }
  switch (member) {
    case 'datasetId':
      if (part !== '@none') draft.datasetId = parseUri(part, inner)
      return true
    case 'observedAt':
    case 'expiresAt':
      draft[member] = parseUtc(part, inner)
      return true
    case 'unitCode':
      if (kind !== undefined && !mayHaveUnit(kind)) throw badRequest(`${path} is a ${kind}, which must not have unitCode`)
      draft.unitCode = parseText(part, inner)
      return true
    case 'objectType':
      if (kind !== undefined && !isRelationship(kind)) throw badRequest(`${path} is a ${kind}, which must not have objectType`)
      draft.objectType = parseTypes(parsing.context, part, inner)
      return true
    case 'valueType':
      if (kind !== undefined && isRelationship(kind)) throw badRequest(`${path} is a ${kind}, which must not have valueType`)
      draft.valueType = expandTerm(parsing.context, parseText(part, inner))
      if (kind === 'LanguageProperty' && draft.valueType !== langString) throw badRequest(`${inner} must be langString, not ${excerpt(part)}`)
      return true
    case 'createdAt':
    case 'modifiedAt':
    case 'deletedAt':
      if (parsing.sysAttrs) draft[member] = parseUtc(part, inner)
      return true
    case 'instanceId':
      if (parsing.sysAttrs) draft.instanceId = parseUri(part, inner)
      return true
    case 'entity':
    case 'entityList':
      if (kind !== undefined && kind !== (member === 'entity' ? 'Relationship' : 'ListRelationship'))
        throw badRequest(`${path} is a ${kind}, which must not have ${member}`)
      return true
    case 'entityIdSealed':
    case 'entityTypeSealed':
      if (name !== proofName) throw badRequest(`${path} must not have ${member}; only ngsildproof has`)
      draft.proof = { ...(draft.proof as JsonObject | undefined), [member]: sealed(parsing.context, member, part, inner) }
      return true
    default:
      if (parsing.sysAttrs && outputOnly.has(member)) return true
      if (isAttributeMember(member) || member.startsWith('@') || member === 'id') throw badRequest(`${path} must not have ${member}`)
      return false
  }
}

/** Members that an update or a merge removes by NGSI-LD null (5.5.8, 5.5.12), for which the shape has no other place than theirs. */
const removable: ReadonlySet<string> = new Set(['observedAt', 'expiresAt', 'unitCode', 'objectType', 'valueType'])

/** Members that only answers and notifications have. */
const outputOnly: ReadonlySet<string> = new Set(['lang', ...Object.values(kindMembers).map(({ previous }) => previous)])

const langString = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'

function sealed(context: Context, member: string, part: Json, path: string): string {
  return member === 'entityIdSealed' ? parseText(part, path) : expandTerm(context, parseText(part, path))
}

/** The IRIs of one type name or of several, each once. */
export function parseTypes(context: Context, document: Json, path: string): Iri[] {
  const names: readonly Json[] = Array.isArray(document) ? document : [document]
  if (names.length === 0) throw badRequest(`${path} must name a type`)
  const types = names.map((name) => {
    if (typeof name !== 'string' || name === ngsiLdNull) throw badRequest(`${path} must be a type name or an array of them, not ${excerpt(name)}`)
    const iri = expandTerm(context, name)
    if (iri.startsWith('@') || (!context.iris.has(name) && !(name.includes(':') ? isIri(iri) : isName(name))))
      throw badRequest(`${path} has the name ${excerpt(name)}; names are of letters, digits and _ and begin with a letter`)
    return iri
  })
  return types.length === 1 ? types : [...new Set(types)]
}

/** What the standard asks of attributes of certain names. */
function checkName(name: Iri, attribute: AttributeFragment, path: string): void {
  if (attribute.kind === undefined || attribute.value === undefined || attribute.value === ngsiLdNull) return
  if (coreGeoProperties.has(name) && attribute.kind !== 'GeoProperty') throw badRequest(`${path} must be a GeoProperty, not a ${attribute.kind}`)
  if (name === proofName && (attribute.kind !== 'Property' || !isJsonObject(attribute.value)))
    throw badRequest(`${path} must be a Property whose value is an object`)
}
