import { NgsiLdError, coreContext, parseEntity } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { writeEntities } from '#broker/write-entities.ts'
import type { Write } from '#broker/write-entities.ts'
import { importLines } from '#history/import-lines.ts'
import { exportLines } from '#history/export-lines.ts'
import type { Outcome } from '#store/store.ts'
import type { Deps } from '../deps.ts'
import { readCaller, readParameters } from '../exchange.ts'

/** What commands ask of the running city that owns the data they need: to observe, to keep how far an import is, to be exported and copied. */
export function ownRoutes(app: FastifyInstance, deps: Deps): void {
  const { rows } = deps.store

  app.post('/api/observe', async (request) => {
    const { body } = request
    if (!Array.isArray(body)) throw new NgsiLdError('BadRequestData', 'The body must be an array of entities')
    const read = body.map(readObserved)
    const outcomes = await writeEntities(
      deps,
      readCaller(request),
      read.flatMap((one) => (one.kind === 'observe' ? [one] : [])),
    )
    const written = outcomes.values()
    return read.map((one) => {
      const outcome = one.kind === 'observe' ? (written.next().value as Outcome) : one
      return outcome.kind === 'refused' ? outcome : { kind: outcome.kind }
    })
  })

  app.get<{ Params: { key: string } }>('/api/import-progress/:key', async (request, reply) => {
    const row = await rows.get('', 'import', 'progress', request.params.key)
    return row === undefined ? reply.code(204).send() : reply.type('application/json').send(JSON.stringify(row.value))
  })
  app.put<{ Params: { key: string } }>('/api/import-progress/:key', async (request, reply) => {
    await rows.write([{ put: { tenant: '', area: 'import', kind: 'progress', key: request.params.key, value: request.body as Json } }])
    return reply.code(204).send()
  })
  app.delete<{ Params: { key: string } }>('/api/import-progress/:key', async (request, reply) => {
    await rows.write([{ delete: { tenant: '', area: 'import', kind: 'progress', key: request.params.key } }])
    return reply.code(204).send()
  })

  app.get('/api/export', async (request, reply) => {
    readParameters(request, [])
    return reply.type('application/x-ndjson').send(Readable.from(exportLines(deps, readCaller(request))))
  })

  app.post('/api/import-lines', async (request) => {
    if (!Array.isArray(request.body)) throw new NgsiLdError('BadRequestData', 'The body must be an array of lines of an export')
    return importLines(deps, readCaller(request), request.body as readonly unknown[])
  })

  app.get('/api/backup', async (request, reply) => {
    const file = join(deps.config.dataDirectory, `backup-${request.id}.db`)
    await deps.store.backup(file)
    const stream = createReadStream(file)
    stream.on('close', () => void rm(file, { force: true }))
    return reply.type('application/vnd.sqlite3').send(stream)
  })
}

/** One entity of an observation, normalized or concise in the core context; what is none is refused by itself. */
function readObserved(item: unknown): Extract<Write, { kind: 'observe' }> | Extract<Outcome, { kind: 'refused' }> {
  try {
    return { kind: 'observe', entity: parseEntity(item, coreContext) }
  } catch (error) {
    if (error instanceof NgsiLdError) return { kind: 'refused', type: error.type, detail: error.message }
    throw error
  }
}
