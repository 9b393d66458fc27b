import type { LayerRows, RowChange } from './layer-rows.ts'

/**
 * Brings changes to rows without a hole: those that arrive while a layer is being fetched are kept and applied to what comes. A change
 * carries the whole entity, so one that the fetched rows already hold does no harm.
 */
export class LiveRows {
  readonly #early = new Set<RowChange[]>()
  /** Changes seen so far. */
  count = 0

  /** Fetches rows and adds what changed meanwhile. */
  async fetch(load: () => Promise<LayerRows>): Promise<LayerRows> {
    const early: RowChange[] = []
    this.#early.add(early)
    try {
      const rows = await load()
      rows.apply(early)
      return rows
    } finally {
      this.#early.delete(early)
    }
  }

  /** Applies changes to rows that are there, and keeps them for those under way. */
  apply(changes: readonly RowChange[], layers: Iterable<LayerRows>): void {
    this.count += changes.length
    for (const early of this.#early) early.push(...changes)
    for (const layer of layers) layer.apply(changes)
  }
}
