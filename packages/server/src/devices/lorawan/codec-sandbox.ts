import { Worker } from 'node:worker_threads'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'

/** A codec's run: its code, and the uplink it decodes. */
export type CodecRun = { readonly source: string; readonly bytes: Uint8Array; readonly fPort: number; readonly receivedAt?: string }

/** What a codec made of an uplink, or why it made nothing. */
export type CodecResult =
  | { readonly kind: 'decoded'; readonly fields: JsonObject; readonly warnings: readonly string[] }
  | { readonly kind: 'failed'; readonly rule: 'codec-error' | 'codec-time' | 'codec-memory'; readonly detail: string }

/** Runs codecs of vendors where they can reach nothing, and no longer or larger than the walls allow. */
export type CodecSandbox = {
  run(run: CodecRun): Promise<CodecResult>
  close(): Promise<void>
}

export type CodecWork = { readonly id: number; readonly run: CodecRun }
export type CodecAnswer = { readonly id: number; readonly result: CodecResult }

/** Beyond this the worker itself is held to be stuck, and is replaced; it is given longer to start. */
const stuckMs = 2000
const startMs = 30_000
const mostWaiting = 10_000

type Waiting = { readonly work: CodecWork; readonly resolve: (result: CodecResult) => void }

/** Opens the sandbox; its worker starts with the first run. One run at a time, in order; beyond 10,000 waiting a run is refused. */
export function openCodecSandbox(): CodecSandbox {
  let worker: Worker | undefined
  let isReady = false
  let nextId = 1
  const queue: Waiting[] = []
  let running: { readonly waiting: Waiting; timer: NodeJS.Timeout | undefined } | undefined

  function start(): Worker {
    const started = new Worker(new URL('./codec-worker.ts', import.meta.url))
    started.unref()
    isReady = false
    started.on('message', (message: CodecAnswer | 'ready') => {
      if (message === 'ready') {
        isReady = true
        if (running !== undefined) watch(running.waiting)
      } else if (running?.waiting.work.id === message.id) finish(message.result)
    })
    started.on('error', (error) => {
      if (worker === started) worker = undefined
      finish({ kind: 'failed', rule: 'codec-error', detail: `The sandbox failed: ${error instanceof Error ? error.message : String(error)}` })
    })
    return started
  }

  function finish(result: CodecResult): void {
    if (running === undefined) return
    clearTimeout(running.timer)
    const { resolve } = running.waiting
    running = undefined
    resolve(result)
    next()
  }

  function next(): void {
    if (running !== undefined) return
    const waiting = queue.shift()
    if (waiting === undefined) return
    worker ??= start()
    running = { waiting, timer: undefined }
    watch(waiting)
    worker.postMessage(waiting.work)
  }

  /** Replaces the worker where it does not answer in time. */
  function watch(waiting: Waiting): void {
    if (running?.waiting !== waiting) return
    clearTimeout(running.timer)
    running.timer = setTimeout(
      () => {
        void worker?.terminate()
        worker = undefined
        finish({ kind: 'failed', rule: 'codec-time', detail: 'The codec did not end and its worker was stopped' })
      },
      isReady ? stuckMs : startMs,
    )
  }

  return {
    run(run) {
      if (queue.length >= mostWaiting) return Promise.reject(new Error(`${mostWaiting} uplinks wait for their codecs already`))
      return new Promise((resolve) => {
        queue.push({ work: { id: nextId++, run }, resolve })
        next()
      })
    },
    async close() {
      for (const { resolve } of queue.splice(0)) resolve({ kind: 'failed', rule: 'codec-error', detail: 'The city is closing' })
      await worker?.terminate()
      finish({ kind: 'failed', rule: 'codec-error', detail: 'The city is closing' })
    },
  }
}

/** A value that crossed the wall as JSON text. */
export function parseCrossed(text: string): Json {
  return JSON.parse(text) as Json
}
