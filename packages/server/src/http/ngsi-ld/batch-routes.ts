import { NgsiLdError, coreContext, isJsonObject, parseEntity, parseFragment } from '@cityloop/ngsi-ld'
import type { Entity, Json, ParseOptions } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import type { DocumentedWrite } from '#federation/write-request.ts'
import type { Write } from '#broker/write-entities.ts'
import { contextOfItem, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'
import { toProblemDetails } from '../problem.ts'
import type { ProblemDetails } from '../problem.ts'
import { readOrigin } from './origin.ts'

const base = '/ngsi-ld/v1/entityOperations'
const mostItems = 1000

type Failure = { readonly entityId: string; readonly registrationId?: string; readonly error: ProblemDetails }

/** /entityOperations (CIM 009, 6.14 to 6.17, 6.31): all in one commit, each entity for itself. */
export function batchRoutes(app: FastifyInstance, deps: Deps): void {
  app.post(`${base}/create`, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const batch = await readBatch(request, (entity) => ({ kind: 'createEntity', entity }))
    return sendCreated(reply, await carryOut(request, reply, parameters, batch))
  })

  app.post(`${base}/upsert`, async (request, reply) => {
    const parameters = readParameters(request, ['local', 'options'])
    const { options } = parameters
    const mode = options.has('update') ? 'update' : 'replace'
    const batch = await readBatch(request, (entity) => ({ kind: 'upsertEntity', entity, mode }), {
      allowNull: mode === 'update' ? 'attributes' : 'never',
    })
    const done = await carryOut(request, reply, parameters, batch)
    if (done.failures.length > 0) return sendCreated(reply, done)
    return done.created.length === 0 ? reply.code(204).send() : reply.code(201).type('application/json').send(JSON.stringify(done.created))
  })

  app.post(`${base}/update`, async (request, reply) => {
    const parameters = readParameters(request, ['local', 'options'])
    const { options } = parameters
    const overwrite = !options.has('noOverwrite')
    const batch = await readBatch(
      request,
      (entity) => (overwrite ? { kind: 'updateAttributes', entity } : { kind: 'appendAttributes', entity, overwrite }),
      { allowNull: 'attributes' },
      true,
    )
    return sendDone(reply, await carryOut(request, reply, parameters, batch))
  })

  app.post(`${base}/merge`, async (request, reply) => {
    const parameters = readParameters(request, ['format', 'lang', 'local', 'observedAt', 'options'])
    const batch = await readBatch(request, (entity) => ({ kind: 'mergeEntity', entity }), { allowNull: 'everywhere', allowPartial: true }, true)
    return sendDone(reply, await carryOut(request, reply, parameters, batch))
  })

  app.post(`${base}/delete`, async (request, reply) => {
    const parameters = readParameters(request, ['local'])
    const { body, context } = await readBody(request, deps.contexts)
    if (!Array.isArray(body) || body.length === 0) throw new NgsiLdError('BadRequestData', 'The body must be an array of at least one entity id')
    if (body.length > mostItems) throw new NgsiLdError('BadRequestData', `A batch has at most ${mostItems} entities, not ${body.length}`)
    const writes = body.map((id): DocumentedWrite => ({ write: { kind: 'deleteEntity', id: parseEntityId(String(id)) }, context }))
    return sendDone(reply, await carryOut(request, reply, parameters, { writes, failures: [] }))
  })

  type Batch = { readonly writes: readonly DocumentedWrite[]; readonly failures: readonly Failure[] }

  /** Parses each item; one that is no entity fails alone. */
  async function readBatch(
    request: FastifyRequest,
    toWrite: (entity: Entity) => Write,
    options: ParseOptions = {},
    isFragment = false,
  ): Promise<Batch> {
    const { body, context } = await readBody(request, deps.contexts)
    if (!Array.isArray(body) || body.length === 0) throw new NgsiLdError('BadRequestData', 'The body must be an array of at least one entity')
    if (body.length > mostItems) throw new NgsiLdError('BadRequestData', `A batch has at most ${mostItems} entities, not ${body.length}`)
    if (body.includes(null)) throw new NgsiLdError('BadRequestData', 'An entity of the batch is null')
    const writes: DocumentedWrite[] = []
    const failures: Failure[] = []
    for (const item of body as readonly unknown[]) {
      const entityId = statedId(item)
      try {
        const own = await contextOfItem(request, item, context, deps.contexts)
        const entity = isFragment ? parseFragment(item, own, parseEntityId(entityId), options) : parseEntity(item, own, options)
        writes.push({ write: toWrite(entity), document: item as Json, context: own })
      } catch (error) {
        if (!(error instanceof NgsiLdError)) throw error
        failures.push({ entityId, error: toProblemDetails(error) })
      }
    }
    return { writes, failures }
  }

  async function carryOut(request: FastifyRequest, reply: FastifyReply, parameters: Parameters, { writes, failures }: Batch): Promise<Done> {
    const context = writes[0]?.context ?? coreContext
    const results = await deps.federation.writeBatch(readOrigin(request, reply, parameters, context), readCaller(request), writes)
    const errors = results.flatMap(({ id, failures: own }) =>
      own.map(({ error, registrationId }): Failure => ({
        entityId: id,
        ...(registrationId === undefined ? {} : { registrationId }),
        error: toProblemDetails(error),
      })),
    )
    return {
      // An entity that failed at one place and succeeded at another is told of as both (5.6.7.4).
      success: results.filter(({ failures: own, hasSucceeded }) => hasSucceeded || own.length === 0).map(({ id }) => id),
      created: results.filter(({ isCreated }) => isCreated).map(({ id }) => id),
      failures: [...failures, ...errors],
    }
  }
}

function statedId(item: unknown): string {
  const id = isJsonObject(item) ? (item['id'] ?? item['@id']) : undefined
  return typeof id === 'string' ? id : ''
}

type Done = { readonly success: readonly string[]; readonly created: readonly string[]; readonly failures: readonly Failure[] }

/** 201 with the ids where all were created, else 207 with a BatchOperationResult (5.2.16). */
function sendCreated(reply: FastifyReply, { success, failures }: Done): FastifyReply {
  reply.type('application/json')
  return failures.length === 0 ? reply.code(201).send(JSON.stringify(success)) : reply.code(207).send(JSON.stringify({ success, errors: failures }))
}

function sendDone(reply: FastifyReply, { success, failures }: Done): FastifyReply {
  return failures.length === 0
    ? reply.code(204).send()
    : reply
        .code(207)
        .type('application/json')
        .send(JSON.stringify({ success, errors: failures }))
}
