import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { ErrorType, Iri, Json } from '@cityloop/ngsi-ld'
import { writeEntity } from '#broker/write-entities.ts'
import type { Write, WriteDeps, Written } from '#broker/write-entities.ts'
import type { Caller } from '#governance/access.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import type { Registrations } from './open-registrations.ts'
import { offers } from './operations.ts'
import type { Origin } from './origin.ts'
import type { PeerReply, Peers } from './peer.ts'
import { planWrite } from './plan-write.ts'
import type { Share } from './plan-write.ts'
import { mostPeersAtOnce } from './read-peers.ts'
import { isProxied } from './registration.ts'
import { namesOf, operationOf, reduced, toWriteRequest } from './write-request.ts'
import type { DocumentedWrite } from './write-request.ts'

export type DistributedWriteDeps = WriteDeps & { readonly peers: Peers; readonly registrations: Registrations }

/** A part of a write that did not succeed, and at which source; without a source, here. */
export type PartFailure = { readonly registrationId?: string; readonly names: readonly Iri[] | 'all'; readonly error: NgsiLdError }

/** What became of a write that may have gone to sources too. `written` is there where something was done here. */
export type DistributedWritten = { readonly written?: Written; readonly failures: readonly PartFailure[] }

/**
 * Carries out a write here and at every source that holds some of it (CIM 009, 5.6); only here where none does. Throws where nothing of it was done, with
 * the error of 6.3.17 that fits; else the failures are parts of the answer.
 */
export async function writeDistributed(
  deps: DistributedWriteDeps,
  origin: Origin,
  caller: Caller,
  given: DocumentedWrite,
): Promise<DistributedWritten> {
  const { write } = given
  const operation = operationOf(write)
  if (origin.isLocal || operation === undefined || !deps.registrations.has(caller.tenant))
    return { written: await writeEntity(deps, caller, write), failures: [] }
  const id = 'entity' in write ? write.entity.id : write.id
  const plan = planWrite(deps, caller.tenant, origin, {
    id,
    types: await typesOf(deps, caller, write),
    names: namesOf(write),
    isTemporal: operation.endsWith('Temporal'),
  })
  const shares = plan.shares.filter(({ source: { registration } }) => isProxied(registration) || offers(registration.operations, operation))
  if (shares.length === 0) return { written: await writeEntity(deps, caller, write), failures: [] }
  const [local, remote] = await Promise.all([
    plan.local === 'none' ? undefined : writeHere(deps, caller, reduced(write, plan.local), plan.isProxied),
    forward(deps, origin, given, shares, operation),
  ])
  const parts = local === undefined ? remote : [local, ...remote]
  const failures = parts.flatMap((part) => part.failures)
  if (failures.length > 0 && parts.every(({ hasSucceeded }) => !hasSucceeded)) refuse(failures)
  return { failures, ...(local?.written === undefined ? {} : { written: local.written }) }
}

/** What the entity is, as far as the write or what is kept here tells. */
export async function typesOf({ access, store }: WriteDeps, caller: Caller, write: Write): Promise<readonly Iri[] | undefined> {
  const selected = 'selects' in write ? write.selects : 'types' in write ? write.types : undefined
  const stated = 'entity' in write && write.entity.types.length > 0 ? write.entity.types : selected
  if (stated !== undefined) return stated
  const id = 'entity' in write ? write.entity.id : write.id
  return (await store.retrieve(caller.tenant, access.readScope(caller, 'retrieveEntity'), id))?.types
}

type Part = { readonly hasSucceeded: boolean; readonly failures: readonly PartFailure[]; readonly written?: Written }

/** The share of this broker. That the entity is not here is no failure where its attributes are known to be elsewhere. */
async function writeHere(deps: DistributedWriteDeps, caller: Caller, write: Write, mayBeMissing: boolean): Promise<Part | undefined> {
  try {
    return { hasSucceeded: true, failures: [], written: await writeEntity(deps, caller, write) }
  } catch (error) {
    if (!(error instanceof NgsiLdError)) throw error
    const isMissing = error.type === 'ResourceNotFound' && mayBeMissing && 'id' in write && !('name' in write)
    return isMissing ? undefined : { hasSucceeded: false, failures: [{ names: namesOf(write), error }] }
  }
}

async function forward(
  deps: DistributedWriteDeps,
  origin: Origin,
  given: DocumentedWrite,
  shares: readonly Share[],
  operation: NonNullable<ReturnType<typeof operationOf>>,
): Promise<Part[]> {
  return mapBounded(shares, mostPeersAtOnce, async ({ names, source: { isLooping, registration } }): Promise<Part> => {
    const failed = (type: ErrorType, detail: string): Part => ({
      hasSucceeded: false,
      failures: [{ registrationId: registration.id, names, error: new NgsiLdError(type, detail) }],
    })
    if (isLooping) return failed('LoopDetected', `Registration ${registration.id} leads back to where the request came from`)
    if (!offers(registration.operations, operation))
      return failed('Conflict', `Registration ${registration.id} holds what is written, but does not offer ${operation}`)
    const context = await deps.peers.contextFor(registration, origin)
    const reply = await deps.peers.call(registration, origin, context, toWriteRequest(given, names, context))
    if (reply.kind === 'failed') return failed(errorTypeOf(reply), `${registration.id}: ${reply.detail}`)
    if (reply.status !== 207) return { hasSucceeded: true, failures: [] }
    return { hasSucceeded: true, failures: failuresIn(registration.id, reply.body, names) }
  })
}

/** The failures that a source told of within a 207, in a BatchOperationResult or an UpdateResult. */
function failuresIn(registrationId: string, body: Json | undefined, names: readonly Iri[] | 'all'): readonly PartFailure[] {
  const detail = body === undefined ? 'did not do all of it' : JSON.stringify(body).slice(0, 1000)
  return [{ registrationId, names, error: new NgsiLdError('BadGateway', `${registrationId}: ${detail}`) }]
}

/** The type of ours for what a source answered. */
export function errorTypeOf({ fault, status, type }: PeerReply & { readonly kind: 'failed' }): ErrorType {
  switch (fault) {
    case 'loop':
      return 'LoopDetected'
    case 'timeout':
      return 'GatewayTimeout'
    case 'invalid':
      return 'BadGateway'
    case 'refused':
      if (type !== undefined) return type
      if (status === 404) return 'ResourceNotFound'
      if (status === 409) return 'AlreadyExists'
      return status === 400 ? 'BadRequestData' : 'BadGateway'
  }
}

/** Nothing was done: one reason is thrown as 6.3.17 has it; several are one only if they are the same. */
function refuse(failures: readonly PartFailure[]): void {
  const [first] = failures
  if (first === undefined) return
  const { error, registrationId } = first
  if (failures.length > 1) {
    if (failures.every((failure) => failure.error.type === 'Conflict')) throw error
    return
  }
  if (registrationId === undefined) throw error
  const isTold = ['LoopDetected', 'GatewayTimeout', 'ResourceNotFound', 'Conflict', 'BadGateway'].includes(error.type)
  throw isTold ? error : new NgsiLdError('BadGateway', error.message, { cause: error })
}
