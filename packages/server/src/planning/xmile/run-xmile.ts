import { type Finding, Refusal, type XmileRun } from '@cityloop/economy'
import { Worker } from 'node:worker_threads'

/** What a worker sends back. */
export type WorkerAnswer =
  | { readonly kind: 'done'; readonly name: string; readonly run: XmileRun }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** Walls of a run beside those on steps and cells within the engine. */
export interface RunWalls {
  readonly timeoutMs: number
  readonly heapMb: number
}

/** Walls of a run that names none. */
export const usualWalls: RunWalls = { timeoutMs: 30_000, heapMb: 512 }

/**
 * Runs an XMILE model in a worker of its own, which is ended when it takes too long or too much memory, or when the signal says so. Throws a `Refusal`
 * that names what cannot run.
 */
export async function runXmile(text: string, walls: RunWalls = usualWalls, signal?: AbortSignal): Promise<{ name: string; run: XmileRun }> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./xmile-worker.ts', import.meta.url), {
    workerData: { text },
    resourceLimits: { maxOldGenerationSizeMb: walls.heapMb, stackSizeMb: 4 },
    env: {},
  })
  try {
    const answer = await firstAnswer(worker, walls, signal)
    if (answer.kind === 'refused') throw new Refusal(answer.findings)
    return { name: answer.name, run: answer.run }
  } finally {
    await worker.terminate()
  }
}

function firstAnswer(worker: Worker, walls: RunWalls, signal?: AbortSignal): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const refuse = (message: string): void => reject(new Refusal([{ rule: 'xmile', message }]))
    const timer = setTimeout(() => refuse(`The model runs longer than ${walls.timeoutMs} ms`), walls.timeoutMs)
    const stop = (): void => reject(signal?.reason as Error)
    signal?.addEventListener('abort', stop, { once: true })
    const settled = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
    worker.once('message', (message: WorkerAnswer) => {
      settled()
      resolve(message)
    })
    worker.once('error', (error: Error & { code?: string }) => {
      settled()
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') refuse(`The model takes more than ${walls.heapMb} MB`)
      else reject(error)
    })
    worker.once('exit', () => {
      settled()
      refuse('The run of the model ended without an answer')
    })
  })
}
