import { NgsiLdError, linkDepthOf } from '@cityloop/ngsi-ld'
import type { EntityQuery, Join, Projection } from '@cityloop/ngsi-ld'
import { parseEntityId } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'

export const joinParameters = ['containedBy', 'join', 'joinLevel'] as const

/** The deepest join, since each level may multiply what is shown. */
const mostLevels = 10

/** How linked entities are asked for (CIM 009, 4.5.23); `undefined` where they are not. Throws `BadRequestData`. */
export function readJoin(parameters: Parameters): Join | undefined {
  const kind = parameters.get('join') ?? '@none'
  const level = parameters.get('joinLevel')
  const containedBy = parameters.list('containedBy')
  if (kind !== 'flat' && kind !== 'inline' && kind !== '@none') throw bad(`join must be flat, inline or @none, not ${kind}`)
  if (level !== undefined && !/^[1-9]\d{0,8}$/.test(level)) throw bad(`joinLevel must be a positive integer, not ${level}`)
  if (Number(level ?? 1) > mostLevels) throw bad(`joinLevel must be at most ${mostLevels}, not ${level}`)
  if (kind === '@none') {
    if (level !== undefined || containedBy !== undefined) throw bad('joinLevel and containedBy are only for join=flat and join=inline')
    return undefined
  }
  return { kind, level: Number(level ?? 1), ...(containedBy === undefined ? {} : { containedBy: containedBy.map(parseEntityId) }) }
}

/** 5.7.1.4 and 5.7.2.4: neither projection nor query may reach further along relationships than the join does. */
export function checkReach(join: Join | undefined, projections: readonly (Projection | undefined)[], query: Pick<EntityQuery, 'q'> = {}): void {
  const level = join?.level ?? 0
  const reach = Math.max(0, ...projections.map(depthOf))
  if (reach > level) throw bad(`pick and omit reach ${reach} relationships deep, beyond the ${level} of join and joinLevel`)
  const depth = query.q === undefined ? 0 : linkDepthOf(query.q)
  if (depth > level) throw bad(`q reaches ${depth} relationships deep, beyond the ${level} of join and joinLevel`)
}

function depthOf(projection: Projection | undefined): number {
  return projection === undefined ? 0 : Math.max(0, ...[...projection.values()].map((inner) => (inner === undefined ? 0 : 1 + depthOf(inner))))
}

function bad(message: string): NgsiLdError {
  return new NgsiLdError('BadRequestData', message)
}
