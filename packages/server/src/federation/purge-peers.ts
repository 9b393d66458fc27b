import { compactIri } from '@cityloop/ngsi-ld'
import type { EntityQuery } from '@cityloop/ngsi-ld'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { purgeEntities } from '#broker/purge-entities.ts'
import type { PurgeExtent, Purged } from '#broker/purge-entities.ts'
import type { Caller } from '#governance/access.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import { findSources } from './find-sources.ts'
import { narrowQuery, toParameters } from './narrow-query.ts'
import { offers } from './operations.ts'
import type { Origin } from './origin.ts'
import { mostPeersAtOnce } from './read-peers.ts'
import { isProxied } from './registration.ts'
import { errorTypeOf } from './write-peers.ts'
import type { DistributedWriteDeps } from './write-peers.ts'

/** What was purged, and at which source it did not succeed. */
export type DistributedPurged = Purged & { readonly sources: readonly { readonly registrationId: string; readonly error: NgsiLdError }[] }

/** Purge Entities (CIM 009, 5.6.21) here and at every source that is concerned. */
export async function purgeDistributed(
  deps: DistributedWriteDeps,
  origin: Origin,
  caller: Caller,
  query: EntityQuery,
  extent: PurgeExtent,
): Promise<DistributedPurged> {
  const { attrs, entities, geo, scopeQ } = query
  const interest = {
    time: 'latest' as const,
    ...(entities === undefined ? {} : { selectors: entities }),
    ...(attrs === undefined ? {} : { names: attrs }),
    ...(geo === undefined ? {} : { geo }),
    ...(scopeQ === undefined ? {} : { scopeQ }),
  }
  const sources = findSources(deps, caller.tenant, origin, interest).filter(
    ({ isLooping, registration }) =>
      registration.mode !== 'auxiliary' && (isProxied(registration) || (!isLooping && offers(registration.operations, 'purgeEntity'))),
  )
  const [purged, failures] = await Promise.all([
    purgeEntities(deps, caller, query, extent),
    mapBounded(sources, mostPeersAtOnce, async ({ information, isLooping, registration }) => {
      const failed = (error: NgsiLdError): DistributedPurged['sources'] => [{ registrationId: registration.id, error }]
      if (isLooping) return failed(new NgsiLdError('LoopDetected', `Registration ${registration.id} leads back to where the request came from`))
      if (!offers(registration.operations, 'purgeEntity'))
        return failed(new NgsiLdError('Conflict', `Registration ${registration.id} holds what is purged, but does not offer purgeEntity`))
      const context = await deps.peers.contextFor(registration, origin)
      const written = (names: readonly string[] | undefined): string | undefined => names?.map((name) => compactIri(context, name)).join(',')
      for (const narrowed of narrowQuery(information, query)) {
        // `attrs` says which entities go, not what of them: a source that registers attributes is not asked for others.
        const parameters = toParameters({ ...narrowed, names: query.attrs }, query, context)
        const reply = await deps.peers.call(registration, origin, context, {
          method: 'DELETE',
          path: '/entities',
          parameters: [...parameters, ['keep', written(extent.keep)], ['drop', written(extent.drop)]],
        })
        if (reply.kind === 'failed') return failed(new NgsiLdError(errorTypeOf(reply), `${registration.id}: ${reply.detail}`))
      }
      return []
    }),
  ])
  return { ...purged, sources: failures.flat() }
}
