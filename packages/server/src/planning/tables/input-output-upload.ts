import { type Finding, type InputOutputTable, tableFindings } from '@cityloop/economy'
import { onlyValue, rowReader } from './cell-values.ts'
import type { RawTable } from './read-rows.ts'

/** A read table with its exports by name, and everything that does not add up. */
export interface ReadTable {
  readonly table: InputOutputTable
  readonly exports: readonly string[]
  readonly findings: readonly Finding[]
}

/** Reads the `input-output` template. `tolerance` is how far a rounded table may be off in a row or column, in its unit. */
export function readInputOutputUpload(raw: RawTable, tolerance = 0.5): ReadTable {
  const read = rowReader(raw)
  const findings: Finding[] = ['area', 'year', 'unit', 'form'].flatMap((column) => onlyValue(raw, column))
  const sectors = [...new Set(raw.rows.map((row) => row.cells['from'] ?? '').filter((from) => from !== '' && !from.startsWith('input:')))]
  const cells = new Map<string, number>()
  const form = raw.rows[0] && read.word(raw.rows[0], 'form', ['regional', 'competitiveImport', 'unspecified'])
  for (const row of raw.rows) {
    const from = read.text(row, 'from')
    const to = read.text(row, 'to')
    const key = `${from}\u0000${to}`
    if (cells.has(key)) read.report(row, 'twice', `${from} to ${to} stands twice`)
    if (!sectors.includes(to) && !/^(final:|export:|imports$|output$|jobs$)/.test(to))
      read.report(row, 'account', `${to} is no sector and no account`)
    cells.set(key, read.number(row, 'value'))
  }
  const at = (from: string, to: string): number => cells.get(`${from}\u0000${to}`) ?? 0
  const column = (to: string): number[] => sectors.map((sector) => at(sector, to))
  const accounts = (prefix: string, column: 'from' | 'to'): string[] => [
    ...new Set(raw.rows.map((row) => row.cells[column] ?? '').filter((name) => name.startsWith(prefix))),
  ]
  const finals = [...accounts('final:', 'to'), ...accounts('export:', 'to')]
  const has = (to: string): boolean => raw.rows.some((row) => row.cells['to'] === to)
  const first = raw.rows[0]
  const table: InputOutputTable = {
    area: first?.cells['area'] ?? '',
    year: first === undefined ? Number.NaN : read.year(first, 'year'),
    unit: first?.cells['unit'] ?? '',
    source: raw.name,
    form: form ?? 'unspecified',
    sectors,
    intermediate: sectors.map((from) => sectors.map((to) => at(from, to))),
    finalDemand: finals.map((name) => ({ name: plain(name), values: column(name) })),
    imports: has('imports') ? column('imports') : undefined,
    primaryInputs: accounts('input:', 'from').map((name) => ({ name: plain(name), values: sectors.map((to) => at(name, to)) })),
    output: column('output'),
    jobs: has('jobs') ? column('jobs') : undefined,
  }
  const missing = sectors
    .filter((sector) => !cells.has(`${sector}\u0000output`))
    .map((row): Finding => ({ rule: 'missing', row, message: `${row} has no output` }))
  const structure = [...findings, ...read.findings, ...missing]
  return {
    table,
    exports: accounts('export:', 'to').map(plain),
    findings: structure.length > 0 ? structure : tableFindings(table, { absolute: tolerance }),
  }
}

function plain(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
