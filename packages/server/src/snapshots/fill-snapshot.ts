import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Entity, EntityQuery, TemporalEntity, TemporalQuery } from '@cityloop/ngsi-ld'
import { queryEntities } from '#broker/read-entities.ts'
import { writeEntities } from '#broker/write-entities.ts'
import type { Write } from '#broker/write-entities.ts'
import type { Federation } from '#federation/open-federation.ts'
import type { Origin } from '#federation/origin.ts'
import type { Access, Caller } from '#governance/access.ts'
import { queryEvolution } from '#history/query-evolution.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Store } from '#store/store.ts'
import type { ExecutionResult, Snapshot } from './snapshot.ts'
import type { Fills } from './snapshots.ts'

const atOnce = 500
const mostDistributed = 10_000

/** A temporal query of a snapshot, parsed. */
export type EvolutionFill = {
  readonly query: EntityQuery
  readonly temporal: TemporalQuery
  readonly attributes?: readonly string[]
  readonly lastN?: number
}

type FillDeps = {
  readonly access: Access
  readonly clock: Clock
  readonly federation: Pick<Federation, 'query' | 'queryEvolution' | 'registrations'>
  readonly store: Store
}

/**
 * Runs the queries of a snapshot, here and at the sources that they concern, every page of them, and stores what they give in its tenant (CIM 009, 5.16.1). A query
 * that fails fails alone. What peers are warned of nobody is there to hear.
 */
export async function fillSnapshot(deps: FillDeps, asked: Origin, caller: Caller, tenant: string, fills: Fills): Promise<Partial<Snapshot>> {
  const into = { ...caller, tenant }
  const origin: Origin = { ...asked, warn: () => undefined }
  // Each page of a distributed query asks every source for all it has.
  const size = deps.federation.registrations.has(caller.tenant) ? mostDistributed : atOnce
  const readEntities =
    (query: EntityQuery) =>
    (offset: number): Promise<readonly Entity[]> =>
      deps.federation
        .query(origin, caller, { query, moment: { kind: 'now' }, offset, limit: size, count: false })
        .then(({ entities: found }) => found)
  const readEvolutions =
    (fill: EvolutionFill) =>
    (offset: number): Promise<readonly TemporalEntity[]> =>
      deps.federation.queryEvolution(origin, caller, { ...fill, offset, limit: size, count: false }).then(({ evolutions: found }) => found)
  const entities: ExecutionResult[] = []
  const evolutions: ExecutionResult[] = []
  for (const query of fills.entities) entities.push(await execute(() => copyEntities(deps, readEntities(query), into, size)))
  for (const fill of fills.evolutions) evolutions.push(await execute(() => copyEvolutions(deps, readEvolutions(fill), into, size)))
  return {
    snapshotStatus: statusOf([...entities, ...evolutions]),
    ...(entities.length === 0 ? {} : { snapshotQueriesDetails: entities }),
    ...(evolutions.length === 0 ? {} : { snapshotTemporalQueriesDetails: evolutions }),
  }
}

/** Copies everything of one snapshot into another (5.16.2). */
export async function copySnapshot(deps: FillDeps, caller: Caller, from: string, to: string): Promise<void> {
  const [reader, writer] = [
    { ...caller, tenant: from },
    { ...caller, tenant: to },
  ]
  const page = { limit: atOnce, count: false }
  await copyEntities(
    deps,
    (offset) => queryEntities(deps, reader, { query: {}, moment: { kind: 'now' }, offset, ...page }).then(({ entities }) => entities),
    writer,
    atOnce,
  )
  await copyEvolutions(
    deps,
    (offset) =>
      queryEvolution(deps, reader, { query: {}, temporal: { timeproperty: 'observedAt' }, offset, ...page }).then(({ evolutions }) => evolutions),
    writer,
    atOnce,
  )
}

/** Removes everything of a snapshot's tenant. */
export async function emptySnapshot(deps: FillDeps, tenant: string): Promise<void> {
  const caller = { id: 'urn:cityloop:snapshots', tenant }
  for (;;) {
    const ids = await deps.store.ids(tenant, '', atOnce)
    if (ids.length === 0) return
    await writeEntities(
      deps,
      caller,
      ids.map((id): Write => ({ kind: 'eraseEntity', id })),
    )
  }
}

async function copyEntities(deps: FillDeps, read: ReadPage<Entity>, into: Caller, size: number): Promise<number> {
  return copyPages(deps, read, into, size, (entity): Write => ({ kind: 'upsertEntity', entity, mode: 'update' }))
}

async function copyEvolutions(deps: FillDeps, read: ReadPage<TemporalEntity>, into: Caller, size: number): Promise<number> {
  return copyPages(deps, read, into, size, (entity): Write => ({ kind: 'appendTemporal', entity, create: true }))
}

type ReadPage<Item> = (offset: number) => Promise<readonly Item[]>

/** Copies page by page until one has fewer than `size`; returns how many there were. */
async function copyPages<Item>(deps: FillDeps, read: ReadPage<Item>, into: Caller, size: number, toWrite: (item: Item) => Write): Promise<number> {
  for (let copied = 0; ;) {
    const items = await read(copied)
    for (let at = 0; at < items.length; at += atOnce) await writeEntities(deps, into, items.slice(at, at + atOnce).map(toWrite))
    copied += items.length
    if (items.length < size) return copied
  }
}

async function execute(run: () => Promise<number>): Promise<ExecutionResult> {
  try {
    return { resultStatus: (await run()) > 0 ? 'success' : 'empty' }
  } catch (error) {
    if (!(error instanceof NgsiLdError)) throw error
    return { resultStatus: 'failure', problemDetails: { title: error.type, detail: error.message } }
  }
}

function statusOf(results: readonly ExecutionResult[]): Snapshot['snapshotStatus'] {
  const has = (status: ExecutionResult['resultStatus']): boolean => results.some(({ resultStatus }) => resultStatus === status)
  if (has('success')) return has('failure') || has('empty') ? 'partial' : 'success'
  return has('empty') ? 'empty' : 'failure'
}
