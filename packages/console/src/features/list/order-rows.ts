import type { Row } from '../../layer/layer-rows.ts'

/** The columns a list can be ordered by. */
export const listColumns = ['name', 'value', 'age'] as const
/** One of those columns. */
export type ListColumn = (typeof listColumns)[number]

/** The order of a list. */
export type ListOrder = { readonly by: ListColumn; readonly isDescending: boolean }

/** Rows whose name or id holds the text, in order; rows without a value or time come last either way, and ties go by id. */
export function orderRows(rows: Iterable<Row>, filter: string, order: ListOrder, language: string): readonly Row[] {
  const wanted = filter.trim().toLocaleLowerCase(language)
  const kept = [...rows].filter(
    (row) => wanted === '' || row.label.toLocaleLowerCase(language).includes(wanted) || row.id.toLowerCase().includes(wanted),
  )
  const sign = order.isDescending ? -1 : 1
  const byId = (a: Row, b: Row): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  switch (order.by) {
    case 'name': {
      const collator = new Intl.Collator(language, { numeric: true })
      return kept.sort((a, b) => sign * collator.compare(a.label, b.label) || byId(a, b))
    }
    case 'value':
      return kept.sort((a, b) => compare(a.value, b.value, sign) || byId(a, b))
    case 'age':
      return kept.sort((a, b) => compare(a.observedAt, b.observedAt, -sign) || byId(a, b))
  }
}

/** What tells whether an order made before still holds: names and values change at different times. */
export function orderStamp(rows: { readonly version: number; readonly membership: number }, order: ListOrder): number {
  return order.by === 'name' ? rows.membership : rows.version
}

function compare<T extends number | string>(a: T | null, b: T | null, sign: number): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -sign : sign
}
