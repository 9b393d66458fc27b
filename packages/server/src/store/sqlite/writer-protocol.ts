import type { Command, ErrorType, Instant } from '@cityloop/ngsi-ld'
import type { Outcome, OutboxRow } from '../store.ts'
import type { OwnRowWrite } from '../rows.ts'

/** One request to the writer. With `atomic`, a refused command undoes the whole job. */
export type WriteJob = { readonly id: number; readonly commands: readonly Command[]; readonly rows: readonly OwnRowWrite[]; readonly atomic: boolean }

export type RetainPolicy = {
  readonly historyBefore?: Instant
  readonly outboxBefore: Instant
  readonly outboxBytes: number
  readonly keepFrom: number
}

/** To the writer; `jobs` is JSON of `WriteJob[]`, since one string crosses threads faster than many objects. */
export type ToWriter = { readonly jobs: string } | { readonly retain: RetainPolicy; readonly id: number } | { readonly close: true }

export type JobResult =
  | { readonly id: number; readonly outcomes: readonly Outcome[] }
  | { readonly id: number; readonly error: { readonly type: ErrorType; readonly message: string } }

/** From the writer, after a commit: JSON of `JobResult[]` and of `OutboxRow[]`. */
export type FromWriter =
  | { readonly results: string; readonly rows: string }
  | { readonly writes: 'open' | 'disk nearly full' | 'failed'; readonly reason?: string }
  | { readonly ready: true; readonly lastSequence: number }

export type Committed = { readonly results: readonly JobResult[]; readonly rows: readonly OutboxRow[] }

/** `clock` is for tests: one integer of microseconds that they set; absent, the wall clock counts. */
export type WriterData = { readonly file: string; readonly synchronous: 'FULL' | 'OFF'; readonly clock?: BigInt64Array }
