import type { Config } from '#config/config.ts'
import type { Log } from '#runtime/log.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Store } from '#store/store.ts'

const everyMs = 10_000
const dayUs = 86_400_000_000
const outboxBytes = 1024 * 1024 * 1024

/** Keeps the history and the outbox within their limits, a slice at a time. */
export function startRetention({
  clock,
  config,
  log,
  store,
}: {
  readonly clock: Clock
  readonly config: Config
  readonly log: Log
  readonly store: Store
}): { close(): void } {
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy || store.state().writes !== 'open') return
    isBusy = true
    const now = clock.now()
    const historyBefore = config.historyDays === undefined ? {} : { historyBefore: now - config.historyDays * dayUs }
    store
      .retain({ ...historyBefore, outboxBefore: now - dayUs, outboxBytes, keepFrom: store.state().lastSequence })
      .catch((error: unknown) => log.warn('retention_failed', { error: String(error) }))
      .finally(() => (isBusy = false))
  }, everyMs)
  return { close: () => clearInterval(timer) }
}
