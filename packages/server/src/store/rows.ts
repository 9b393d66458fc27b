import type { Instant, Json } from '@cityloop/ngsi-ld'

/** A row that is no entity: of an area of the program, by kind and key; `due` makes it findable by time. */
export type OwnRow = {
  readonly tenant: string
  readonly area: string
  readonly kind: string
  readonly key: string
  readonly value: Json
  readonly due?: Instant
}

export type OwnRowWrite = { readonly put: OwnRow } | { readonly delete: Pick<OwnRow, 'tenant' | 'area' | 'kind' | 'key'> }

/** Rows of the program's own (see Stores and scale); writes join the commit of commands. */
export type OwnRows = {
  get(tenant: string, area: string, kind: string, key: string): Promise<OwnRow | undefined>
  /** In key order; `from` included, `to` excluded. */
  list(
    tenant: string | undefined,
    area: string,
    kind: string,
    range?: { readonly from?: string; readonly to?: string; readonly limit?: number },
  ): Promise<readonly OwnRow[]>
  /** Those due by then, the longest due first. */
  due(area: string, kind: string, by: Instant, limit: number): Promise<readonly OwnRow[]>
  write(writes: readonly OwnRowWrite[]): Promise<void>
}
