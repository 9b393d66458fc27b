import type { Context, Json } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseVia, printWarning } from '#federation/origin.ts'
import type { Origin } from '#federation/origin.ts'
import type { DistributedWritten } from '#federation/write-peers.ts'
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

/** 207 with a BatchOperationResult (5.2.16) of one entity, where a part of the write did not succeed; `undefined` where all did. */
export function sendPartly(reply: FastifyReply, id: string, { failures }: DistributedWritten): FastifyReply | undefined {
  if (failures.length === 0) return undefined
  const errors = failures.map(({ error, registrationId }): Json => ({
    entityId: id,
    ...(registrationId === undefined ? {} : { registrationId }),
    error: toProblemDetails(error),
  }))
  return reply
    .code(207)
    .type('application/json')
    .send(JSON.stringify({ success: [], errors }))
}
