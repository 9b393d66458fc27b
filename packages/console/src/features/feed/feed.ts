import { createSseParser } from '../../api/sse-parser.ts'
import type { StreamEvent } from '../../api/sse-parser.ts'
import type { EntityDocument } from '../../api/entity.ts'

/** One entity's newest state as the live stream carries it; `entity` is null once it is deleted. */
export type EntityChange = {
  readonly id: string
  readonly type: string
  readonly kind: 'created' | 'updated' | 'deleted'
  readonly entity: EntityDocument | null
}

/** What the lamp shows: `catchingUp` and `reconnecting` are amber, `offline` is red. */
export type FeedState = { readonly kind: 'live' | 'catchingUp' | 'reconnecting' | 'offline'; readonly lastHeardMs: number | null }

/** What the feed needs from outside. `onReset` fetches the state anew and resolves when it is there. */
export type FeedDeps = {
  readonly open: (lastEventId: string | null, signal: AbortSignal) => Promise<Response>
  readonly onChanges: (changes: readonly EntityChange[]) => void
  readonly onReset: () => Promise<void>
  readonly now: () => number
}

/** Silence after which the feed counts as cut; the server sends a ping every two seconds. */
export const silenceMs = 4_000

const giveUpMs = 6_000
const tickMs = 250
const retryMs = { first: 300, most: 2_000 }

/**
 * The live stream with its lamp. It resumes by the last event id, starts anew on `reset`, and tells the truth: what it was told last is
 * never shown as live once the server has been silent for four seconds.
 */
export class Feed {
  readonly #deps: FeedDeps
  readonly #listeners = new Set<() => void>()
  #lastEventId: string | null = null
  #isConnected = false
  #pendingResets = 0
  #connection: AbortController | null = null
  #startedMs: number
  #state: FeedState = { kind: 'reconnecting', lastHeardMs: null }

  constructor(deps: FeedDeps) {
    this.#deps = deps
    this.#startedMs = deps.now()
  }

  /** Connects and stays connected until the function it answers is called. */
  start(): () => void {
    const closing = new AbortController()
    this.#startedMs = this.#deps.now()
    const ticking = setInterval(() => this.#refresh(), tickMs)
    void this.#run(closing.signal)
    return () => {
      closing.abort()
      clearInterval(ticking)
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly getState = (): FeedState => this.#state

  async #run(closing: AbortSignal): Promise<void> {
    let waitMs = retryMs.first
    while (!closing.aborted) {
      const connection = new AbortController()
      this.#connection = connection
      try {
        const response = await this.#deps.open(this.#lastEventId, AbortSignal.any([closing, connection.signal]))
        if (!response.ok || response.body === null) throw new Error(`The live stream answers ${response.status}`)
        waitMs = retryMs.first
        this.#isConnected = true
        if (this.#lastEventId === null) this.#reset()
        await this.#read(response.body)
      } catch {
        // The server is away or cut the stream: the lamp says so, and the loop tries again.
      }
      if (closing.aborted) return
      this.#isConnected = false
      this.#refresh()
      await pause(waitMs, closing)
      waitMs = Math.min(retryMs.most, waitMs * 2)
    }
  }

  async #read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const parse = createSseParser()
    this.#heard()
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      this.#heard()
      for (const event of parse(value)) this.#handle(event)
    }
  }

  #handle(event: StreamEvent): void {
    if (event.id !== null) this.#lastEventId = event.id
    if (event.event === 'reset') {
      this.#reset()
    } else if (event.event === 'change') {
      this.#deps.onChanges((JSON.parse(event.data) as { changes: readonly EntityChange[] }).changes)
    }
  }

  #reset(): void {
    this.#pendingResets += 1
    this.#refresh()
    const settle = (): void => {
      this.#pendingResets -= 1
      this.#refresh()
    }
    this.#deps.onReset().then(settle, settle)
  }

  #heard(): void {
    this.#state = { ...this.#state, lastHeardMs: this.#deps.now() }
    this.#refresh()
  }

  #refresh(): void {
    const now = this.#deps.now()
    const silentMs = now - (this.#state.lastHeardMs ?? this.#startedMs)
    if (this.#isConnected && silentMs > giveUpMs) this.#connection?.abort()
    const kind = this.#kindAfter(silentMs)
    if (kind === this.#state.kind) return
    this.#state = { ...this.#state, kind }
    for (const listener of this.#listeners) listener()
  }

  #kindAfter(silentMs: number): FeedState['kind'] {
    if (silentMs >= silenceMs) return 'offline'
    if (!this.#isConnected) return 'reconnecting'
    return this.#pendingResets > 0 ? 'catchingUp' : 'live'
  }
}

function pause(ms: number, closing: AbortSignal): Promise<void> {
  const jittered = ms * (0.75 + Math.random() / 2)
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, jittered)
    closing.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
