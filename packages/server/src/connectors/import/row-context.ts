import { createHash } from 'node:crypto'
import { formatInstant } from '@cityloop/ngsi-ld'
import type { Instant, Json } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'
import type { Reference } from '../mapping-language/mapping.ts'
import type { ColumnDecision } from '../tables/column-profile.ts'
import type { JoinedTable } from './open-joins.ts'
import type { WideColumns } from './wide-columns.ts'

/** One row while it is mapped; one object is used for all rows. */
export type RowContext = {
  row: number
  cells: readonly Json[]
  /** By join, the cells of the joined row. */
  joined: (readonly Json[] | undefined)[]
  /** Which of the wide columns is being read. */
  wideIndex: number
  time: Instant | undefined
}

/** A value that a reference names: how to get it, and what the whole file says of its column. */
export type ColumnSource = { readonly name: string; get(context: RowContext): Json; decision(context: RowContext): ColumnDecision }

/** The columns that references can name. */
export type ColumnScope = {
  readonly mappingFile: string
  readonly path: string
  readonly columns: readonly string[]
  readonly decisions: readonly ColumnDecision[]
  readonly joins: readonly JoinedTable[]
  readonly wide: WideColumns | undefined
}

/** Finds what a reference names. Throws `ImportRefusal` where there is no such column. */
export function resolve(scope: ColumnScope, reference: Reference): ColumnSource {
  const found =
    column(scope, reference.text) ?? wideColumn(scope, reference.text) ?? madeColumn(reference.text) ?? joinedColumn(scope, reference.text)
  if (found !== undefined) return found
  const known = scope.columns.length > 30 ? `${scope.columns.slice(0, 30).join(', ')}, …` : scope.columns.join(', ')
  throw new ImportRefusal(`${scope.mappingFile}, line ${reference.line}: ${scope.path} has no column ${reference.text}; it has ${known}`)
}

const textual: ColumnDecision = { type: 'text', decimalMark: 'point' }
const numeric: ColumnDecision = { type: 'number', decimalMark: 'point' }

function column({ columns, decisions }: ColumnScope, name: string): ColumnSource | undefined {
  const index = columns.indexOf(name)
  if (index === -1) return undefined
  const decision = decisions[index] ?? textual
  return { name, get: ({ cells }) => cells[index] ?? null, decision: () => decision }
}

function wideColumn({ wide, decisions }: ColumnScope, name: string): ColumnSource | undefined {
  if (wide === undefined) return undefined
  const { columns, type } = wide
  switch (name) {
    case 'wide.value': {
      const settled = columns.map(({ index }): ColumnDecision => ({ ...(decisions[index] ?? textual), type }))
      return {
        name,
        get: ({ cells, wideIndex }) => cells[columns[wideIndex]?.index ?? -1] ?? null,
        decision: ({ wideIndex }) => settled[wideIndex] ?? textual,
      }
    }
    case 'wide.name':
      return { name, get: ({ wideIndex }) => columns[wideIndex]?.name ?? null, decision: () => textual }
    case 'wide.number':
      return { name, get: ({ wideIndex }) => columns[wideIndex]?.number ?? null, decision: () => textual }
    default:
      return undefined
  }
}

function madeColumn(name: string): ColumnSource | undefined {
  switch (name) {
    case 'row.number':
      return { name, get: ({ row }) => row, decision: () => numeric }
    case 'row.hash':
      return { name, get: ({ cells }) => hashOf(cells), decision: () => textual }
    case 'time':
      return { name, get: ({ time }) => (time === undefined ? null : formatInstant(time)), decision: () => textual }
    default:
      return undefined
  }
}

/** Sixteen hexadecimal digits that are the same for rows of equal cells. */
function hashOf(cells: readonly Json[]): string {
  return createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, 16)
}

function joinedColumn({ joins }: ColumnScope, name: string): ColumnSource | undefined {
  for (const [place, join] of joins.entries()) {
    if (!name.startsWith(`${join.name}.`)) continue
    const index = join.columns.indexOf(name.slice(join.name.length + 1))
    if (index === -1) continue
    const decision = join.decisions[index] ?? textual
    return { name, get: ({ joined }) => joined[place]?.[index] ?? null, decision: () => decision }
  }
  return undefined
}
