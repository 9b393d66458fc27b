import type { Json } from '@cityloop/ngsi-ld'
import { numberFormOf } from './number-text.ts'
import type { DecimalMark, NumberForm } from './number-text.ts'

/** What a column holds, decided over the whole file: one value that does not fit makes the column text. */
export type ColumnType = 'empty' | 'number' | 'boolean' | 'text' | 'mixed'

/** What the whole file says of one column. `rowOf` names the first row (from 1) that had a number of that form. */
export type ColumnDecision = {
  readonly type: ColumnType
  /** `undefined` where the column's numbers don't say which mark they use. */
  readonly decimalMark: DecimalMark | undefined
  /** Two rows whose numbers have different marks. */
  readonly conflict?: { readonly pointRow: number; readonly commaRow: number }
}

/** Gathers what a column's values say; constant memory. */
export type ColumnProfile = { add(value: Json, row: number): void; decide(): ColumnDecision }

/** Starts a profile; texts in `empty` count as no value. */
export function openColumnProfile(empty: ReadonlySet<string>): ColumnProfile {
  const firstRow = new Map<NumberForm, number>()
  const counts = { values: 0, numbers: 0, leadingZeros: 0, booleans: 0, objects: 0 }

  return {
    add(value, row) {
      if (value === null || (typeof value === 'string' && empty.has(value.trim()))) return
      counts.values += 1
      if (typeof value === 'number') counts.numbers += 1
      else if (typeof value === 'boolean') counts.booleans += 1
      else if (typeof value === 'string') addText(value, row)
      else counts.objects += 1
    },
    decide() {
      const { values, numbers, booleans, objects, leadingZeros } = counts
      const pointRow = firstRow.get('point')
      const commaRow = firstRow.get('comma')
      if (values === 0) return { type: 'empty', decimalMark: 'point' }
      if (objects > 0) return { type: 'mixed', decimalMark: 'point' }
      if (booleans === values) return { type: 'boolean', decimalMark: 'point' }
      const conflict = pointRow !== undefined && commaRow !== undefined ? { conflict: { pointRow, commaRow } } : {}
      const isText = numbers < values || leadingZeros > 0
      return { type: isText ? 'text' : 'number', decimalMark: markOf(firstRow), ...conflict }
    },
  }

  function addText(text: string, row: number): void {
    const lower = text.trim().toLowerCase()
    if (lower === 'true' || lower === 'false') counts.booleans += 1
    const form = numberFormOf(text)
    if (!firstRow.has(form)) firstRow.set(form, row)
    if (form !== 'none') counts.numbers += 1
    if (/^[+-]?0\d/.test(lower)) counts.leadingZeros += 1
  }
}

function markOf(firstRow: ReadonlyMap<NumberForm, number>): DecimalMark | undefined {
  if (firstRow.has('comma')) return firstRow.has('point') ? undefined : 'comma'
  if (firstRow.has('point')) return 'point'
  if (firstRow.has('perhaps-comma')) return undefined
  return 'point'
}
