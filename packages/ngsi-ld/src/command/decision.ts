import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { ErrorType } from '../errors.ts'
import type { Cause } from './command.ts'
import type { InstanceRow } from './instance-row.ts'

/** An entity as the store keeps it: the live answer, and for each series whose newest observation is not the live one, when that was. */
export type StoredEntity = {
  readonly entity: Entity
  /** By `seriesKey`. */
  readonly newest?: { readonly [series: string]: Instant }
}

/** One attribute instance before and after a change; `before` alone is a deletion, `after` alone a creation. */
export type AttributeChange = { readonly name: Iri; readonly before?: Attribute; readonly after?: Attribute }

/** What an outbox row says. `kind` is `evolution` where only the temporal evolution changed and no live answer did. */
export type Change = {
  readonly kind: 'created' | 'updated' | 'deleted' | 'evolution'
  readonly id: string
  readonly typesBefore: readonly Iri[]
  readonly typesAfter: readonly Iri[]
  readonly attributes: readonly AttributeChange[]
  readonly recordedAt: Instant
  readonly cause: Cause
}

/** An attribute that a command could not change, and why (5.2.19). */
export type NotUpdated = { readonly name: Iri; readonly datasetId?: string; readonly reason: string }

/** What `applyCommand` decided. A change with `stored` undefined deletes the entity; `erase` also removes every earlier row. */
export type Decision =
  | {
      readonly kind: 'change'
      readonly stored: StoredEntity | undefined
      readonly rows: readonly InstanceRow[]
      readonly change: Change
      readonly created: boolean
      readonly notUpdated: readonly NotUpdated[]
      readonly erase?: true
    }
  | { readonly kind: 'no change'; readonly notUpdated: readonly NotUpdated[] }
  | Refusal

export type Refusal = { readonly kind: 'refusal'; readonly type: ErrorType; readonly detail: string }

export function refusal(type: ErrorType, detail: string): Refusal {
  return { kind: 'refusal', type, detail }
}

/** Names a series within its entity: the attribute and the dataset id. */
export function seriesKey(name: Iri, datasetId: string | undefined): string {
  return datasetId === undefined ? name : `${name}\n${datasetId}`
}

/** The entity before a deletion, as far as the change tells: types and attributes. */
export function entityBefore(change: Change): Entity {
  const attributes: Record<Iri, Attribute[]> = {}
  for (const { name, before } of change.attributes) if (before !== undefined) (attributes[name] ??= []).push(before)
  return { id: change.id, types: change.typesBefore, attributes }
}
