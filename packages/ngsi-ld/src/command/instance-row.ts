import type { Attribute, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { Cause } from './command.ts'

/**
 * One row of the history in two times. `attribute` is an expanded name, or `type` or `scope` for those of the entity itself.
 * Rows are only appended: the newest row of an instance id counts. A `tombstone` that carries the instance id of an earlier row ends that instance in the
 * evolution; one with an instance id of its own says that the attribute (or for `type`, the entity) was deleted then.
 */
export type InstanceRow = {
  readonly attribute: Iri
  readonly datasetId?: string
  readonly instanceId: string
  /** The place in the evolution: `observedAt`, or where there is none the time of recording. */
  readonly at: Instant
  readonly observedAt?: Instant
  readonly recordedAt: Instant
  readonly kind: 'value' | 'correction' | 'tombstone'
  /** Whether the row made the value that a live answer shows. */
  readonly current: boolean
  /** The instance as it then was; for `type` and `scope` a Property of the list; on the tombstone of an attribute NGSI-LD null with `deletedAt`. */
  readonly instance?: Attribute
  readonly cause: Cause
}
