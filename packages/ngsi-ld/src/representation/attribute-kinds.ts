import { ngsiLd } from '../context/core-terms.ts'
import type { AttributeKind, Iri } from '../entity/entity.ts'

/** The members that hold an attribute's value on the wire, by its kind: one instance, its predecessor (5.8.6), many in time (4.5.9). */
export type KindMembers = { readonly value: string; readonly previous: string; readonly plural: string }

export const kindMembers: Readonly<Record<AttributeKind, KindMembers>> = {
  Property: { value: 'value', previous: 'previousValue', plural: 'values' },
  GeoProperty: { value: 'value', previous: 'previousValue', plural: 'values' },
  Relationship: { value: 'object', previous: 'previousObject', plural: 'objects' },
  LanguageProperty: { value: 'languageMap', previous: 'previousLanguageMap', plural: 'languageMaps' },
  VocabProperty: { value: 'vocab', previous: 'previousVocab', plural: 'vocabs' },
  ListProperty: { value: 'valueList', previous: 'previousValueList', plural: 'valueLists' },
  ListRelationship: { value: 'objectList', previous: 'previousObjectList', plural: 'objectLists' },
  JsonProperty: { value: 'json', previous: 'previousJson', plural: 'jsons' },
}

const kinds = Object.keys(kindMembers) as AttributeKind[]

/** By the name of the member that holds it, the kind that its presence tells (concise representation); `value` may also be a GeoProperty's. */
export const kindOfMember: ReadonlyMap<string, AttributeKind> = new Map(
  kinds.filter((kind) => kind !== 'GeoProperty').map((kind) => [kindMembers[kind].value, kind]),
)

/** By the plural member of the simplified temporal representation, the kind that its presence tells. */
export const kindOfPlural: ReadonlyMap<string, AttributeKind> = new Map(
  kinds.filter((kind) => kind !== 'GeoProperty').map((kind) => [kindMembers[kind].plural, kind]),
)

const byType: ReadonlyMap<string, AttributeKind> = new Map(
  kinds.flatMap((kind) => [
    [kind, kind],
    [`ngsi-ld:${kind}`, kind],
    [ngsiLd + kind, kind],
  ]),
)

/** The kind that a `type` member names; the core's terms cannot be redefined, so no context is needed. */
export function findKind(type: unknown): AttributeKind | undefined {
  return typeof type === 'string' ? byType.get(type) : undefined
}

/** Members of an attribute that are no attributes themselves, wherever they stand (4.5.1: core terms of non-reified properties). */
const nonReified: ReadonlySet<string> = new Set([
  ...'datasetId observedAt unitCode objectType valueType expiresAt createdAt modifiedAt deletedAt instanceId lang'.split(' '),
  ...'entity entityList entityIdSealed entityTypeSealed hasObjectType hasValueType'.split(' '),
])

/** Members that hold an attribute's value; in an entity such a name is one as any other. */
const valueMembers: ReadonlySet<string> = new Set([
  ...kinds.flatMap((kind) => Object.values(kindMembers[kind])),
  ...[
    'hasValue hasObject hasLanguageMap hasVocab hasValueList hasObjectList hasJSON',
    'hasValues hasObjects hasLanguageMaps hasVocabs hasValueLists hasObjectLists',
    'hasPreviousValue hasPreviousObject hasPreviousVocab hasPreviousLanguageMap hasPreviousValueList hasPreviousObjectList hasPreviousJson',
  ].flatMap((names) => names.split(' ')),
])

/** Whether a member of that name is one of the standard's own: an object that has one is no plain value. */
export function isAttributeMember(name: string): boolean {
  return nonReified.has(name) || valueMembers.has(name)
}

/** Whether the IRI is that of a member of the standard's own, which no attribute may bear. */
export function isNonReified(iri: Iri): boolean {
  return iri.startsWith(ngsiLd) && nonReified.has(iri.slice(ngsiLd.length))
}

/** Whether the IRI is that of a member which holds a value, so that no attribute of an attribute may bear it. */
export function isValueMember(iri: Iri): boolean {
  return iri.startsWith(ngsiLd) && valueMembers.has(iri.slice(ngsiLd.length))
}

/** 4.5.2 to 4.5.24: kinds whose instances may have a unit. */
export function mayHaveUnit(kind: AttributeKind): boolean {
  return kind === 'Property' || kind === 'GeoProperty' || kind === 'ListProperty'
}

export function isRelationship(kind: AttributeKind): boolean {
  return kind === 'Relationship' || kind === 'ListRelationship'
}

/** Core properties that are always a GeoProperty (4.7.1). */
export const coreGeoProperties: ReadonlySet<Iri> = new Set(['location', 'observationSpace', 'operationSpace'].map((name) => ngsiLd + name))

/** The entity's scope as an attribute: its evolution is kept and written under this name (4.5.6, 4.18). */
export const scopeName: Iri = `${ngsiLd}scope`

/** The property that carries an integrity proof; the only one with sealed members (4.5.2.2). */
export const proofName: Iri = `${ngsiLd}ngsildproof`
