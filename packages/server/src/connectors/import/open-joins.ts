import { dirname, resolve as resolvePath } from 'node:path'
import type { Json } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'
import type { JoinRule, Mapping, TableRule } from '../mapping-language/mapping.ts'
import type { ColumnDecision } from '../tables/column-profile.ts'
import { openTable } from '../tables/open-table.ts'
import type { TableOptions } from '../tables/table.ts'

/** A second file, held in memory by its key. */
export type JoinedTable = {
  readonly name: string
  readonly path: string
  readonly sha256: string
  readonly rule: JoinRule
  readonly columns: readonly string[]
  readonly decisions: readonly ColumnDecision[]
  readonly rows: ReadonlyMap<string, readonly Json[]>
}

/** Opens a mapping's joined files, which lie beside the file that is imported. Throws `ImportRefusal` where one is missing or its key is not unique. */
export async function openJoins(mapping: Mapping, path: string, signal?: AbortSignal): Promise<readonly JoinedTable[]> {
  const joins: JoinedTable[] = []
  for (const rule of mapping.joins) joins.push(await openJoin(mapping, rule, resolvePath(dirname(path), rule.file), signal))
  return joins
}

/** What a mapping says of a file, as the options to open it with. */
export function tableOptions(rule: TableRule): TableOptions {
  const { format, delimiter, encoding, decimalMark, columns, rowsAt } = rule
  return { format, delimiter, encoding, decimalMark, columns, rowsAt, empty: new Set(rule.empty) }
}

async function openJoin(mapping: Mapping, rule: JoinRule, path: string, signal: AbortSignal | undefined): Promise<JoinedTable> {
  const table = await openTable(path, tableOptions(rule.table), signal)
  const keyIndex = table.columns.indexOf(rule.key)
  if (keyIndex === -1)
    throw new ImportRefusal(`${mapping.file}, joins.${rule.name}.key: ${path} has no column ${rule.key}; it has ${table.columns.join(', ')}`)
  const rows = new Map<string, readonly Json[]>()
  for await (const row of table.rows()) {
    if (row.kind === 'broken') throw new ImportRefusal(`Row ${row.row} of ${path} ${row.reason}`)
    const key = row.cells[keyIndex] ?? null
    if (key === null || key === '') continue
    const text = typeof key === 'string' ? key.trim() : JSON.stringify(key)
    if (rows.has(text)) throw new ImportRefusal(`${path} has two rows with ${rule.key} ${text}`)
    rows.set(text, row.cells)
    if (rows.size > maxRows) throw new ImportRefusal(`${path} has more than ${maxRows} rows, too many to join`)
  }
  return { name: rule.name, path, sha256: table.sha256, rule, columns: table.columns, decisions: table.decisions, rows }
}

const maxRows = 200_000
