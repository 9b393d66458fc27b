import type { Json } from '@cityloop/ngsi-ld'
import type { ColumnDecision } from './column-profile.ts'

/** The forms of file that become tables. */
export type TableFormat = 'csv' | 'json' | 'geojson'

/** One row of a table: its cells by column, CSV's all texts; or a row that could not be read, with the reason. Rows count from 1, the header not counted. */
export type TableRow =
  | { readonly kind: 'row'; readonly row: number; readonly cells: readonly Json[] }
  | { readonly kind: 'broken'; readonly row: number; readonly cells: readonly Json[]; readonly reason: string }

/** A file as a table, after one pass that decided what each column holds; `rows` reads the file again from its start. */
export type Table = {
  readonly path: string
  readonly format: TableFormat
  readonly sha256: string
  readonly bytes: number
  readonly columns: readonly string[]
  readonly decisions: readonly ColumnDecision[]
  readonly rowCount: number
  rows(onBytes?: (bytes: number) => void): AsyncIterable<TableRow>
}

/** How to read a file where it should not be found out. */
export type TableOptions = {
  readonly format: TableFormat
  readonly delimiter?: string
  readonly encoding?: 'utf-8' | 'latin1'
  readonly decimalMark?: 'point' | 'comma'
  /** The columns, where a CSV file has no header. */
  readonly columns?: readonly string[]
  /** In JSON, the members that lead to the list of rows. */
  readonly rowsAt?: readonly string[]
  /** Texts that count as no value. */
  readonly empty: ReadonlySet<string>
}
