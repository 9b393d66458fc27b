import type { Access, Caller } from '#governance/access.ts'
import type { EvolutionPage, EvolutionRead, Store } from '#store/store.ts'

export type HistoryDeps = { readonly access: Access; readonly store: Store }

/** A page of evolutions; ordered by id, upwards where nothing is said. */
export type EvolutionQuery = Omit<EvolutionRead, 'tenant' | 'scope'> & { readonly order?: 'asc' | 'desc' }

/** The temporal evolution of the entities that match (CIM 009, 5.7.3 and 5.7.4), as the caller may see it. */
export async function queryEvolution(deps: HistoryDeps, caller: Caller, query: EvolutionQuery, signal?: AbortSignal): Promise<EvolutionPage> {
  const { order = 'asc', ...rest } = query
  const read: EvolutionRead = { ...rest, tenant: caller.tenant, scope: deps.access.readScope(caller, 'queryTemporalEvolution') }
  if (order === 'desc') return fromTheEnd(deps, read, signal)
  return deps.store.queryEvolution(read, signal)
}

/** The store orders upwards: the page is found from the other end. */
async function fromTheEnd({ store }: HistoryDeps, read: EvolutionRead, signal: AbortSignal | undefined): Promise<EvolutionPage> {
  const { count = 0 } = await store.queryEvolution({ ...read, offset: 0, limit: 0, count: true }, signal)
  const end = Math.max(0, count - read.offset)
  const offset = Math.max(0, end - read.limit)
  const { evolutions } = await store.queryEvolution({ ...read, offset, limit: end - offset, count: false }, signal)
  return { evolutions: evolutions.toReversed(), isLast: offset === 0, ...(read.count ? { count } : {}) }
}
