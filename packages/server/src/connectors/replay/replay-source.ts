import type { Entity, Instant, TemporalEntity } from '@cityloop/ngsi-ld'

/** Where a replay reads history from. */
export type ReplaySource = {
  /** The evolution, in an interval (start included, end not), of the entities of these types (IRIs; all where none is named). */
  evolutions(tenant: string, types: readonly string[], from: Instant, until: Instant, signal?: AbortSignal): AsyncIterable<TemporalEntity>
  /** The entity as it is now, or none. */
  entity(tenant: string, id: string): Promise<Entity | undefined>
}
