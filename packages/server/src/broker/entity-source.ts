import type { Entity, Scope } from '@cityloop/ngsi-ld'
import type { EntityPage, EntityRead, Store } from '#store/store.ts'

/** Somewhere that entities come from: the local store, or later each peer. A source answers what the scope's caller may see, filtered and in order. */
export type EntitySource = {
  query(read: EntityRead, signal?: AbortSignal): Promise<EntityPage>
  retrieve(tenant: string, scope: Scope, id: string): Promise<Entity | undefined>
}

/** The entities kept here; the store's reader does every step exactly, by the same functions as the pipeline. */
export function localSource(store: Store): EntitySource {
  return { query: (read, signal) => store.query(read, signal), retrieve: (tenant, scope, id) => store.retrieve(tenant, scope, id) }
}
