import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { OutboxRow } from '#store/store.ts'
import { createLocalChanges } from './local-changes.ts'

const rowOf = (sequence: number): OutboxRow => ({
  sequence,
  tenant: '',
  change: { kind: 'updated', id: 'urn:x:1', typesBefore: [], typesAfter: [], attributes: [], recordedAt: sequence, cause: { caller: '' } },
})

/** An outbox of so many rows that answers when told to, and a way to commit further ones. */
function outbox(count: number): { store: Parameters<typeof createLocalChanges>[0]; commit: (sequence: number) => void; reads: () => number } {
  let last = count
  let reads = 0
  const listeners = new Set<(rows: readonly OutboxRow[]) => void>()
  return {
    store: {
      state: () => ({ writes: 'open', lastSequence: last, bytes: 0 }),
      async changesAfter(sequence, limit) {
        reads += 1
        await pause(5)
        return Array.from({ length: Math.max(0, Math.min(limit, last - sequence)) }, (_, index) => rowOf(sequence + index + 1))
      },
      onCommitted(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    commit(sequence) {
      last = sequence
      for (const listener of listeners) listener([rowOf(sequence)])
    },
    reads: () => reads,
  }
}

const unexpected = (error: unknown): void => assert.fail(String(error))

test('a follower that is behind reads the outbox, then goes on with what is committed, each once and in order', async () => {
  const { commit, store } = outbox(2500)
  const seen: number[] = []
  const follower = createLocalChanges(store).follow(10, (rows) => void seen.push(...rows.map(({ sequence }) => sequence)), unexpected)
  for (let sequence = 2501; sequence <= 2600; sequence += 1) {
    commit(sequence)
    if (sequence % 10 === 0) await pause(1)
  }
  while (follower.position() < 2600) await pause(5)
  await follower.close()
  assert.deepEqual(
    seen,
    Array.from({ length: 2590 }, (_, index) => index + 11),
  )
})

test('a follower closes while it waits for the outbox', async () => {
  const { store } = outbox(1)
  const follower = createLocalChanges(store).follow(0, () => undefined, unexpected)
  await pause(1)
  await follower.close()
})

test('a handler that fails gets the same rows again', async () => {
  const { commit, store } = outbox(0)
  let tries = 0
  const follower = createLocalChanges(store).follow(
    0,
    () => {
      tries += 1
      if (tries === 1) throw new Error('not yet')
    },
    () => undefined,
  )
  commit(1)
  while (follower.position() < 1) await pause(20)
  await follower.close()
  assert.equal(tries, 2)
})
