import { NgsiLdError, isJsonObject, parseEntity, parseFragment } from '@cityloop/ngsi-ld'
import type { Entity, ParseOptions } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { writeEntities } from '#broker/write-entities.ts'
import type { Write } from '#broker/write-entities.ts'
import type { Outcome } from '#store/store.ts'
import { contextOfItem, parseEntityId, readBody, readCaller, readParameters } from '../exchange.ts'
import { toProblemDetails } from '../problem.ts'
import type { ProblemDetails } from '../problem.ts'

const base = '/ngsi-ld/v1/entityOperations'
const mostItems = 1000

type Failure = { readonly entityId: string; readonly error: ProblemDetails }

/** /entityOperations (CIM 009, 6.14 to 6.17, 6.31): all in one commit, each entity for itself. */
export function batchRoutes(app: FastifyInstance, deps: Deps): void {
  app.post(`${base}/create`, async (request, reply) => {
    readParameters(request, ['local'])
    const batch = await readBatch(request, (entity) => ({ kind: 'createEntity', entity }))
    return sendCreated(reply, await carryOut(request, batch))
  })

  app.post(`${base}/upsert`, async (request, reply) => {
    const { options } = readParameters(request, ['local', 'options'])
    const mode = options.has('update') ? 'update' : 'replace'
    const batch = await readBatch(request, (entity) => ({ kind: 'upsertEntity', entity, mode }), {
      allowNull: mode === 'update' ? 'attributes' : 'never',
    })
    const done = await carryOut(request, batch)
    if (done.failures.length > 0) return sendCreated(reply, done)
    return done.created.length === 0 ? reply.code(204).send() : reply.code(201).type('application/json').send(JSON.stringify(done.created))
  })

  app.post(`${base}/update`, async (request, reply) => {
    const { options } = readParameters(request, ['local', 'options'])
    const overwrite = !options.has('noOverwrite')
    const batch = await readBatch(
      request,
      (entity) => (overwrite ? { kind: 'updateAttributes', entity } : { kind: 'appendAttributes', entity, overwrite }),
      { allowNull: 'attributes' },
      true,
    )
    return sendDone(reply, await carryOut(request, batch))
  })

  app.post(`${base}/merge`, async (request, reply) => {
    readParameters(request, ['format', 'lang', 'local', 'observedAt', 'options'])
    const batch = await readBatch(request, (entity) => ({ kind: 'mergeEntity', entity }), { allowNull: 'everywhere', allowPartial: true }, true)
    return sendDone(reply, await carryOut(request, batch))
  })

  app.post(`${base}/delete`, async (request, reply) => {
    readParameters(request, ['local'])
    const { body } = await readBody(request, deps.contexts)
    if (!Array.isArray(body) || body.length === 0) throw new NgsiLdError('BadRequestData', 'The body must be an array of at least one entity id')
    if (body.length > mostItems) throw new NgsiLdError('BadRequestData', `A batch has at most ${mostItems} entities, not ${body.length}`)
    const writes = body.map((id): Write => ({ kind: 'deleteEntity', id: parseEntityId(String(id)) }))
    return sendDone(reply, await carryOut(request, { writes, failures: [] }))
  })

  type Batch = { readonly writes: readonly Write[]; readonly failures: readonly Failure[] }

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
    const writes: Write[] = []
    const failures: Failure[] = []
    for (const item of body as readonly unknown[]) {
      const entityId = statedId(item)
      try {
        const own = await contextOfItem(request, item, context, deps.contexts)
        writes.push(toWrite(isFragment ? parseFragment(item, own, parseEntityId(entityId), options) : parseEntity(item, own, options)))
      } catch (error) {
        if (!(error instanceof NgsiLdError)) throw error
        failures.push({ entityId, error: toProblemDetails(error) })
      }
    }
    return { writes, failures }
  }

  async function carryOut(request: FastifyRequest, { writes, failures }: Batch): Promise<Done> {
    const outcomes = writes.length === 0 ? [] : await writeEntities(deps, readCaller(request), writes)
    const success: string[] = []
    const created: string[] = []
    const failed = [...failures]
    writes.forEach((write, index) => {
      const id = 'entity' in write ? write.entity.id : write.id
      const outcome = outcomes[index]
      const failure = outcome === undefined ? undefined : failureOf(outcome)
      if (failure === undefined) success.push(id)
      else failed.push({ entityId: id, error: failure })
      if (outcome?.kind === 'changed' && outcome.created) created.push(id)
    })
    return { success, created, failures: failed }
  }
}

function statedId(item: unknown): string {
  const id = isJsonObject(item) ? (item['id'] ?? item['@id']) : undefined
  return typeof id === 'string' ? id : ''
}

type Done = { readonly success: readonly string[]; readonly created: readonly string[]; readonly failures: readonly Failure[] }

function failureOf(outcome: Outcome): ProblemDetails | undefined {
  switch (outcome.kind) {
    case 'refused':
      return toProblemDetails(new NgsiLdError(outcome.type, outcome.detail))
    case 'changed':
    case 'unchanged': {
      const [first] = outcome.notUpdated
      return first === undefined ? undefined : toProblemDetails(new NgsiLdError('BadRequestData', first.reason))
    }
  }
}

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
