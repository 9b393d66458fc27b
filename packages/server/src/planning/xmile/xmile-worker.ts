import { readXmile, Refusal, simulateXmile } from '@cityloop/economy'
import { parentPort, workerData } from 'node:worker_threads'
import { parseXml } from './parse-xml.ts'
import type { WorkerAnswer } from './run-xmile.ts'

// Runs one model and ends. Whatever it refuses goes back as findings; anything else is a bug and lets the worker fail.
parentPort?.postMessage(answer((workerData as { text: string }).text))

function answer(text: string): WorkerAnswer {
  try {
    const model = readXmile(parseXml(text))
    return { kind: 'done', name: model.name, run: simulateXmile(model) }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', findings: error.findings }
    throw error
  }
}
