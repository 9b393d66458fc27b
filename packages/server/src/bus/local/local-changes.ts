import type { Changes } from '#bus/changes.ts'
import type { OutboxRow, Store } from '#store/store.ts'
import { setTimeout as pause } from 'node:timers/promises'

const mostBuffered = 20_000
const batch = 1000
const retryMs = 500

/** Changes within one process: new rows come from the commit itself, older ones and those that overflowed from the outbox. */
export function createLocalChanges(store: Pick<Store, 'onCommitted' | 'changesAfter' | 'state'>): Changes {
  return {
    follow(from, handle, onError) {
      let position = from
      let buffered: OutboxRow[] = []
      let isBehind = store.state().lastSequence > from
      let isClosed = false
      let wake: () => void = () => undefined

      const end = store.onCommitted((rows) => {
        if (isBehind) return
        if (buffered.length + rows.length > mostBuffered) {
          buffered = []
          isBehind = true
        } else buffered.push(...rows)
        wake()
      })

      /** The next rows; in turn from the outbox while behind, else from what was buffered. */
      async function next(): Promise<readonly OutboxRow[]> {
        if (!isBehind) return buffered.splice(0, batch)
        const rows = await store.changesAfter(position, batch)
        if (rows.length < batch && store.state().lastSequence <= (rows.at(-1)?.sequence ?? position)) isBehind = false
        return rows
      }

      async function run(): Promise<void> {
        while (!isClosed) {
          const rows = (await next()).filter((row) => row.sequence > position)
          if (rows.length === 0) {
            if (!isClosed && !isBehind && buffered.length === 0) await new Promise<void>((resolve) => (wake = resolve))
            continue
          }
          while (!isClosed) {
            try {
              await handle(rows)
              break
            } catch (error) {
              onError(error)
              await pause(retryMs)
            }
          }
          position = rows.at(-1)?.sequence ?? position
        }
      }
      const running = run().catch(onError)

      return {
        position: () => position,
        async close() {
          isClosed = true
          end()
          wake()
          await running
        },
      }
    },
  }
}
