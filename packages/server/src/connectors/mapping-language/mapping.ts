import type { Json } from '@cityloop/ngsi-ld'
import type { TableFormat } from '../tables/table.ts'

/** A mapping file, read and checked: how the rows of a table become entities. docs/import.md describes the language. */
export type Mapping = {
  /** What errors call the mapping. */
  readonly file: string
  /** Of the mapping's text. */
  readonly sha256: string
  readonly title: string
  readonly source: Source
  readonly table: TableRule
  readonly joins: readonly JoinRule[]
  readonly where: readonly Condition[]
  readonly wide?: WideRule
  readonly zone?: string
  readonly ambiguous: 'earlier' | 'later' | 'reject'
  readonly missing: 'reject' | 'shift'
  readonly entities: readonly EntityRule[]
}

/** Whose data it is: kept on every entity as `dataProvider`, `license` and `source`. */
export type Source = { readonly attribution: string; readonly license: string; readonly url?: string }

/** How a file is read where it should not be found out. */
export type TableRule = {
  readonly format: TableFormat
  readonly delimiter?: string
  readonly encoding?: 'utf-8' | 'latin1'
  readonly decimalMark?: 'point' | 'comma'
  readonly columns?: readonly string[]
  readonly rowsAt?: readonly string[]
  readonly empty: readonly string[]
}

/** A second file whose row with `key` equal to `on` adds its columns, as `name.column`. */
export type JoinRule = {
  readonly name: string
  readonly file: string
  readonly table: TableRule
  readonly key: string
  readonly on: Template
  readonly required: boolean
}

/** A column of the table, or of a joined one (`name.column`), or one of the made ones (`wide.value`, `row.number`, `row.hash`, `time`). */
export type Reference = { readonly text: string; readonly line: number }

/** Text with references in braces. */
export type Template = { readonly text: string; readonly line: number; readonly parts: readonly (string | Reference)[] }

/** Holds where the value is one of the texts; with `not`, where it is none of them. */
export type Condition = { readonly column: Reference; readonly is?: readonly string[]; readonly not?: readonly string[] }

/** Columns of which each holds an observation of its own. */
export type WideRule = {
  readonly line: number
  /** Names with `#` for a digit, which `wide.number` then has; or all columns but these. */
  readonly columns: { readonly like: string } | { readonly names: readonly string[] } | { readonly allBut: readonly string[] }
  /** The column beside each that must have one of these texts for the value to be one; `#` as in `columns`. */
  readonly validity?: { readonly like: string; readonly is: readonly string[] }
}

/** The closed set of operations; operands are references, numbers or operations. */
export const operations = ['add', 'subtract', 'multiply', 'divide', 'min', 'max', 'round'] as const
export type Operation = (typeof operations)[number]
export type Operand = number | Reference | Computation
export type Computation = { readonly operation: Operation; readonly operands: readonly Operand[] }

/** Where a value comes from. */
export type ValueSource =
  | { readonly kind: 'column'; readonly column: Reference }
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'computed'; readonly computation: Computation }
  | { readonly kind: 'languages'; readonly languages: readonly (readonly [string, Reference])[] }

/** How a cell is read: `decided` takes what the whole file says of the column. */
export type ValueType = 'decided' | 'number' | 'integer' | 'text' | 'boolean' | 'date-time'

/** How a date-time is read: ISO 8601 unless a format such as `dd/MM/yyyy HH:mm` says otherwise. */
export type TimeRule = { readonly from: Template; readonly format?: string }

export type AttributeRule = {
  readonly name: string
  readonly line: number
  readonly kind: 'Property' | 'Relationship' | 'GeoProperty' | 'LanguageProperty' | 'VocabProperty' | 'JsonProperty'
  readonly source: ValueSource
  readonly as: ValueType
  readonly format?: string
  readonly unitCode?: string
  readonly datasetId?: string
  /** Values instead of texts; a text that is not there has none and is rejected. */
  readonly map?: ReadonlyMap<string, Json>
  readonly when: readonly Condition[]
  /** Whether the value was observed at the row's time; one that was not is the entity's as such. */
  readonly isObserved: boolean
}

export type LocationRule =
  | { readonly kind: 'point'; readonly lon: Operand; readonly lat: Operand }
  | { readonly kind: 'line'; readonly points: readonly (readonly [Operand, Operand])[] }
  | { readonly kind: 'geometry'; readonly column: Reference }

export type EntityRule = {
  readonly types: readonly string[]
  readonly id: Template
  readonly when: readonly Condition[]
  readonly time?: TimeRule
  readonly location?: LocationRule
  readonly attributes: readonly AttributeRule[]
}
