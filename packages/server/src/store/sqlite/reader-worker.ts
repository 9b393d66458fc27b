/** A reader: one thread, one read-only connection, one read at a time. */
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { parentPort, workerData } from 'node:worker_threads'
import { openReads } from './reader.ts'
import type { ReadJob, ReadResult } from './reader-pool.ts'
import { openForReading } from './schema.ts'

const { file } = workerData as { file: string }
const database = openForReading(file)
const reads = openReads(database)

parentPort?.on('message', (job: ReadJob) => {
  parentPort?.postMessage(answer(job))
})

function answer({ id, name, args }: ReadJob): ReadResult {
  try {
    const read = reads[name] as (...args: readonly unknown[]) => unknown
    database.exec('BEGIN')
    return { id, value: read(...args) }
  } catch (error) {
    if (error instanceof NgsiLdError) return { id, error: { type: error.type, message: error.message } }
    return { id, error: { type: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) } }
  } finally {
    // An error of the disk has ended the transaction already; a second one would end this thread.
    if (database.isTransaction) database.exec('COMMIT')
  }
}
