import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Json } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'
import { readText } from './byte-source.ts'
import type { Encoding, FileSurvey } from './byte-source.ts'
import { openColumnProfile } from './column-profile.ts'
import type { ColumnDecision, ColumnProfile } from './column-profile.ts'
import type { Table, TableOptions, TableRow } from './table.ts'

/** Opens a CSV file: one pass finds the delimiter, checks every row and decides each column. Memory does not grow with the file. */
export async function openCsvTable(path: string, survey: FileSurvey, options: TableOptions, signal?: AbortSignal): Promise<Table> {
  const encoding = options.encoding ?? survey.encoding
  const delimiter = options.delimiter ?? (await findDelimiter(path, survey, encoding))
  const profiles: ColumnProfile[] = []
  let columns = options.columns
  let rowCount = 0
  for await (const record of records(path, survey, encoding, delimiter)) {
    signal?.throwIfAborted()
    if (columns === undefined) {
      columns = headerOf(path, record)
      continue
    }
    rowCount += 1
    if (record.reason !== undefined || record.cells.length !== columns.length) continue
    for (const [index, cell] of record.cells.entries()) (profiles[index] ??= openColumnProfile(options.empty)).add(cell, rowCount)
  }
  if (columns === undefined) throw new ImportRefusal(`${path} is empty: it has no header`)
  const named = columns
  return {
    path,
    format: 'csv',
    sha256: survey.sha256,
    bytes: survey.bytes,
    columns: named,
    decisions: named.map((name, index) => settle(path, name, profiles[index]?.decide(), options, delimiter)),
    rowCount,
    rows: (onBytes) => rowsOf(records(path, survey, encoding, delimiter, onBytes), named, options.columns === undefined),
  }
}

type CsvRecord = { readonly cells: readonly string[]; readonly reason?: string }

async function* rowsOf(found: AsyncIterable<CsvRecord>, columns: readonly string[], hasHeader: boolean): AsyncGenerator<TableRow> {
  let row = hasHeader ? -1 : 0
  for await (const { cells, reason } of found) {
    row += 1
    if (row === 0) continue
    const problem = reason ?? (cells.length === columns.length ? undefined : `has ${cells.length} cells, not ${columns.length}`)
    yield problem === undefined ? { kind: 'row', row, cells } : { kind: 'broken', row, cells, reason: problem }
  }
}

async function* records(
  path: string,
  survey: FileSurvey,
  encoding: Encoding,
  delimiter: string,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<CsvRecord> {
  const broken: CsvRecord[] = []
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    relax_quotes: true,
    max_record_size: maxRecordLength,
    skip_records_with_error: true,
    on_skip: (error) => {
      broken.push({ cells: [], reason: error === undefined ? 'cannot be read' : `cannot be read: ${error.message}` })
      return undefined
    },
  })
  const source = Readable.from(readText(path, survey, encoding, onBytes))
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      while (broken.length > 0) yield broken.shift() as CsvRecord
      yield { cells }
    }
    yield* broken
  } catch (error) {
    if (error instanceof ImportRefusal) throw error
    throw new ImportRefusal(`${path} cannot be read as CSV: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    source.destroy()
  }
}

const maxRecordLength = 1 << 20

/** The delimiter that cuts the first lines into equally many cells, and most of them. */
async function findDelimiter(path: string, survey: FileSurvey, encoding: Encoding): Promise<string> {
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of [',', ';', '\t', '|']) {
    const widths: number[] = []
    for await (const { cells, reason } of records(path, survey, encoding, delimiter)) {
      if (reason === undefined) widths.push(cells.length)
      if (widths.length === 50) break
    }
    const width = widths[0] ?? 1
    const alike = widths.filter((other) => other === width).length / Math.max(widths.length, 1)
    const score = width > 1 ? alike + width / 10_000 : 0
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function headerOf(path: string, { cells, reason }: CsvRecord): readonly string[] {
  if (reason !== undefined) throw new ImportRefusal(`The header of ${path} ${reason}`)
  const names = cells.map((cell) => cell.trim())
  const seen = new Set<string>()
  return names.map((name, index) => {
    const unique = name === '' ? `column ${index + 1}` : name
    if (seen.has(unique)) throw new ImportRefusal(`${path} has two columns named ${unique}`)
    seen.add(unique)
    return unique
  })
}

/** Settles the decimal mark: what the options say, then what the column says, then what goes with the delimiter. */
function settle(path: string, name: string, decision: ColumnDecision | undefined, options: TableOptions, delimiter: string): ColumnDecision {
  if (decision === undefined) return { type: 'empty', decimalMark: 'point' }
  if (options.decimalMark !== undefined) return { type: decision.type, decimalMark: options.decimalMark }
  if (decision.decimalMark !== undefined || decision.type !== 'number') return decision
  if (decision.conflict !== undefined) {
    const { pointRow, commaRow } = decision.conflict
    throw new ImportRefusal(
      `Column ${name} of ${path} has a decimal point on row ${pointRow} and a decimal comma on row ${commaRow}; state decimal in the mapping`,
    )
  }
  if (delimiter !== ',') return { type: decision.type, decimalMark: 'comma' }
  throw new ImportRefusal(`Column ${name} of ${path} has numbers such as 1,234 that can mean 1.234 or 1234; state decimal in the mapping`)
}

/** A cell of CSV as it is written in a file: quoted where it must be. */
export function csvCell(value: Json): string {
  const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
