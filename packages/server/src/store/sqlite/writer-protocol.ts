import type { Command, ErrorType, Instant } from '@cityloop/ngsi-ld'
import type { Outcome } from '../store.ts'
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

/** An outbox row on its way out of the writer: `change` and `after` are the texts that were stored, parsed only where someone looks at them. */
export type SentRow = { readonly sequence: number; readonly tenant: string; readonly change: string; readonly after?: string }

/** From the writer, after a commit: JSON of `JobResult[]`, and the outbox rows. */
export type FromWriter =
  | { readonly results: string; readonly rows: readonly SentRow[] }
  | { readonly writes: 'open' | 'disk nearly full' | 'failed'; readonly reason?: string }
  | { readonly ready: true; readonly lastSequence: number }

/** `clock` is for tests: one integer of microseconds that they set; absent, the wall clock counts. */
export type WriterData = { readonly file: string; readonly synchronous: 'FULL' | 'OFF'; readonly clock?: BigInt64Array }
