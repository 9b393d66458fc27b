import { NgsiLdError, isJsonObject, scopeName } from '@cityloop/ngsi-ld'
import type { ErrorType, Iri, Json, JsonObject } from '@cityloop/ngsi-ld'
import { writeEntities } from '#broker/write-entities.ts'
import type { Write } from '#broker/write-entities.ts'
import type { Caller } from '#governance/access.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import type { Outcome } from '#store/store.ts'
import { offers } from './operations.ts'
import type { Operation } from './operations.ts'
import type { Origin } from './origin.ts'
import type { PeerReply, PeerRequest } from './peer.ts'
import { planWrite } from './plan-write.ts'
import type { WritePlan } from './plan-write.ts'
import { mostPeersAtOnce } from './read-peers.ts'
import { isProxied } from './registration.ts'
import type { Registration } from './registration.ts'
import { errorTypeOf, typesOf } from './write-peers.ts'
import type { DistributedWriteDeps } from './write-peers.ts'
import { namesOf, operationOf, reduced, toWriteRequest } from './write-request.ts'
import type { DocumentedWrite } from './write-request.ts'

/** What became of one entity of a batch, here and at all sources. */
export type ItemResult = {
  readonly id: string
  /** Whether anybody did what was asked. */
  readonly hasSucceeded: boolean
  readonly isCreated: boolean
  readonly failures: readonly { readonly registrationId?: string; readonly error: NgsiLdError }[]
}

/** Everything that is for one source. */
type Share = {
  readonly registration: Registration
  readonly isLooping: boolean
  readonly items: readonly { readonly index: number; readonly names: readonly Iri[] | 'all' }[]
}

/** Carries out a batch here and at every source that is concerned (CIM 009, 5.6.7 to 5.6.10, 5.6.20); here all in one commit. Results are in the order of the items. */
export async function writeBatchDistributed(
  deps: DistributedWriteDeps,
  origin: Origin,
  caller: Caller,
  items: readonly DocumentedWrite[],
): Promise<readonly ItemResult[]> {
  const isDistributed = !origin.isLocal && deps.registrations.has(caller.tenant)
  const plans = isDistributed
    ? await mapBounded(items, mostPeersAtOnce, (item) => planOf(deps, origin, caller, item))
    : items.map((): WritePlan => here)
  const results = items.map(({ write }) => new Result('entity' in write ? write.entity.id : write.id))
  await Promise.all([
    writeHere(deps, caller, items, plans, results),
    mapBounded(sharesOf(plans), mostPeersAtOnce, (share) => writeThere(deps, origin, items, share, results)),
  ])
  return results.map((result) => result.view())
}

const here: WritePlan = { shares: [], local: 'all', isProxied: false }

async function planOf(deps: DistributedWriteDeps, origin: Origin, caller: Caller, { write }: DocumentedWrite): Promise<WritePlan> {
  const id = 'entity' in write ? write.entity.id : write.id
  return planWrite(deps, caller.tenant, origin, { id, types: await typesOf(deps, caller, write), names: namesOf(write) })
}

/** By source, what of the items is for it. */
function sharesOf(plans: readonly WritePlan[]): readonly Share[] {
  const shares = new Map<string, { registration: Registration; isLooping: boolean; items: { index: number; names: readonly Iri[] | 'all' }[] }>()
  for (const [index, { shares: own }] of plans.entries()) {
    for (const { names, source } of own) {
      const { registration, isLooping } = source
      const share = shares.get(registration.id) ?? { registration, isLooping, items: [] }
      share.items.push({ index, names })
      shares.set(registration.id, share)
    }
  }
  return [...shares.values()]
}

/** What is gathered of an entity while the answers come in. */
class Result {
  readonly #id: string
  readonly #failures: { registrationId?: string; error: NgsiLdError }[] = []
  #hasSucceeded = false
  #isCreated = false

  constructor(id: string) {
    this.#id = id
  }

  succeed(isCreated: boolean): void {
    this.#hasSucceeded = true
    if (isCreated) this.#isCreated = true
  }

  fail(type: ErrorType, detail: string, registrationId?: string): void {
    this.#failures.push({ error: new NgsiLdError(type, detail), ...(registrationId === undefined ? {} : { registrationId }) })
  }

