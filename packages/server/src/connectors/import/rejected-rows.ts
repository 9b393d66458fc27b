import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Json } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'
import { csvCell } from '../tables/csv-table.ts'

/** The file of rejected rows: their number, the reason, and the cells as they were. It is there only if a row was rejected. */
export type RejectedRows = {
  readonly count: number
  add(row: number, reason: string, cells: readonly Json[]): Promise<void>
  /** Writes what is left. */
  close(): Promise<void>
}

/** Starts the file anew: one of an earlier import is removed. Throws `ImportRefusal` where it cannot be written. */
export async function openRejectedRows(path: string, columns: readonly string[]): Promise<RejectedRows> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw unwritable(path, error)
  })
  let file: FileHandle | undefined
  let lines: string[] = []
  let count = 0

  async function write(): Promise<void> {
    if (lines.length === 0) return
    file ??= await open(path, 'w').catch((error: unknown) => {
      throw unwritable(path, error)
    })
    await file.appendFile(lines.join(''))
    lines = []
  }

  return {
    get count() {
      return count
    },
    async add(row, reason, cells) {
      if (count === 0) lines.push(lineOf(['row', 'reason', ...columns]))
      count += 1
      lines.push(lineOf([row, reason, ...cells]))
      if (lines.length >= 1000) await write()
    },
    async close() {
      await write()
      await file?.close()
      file = undefined
    },
  }
}

function unwritable(path: string, error: unknown): ImportRefusal {
  return new ImportRefusal(`Rejected rows cannot be written to ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}

function lineOf(cells: readonly Json[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}
