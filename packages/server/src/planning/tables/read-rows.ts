import { Refusal } from '@cityloop/economy'
import { CsvError, parse } from 'csv-parse/sync'
import { gunzipSync } from 'node:zlib'
import { readSheet } from 'read-excel-file/node'
import { workbookBytes } from './workbook-size.ts'

/** One row below the header, with the line it stands on (the first line of the file is 1) and its cells by column. */
export interface TableRow {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/** A table as read: its columns in order, and its rows. */
export interface RawTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

/** Walls of an upload: bytes once unpacked, and rows. */
export const uploadLimits = { bytes: 64 * 1024 * 1024, rows: 500_000, columns: 5_000 } as const

/**
 * Reads a `.csv` (UTF-8, also gzipped) or the first sheet of an `.xlsx`; the first row with more than one cell names the columns, titles above
 * it are passed over, and so are comments that `writeCsv` put below the rows. Throws a `Refusal` that names the line of a row that cannot be read, or
 * the wall that was hit.
 */
export async function readRows(bytes: Uint8Array, name: string): Promise<RawTable> {
  const cells = /\.xlsx$/i.test(name) ? await sheetCells(bytes, name) : csvCells(unpacked(bytes, name), name)
  const start = Math.max(
    0,
    cells.findIndex((row) => row.filter((cell) => cell.trim() !== '').length > 1),
  )
  const [header, ...body] = cells.slice(start)
  if (header === undefined) return refused(name, 'it is empty')
  const columns = header.map((cell) => cell.trim())
  if (columns.length > uploadLimits.columns) return refused(name, `it has ${columns.length} columns; at most ${uploadLimits.columns} are read`)
  if (body.length > uploadLimits.rows) return refused(name, `it has ${body.length} rows; at most ${uploadLimits.rows} are read`)
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) !== i)
  if (twice !== undefined) return refused(name, `the column ${twice} stands twice`)
  const rows = body.map((row, i) => ({ line: i + start + 2, cells: Object.fromEntries(columns.map((column, j) => [column, (row[j] ?? '').trim()])) }))
  return { name, columns, rows: rows.filter((row) => Object.values(row.cells).some((cell) => cell !== '')) }
}

function csvCells(text: string, name: string): string[][] {
  try {
    return parse(withoutComments(text), { bom: true, relaxColumnCount: true, skipEmptyLines: true, maxRecordSize: 1024 * 1024 })
  } catch (error) {
    if (error instanceof CsvError) return refused(name, error.message)
    throw error
  }
}

/** The text before the comment lines at its end; a line that holds a quote may end a cell and is no comment. */
function withoutComments(text: string): string {
  let end = text.length
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    const line = text.slice(start, end).trim()
    if (line !== '' && (!line.startsWith('# ') || line.includes('"'))) break
    end = start - 1
  }
  return text.slice(0, Math.max(end, 0))
}

async function sheetCells(bytes: Uint8Array, name: string): Promise<string[][]> {
  const size = workbookBytes(bytes)
  if (size === undefined) return refused(name, 'it is no Excel workbook')
  if (size > uploadLimits.bytes) return refused(name, `it unpacks to ${size} bytes; at most ${uploadLimits.bytes} are read`)
  try {
    const rows = await readSheet(Buffer.from(bytes))
    return rows.map((row) => row.map((cell) => (cell === null ? '' : cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell))))
  } catch (error) {
    return refused(name, `the workbook cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function unpacked(bytes: Uint8Array, name: string): string {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (bytes.length > uploadLimits.bytes) return refused(name, `it has ${bytes.length} bytes; at most ${uploadLimits.bytes} are read`)
  try {
    const plain = packed ? gunzipSync(bytes, { maxOutputLength: uploadLimits.bytes }) : bytes
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch (error) {
    return refused(name, `it is no UTF-8 text: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refused(name: string, message: string): never {
  throw new Refusal([{ rule: 'file', account: name, message: `${name}: ${message}` }])
}
