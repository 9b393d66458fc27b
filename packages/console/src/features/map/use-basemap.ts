import { useQuery } from '@tanstack/react-query'
import { readJson } from '../../api/client.ts'
import type { Basemap } from './base-style.ts'

const builtin: Basemap = { style: 'builtin', hasStreets: false }

/** The ground of the city; the built-in land where the server names none. Null while asking. */
export function useBasemap(): Basemap | null {
  const query = useQuery({
    queryKey: ['basemap'],
    queryFn: async ({ signal }) => (await readJson<Basemap>('/api/basemap', { tenant: null, signal })).body,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  })
  if (query.isPending) return null
  return query.data ?? builtin
}
