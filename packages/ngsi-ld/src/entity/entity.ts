import type { Json, JsonObject } from '../json.ts'
import type { Instant } from './instant.ts'

/** An absolute IRI or a compact one with a prefix: names are always in expanded form here, so none is ever `__proto__`. */
export type Iri = string

/** The kinds of attribute of CIM 009 v1.9.1, 4.5.2 to 4.5.24. */
export type AttributeKind =
  | 'Property'
  | 'Relationship'
  | 'GeoProperty'
  | 'LanguageProperty'
  | 'VocabProperty'
  | 'ListProperty'
  | 'ListRelationship'
  | 'JsonProperty'

/**
 * One attribute instance in expanded form. `value` is by kind: Property any JSON; Relationship a URI or several; GeoProperty a GeoJSON geometry;
 * LanguageProperty a language map; VocabProperty an IRI or several; ListProperty a list; ListRelationship a list of URIs; JsonProperty any JSON, never expanded.
 */
export type Attribute = {
  readonly kind: AttributeKind
  readonly value: Json
  /** Absent for the default instance. */
  readonly datasetId?: string
  readonly observedAt?: Instant
  readonly unitCode?: string
  /** The type, or types, of what a relationship points at (4.5.5). */
  readonly objectType?: readonly Iri[]
  /** The JSON-LD datatype of a property's value where the document stated one (v1.9.1). */
  readonly valueType?: Iri
  readonly expiresAt?: Instant
  readonly proof?: Json
  readonly instanceId?: string
  readonly createdAt?: Instant
  readonly modifiedAt?: Instant
  readonly deletedAt?: Instant
  /** Properties of the attribute: by expanded name, the instances of each. */
  readonly sub?: Attributes
}

/** By expanded name, the instances of each attribute; one instance a dataset id. */
export type Attributes = { readonly [name: Iri]: readonly Attribute[] }

/** An entity in expanded form (5.2.4). The stored one has `createdAt` and `modifiedAt`; a fragment may lack types. */
export type Entity = {
  readonly id: string
  readonly types: readonly Iri[]
  /** Absent where the entity has none; each starts with `/` (4.18). */
  readonly scopes?: readonly string[]
  readonly attributes: Attributes
  readonly createdAt?: Instant
  readonly modifiedAt?: Instant
  readonly deletedAt?: Instant
  readonly expiresAt?: Instant
}

/** The temporal evolution of an entity (5.2.20): `attributes` holds every instance in time, several of one dataset id. */
export type TemporalEntity = Entity

/** The value that stands for deletion in merge and update (4.5.0). */
export const ngsiLdNull = 'urn:ngsi-ld:null'

/** The instance of `name` with that dataset id; `undefined` names the default instance. */
export function findInstance(attributes: Attributes, name: Iri, datasetId: string | undefined): Attribute | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name]?.find((instance) => instance.datasetId === datasetId) : undefined
}

/** The instances of `name`, or none. */
export function instancesOf(attributes: Attributes, name: Iri): readonly Attribute[] {
  return Object.hasOwn(attributes, name) ? (attributes[name] ?? []) : []
}

/** A GeoJSON geometry (RFC 7946) as far as the evaluator reads it. */
export type Geometry = JsonObject & { readonly type: string; readonly coordinates: Json }
