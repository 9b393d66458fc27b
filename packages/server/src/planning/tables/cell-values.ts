import type { Finding } from '@cityloop/economy'
import type { RawTable, TableRow } from './read-rows.ts'

/** Collects what is wrong with the rows of an upload, each finding with the line it stands on. */
export interface RowReader {
  readonly findings: Finding[]
  /** A number at least `min`; a cell that holds none is reported and read as NaN. */
  number(row: TableRow, column: string, min?: number): number
  /** A whole year from 1800 to 2300. */
  year(row: TableRow, column: string): number
  /** A text that is not empty. */
  text(row: TableRow, column: string): string
  /** One of the words. */
  word<T extends string>(row: TableRow, column: string, words: readonly T[]): T | undefined
  report(row: TableRow, rule: string, message: string, difference?: number): void
}

/** A reader of the rows of one table. */
export function rowReader(table: Pick<RawTable, 'name'>): RowReader {
  const findings: Finding[] = []
  const report: RowReader['report'] = (row, rule, message, difference) => {
    findings.push({ rule, account: table.name, row: `line ${row.line}`, difference, message: `line ${row.line}: ${message}` })
  }
  const cell = (row: TableRow, column: string): string => row.cells[column] ?? ''
  const number: RowReader['number'] = (row, column, min = Number.NEGATIVE_INFINITY) => {
    const text = cell(row, column)
    const value = text === '' ? Number.NaN : Number(text)
    if (!Number.isFinite(value)) report(row, 'number', `${column} is ${text === '' ? 'empty' : text}, no number`)
    else if (value < min) report(row, 'range', `${column} is ${value}, below ${min}`)
    else return value
    return Number.NaN
  }
  return {
    findings,
    report,
    number,
    year(row, column) {
      const year = number(row, column)
      if (Number.isFinite(year) && !(Number.isInteger(year) && year >= 1800 && year <= 2300)) report(row, 'year', `${column} is ${year}, no year`)
      return year
    },
    text(row, column) {
      const text = cell(row, column)
      if (text === '') report(row, 'text', `${column} is empty`)
      return text
    },
    word(row, column, words) {
      const text = cell(row, column)
      const found = words.find((word) => word === text)
      if (found === undefined) report(row, 'word', `${column} is ${text === '' ? 'empty' : text}; it must be one of ${words.join(', ')}`)
      return found
    },
  }
}

/** The only value of a column, or the finding that there are several: tables of mixed years or areas are refused. */
export function onlyValue(table: RawTable, column: string): Finding[] {
  const values = [...new Set(table.rows.map((row) => row.cells[column] ?? ''))]
  if (values.length <= 1) return []
  return [
    { rule: 'mixed vintages', account: table.name, column, message: `${column} holds ${values.slice(0, 4).join(', ')}; a table has one ${column}` },
  ]
}
