import { compactIri } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import type { Attribute, AttributeKind, Attributes, Entity, Iri } from '../entity/entity.ts'
import type { Json } from '../json.ts'

/** The minor number of the newest version of the standard whose data these are: 1.9. */
export const newestVersion = 9

/**
 * The entity as version 1.`minor` of the standard knows entities (CIM 009, 4.3.6.8): kinds of attribute that came later become Properties and Relationships,
 * members that came later are not there. The same object where nothing needed to change.
 */
export function asOfVersion(entity: Entity, minor: number, context: Context): Entity {
  if (minor >= newestVersion) return entity
  const { expiresAt, scopes, ...rest } = entity
  const attributes = olderAttributes(entity.attributes, minor, context)
  const losesTypes = minor < 3 && entity.types.length > 1
  const losesScope = minor < 4 && scopes !== undefined
  if (expiresAt === undefined && !losesScope && !losesTypes && attributes === entity.attributes) return entity
  return {
    ...rest,
    ...(scopes === undefined || losesScope ? {} : { scopes }),
    ...(losesTypes ? { types: entity.types.slice(0, 1) } : {}),
    attributes,
  }
}

function olderAttributes(attributes: Attributes, minor: number, context: Context): Attributes {
  let isSame = true
  const older = Object.entries(attributes).map(([name, instances]): [Iri, readonly Attribute[]] => {
    const kept = minor < 3 && instances.length > 1 ? oneOf(instances) : instances
    const changed = kept.map((instance) => olderAttribute(instance, minor, context))
    if (kept.length !== instances.length || changed.some((instance, index) => instance !== kept[index])) isSame = false
    return [name, changed]
  })
  return isSame ? attributes : Object.fromEntries(older)
}

/** Before 1.3 an attribute had one instance: the default one, where it is there. */
function oneOf(instances: readonly Attribute[]): readonly Attribute[] {
  const chosen = instances.find(({ datasetId }) => datasetId === undefined) ?? instances[0]
  return chosen === undefined ? [] : [chosen]
}

function olderAttribute(attribute: Attribute, minor: number, context: Context): Attribute {
  const sub = attribute.sub === undefined ? undefined : olderAttributes(attribute.sub, minor, context)
  const older: Record<string, unknown> = { ...attribute, ...olderValue(attribute, minor, context), ...(sub === undefined ? {} : { sub }) }
  for (const [member, since] of memberSince) if (minor < since) delete older[member]
  const isSame = Object.keys(attribute).every((member) => older[member] === Reflect.get(attribute, member))
  return isSame ? attribute : (older as Attribute)
}

/** The version in which a kind of attribute came; before it there were Properties and Relationships. */
export const kindSince: Readonly<Record<AttributeKind, number>> = {
  Property: 0,
  GeoProperty: 0,
  Relationship: 0,
  LanguageProperty: 4,
  JsonProperty: 8,
  ListProperty: 8,
  ListRelationship: 8,
  VocabProperty: 8,
}

/** The version in which a member of attributes came. */
export const memberSince: readonly (readonly [keyof Attribute, number])[] = [
  ['expiresAt', 9],
  ['valueType', 9],
  ['objectType', 8],
  ['datasetId', 3],
  ['observedAt', 3],
  ['unitCode', 3],
]

function olderValue({ kind, value }: Attribute, minor: number, context: Context): Pick<Attribute, 'kind' | 'value'> {
  if (minor >= kindSince[kind]) return { kind, value }
  return { kind: olderKind(kind), value: kind === 'VocabProperty' ? compacted(value, context) : value }
}

/** The kind that one which came later is told as. */
export function olderKind(kind: AttributeKind): 'Property' | 'Relationship' {
  return kind === 'ListRelationship' ? 'Relationship' : 'Property'
}

function compacted(vocab: Json, context: Context): Json {
  if (Array.isArray(vocab)) return (vocab as readonly Json[]).map((item) => compacted(item, context))
  return typeof vocab === 'string' ? compactIri(context, vocab) : vocab
}
