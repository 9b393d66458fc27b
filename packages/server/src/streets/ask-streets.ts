import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { ErrorType } from '@cityloop/ngsi-ld'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { importedFiles } from './import-extract.ts'

export type QuestionToStreets = { readonly id: number; readonly kind: 'route' | 'matrix' | 'isochrone'; readonly query: string }
export type AnswerFromStreets =
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly error: { readonly type: ErrorType | 'bug'; readonly message: string } }

/** The folder of a data directory in which an import leaves the network and the base map. */
export function streetsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'streets')
}

/** The street network of a city, asked from other threads. */
export type Streets = {
  /** The answer as JSON text. Throws `ResourceNotFound` where the city has no network, `BadRequestData` where the question has no sense. */
  ask(kind: QuestionToStreets['kind'], query: string): Promise<string>
  close(): Promise<void>
}

type Waiting = { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }
type Open = { readonly worker: Worker; readonly changedMs: number; readonly waiting: Map<number, Waiting> }

/** Opens the network of a data directory when it is first asked, and again when an import has replaced it. */
export function openStreets(dataDirectory: string): Streets {
  const file = join(streetsDirectory(dataDirectory), importedFiles.network)
  let open: Open | undefined
  let nextId = 1

  function start(changedMs: number): Open {
    const worker = new Worker(new URL('./street-worker.ts', import.meta.url), { workerData: { file } })
    const started: Open = { worker, changedMs, waiting: new Map() }
    worker.on('message', (answer: AnswerFromStreets) => {
      const asked = started.waiting.get(answer.id)
      started.waiting.delete(answer.id)
      if (asked === undefined) return
      if ('text' in answer) asked.resolve(answer.text)
      else asked.reject(answer.error.type === 'bug' ? new Error(answer.error.message) : new NgsiLdError(answer.error.type, answer.error.message))
    })
    worker.on('error', (error) => {
      if (open === started) open = undefined
      for (const { reject } of started.waiting.values()) reject(error instanceof Error ? error : new Error(String(error)))
      started.waiting.clear()
    })
    return started
  }

  return {
    ask(kind, query) {
      const changedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs
      if (changedMs === undefined)
        return Promise.reject(
          new NgsiLdError('ResourceNotFound', 'This city has no street network yet: import an OpenStreetMap extract, cityloop import FILE.osm.pbf'),
        )
      if (open !== undefined && open.changedMs !== changedMs) {
        void open.worker.terminate()
        open = undefined
      }
      open ??= start(changedMs)
      const { waiting, worker } = open
      const id = nextId++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, kind, query } satisfies QuestionToStreets)
      })
    },
    async close() {
      await open?.worker.terminate()
    },
  }
}
