import type { OutboxRow } from '#store/store.ts'

/** The way to every change, in sequence order, at least once. */
export type Changes = {
  /**
   * Hands rows after `position` to `handle`, one batch after another, each awaited; a rejection is told to `onError` and the batch is tried again. Rows
   * that the outbox no longer has are skipped: the follower compares `oldest` with its position if that matters to it.
   */
  follow(position: number, handle: (rows: readonly OutboxRow[]) => Promise<void> | void, onError: (error: unknown) => void): Follower
}

export type Follower = { position(): number; close(): Promise<void> }
