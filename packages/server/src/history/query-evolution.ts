import type { Access, Caller } from '#governance/access.ts'
import type { EvolutionPage, EvolutionRead, Store } from '#store/store.ts'

/** The temporal evolution of the entities that match (CIM 009, 5.7.3 and 5.7.4), as the caller may see it. */
export function queryEvolution(
  deps: { readonly access: Access; readonly store: Store },
  caller: Caller,
  read: Omit<EvolutionRead, 'tenant' | 'scope'>,
  signal?: AbortSignal,
): Promise<EvolutionPage> {
  return deps.store.queryEvolution({ ...read, tenant: caller.tenant, scope: deps.access.readScope(caller, 'queryTemporalEvolution') }, signal)
}
