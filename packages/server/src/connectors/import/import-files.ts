import { ImportRefusal } from '../import-refusal.ts'
import type { ImportTarget } from '../import-target.ts'
import type { Mapping } from '../mapping-language/mapping.ts'
import { openTable } from '../tables/open-table.ts'
import { compileMapping } from './compile-mapping.ts'
import { openEntityWriter, openGrouping } from './group-observations.ts'
import type { Group } from './group-observations.ts'
import { progressKey, readProgress } from './import-progress.ts'
import type { Refusal } from './import-progress.ts'
import { openJoins, tableOptions } from './open-joins.ts'
import { openRejectedRows } from './rejected-rows.ts'

export type ImportOptions = {
  readonly tenant: string
  readonly files: readonly { readonly path: string; readonly mapping: Mapping }[]
  /** Where the rejected rows of a file go; `FILE.rejected.csv` unless given. */
  readonly rejectedPath?: (path: string) => string
  readonly signal?: AbortSignal
}

/** What an import tells while it runs. */
export type ImportIo = {
  onProgress?(progress: { readonly path: string; readonly bytes: number; readonly totalBytes: number; readonly row: number }): void
}

/** What became of one file. `observations` are entities at times, each one command; of them `changed`, `unchanged` and `refused` by the city's data. */
export type FileReport = {
  readonly path: string
  readonly mapping: string
  readonly rows: number
  readonly skipped: number
  /** Values that the file itself marks as not valid. */
  readonly invalid: number
  readonly observations: number
  readonly changed: number
  readonly unchanged: number
  readonly refused: number
  readonly rejected: number
  readonly rejectedFile?: string
  readonly resumedAtRow?: number
}

/**
 * Imports files, one after the other, each by its mapping. Columns' types are decided over the whole file before its first row is written. The same import
 * again changes nothing; one that was cut short goes on where it was. Throws `ImportRefusal` where a file or mapping cannot be read.
 */
export async function importFiles(target: ImportTarget, options: ImportOptions, io: ImportIo = {}): Promise<readonly FileReport[]> {
  const reports: FileReport[] = []
  for (const { path, mapping } of options.files) reports.push(await importFile(target, options, io, path, mapping))
  return reports
}

/** Groups that wait for further rows of the same entity and time: a station's month of hours fits in. */
const windowSize = 2000
const batchSize = 500
const batchesBetweenSaves = 10
const maxRefusals = 10_000

async function importFile(target: ImportTarget, options: ImportOptions, io: ImportIo, path: string, mapping: Mapping): Promise<FileReport> {
  const { tenant, signal } = options
  const joins = await openJoins(mapping, path, signal)
  const table = await openTable(path, tableOptions(mapping.table), signal)
  const mapRow = compileMapping(mapping, table, joins)
  const key = progressKey(tenant, mapping, table, joins)
  const before = await readProgress(target, key)
  const rejectedFile = options.rejectedPath?.(path) ?? `${path}.rejected.csv`
  const rejected = await openRejectedRows(rejectedFile, table.columns)
  const counts = { rows: 0, skipped: 0, invalid: 0, sent: 0, bytes: 0 }
  const sender = openSender(target, tenant, before?.refusals ?? [])
  const grouping = openGrouping()

  try {
    for await (const row of table.rows((bytes) => (counts.bytes += bytes))) {
      signal?.throwIfAborted()
      counts.rows = row.row
      const mapped = mapRow(row)
      switch (mapped.kind) {
        case 'rejected':
          await rejected.add(row.row, mapped.reason, row.cells)
          break
        case 'skipped':
          counts.skipped += 1
          break
        case 'mapped':
          counts.invalid += mapped.invalid
          if (row.row >= (before?.row ?? 0)) for (const observation of mapped.observations) grouping.add(observation, row.row, row.cells)
      }
      if (row.row % 1000 === 0) io.onProgress?.({ path, bytes: counts.bytes, totalBytes: table.bytes, row: row.row })
      while (grouping.size >= windowSize + batchSize) {
        await sender.send(grouping.take(batchSize))
        if (sender.batches % batchesBetweenSaves === 0) await save(grouping.oldestRow() ?? row.row)
      }
    }
    while (grouping.size > 0) await sender.send(grouping.take(batchSize))
    await sender.settle()
    for (const { row, reason, cells } of sender.refusals) await rejected.add(row, reason, cells)
  } finally {
    await rejected.close()
  }
  await target.progress.delete(key)
  io.onProgress?.({ path, bytes: table.bytes, totalBytes: table.bytes, row: counts.rows })
  return {
    path,
    mapping: mapping.title,
    rows: counts.rows,
    skipped: counts.skipped,
    invalid: counts.invalid,
    observations:
      sender.counts.changed + sender.counts.unchanged + sender.refusals.length + (before === undefined ? 0 : before.changed + before.unchanged),
    changed: sender.counts.changed + (before?.changed ?? 0),
    unchanged: sender.counts.unchanged + (before?.unchanged ?? 0),
    refused: sender.refusals.length,
    rejected: rejected.count,
    ...(rejected.count > 0 && { rejectedFile }),
    ...(before !== undefined && { resumedAtRow: before.row }),
  }

  async function save(row: number): Promise<void> {
    await sender.settle()
    const { changed, unchanged } = sender.counts
    await target.progress.put(key, {
      file: path,
      row,
      changed: changed + (before?.changed ?? 0),
      unchanged: unchanged + (before?.unchanged ?? 0),
      refusals: sender.refusals,
    })
  }
}

type Sender = {
  readonly batches: number
  readonly counts: { readonly changed: number; readonly unchanged: number }
  readonly refusals: readonly Refusal[]
  /** Sends a batch once the one before is acknowledged; rows are mapped meanwhile. */
  send(groups: readonly Group[]): Promise<void>
  settle(): Promise<void>
}

function openSender(target: ImportTarget, tenant: string, earlier: readonly Refusal[]): Sender {
  const toEntity = openEntityWriter()
  const counts = { changed: 0, unchanged: 0 }
  const refusals = [...earlier]
  let batches = 0
  let pending: Promise<void> = Promise.resolve()

  async function observe(groups: readonly Group[]): Promise<void> {
    const outcomes = await target.observe(tenant, groups.map(toEntity))
    if (outcomes.length !== groups.length) throw new Error(`${outcomes.length} outcomes for ${groups.length} observations`)
    for (const [index, outcome] of outcomes.entries()) {
      const group = groups[index]
      if (outcome.kind === 'refused') {
        if (group !== undefined) refusals.push({ row: group.row, reason: `${outcome.type}: ${outcome.detail}`, cells: group.cells })
        if (refusals.length > maxRefusals) throw new ImportRefusal(`More than ${maxRefusals} observations were refused, the last: ${outcome.detail}`)
      } else counts[outcome.kind] += 1
    }
  }

  return {
    get batches() {
      return batches
    },
    counts,
    refusals,
    async send(groups) {
      await pending
      batches += 1
      pending = observe(groups)
      pending.catch(() => undefined)
    },
    async settle() {
      await pending
    },
  }
}
