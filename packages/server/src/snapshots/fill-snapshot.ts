import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Entity, EntityQuery, TemporalEntity, TemporalQuery } from '@cityloop/ngsi-ld'
import { queryEntities } from '#broker/read-entities.ts'
import { writeEntities } from '#broker/write-entities.ts'
import type { Write } from '#broker/write-entities.ts'
import type { Access, Caller } from '#governance/access.ts'
import { queryEvolution } from '#history/query-evolution.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Store } from '#store/store.ts'
import type { ExecutionResult, Snapshot } from './snapshot.ts'
import type { Fills } from './snapshots.ts'

const atOnce = 500

/** A temporal query of a snapshot, parsed. */
export type EvolutionFill = {
  readonly query: EntityQuery
  readonly temporal: TemporalQuery
  readonly attributes?: readonly string[]
  readonly lastN?: number
}

type FillDeps = { readonly access: Access; readonly clock: Clock; readonly store: Store }

/** Runs the queries of a snapshot, every page of them, and stores what they give in its tenant (CIM 009, 5.16.1). A query that fails fails alone. */
export async function fillSnapshot(deps: FillDeps, caller: Caller, tenant: string, fills: Fills): Promise<Partial<Snapshot>> {
  const into = { ...caller, tenant }
  const entities: ExecutionResult[] = []
  const evolutions: ExecutionResult[] = []
  for (const query of fills.entities) entities.push(await execute(() => copyEntities(deps, caller, into, query)))
  for (const fill of fills.evolutions) evolutions.push(await execute(() => copyEvolutions(deps, caller, into, fill)))
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
  await copyEntities(deps, reader, writer, {})
  await copyEvolutions(deps, reader, writer, { query: {}, temporal: { timeproperty: 'observedAt' } })
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

async function copyEntities(deps: FillDeps, from: Caller, into: Caller, query: EntityQuery): Promise<number> {
  return copyPages(
    (offset) => queryEntities(deps, from, { query, moment: { kind: 'now' }, offset, limit: atOnce, count: false }).then(({ entities }) => entities),
    (entities: readonly Entity[]) =>
      writeEntities(
        deps,
        into,
        entities.map((entity): Write => ({ kind: 'upsertEntity', entity, mode: 'update' })),
      ),
  )
}

async function copyEvolutions(deps: FillDeps, from: Caller, into: Caller, fill: EvolutionFill): Promise<number> {
  return copyPages(
    (offset) => queryEvolution(deps, from, { ...fill, offset, limit: atOnce, count: false }).then(({ evolutions }) => evolutions),
    (evolutions: readonly TemporalEntity[]) =>
      writeEntities(
        deps,
        into,
        evolutions.map((entity): Write => ({ kind: 'appendTemporal', entity, create: true })),
      ),
  )
}

/** Copies page by page until one is not full; returns how many there were. */
async function copyPages<Item>(
  read: (offset: number) => Promise<readonly Item[]>,
  write: (items: readonly Item[]) => Promise<unknown>,
): Promise<number> {
  for (let copied = 0; ;) {
    const items = await read(copied)
    if (items.length > 0) await write(items)
    copied += items.length
    if (items.length < atOnce) return copied
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
