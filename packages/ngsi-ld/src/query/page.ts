/** A page of a list (CIM 009, 4.12): `count` is the length of the whole list; the offsets are of the pages beside it, where there are any. */
export type Page<T> = { readonly items: readonly T[]; readonly count: number; readonly previousOffset?: number; readonly nextOffset?: number }

/** Cuts a page; a limit of 0 asks for the count alone, an offset beyond the end for the last item (6.3.10). */
export function pageOf<T>(items: readonly T[], wantedOffset: number, limit: number): Page<T> {
  const offset = Math.min(wantedOffset, Math.max(0, items.length - 1))
  const end = offset + limit
  return {
    items: items.slice(offset, end),
    count: items.length,
    ...(offset > 0 && limit > 0 ? { previousOffset: Math.max(0, offset - limit) } : {}),
    ...(end < items.length && limit > 0 ? { nextOffset: end } : {}),
  }
}
