import type { Instant, Iri, Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Operations } from './operations.ts'

export type Mode = 'inclusive' | 'exclusive' | 'redirect' | 'auxiliary'

/** Entities that a registration speaks of (5.2.8). Without types, which is against its letter but sent by brokers in the field, an entity is known by its id alone. */
export type EntityInfo = { readonly id?: string; readonly idPattern?: string; readonly types?: readonly Iri[] }

/** What a registration offers (5.2.10): of these entities, these attributes; absent members restrict nothing. */
export type RegistrationInfo = { readonly entities?: readonly EntityInfo[]; readonly names?: ReadonlySet<Iri> }

/** From when to when a source can tell of the past (5.2.11); without an end, until now. */
export type Interval = { readonly from: Instant; readonly until?: Instant }

/** A registration as it is kept: the document of 5.2.9 with its names expanded, so that it needs no @context. */
export type RegistrationDocument = {
  readonly id: string
  readonly document: JsonObject
  readonly createdAt: Instant
  readonly modifiedAt: Instant
}

/** A context source registration (CIM 009, 5.2.9) ready to be matched and called. */
export type Registration = {
  readonly id: string
  readonly tenant: string
  readonly mode: Mode
  readonly operations: Operations
  readonly information: readonly RegistrationInfo[]
  /** Where the source's API begins, without `/ngsi-ld/v1`. */
  readonly endpoint: string
  /** The tenant there. */
  readonly peerTenant: string | undefined
  readonly alias: string | undefined
  readonly sourceInfo: readonly (readonly [key: string, value: string])[]
  readonly isLocalOnly: boolean
  readonly timeoutMs: number
  readonly cooldownMs: number
  readonly datasetIds: readonly string[] | undefined
  readonly scopes: readonly string[] | undefined
  /** location, observationSpace and operationSpace that are stated, by expanded name. */
  readonly spaces: ReadonlyMap<Iri, Json>
  readonly observationInterval: Interval | undefined
  readonly managementInterval: Interval | undefined
  readonly expiresAt: Instant | undefined
  /** What a context source filter can ask for: every member of the document and the properties of its own, by expanded name. */
  readonly properties: ReadonlyMap<Iri, Json>
}

/** Proxied registrations hold their data outside alone (4.3.6.3). */
export function isProxied({ mode }: Registration): boolean {
  return mode === 'exclusive' || mode === 'redirect'
}
