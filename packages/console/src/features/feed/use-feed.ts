import { useEffect, useMemo } from 'react'
import { headersFor } from '../../api/client.ts'
import { Feed } from './feed.ts'
import type { EntityChange } from './feed.ts'

/** Opens the live stream of these types of a tenant, and another one when they change. The callbacks must be stable. */
export function useFeed(
  tenant: string | null,
  types: readonly string[],
  onChanges: (changes: readonly EntityChange[]) => void,
  onReset: () => Promise<void>,
): Feed {
  const filter = types.toSorted().join(',')
  const feed = useMemo(
    () =>
      new Feed({
        now: () => Date.now(),
        onChanges,
        onReset,
        open: (lastEventId, signal) =>
          fetch(filter === '' ? '/api/live' : `/api/live?${new URLSearchParams({ types: filter })}`, {
            headers: { ...headersFor(tenant), Accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }) },
            signal,
            cache: 'no-store',
          }),
      }),
    [tenant, filter, onChanges, onReset],
  )
  useEffect(() => feed.start(), [feed])
  return feed
}
