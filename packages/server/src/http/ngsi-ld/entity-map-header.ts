import { parseDuration } from '@cityloop/ngsi-ld'
import type { Duration } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EntityMap } from '#snapshots/entity-maps.ts'
import type { Parameters } from '../exchange.ts'

export const mapParameters = ['entityMap', 'entityMapLifetime'] as const
export const entityMapsPath = '/ngsi-ld/v1/entityMaps'

/** Which entity map a request names, by its URL or id, and whether it wants one (CIM 009, 5.5.14). */
export type MapRequest = { readonly id?: string; readonly isWanted: boolean; readonly lifetime?: Duration }

export function readMapRequest(request: FastifyRequest, parameters: Parameters): MapRequest {
  const header = request.headers['ngsild-entitymap']
  const id = typeof header === 'string' && header !== '' ? decodeURIComponent(header.slice(header.lastIndexOf('/') + 1)) : undefined
  const lifetime = parameters.get('entityMapLifetime')
  return {
    isWanted: parameters.flag('entityMap'),
    ...(id === undefined ? {} : { id }),
    ...(lifetime === undefined ? {} : { lifetime: parseDuration(lifetime, 'entityMapLifetime') }),
  }
}

/** Says where the map of the answer is. */
export function sendMapHeader(reply: FastifyReply, map: EntityMap | undefined): void {
  if (map !== undefined) reply.header('NGSILD-EntityMap', `${entityMapsPath}/${encodeURI(map.id)}`)
}
