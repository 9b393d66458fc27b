import { type Attribute, type AttributeKind, type Entity, type Iri, instancesOf, ngsiLdNull } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import { type Json, isJsonObject } from '../json.ts'
import type { Name } from './name.ts'
import type { QPath } from './q.ts'

/**
 * What a path points at (CIM 009, 4.9): a value, an instant of a temporal property, or the values of a language map, of which any may match.
 * `valueType` is the stated datatype of a value.
 */
export type Target =
  | { readonly kind: 'value'; readonly of: AttributeKind; readonly value: Json; readonly valueType?: Iri }
  | { readonly kind: 'languages'; readonly values: readonly Json[] }
  | { readonly kind: 'instant'; readonly at: Instant }

/** Finds the linked entity of that id, as the caller may see it. */
export type FindLinked = (id: string) => Entity | undefined

/** Every target of the path, one an attribute instance; none where the target element does not exist. */
export function targetsOf(path: QPath, entity: Entity, findLinked: FindLinked): readonly Target[] {
  return reach(path, 0, entity, findLinked)
}

/** The ids that a Relationship or ListRelationship points at. */
export function objectsOf(attribute: Attribute): readonly string[] {
  if (attribute.kind !== 'Relationship' && attribute.kind !== 'ListRelationship') return []
  const objects = Array.isArray(attribute.value) ? attribute.value : [attribute.value]
  return objects.filter((object) => typeof object === 'string')
}

function reach(path: QPath, depth: number, entity: Entity, findLinked: FindLinked): readonly Target[] {
  const link = path.links[depth]
  if (link === undefined) return targetsIn(path, entity)
  const ids = new Set(instancesOf(entity.attributes, link.name.expanded).flatMap(objectsOf))
  return [...ids].flatMap((id) => {
    const linked = findLinked(id)
    if (linked === undefined || !hasOneOf(linked, link.types)) return []
    return reach(path, depth + 1, linked, findLinked)
  })
}

function hasOneOf(entity: Entity, types: readonly Name[]): boolean {
  return types.length === 0 || types.some((type) => entity.types.includes(type.expanded))
}

function targetsIn(path: QPath, entity: Entity): readonly Target[] {
  const [first, ...rest] = path.names
  if (first === undefined) return []
  const last = rest.at(-1)
  if (last === undefined) {
    const instant = instantIn(entity, first.written)
    if (instant !== undefined) return [{ kind: 'instant', at: instant }]
  }
  let owners = instancesOf(entity.attributes, first.expanded)
  for (const name of rest) {
    const next = owners.flatMap((owner) => (owner.sub === undefined ? [] : instancesOf(owner.sub, name.expanded)))
    if (name === last && next.length === 0) return owners.flatMap((owner) => membersOf(owner, name.written))
    owners = next
  }
  return owners.flatMap((owner) => valueTargets(owner, path.members))
}

type Stamped = Pick<Attribute, 'observedAt' | 'createdAt' | 'modifiedAt' | 'deletedAt' | 'expiresAt'>

function instantIn(stamped: Stamped, name: string): Instant | undefined {
  switch (name) {
    case 'observedAt':
      return stamped.observedAt
    case 'createdAt':
      return stamped.createdAt
    case 'modifiedAt':
      return stamped.modifiedAt
    case 'deletedAt':
      return stamped.deletedAt
    case 'expiresAt':
      return stamped.expiresAt
  }
  return undefined
}

/** What the standard writes beside the value and no attribute of an attribute is (4.5.2, 4.8). */
function membersOf(owner: Attribute, name: string): readonly Target[] {
  const instant = instantIn(owner, name)
  if (instant !== undefined) return [{ kind: 'instant', at: instant }]
  if (name === 'unitCode' && owner.unitCode !== undefined) return [{ kind: 'value', of: 'Property', value: owner.unitCode }]
  if (name === 'datasetId' && owner.datasetId !== undefined) return [{ kind: 'value', of: 'Relationship', value: owner.datasetId }]
  if (name === 'objectType' && owner.objectType !== undefined) return [{ kind: 'value', of: 'VocabProperty', value: owner.objectType }]
  return []
}

/** The values of an instance; one that only tells of a deletion, as evolutions have, has none. */
function valueTargets(owner: Attribute, members: readonly Name[] | undefined): readonly Target[] {
  if (owner.value === ngsiLdNull) return []
  if (owner.kind === 'LanguageProperty' && isJsonObject(owner.value)) {
    const [language] = members ?? []
    if (language === undefined || language.written === '*') return [{ kind: 'languages', values: Object.values(owner.value).flat() }]
    const values = members?.length === 1 ? inLanguage(owner.value, language.written) : undefined
    return values === undefined ? [] : [{ kind: 'languages', values: [values].flat() }]
  }
  let value: Json | undefined = owner.value
  for (const member of members ?? []) value = value === undefined ? undefined : memberOf(value, member)
  if (value === undefined) return []
  if (members === undefined) return [valueTarget(owner.kind, value, owner.valueType)]
  return [valueTarget(owner.kind === 'JsonProperty' ? 'JsonProperty' : 'Property', value, undefined)]
}

/** A typed value of JSON-LD stands for its `@value`. */
function valueTarget(of: AttributeKind, value: Json, valueType: Iri | undefined): Target {
  if (of === 'Property' && isJsonObject(value) && Object.hasOwn(value, '@value')) {
    const type = value['@type']
    return { kind: 'value', of, value: value['@value'] ?? null, valueType: typeof type === 'string' ? type : valueType }
  }
  return { kind: 'value', of, value, valueType }
}

/** Language tags compare without case (RFC 5646, 2.1.1). */
function inLanguage(map: { readonly [language: string]: Json }, language: string): Json | undefined {
  if (Object.hasOwn(map, language)) return map[language]
  const lower = language.toLowerCase()
  const key = Object.keys(map).find((candidate) => candidate.toLowerCase() === lower)
  return key === undefined ? undefined : map[key]
}

/** The own member of an object, as written or, since values too may have been expanded, as expanded. */
function memberOf(value: Json, member: Name): Json | undefined {
  if (!isJsonObject(value)) return undefined
  if (Object.hasOwn(value, member.written)) return value[member.written]
  return Object.hasOwn(value, member.expanded) ? value[member.expanded] : undefined
}
