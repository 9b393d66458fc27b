import { createHash } from 'node:crypto'
import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import type { ImportTarget } from '../import-target.ts'
import type { Mapping } from '../mapping-language/mapping.ts'
import type { Table } from '../tables/table.ts'
import type { JoinedTable } from './open-joins.ts'

/** How far an import came: every row before `row` is written. */
export type ImportProgress = {
  readonly row: number
  readonly changed: number
  readonly unchanged: number
  readonly refusals: readonly Refusal[]
}

/** A row that the city's data refused, kept so that a resumed import can name it again. */
export type Refusal = { readonly row: number; readonly reason: string; readonly cells: readonly Json[] }

/** The key under which an import's progress is kept: the same file, joined files, mapping and tenant are the same import. */
export function progressKey(tenant: string, mapping: Mapping, table: Table, joins: readonly JoinedTable[]): string {
  const parts = [tenant, mapping.sha256, table.sha256, ...joins.map(({ sha256 }) => sha256)]
  return `import-${createHash('sha256').update(parts.join('\n')).digest('hex')}`
}

/** The progress of an import that was cut short, or none. */
export async function readProgress(target: ImportTarget, key: string): Promise<ImportProgress | undefined> {
  const found = await target.progress.get(key)
  if (found === undefined || !isJsonObject(found)) return undefined
  const { row, changed, unchanged, refusals } = found
  if (typeof row !== 'number' || typeof changed !== 'number' || typeof unchanged !== 'number' || !Array.isArray(refusals)) return undefined
  return { row, changed, unchanged, refusals: refusals as unknown as readonly Refusal[] }
}
