import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { ErrorType } from '@cityloop/ngsi-ld'
import { Worker } from 'node:worker_threads'
import type { Reads } from './reader.ts'

const mostWaiting = 1000

/** A read for a worker, and what comes back. */
export type ReadJob = { readonly id: number; readonly name: keyof Reads; readonly args: readonly unknown[] }
export type ReadResult = {
  readonly id: number
  readonly value?: unknown
  readonly error?: { readonly type: ErrorType | 'bug'; readonly message: string }
}

/** Threads that read the database beside the writer. */
export type ReaderPool = {
  run<Name extends keyof Reads>(name: Name, args: Parameters<Reads[Name]>, signal?: AbortSignal): Promise<ReturnType<Reads[Name]>>
  close(): Promise<void>
}

type Job = ReadJob & { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }

/** Starts reader threads on a database file that the writer has made. */
export function startReaders(file: string, threads: number): ReaderPool {
  const queue: Job[] = []
  const running = new Map<Worker, Job | undefined>()
  let nextId = 1
  let isClosed = false

  for (let count = 0; count < threads; count += 1) {
    const worker = new Worker(new URL('./reader-worker.ts', import.meta.url), { workerData: { file } })
    running.set(worker, undefined)
    worker.on('message', (result: ReadResult) => {
      const job = running.get(worker)
      running.set(worker, undefined)
      if (job !== undefined) finish(job, result)
      next()
    })
    worker.on('error', (error) => {
      running.get(worker)?.reject(error instanceof Error ? error : new Error(String(error)))
      running.delete(worker)
    })
  }

  function finish(job: Job, { value, error }: ReadResult): void {
    if (error === undefined) job.resolve(value as never)
    else job.reject(error.type === 'bug' ? new Error(error.message) : new NgsiLdError(error.type, error.message))
  }

  function next(): void {
    for (const [worker, busyWith] of running) {
      if (busyWith !== undefined) continue
      const job = queue.shift()
      if (job === undefined) return
      running.set(worker, job)
      worker.postMessage({ id: job.id, name: job.name, args: job.args } satisfies ReadJob)
    }
  }

  return {
    run(name, args, signal) {
      if (isClosed) return Promise.reject(new NgsiLdError('Unavailable', 'The store is closed'))
      if (queue.length >= mostWaiting) return Promise.reject(new NgsiLdError('Unavailable', `${queue.length} reads are waiting already`))
      return new Promise((resolve, reject) => {
        const job: Job = { id: nextId++, name, args, resolve, reject }
        signal?.addEventListener(
          'abort',
          () => {
            const place = queue.indexOf(job)
            if (place >= 0) queue.splice(place, 1)
            reject(new NgsiLdError('Unavailable', 'The read was given up'))
          },
          { once: true },
        )
        queue.push(job)
        next()
      })
    },
    async close() {
      isClosed = true
      for (const job of queue.splice(0)) job.reject(new NgsiLdError('Unavailable', 'The store is closed'))
      await Promise.all([...running.keys()].map((worker) => worker.terminate()))
    },
  }
}
