import { type Ensemble, type EnsembleRequest, type Finding, Refusal } from '@cityloop/economy'
import { Worker } from 'node:worker_threads'

/** What a worker is told to draw. */
export interface EnsembleOrder {
  readonly seed: number
  readonly request: EnsembleRequest
}

/** What it sends back. */
export type EnsembleAnswer =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly ensemble: Ensemble }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/**
 * Draws an ensemble in a worker of its own, so that whoever asks goes on; the result has the same bytes as in the caller's thread. Rejects with the
 * signal's reason when it is called off, with a `Refusal` when the model refuses.
 */
export async function runEnsemble(order: EnsembleOrder, signal?: AbortSignal, onProgress?: (done: number, total: number) => void): Promise<Ensemble> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./ensemble-worker.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
    env: {},
  })
  try {
    return await answerOf(worker, signal, onProgress)
  } finally {
    await worker.terminate()
  }
}

function answerOf(
  worker: Worker,
  signal: AbortSignal | undefined,
  onProgress: ((done: number, total: number) => void) | undefined,
): Promise<Ensemble> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      worker.postMessage('stop')
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', stop, { once: true })
    const settled = (): void => signal?.removeEventListener('abort', stop)
    worker.on('message', (answer: EnsembleAnswer) => {
      switch (answer.kind) {
        case 'progress':
          onProgress?.(answer.done, answer.total)
          return
        case 'done':
          settled()
          resolve(answer.ensemble)
          return
        case 'refused':
          settled()
          reject(new Refusal(answer.findings))
      }
    })
    worker.once('error', (error) => {
      settled()
      reject(error)
    })
    worker.once('exit', () => {
      settled()
      reject(new Error('The drawing worker ended without an answer'))
    })
  })
}
