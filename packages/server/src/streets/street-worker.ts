/** Answers questions of one street network on a thread of its own. */
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { parentPort, workerData } from 'node:worker_threads'
import type { AnswerFromStreets, QuestionToStreets } from './ask-streets.ts'
import { parseIsochroneQuestion, parseMatrixQuestion, parseRouteQuestion } from './parse-question.ts'
import { openNetworkFile } from './stored-networks.ts'
import { createStreetService } from './street-service.ts'

const { file } = workerData as { file: string }
const service = createStreetService(await openNetworkFile(file))

parentPort?.on('message', (question: QuestionToStreets) => parentPort?.postMessage(answer(question)))

function answer({ id, kind, query }: QuestionToStreets): AnswerFromStreets {
  try {
    const parameters = new URLSearchParams(query)
    switch (kind) {
      case 'route':
        return { id, text: JSON.stringify(service.route(parseRouteQuestion(parameters))) }
      case 'matrix':
        return { id, text: JSON.stringify(service.matrix(parseMatrixQuestion(parameters))) }
      case 'isochrone':
        return { id, text: JSON.stringify(service.isochrone(parseIsochroneQuestion(parameters))) }
    }
  } catch (error) {
    if (error instanceof NgsiLdError) return { id, error: { type: error.type, message: error.message } }
    return { id, error: { type: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) } }
  }
}
