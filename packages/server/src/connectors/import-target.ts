import type { Entity, Json } from '@cityloop/ngsi-ld'

/** What became of one observed entity: refused means that nothing of it was written. */
export type ObserveOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly type: string; readonly detail: string }

/** Where imports and replays write: the city's data, opened in this process or reached through the server that owns it. */
export type ImportTarget = {
  /** Sends one `observe` command an entity, in order; resolves after the fsync with one outcome each. */
  observe(tenant: string, entities: readonly Entity[]): Promise<readonly ObserveOutcome[]>
  /** Own rows in which an import keeps how far it came. */
  readonly progress: {
    get(key: string): Promise<Json | undefined>
    put(key: string, value: Json): Promise<void>
    delete(key: string): Promise<void>
  }
}