  view(): ItemResult {
    return { id: this.#id, hasSucceeded: this.#hasSucceeded, isCreated: this.#isCreated, failures: this.#failures }
  }
}

async function writeHere(
  deps: DistributedWriteDeps,
  caller: Caller,
  items: readonly DocumentedWrite[],
  plans: readonly WritePlan[],
  results: readonly Result[],
): Promise<void> {
  const own = items.flatMap(({ write }, index) => {
    const local = plans[index]?.local ?? 'all'
    return local === 'none' ? [] : [{ index, write: local === 'all' ? write : reduced(write, local) }]
  })
  if (own.length === 0) return
  const outcomes = await writeEntities(
    deps,
    caller,
    own.map(({ write }) => write),
  )
  for (const [position, { index }] of own.entries()) {
    const outcome = outcomes[position]
    const result = results[index]
    if (outcome !== undefined && result !== undefined)
      take(result, outcome, plans[index]?.isProxied === true && items[index]?.write.kind === 'deleteEntity')
  }
}

function take(result: Result, outcome: Outcome, mayBeMissing: boolean): void {
  switch (outcome.kind) {
    case 'refused':
      if (outcome.type !== 'ResourceNotFound' || !mayBeMissing) result.fail(outcome.type, outcome.detail)
      return
    case 'changed':
    case 'unchanged': {
      // 5.6.2.4 passes over a scope that the entity does not have.
      const first = outcome.notUpdated.find(({ name }) => name !== 'scope' && name !== scopeName)
      if (first !== undefined) result.fail('BadRequestData', first.reason)
      else result.succeed(outcome.kind === 'changed' && outcome.created)
    }
  }
}

async function writeThere(
  deps: DistributedWriteDeps,
  origin: Origin,
  items: readonly DocumentedWrite[],
  share: Share,
  results: readonly Result[],
): Promise<void> {
  const { isLooping, registration } = share
  const first = items[share.items[0]?.index ?? -1]
  if (first === undefined) return
  const failAll = (type: ErrorType, detail: string): void => {
    for (const { index } of share.items) results[index]?.fail(type, detail, registration.id)
  }
  if (isLooping) return failAll('LoopDetected', `Registration ${registration.id} leads back to where the request came from`)
  const batch = batchOf(first.write)
  if (offers(registration.operations, batch.operation)) return writeBatchThere(deps, origin, items, share, results, batch)
  const single = singlesOf(first.write).find((write) => offers(registration.operations, operationOf(write) ?? batch.operation))
  if (single !== undefined) {
    await mapBounded(share.items, mostPeersAtOnce, async ({ index, names }) => {
      const item = items[index]
      const result = results[index]
      if (item !== undefined && result !== undefined) await writeOneThere(deps, origin, registration, item, names, result)
    })
    return
  }
  if (isProxied(registration)) failAll('Conflict', `Registration ${registration.id} holds what is written, but does not offer ${batch.operation}`)
}

async function writeBatchThere(
  deps: DistributedWriteDeps,
  origin: Origin,
  items: readonly DocumentedWrite[],
  { items: own, registration }: Share,
  results: readonly Result[],
  batch: Batch,
): Promise<void> {
  const first = items[own[0]?.index ?? -1]
  const context = await deps.peers.contextFor(registration, { ...origin, context: first?.context ?? origin.context })
  const body = own.flatMap(({ index, names }): Json[] => {
    const item = items[index]
    if (item === undefined) return []
    if (item.write.kind === 'deleteEntity') return [item.write.id]
    return [{ ...withIdentity(item.write), ...(toWriteRequest(item, names, context).body as object) }]
  })
  const request: PeerRequest = { method: 'POST', path: `/entityOperations/${batch.name}`, parameters: [['options', batch.options]], body }
  const reply = await deps.peers.call(registration, origin, context, request)
  if (reply.kind === 'failed') {
    for (const { index } of own) results[index]?.fail(errorTypeOf(reply), `${registration.id}: ${reply.detail}`, registration.id)
    return
  }
  const told = isJsonObject(reply.body) ? reply.body : {}
  if (reply.status === 200 && told['success'] === undefined && told['errors'] === undefined) {
    for (const { index } of own)
      results[index]?.fail('BadGateway', `${registration.id}: what the source sent is no result of a batch`, registration.id)
    return
  }
  const failed = errorsIn(told)
  const done = new Set(Array.isArray(told['success']) ? (told['success'] as readonly Json[]) : [])
  const created = new Set(reply.status === 201 && Array.isArray(reply.body) ? (reply.body as readonly Json[]) : [])
  for (const { index } of own) {
    const result = results[index]
    const { id = '' } = result?.view() ?? {}
    const detail = failed.get(id)
    if (detail !== undefined) result?.fail(detail.type, `${registration.id}: ${detail.detail}`, registration.id)
    // A source that has sources of its own may have done it and yet tell of one that has not.
    if (detail === undefined || done.has(id)) result?.succeed(batch.operation === 'createBatch' || created.has(id))
  }
}

/** A fragment by itself names no entity; in a batch it must. */
function withIdentity(write: Write): { readonly id: string } {
  return { id: 'entity' in write ? write.entity.id : write.id }
}

/** The errors of a BatchOperationResult (5.2.16), by entity. */
function errorsIn(told: JsonObject): ReadonlyMap<string, { readonly type: ErrorType; readonly detail: string }> {
  const errors = Array.isArray(told['errors']) ? (told['errors'] as readonly Json[]) : []
  return new Map(
    errors.flatMap((item) => {
      if (!isJsonObject(item) || typeof item['entityId'] !== 'string') return []
      const error = isJsonObject(item['error']) ? item['error'] : {}
      const type = typeof error['type'] === 'string' ? error['type'].slice(error['type'].lastIndexOf('/') + 1) : ''
      const detail = typeof error['detail'] === 'string' ? error['detail'] : JSON.stringify(error)
      return [[item['entityId'], { type: known.has(type) ? (type as ErrorType) : 'BadGateway', detail }] as const]
    }),
  )
}

const known: ReadonlySet<string> = new Set(['BadRequestData', 'AlreadyExists', 'Conflict', 'OperationNotSupported', 'ResourceNotFound'])

async function writeOneThere(
  deps: DistributedWriteDeps,
  origin: Origin,
  registration: Registration,
  item: DocumentedWrite,
  names: readonly Iri[] | 'all',
  result: Result,
): Promise<void> {
  const context = await deps.peers.contextFor(registration, { ...origin, context: item.context })
  let failure: (PeerReply & { readonly kind: 'failed' }) | undefined
  for (const write of singlesOf(item.write)) {
    const operation = operationOf(write)
    if (operation === undefined || !offers(registration.operations, operation)) continue
    const reply = await deps.peers.call(registration, origin, context, toWriteRequest({ ...item, write }, names, context))
    if (reply.kind === 'answered') return result.succeed(write.kind === 'createEntity')
    failure = reply
    // An upsert goes on where the entity is there already (5.6.8.4).
    if (item.write.kind !== 'upsertEntity' || errorTypeOf(reply) !== 'AlreadyExists') break
  }
  if (failure !== undefined) result.fail(errorTypeOf(failure), `${registration.id}: ${failure.detail}`, registration.id)
}

type Batch = { readonly name: 'create' | 'upsert' | 'update' | 'merge' | 'delete'; readonly operation: Operation; readonly options?: string }

/** The batch operation of which a write is an item. */
function batchOf(write: Write): Batch {
  switch (write.kind) {
    case 'createEntity':
      return { name: 'create', operation: 'createBatch' }
    case 'upsertEntity':
      return { name: 'upsert', operation: 'upsertBatch', ...(write.mode === 'update' ? { options: 'update' } : {}) }
    case 'appendAttributes':
      return { name: 'update', operation: 'updateBatch', ...(write.overwrite ? {} : { options: 'noOverwrite' }) }
    case 'updateAttributes':
      return { name: 'update', operation: 'updateBatch' }
    case 'mergeEntity':
      return { name: 'merge', operation: 'mergeBatch' }
    case 'deleteEntity':
      return { name: 'delete', operation: 'deleteBatch' }
    case 'replaceEntity':
    case 'partialUpdateAttribute':
    case 'replaceAttribute':
    case 'deleteAttribute':
    case 'observe':
    case 'appendTemporal':
    case 'deleteTemporalEntity':
    case 'deleteTemporalAttribute':
    case 'correctInstance':
    case 'deleteInstance':
    case 'eraseEntity':
      throw new Error(`${write.kind} is no item of a batch`)
  }
}

/** The single operations that stand for an item, in the order in which they are tried. */
function singlesOf(write: Write): readonly Write[] {
  if (write.kind !== 'upsertEntity') return [write]
  const { entity, mode } = write
  return [{ kind: 'createEntity', entity }, mode === 'replace' ? { kind: 'replaceEntity', entity } : { kind: 'updateAttributes', entity }]
}
