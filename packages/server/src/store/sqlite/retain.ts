import type { DatabaseSync } from 'node:sqlite'
import type { RetainPolicy } from './writer-protocol.ts'

const seriesASlice = 500
const outboxRowsASlice = 5000

/** Where the next slice of series begins, per connection. */
const nextSeries = new WeakMap<DatabaseSync, number>()

/**
 * One slice of retention: rows of some series that are older than the limit in both times, never the newest live one of a series; and outbox rows older
 * than allowed, or beyond the bytes allowed, which no consumer needs.
 */
export function retainSlice(database: DatabaseSync, policy: RetainPolicy): void {
  database.exec('BEGIN IMMEDIATE')
  if (policy.historyBefore !== undefined) retainHistory(database, policy.historyBefore)
  retainOutbox(database, policy)
  database.exec('COMMIT')
}

function retainHistory(database: DatabaseSync, before: number): void {
  const start = nextSeries.get(database) ?? 0
  const series = database.prepare('SELECT id FROM series WHERE id > ? ORDER BY id LIMIT ?').all(start, seriesASlice)
  const remove = database.prepare(
    `DELETE FROM history WHERE series = ?1 AND at < ?2 AND recorded < ?2
     AND recorded <> COALESCE((SELECT MAX(recorded) FROM history WHERE series = ?1 AND current = 1), -1)`,
  )
  for (const { id } of series) remove.run(id ?? null, before)
  nextSeries.set(database, series.length < seriesASlice ? 0 : Number(series.at(-1)?.['id'] ?? 0))
}

function retainOutbox(database: DatabaseSync, { outboxBefore, outboxBytes, keepFrom }: RetainPolicy): void {
  database
    .prepare('DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE sequence < ? AND recorded < ? ORDER BY sequence LIMIT ?)')
    .run(keepFrom, outboxBefore, outboxRowsASlice)
  const { first, last } = database.prepare('SELECT MIN(sequence) AS first, MAX(sequence) AS last FROM outbox').get() ?? {}
  const mean = database.prepare('SELECT AVG(LENGTH(body)) AS mean FROM (SELECT body FROM outbox ORDER BY sequence DESC LIMIT 100)').get()?.['mean']
  const bytes = (Number(last ?? 0) - Number(first ?? 0)) * Number(mean ?? 0)
  if (bytes > outboxBytes)
    database
      .prepare('DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE sequence < ? ORDER BY sequence LIMIT ?)')
      .run(keepFrom, outboxRowsASlice)
}
