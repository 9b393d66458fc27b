import type { Entity, EntityQuery, Iri, JsonObject } from '@cityloop/ngsi-ld'
import type { Contexts } from '#broker/contexts.ts'
import type { PurgeExtent } from '#broker/purge-entities.ts'
import type { ReadDeps } from '#broker/read-entities.ts'
import type { Caller } from '#governance/access.ts'
import type { EvolutionQuery } from '#history/query-evolution.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Dialler } from '#runtime/dialler.ts'
import type { Log } from '#runtime/log.ts'
import type { EntityPage, EntityRead, EvolutionPage, TypeCount } from '#store/store.ts'
import type { Subscriptions } from '#subscriptions/open-subscriptions.ts'
import type { RunnerDeps } from '#subscriptions/runner.ts'
import { writeBatchDistributed } from './batch-peers.ts'
import type { ItemResult } from './batch-peers.ts'
import { countTypesDistributed } from './discover-peers.ts'
import type { Discovery } from './discover-peers.ts'
import { callbackPath, openDistributedSubscriptions } from './distribute-subscriptions.ts'
import type { DistributedSubscriptions } from './distribute-subscriptions.ts'
import { mapDistributed } from './map-peers.ts'
import type { MapOptions, MappedEntities } from './map-peers.ts'
import { openRegistrations } from './open-registrations.ts'
import type { Registrations } from './open-registrations.ts'
import type { Origin } from './origin.ts'
import { createPeers } from './peer.ts'
import { purgeDistributed } from './purge-peers.ts'
import type { DistributedPurged } from './purge-peers.ts'
import { queryDistributed, retrieveDistributed } from './read-peers.ts'
import type { QueryOptions } from './read-peers.ts'
import { openSourceSubscriptions } from './source-subscriptions.ts'
import type { SourceSubscriptions } from './source-subscriptions.ts'
import { queryEvolutionDistributed } from './temporal-peers.ts'
import { writeDistributed } from './write-peers.ts'
import type { DistributedWritten } from './write-peers.ts'
import type { DocumentedWrite } from './write-request.ts'

export type FederationDeps = ReadDeps & {
  readonly clock: Clock
  readonly contexts: Contexts
  readonly dialler: Pick<Dialler, 'call'>
  /** Where this broker is reached. */
  readonly publicUrl: string
  readonly subscriptions: Subscriptions
  /** How this broker names itself to its peers. */
  readonly hostAlias: string
  readonly log: Log
  readonly send: RunnerDeps['send']
}

/** Entities here and at other sources, as one. Where nothing is registered, and for local requests, each operation is the local one. */
export type Federation = {
  readonly registrations: Registrations
  readonly sourceSubscriptions: SourceSubscriptions
  readonly distributedSubscriptions: DistributedSubscriptions
  query(origin: Origin, caller: Caller, read: Omit<EntityRead, 'tenant' | 'scope'>, options?: QueryOptions): Promise<EntityPage>
  /** Which entities a query is about, and who has them (5.14.4, 5.14.5). */
  map(origin: Origin, caller: Caller, query: EntityQuery, options?: MapOptions): Promise<MappedEntities>
  /** The entities of these ids that there are, for joins (4.5.23). */
  lookUp(origin: Origin, caller: Caller, ids: readonly string[]): Promise<readonly Entity[]>
  /** Throws `ResourceNotFound`. */
  retrieve(origin: Origin, caller: Caller, id: string, want?: { readonly types?: readonly Iri[]; readonly names?: readonly Iri[] }): Promise<Entity>
  write(origin: Origin, caller: Caller, write: DocumentedWrite): Promise<DistributedWritten>
  writeBatch(origin: Origin, caller: Caller, items: readonly DocumentedWrite[]): Promise<readonly ItemResult[]>
  purge(origin: Origin, caller: Caller, query: EntityQuery, extent: PurgeExtent): Promise<DistributedPurged>
  /** 5.7.5 to 5.7.10 are all read off these counts. */
  countTypes(origin: Origin, caller: Caller, discovery: Discovery): Promise<readonly TypeCount[]>
  /** 5.7.4, or with `id` 5.7.3. */
  queryEvolution(origin: Origin, caller: Caller, read: EvolutionQuery, id?: string): Promise<EvolutionPage>
  close(): Promise<void>
}

export async function openFederation(given: FederationDeps): Promise<Federation> {
  const registrations = await openRegistrations(given)
  const peers = createPeers({ ...given, registrations })
  const ready = Promise.withResolvers<DistributedSubscriptions>()
  // What is said to the subscriptions that stand behind others stays in the house.
  const send: FederationDeps['send'] = async (subscription, outgoing, signal) => {
    if (subscription.endpoint.uri !== `${given.publicUrl}${callbackPath}`) return given.send(subscription, outgoing, signal)
    await (await ready.promise).takeSources(subscription.id, JSON.parse(outgoing.body) as JsonObject)
  }
  const sourceSubscriptions = await openSourceSubscriptions({ ...given, rows: given.store.rows, registrations, send })
  const distributedSubscriptions = await openDistributedSubscriptions({ ...given, peers, registrations, sourceSubscriptions })
  ready.resolve(distributedSubscriptions)
  const deps = { ...given, peers, registrations }
  return {
    registrations,
    sourceSubscriptions,
    distributedSubscriptions,
    query: (origin, caller, read, options) => queryDistributed(deps, origin, caller, read, options),
    map: (origin, caller, query, options) => mapDistributed(deps, origin, caller, query, options),
    async lookUp(origin, caller, ids) {
      if (ids.length === 0) return []
      const read = { query: { entities: [{ ids }] }, moment: { kind: 'now' as const }, offset: 0, limit: ids.length, count: false }
      return (await queryDistributed(deps, origin, caller, read)).entities
    },
    retrieve: (origin, caller, id, want) => retrieveDistributed(deps, origin, caller, id, want),
    write: (origin, caller, write) => writeDistributed(deps, origin, caller, write),
    writeBatch: (origin, caller, items) => writeBatchDistributed(deps, origin, caller, items),
    purge: (origin, caller, query, extent) => purgeDistributed(deps, origin, caller, query, extent),
    countTypes: (origin, caller, discovery) => countTypesDistributed(deps, origin, caller, discovery),
    queryEvolution: (origin, caller, read, id) => queryEvolutionDistributed(deps, origin, caller, read, id),
    close: () => sourceSubscriptions.close(),
  }
}
