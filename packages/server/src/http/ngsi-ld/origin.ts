import type { Context, Json } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Write, Written } from '#broker/write-entities.ts'
import { parseVia, printWarning } from '#federation/origin.ts'
import type { Origin } from '#federation/origin.ts'
import type { DistributedWritten, PartFailure } from '#federation/write-peers.ts'
import type { Parameters } from '../exchange.ts'
import { toProblemDetails } from '../problem.ts'

/** The request as the federation passes it on; what is to be said of peers goes into the headers of the answer (6.3.17). */
export function readOrigin(request: FastifyRequest, reply: FastifyReply, parameters: Pick<Parameters, 'flag'>, context: Context): Origin {
  const warnings = new Set<string>()
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
  return {
    context,
    via: parseVia(header('via')),
    // What is about a snapshot is always local (6.3.18).
    isLocal: parameters.flag('local') || request.storedTenant !== undefined,
    header,
    warn(warning) {
      warnings.add(printWarning(warning))
      reply.header('NGSILD-Warning', [...warnings].join(', '))
    },
  }
}

/** 207 where a part of the write did not succeed: with an UpdateResult (5.2.18) for an append or update, else a BatchOperationResult (5.2.16); `undefined` where all did. */
export function sendPartly(reply: FastifyReply, write: Write, { failures, written }: DistributedWritten): FastifyReply | undefined {
  if (failures.length === 0) return undefined
  const body =
    write.kind === 'appendAttributes' || write.kind === 'updateAttributes'
      ? updateResult(Object.keys(write.entity.attributes), failures, written)
      : {
          success: written === undefined ? [] : ['entity' in write ? write.entity.id : write.id],
          errors: failures.map(({ error, registrationId }): Json => ({
            entityId: 'entity' in write ? write.entity.id : write.id,
            ...(registrationId === undefined ? {} : { registrationId }),
            error: toProblemDetails(error),
          })),
        }
  return reply.code(207).type('application/json').send(JSON.stringify(body))
}

function updateResult(names: readonly string[], failures: readonly PartFailure[], written: Written | undefined): Json {
  const notUpdated = [
    ...failures.flatMap((failure) =>
      (failure.names === 'all' ? names : failure.names).map((attributeName) => ({
        attributeName,
        reason: failure.error.message,
        ...(failure.registrationId === undefined ? {} : { registrationId: failure.registrationId }),
      })),
    ),
    ...(written?.notUpdated ?? []).map(({ name, reason }) => ({ attributeName: name, reason })),
  ]
  const failed = new Set(notUpdated.map(({ attributeName }) => attributeName))
  return { updated: names.filter((name) => !failed.has(name)), notUpdated }
}
