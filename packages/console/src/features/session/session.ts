import { useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import { readJson } from '../../api/client.ts'

/** Who is asking and what kind of server answers. */
export type Session = {
  readonly authenticated: boolean
  readonly needsToken: boolean
  readonly ribbon: 'open' | 'synthetic' | null
  readonly city: { readonly name: string; readonly center: readonly [number, number]; readonly zoom: number; readonly timeZone?: string } | null
  readonly version: string
}

/** The session of this browser; asked again when the server comes back. */
export function useSession(): UseQueryResult<Session> {
  return useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }) => (await readJson<Session>('/api/session', { tenant: null, signal })).body,
    retry: true,
    retryDelay: (attempt) => Math.min(2_000, 300 * 2 ** attempt),
  })
}

/** The tenants that may be chosen beside the default one. */
export function useTenants(): readonly string[] {
  const query = useQuery({
    queryKey: ['tenants'],
    queryFn: async ({ signal }) => (await readJson<{ tenants: readonly string[] }>('/api/tenants', { tenant: null, signal })).body.tenants,
    staleTime: 60_000,
  })
  return (query.data ?? []).filter((tenant) => tenant !== '' && tenant !== 'default')
}
