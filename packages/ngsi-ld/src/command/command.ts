import type { Attribute, Attributes, Entity, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { WriteScope } from '../scope/scope.ts'

/** Who caused a change, for history, outbox and audit. Ids only, never personal data. */
export type Cause = { readonly caller: string; readonly purpose?: string; readonly source?: string }

type Common = {
  readonly tenant: string
  readonly scope: WriteScope
  readonly receivedAt: Instant
  readonly cause: Cause
  readonly idempotencyKey?: string
}

/** A write, as plain data: decided and made where the commit is made. Names are expanded; a `types` list on one narrows it to an entity that has all of them. */
export type Command = Common &
  (
    | { readonly kind: 'createEntity'; readonly entity: Entity }
    /** 5.6.18: everything but id and createdAt is replaced. */
    | { readonly kind: 'replaceEntity'; readonly entity: Entity; readonly types?: readonly Iri[] }
    /** 5.6.8 in both modes; creates where there is none. */
    | { readonly kind: 'upsertEntity'; readonly entity: Entity; readonly mode: 'replace' | 'update' }
    /** 5.6.17: a JSON merge, in which NGSI-LD null deletes; `observedAt` is given to what the fragment changes, `lang` names the language of plain strings. */
    | {
        readonly kind: 'mergeEntity'
        readonly entity: Entity
        readonly observedAt?: Instant
        readonly lang?: string
        readonly types?: readonly Iri[]
      }
    /** 5.6.3: with `overwrite` false, instances that exist are left and reported. */
    | { readonly kind: 'appendAttributes'; readonly entity: Entity; readonly overwrite: boolean; readonly selects?: readonly Iri[] }
    /** 5.6.2: only attributes that exist change; the others are reported. */
    | { readonly kind: 'updateAttributes'; readonly entity: Entity; readonly selects?: readonly Iri[] }
    /** 5.6.4: members of the fragment replace those of the instance; the kind may be absent from it. */
    | {
        readonly kind: 'partialUpdateAttribute'
        readonly id: string
        readonly name: Iri
        readonly fragment: AttributeFragment
        readonly selects?: readonly Iri[]
      }
    /** 5.6.19 */
    | {
        readonly kind: 'replaceAttribute'
        readonly id: string
        readonly name: Iri
        readonly instances: readonly Attribute[]
        readonly selects?: readonly Iri[]
      }
    /** 5.6.5 */
    | {
        readonly kind: 'deleteAttribute'
        readonly id: string
        readonly name: Iri
        readonly datasetId?: string
        readonly deleteAll: boolean
        readonly selects?: readonly Iri[]
      }
    | { readonly kind: 'deleteEntity'; readonly id: string; readonly selects?: readonly Iri[] }
    /** What devices, import and replay say: instances identified by (entity, attribute, dataset id, observedAt); creates the entity where there is none. */
    | { readonly kind: 'observe'; readonly entity: Entity }
    /** 5.6.11 and 5.6.12: every instance of the temporal entity is added; created where there is none if `create`. */
    | { readonly kind: 'appendTemporal'; readonly entity: Entity; readonly create: boolean }
    | { readonly kind: 'deleteTemporalEntity'; readonly id: string }
    /** 5.6.13 */
    | { readonly kind: 'deleteTemporalAttribute'; readonly id: string; readonly name: Iri; readonly datasetId?: string; readonly deleteAll: boolean }
    /** 5.6.14 */
    | { readonly kind: 'correctInstance'; readonly id: string; readonly name: Iri; readonly instanceId: string; readonly fragment: AttributeFragment }
    /** 5.6.15 */
    | { readonly kind: 'deleteInstance'; readonly id: string; readonly name: Iri; readonly instanceId: string }
    /** Removes every row of the entity, for personal data; audited. */
    | { readonly kind: 'eraseEntity'; readonly id: string }
  )

/** An attribute instance of which any member may be absent; `value` NGSI-LD null deletes the instance, a sub-attribute of value NGSI-LD null that sub-attribute. */
export type AttributeFragment = Partial<Omit<Attribute, 'sub'>> & { readonly sub?: Attributes }

/** The id of the entity that a command is about. */
export function entityIdOf(command: Command): string {
  return 'entity' in command ? command.entity.id : command.id
}
