/**
 * The writer: one thread, one connection. Whatever queued while the last commit ran makes the next one, and answers go out after its sync. After a failed
 * sync, or any other input or output error, nothing more is acknowledged.
 */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Outcome } from '../store.ts'
import { expireEntities } from './expire.ts'
import { retainSlice } from './retain.ts'
import { openForWriting } from './schema.ts'
import { openTransaction } from './transaction.ts'
import type { FromWriter, JobResult, SentRow, ToWriter, WriteJob, WriterData } from './writer-protocol.ts'

const commandsACommit = 2000
/** Pages that change again before a checkpoint are copied once: it is made when the log has 64 MiB to copy, or every five seconds. */
const checkpointPages = 16_384
const checkpointEveryMs = 5000
const logCheckEveryMs = 500
const diskCheckEveryMs = 500

const { file, synchronous, clock } = workerData as WriterData
const port = parentPort
if (port === null) throw new Error('The writer runs as a worker thread')

const database = openForWriting(file, synchronous)
database.exec('PRAGMA journal_size_limit = 67108864')
const wallNow = (): number => (clock === undefined ? Date.now() * 1000 : Number(Atomics.load(clock, 0)))
const transaction = openTransaction(database, wallNow)
const logState = database.prepare('PRAGMA wal_checkpoint(NOOP)')

const queue: WriteJob[] = []
let isScheduled = false
let writes: 'open' | 'disk nearly full' | 'failed' = 'open'
let lastDiskCheckMs = 0
let commitsSinceCheckpoint = 0
let lastCheckpointMs = performance.now()

send({
  ready: true,
  lastSequence: Number(database.prepare('SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = ?), 0) AS last').get('outbox')?.['last'] ?? 0),
})

port.on('message', (message: ToWriter) => {
  if ('jobs' in message) {
    queue.push(...(JSON.parse(message.jobs) as WriteJob[]))
    schedule()
  } else if ('retain' in message) {
    reply(message.id, () => retainSlice(database, message.retain))
  } else {
    while (queue.length > 0) commitQueued()
    clearInterval(checkpointTimer)
    clearInterval(expiryTimer)
    if (writes !== 'failed') database.close()
    port.close()
  }
})

const checkpointTimer = setInterval(checkpoint, logCheckEveryMs)
const expiryTimer = setInterval(() => {
  const commands = writes === 'open' ? expireEntities(database, wallNow()) : []
  if (commands.length === 0) return
  queue.push({ id: 0, commands, rows: [], atomic: false })
  schedule()
}, 500)

function schedule(): void {
  if (isScheduled) return
  isScheduled = true
  setImmediate(() => {
    isScheduled = false
    commitQueued()
    if (queue.length > 0) schedule()
  })
}

function commitQueued(): void {
  checkDisk()
  const jobs = takeJobs()
  if (jobs.length === 0) return
  if (writes !== 'open') return refuse(jobs)
  const results: JobResult[] = []
  const rows: SentRow[] = []
  try {
    database.exec('BEGIN IMMEDIATE')
    for (const job of jobs) results.push({ id: job.id, outcomes: applyJob(job, rows) })
    transaction.finish()
    database.exec('COMMIT')
  } catch (error) {
    return giveUp(jobs, error)
  }
  commitsSinceCheckpoint += 1
  send({ results: JSON.stringify(results), rows })
}

function applyJob(job: WriteJob, rows: SentRow[]): readonly Outcome[] {
  const made: SentRow[] = []
  const outcomes: Outcome[] = []
  if (job.atomic) {
    transaction.finish()
    database.exec('SAVEPOINT job')
  }
  for (const command of job.commands) {
    const { outcome, row } = transaction.apply(command)
    outcomes.push(outcome)
    if (row !== undefined) made.push(row)
  }
  if (job.atomic && outcomes.some((outcome) => outcome.kind === 'refused')) {
    database.exec('ROLLBACK TO job; RELEASE job')
    transaction.forget()
    return outcomes.map((outcome) =>
      outcome.kind === 'refused' ? outcome : { kind: 'refused', type: 'Conflict', detail: 'Another part of the same write was refused' },
    )
  }
  for (const write of job.rows) transaction.writeOwn(write)
  if (job.atomic) database.exec('RELEASE job')
  rows.push(...made)
  return outcomes
}

