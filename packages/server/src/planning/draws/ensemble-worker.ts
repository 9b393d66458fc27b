import { cityEnsemble, createRandom, Refusal } from '@cityloop/economy'
import { parentPort, workerData } from 'node:worker_threads'
import type { EnsembleAnswer, EnsembleOrder } from './run-ensemble.ts'

// Draws one ensemble and ends; a message from outside calls it off between two batches.
const { seed, request } = workerData as EnsembleOrder
const control = new AbortController()
const say = (answer: EnsembleAnswer): void => parentPort?.postMessage(answer)
parentPort?.once('message', () => control.abort(new Error('called off')))
parentPort?.unref()
try {
  const onProgress = (done: number, total: number): void => say({ kind: 'progress', done, total })
  say({ kind: 'done', ensemble: await cityEnsemble(createRandom(seed), request, { signal: control.signal, onProgress }) })
} catch (error) {
  if (error instanceof Refusal) say({ kind: 'refused', findings: error.findings })
  else if (error instanceof RangeError) say({ kind: 'refused', findings: [{ rule: 'draws', message: error.message }] })
  else if (!control.signal.aborted) throw error
}
