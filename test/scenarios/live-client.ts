/** An event of `GET /api/live`. */
export type LiveEvent = { readonly id: string | undefined; readonly event: string; readonly data: unknown }

/** A client of the live stream. */
export type LiveClient = {
  readonly events: readonly LiveEvent[]
  /** The newest event id it was given. */
  lastId(): string | undefined
  /** Resolves with the first event, past or coming, that is so; rejects after the time. */
  until(isSo: (event: LiveEvent) => boolean, timeoutMs?: number): Promise<LiveEvent>
  close(): void
}

/** Connects; with `lastEventId` it goes on from there. */
export async function openLive(url: string, { lastEventId, tenant }: { lastEventId?: string; tenant?: string } = {}): Promise<LiveClient> {
  const ending = new AbortController()
  const reply = await fetch(`${url}/api/live`, {
    signal: ending.signal,
    headers: { ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }), ...(tenant === undefined ? {} : { 'ngsild-tenant': tenant }) },
  })
  if (reply.status !== 200 || reply.body === null) throw new Error(`The live stream answered ${reply.status}`)
  const events: LiveEvent[] = []
  const watchers = new Set<(event: LiveEvent) => void>()
  let last: string | undefined

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) take(part)
    }
  }

  function take(part: string): void {
    const lines = new Map(part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
    const event: LiveEvent = { id: lines.get('id'), event: lines.get('event') ?? '', data: JSON.parse(lines.get('data') ?? 'null') }
    last = event.id ?? last
    events.push(event)
    for (const watcher of watchers) watcher(event)
  }

  void read(reply.body).catch(() => undefined)
  return {
    events,
    lastId: () => last,
    until(isSo, timeoutMs = 20_000) {
      const known = events.find(isSo)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`No such event came within ${timeoutMs} ms`)), timeoutMs)
        watchers.add((event) => {
          if (!isSo(event)) return
          clearTimeout(timer)
          resolve(event)
        })
      })
    },
    close: () => ending.abort(),
  }
}
