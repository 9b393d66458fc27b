import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Change, Command, Entity } from '@cityloop/ngsi-ld'
import { Worker } from 'node:worker_threads'
import type { Outcome, OutboxRow } from '../store.ts'
import type { OwnRowWrite } from '../rows.ts'
import type { FromWriter, JobResult, RetainPolicy, SentRow, ToWriter, WriteJob, WriterData } from './writer-protocol.ts'

/** More commands than this waiting, and further ones are refused as `Unavailable`. */
const mostWaiting = 50_000

/** The writer thread as the main thread sees it. */
export type Writer = {
  commit(commands: readonly Command[], rows: readonly OwnRowWrite[], atomic: boolean): Promise<readonly Outcome[]>
  retain(policy: RetainPolicy): Promise<void>
  state(): { readonly writes: 'open' | 'disk nearly full' | 'failed'; readonly lastSequence: number }
  onCommitted(listener: (rows: readonly OutboxRow[]) => void): () => void
  close(): Promise<void>
}

type Waiting = { readonly resolve: (outcomes: readonly Outcome[]) => void; readonly reject: (error: Error) => void; readonly commands: number }

/** Starts the writer thread on a database file; resolves when it has opened it. `onFailed` is called once if it must stop acknowledging. */
export async function startWriter(data: WriterData, onFailed: (reason: string) => void): Promise<Writer> {
  const worker = new Worker(new URL('./writer-worker.ts', import.meta.url), { workerData: data })
  const waiting = new Map<number, Waiting>()
  const listeners = new Set<(rows: readonly OutboxRow[]) => void>()
  let unsent: WriteJob[] = []
  let nextId = 1
  let waitingCommands = 0
  let writes: 'open' | 'disk nearly full' | 'failed' = 'open'
  let lastSequence = 0
  let isClosed = false

  function send(message: ToWriter): void {
    worker.postMessage(message)
  }

  function request(commands: number, start: (id: number) => void): Promise<readonly Outcome[]> {
    if (isClosed) return Promise.reject(new NgsiLdError('Unavailable', 'The store is closed'))
    if (waitingCommands + commands > mostWaiting)
      return Promise.reject(new NgsiLdError('Unavailable', `${waitingCommands} writes are waiting already`))
    const id = nextId++
    waitingCommands += commands
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, commands })
      start(id)
    })
  }

  function settle(result: JobResult): void {
    const job = waiting.get(result.id)
    if (job === undefined) return
    waiting.delete(result.id)
    waitingCommands -= job.commands
    if ('error' in result)
      job.reject(result.error.type === 'InternalError' ? new Error(result.error.message) : new NgsiLdError(result.error.type, result.error.message))
    else job.resolve(result.outcomes)
  }

  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.on('message', (message: FromWriter) => {
      if ('ready' in message) {
        lastSequence = message.lastSequence
        resolve()
      } else if ('writes' in message) {
        if (message.writes === 'failed' && writes !== 'failed') onFailed(message.reason ?? 'unknown')
        writes = message.writes
      } else {
        const rows = message.rows.map(toOutboxRow)
        lastSequence = rows.at(-1)?.sequence ?? lastSequence
        for (const result of JSON.parse(message.results) as JobResult[]) settle(result)
        if (rows.length > 0) for (const listener of listeners) listener(rows)
      }
    })
  })
  worker.on('error', (error) => {
    writes = 'failed'
    for (const job of waiting.values()) job.reject(new NgsiLdError('Unavailable', 'The writer stopped', { cause: error }))
    waiting.clear()
    onFailed(error instanceof Error ? error.message : String(error))
  })

  return {
    commit(commands, rows, atomic) {
      return request(commands.length + rows.length, (id) => {
        if (unsent.length === 0) {
          setImmediate(() => {
            send({ jobs: JSON.stringify(unsent) })
            unsent = []
          })
        }
        unsent.push({ id, commands, rows, atomic })
      })
    },
    async retain(policy) {
      await request(0, (id) => send({ retain: policy, id }))
    },
    state: () => ({ writes, lastSequence }),
    onCommitted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      if (unsent.length > 0) send({ jobs: JSON.stringify(unsent) })
      unsent = []
      send({ close: true })
      await ended
    },
  }
}

/** Parses what a row tells when it is first looked at: most rows concern nobody who listens. */
function toOutboxRow({ sequence, tenant, change, after }: SentRow): OutboxRow {
  let parsedChange: Change | undefined
  let parsedAfter: Entity | undefined
  const row = {
    sequence,
    tenant,
    get change() {
      return (parsedChange ??= JSON.parse(change) as Change)
    },
  }
  if (after === undefined) return row
  return Object.defineProperty(row, 'after', { enumerable: true, get: () => (parsedAfter ??= JSON.parse(after) as Entity) })
}