function takeJobs(): WriteJob[] {
  let commands = 0
  let count = 0
  while (count < queue.length && commands < commandsACommit) commands += 1 + (queue[count++]?.commands.length ?? 0)
  return queue.splice(0, count)
}

/** Undoes the open transaction; a full disk passes, any other failure of the disk ends all writing. */
function giveUp(jobs: readonly WriteJob[], error: unknown): void {
  if (database.isTransaction) {
    try {
      database.exec('ROLLBACK')
    } catch {
      writes = 'failed'
    }
  }
  transaction.forget()
  const code = errorCode(error)
  const reason = error instanceof Error ? error.message : String(error)
  if (code === 13) writes = 'disk nearly full'
  else if (code === 10 || code === 11 || code === 26) writes = 'failed'
  if (writes !== 'open') {
    send({ writes, reason })
    return refuse(jobs)
  }
  const failure = { type: 'InternalError' as const, message: reason }
  if (jobs.length === 1) send({ results: JSON.stringify(jobs.map(({ id }) => ({ id, error: failure }))), rows: [] })
  else for (const job of jobs) commitAlone(job)
}

/** After one of several jobs failed by a bug, each is tried by itself, so that only that one fails. */
function commitAlone(job: WriteJob): void {
  const rest = queue.splice(0, queue.length)
  queue.push(job)
  commitQueued()
  queue.push(...rest)
}

function refuse(jobs: readonly WriteJob[]): void {
  const error =
    writes === 'failed'
      ? { type: 'Unavailable' as const, message: 'The disk failed to keep a write, so nothing more is accepted until the server is started again' }
      : { type: 'InsufficientStorage' as const, message: 'The disk is nearly full, so writes are refused until there is room' }
  send({ results: JSON.stringify(jobs.map(({ id }) => ({ id, error }))), rows: [] })
}

/** The watermark: 256 MiB free or a twentieth of the disk, whichever is less. */
function checkDisk(): void {
  const nowMs = performance.now()
  if (writes === 'failed' || nowMs - lastDiskCheckMs < diskCheckEveryMs) return
  lastDiskCheckMs = nowMs
  const { bavail, blocks, bsize } = statfsSync(dirname(file))
  const isLow = bavail * bsize < Math.min(256 * 1024 * 1024, (blocks * bsize) / 20)
  const found = isLow ? 'disk nearly full' : 'open'
  if (found === writes) return
  writes = found
  send({ writes })
}

function checkpoint(): void {
  checkDisk()
  if (commitsSinceCheckpoint === 0 || writes === 'failed') return
  try {
    const { log, checkpointed } = logState.get() ?? {}
    const isDue = performance.now() - lastCheckpointMs > checkpointEveryMs || Number(log) - Number(checkpointed) > checkpointPages
    if (!isDue) return
    commitsSinceCheckpoint = 0
    lastCheckpointMs = performance.now()
    database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
  } catch (error) {
    if (errorCode(error) === 13) return
    writes = 'failed'
    send({ writes, reason: error instanceof Error ? error.message : String(error) })
  }
}

function reply(id: number, act: () => void): void {
  try {
    if (writes === 'failed') return refuse([{ id, commands: [], rows: [], atomic: false }])
    act()
    send({ results: JSON.stringify([{ id, outcomes: [] }]), rows: [] })
  } catch (error) {
    giveUp([{ id, commands: [], rows: [], atomic: false }], error)
  }
}

/** The primary code of an SQLite error: 10 input or output, 11 damaged, 13 full, 26 no database. */
function errorCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

function send(message: FromWriter): void {
  port?.postMessage(message)
}
