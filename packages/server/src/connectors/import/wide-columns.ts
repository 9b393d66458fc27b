import { ImportRefusal } from '../import-refusal.ts'
import type { Mapping } from '../mapping-language/mapping.ts'
import type { ColumnType } from '../tables/column-profile.ts'
import type { Table } from '../tables/table.ts'

/** The columns that each hold an observation; `validity` is where the cell lies that says whether it is one. */
export type WideColumns = {
  readonly columns: readonly { readonly name: string; readonly index: number; readonly number: string | null; readonly validity?: number }[]
  readonly valid: ReadonlySet<string>
  /** What all of them hold together. */
  readonly type: ColumnType
}

/** Finds a mapping's wide columns in a table. Throws `ImportRefusal` where one is missing. */
export function findWideColumns(mapping: Mapping, table: Table): WideColumns | undefined {
  const { wide } = mapping
  if (wide === undefined) return undefined
  const missing = (what: string): ImportRefusal => new ImportRefusal(`${mapping.file}, line ${wide.line}: ${table.path} has no column ${what}`)
  const named = namesOf(wide.columns, table.columns)
  const columns = named.map(({ name, number }) => {
    const index = table.columns.indexOf(name)
    if (index === -1) throw missing(name)
    if (wide.validity === undefined || number === null) return { name, index, number }
    const beside = wide.validity.like.replace(/#+/, number)
    const validity = table.columns.indexOf(beside)
    if (validity === -1) throw missing(beside)
    return { name, index, number, validity }
  })
  if (columns.length === 0) throw missing('like' in wide.columns ? wide.columns.like : 'that is wide')
  const types = new Set(columns.map(({ index }) => table.decisions[index]?.type ?? 'text').filter((type) => type !== 'empty'))
  const [only] = types
  return { columns, valid: new Set(wide.validity?.is), type: types.size > 1 ? 'text' : (only ?? 'empty') }
}

type WideNames = NonNullable<Mapping['wide']>['columns']

function namesOf(rule: WideNames, columns: readonly string[]): readonly { readonly name: string; readonly number: string | null }[] {
  if ('names' in rule) return rule.names.map((name) => ({ name, number: null }))
  if ('allBut' in rule) return columns.filter((name) => !rule.allBut.includes(name)).map((name) => ({ name, number: null }))
  const marks = /#+/.exec(rule.like)
  const before = rule.like.slice(0, marks?.index)
  const after = rule.like.slice(before.length + (marks?.[0].length ?? 0))
  return columns.flatMap((name) => {
    const number = name.slice(before.length, name.length - after.length)
    const fits = name.startsWith(before) && name.endsWith(after) && number.length === marks?.[0].length && /^\d+$/.test(number)
    return fits ? [{ name, number }] : []
  })
}
