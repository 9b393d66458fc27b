import { useQueries, useQuery } from '@tanstack/react-query'
import type { QueryClient, UseQueryResult } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { readJson } from '../api/client.ts'
import { timeQuery } from '../api/time-choice.ts'
import type { TimeChoice } from '../api/time-choice.ts'
import { LayerRows } from './layer-rows.ts'
import { readLayer } from './read-layer.ts'
import type { LiveRows } from './live-rows.ts'

/** An entity type of the tenant with how many entities it has at the time shown; null while that is not known. */
export type LayerSummary = { readonly type: string; readonly count: number | null }

/** One layer that is on, with its rows once they are there. */
export type Layer = { readonly type: string; readonly rows: LayerRows | null; readonly error: unknown; readonly isLoading: boolean }

type TypeDetails = { readonly typeName: string }

/** The entity types of a tenant, by name. */
export function useTypes(tenant: string | null): UseQueryResult<readonly string[]> {
  return useQuery({
    queryKey: ['types', tenant],
    queryFn: async ({ signal }) => {
      const { body } = await readJson<readonly TypeDetails[]>('/ngsi-ld/v1/types?details=true', { tenant, signal })
      return body.map((type) => type.typeName).toSorted()
    },
    // Who opens the page of a city that fills up must not wait for its first layers.
    refetchInterval: ({ state }) => (state.dataUpdateCount < looksAtFirst ? 1_000 : 30_000),
  })
}

const looksAtFirst = 20

/** How many entities each type has at the time shown. */
export function useCounts(tenant: string | null, types: readonly string[], time: TimeChoice): readonly LayerSummary[] {
  const path = time.mode === 'live' ? '/ngsi-ld/v1/entities' : '/api/entities'
  const queries = useQueries({
    queries: types.map((type) => ({
      queryKey: ['count', tenant, type, time],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const query = new URLSearchParams({ type, limit: '0', count: 'true', ...timeQuery(time) })
        const { headers } = await readJson<unknown>(`${path}?${query}`, { tenant, signal })
        return Number(headers.get('NGSILD-Results-Count') ?? Number.NaN)
      },
      refetchInterval: time.mode === 'live' ? 30_000 : (false as const),
    })),
  })
  return types.map((type, at) => ({ type, count: queries[at]?.data ?? null }))
}

/** The rows of every layer that is on. While another moment is being fetched, the former one stays. */
export function useLayers(
  tenant: string | null,
  types: readonly string[],
  attributes: Readonly<Record<string, string>>,
  time: TimeChoice,
  language: string,
  live: LiveRows,
): readonly Layer[] {
  const queries = useQueries({
    queries: types.map((type) => ({
      queryKey: ['layer', tenant, type, attributes[type] ?? null, time],
      queryFn: ({ signal }: { signal: AbortSignal }) => live.fetch(() => readLayer(tenant, type, attributes[type] ?? null, time, language, signal)),
      structuralSharing: false as const,
      gcTime: 15_000,
      placeholderData: (former: LayerRows | undefined) => (former?.type === type ? former : undefined),
    })),
  })
  return types.map((type, at) => {
    const query = queries[at]
    return { type, rows: query?.data ?? null, error: query?.error ?? null, isLoading: query?.isFetching ?? true }
  })
}

/** All live rows of a tenant that the cache holds. */
export function liveRowsIn(client: QueryClient, tenant: string | null): LayerRows[] {
  return client
    .getQueryCache()
    .findAll({ queryKey: ['layer', tenant] })
    .filter((query) => (query.queryKey[4] as TimeChoice).mode === 'live')
    .flatMap((query) => (query.state.data instanceof LayerRows ? [query.state.data] : []))
}

/** Renders anew when the rows have changed, at most at this pace; answers the rows' version. */
export function useRowsVersion(rows: LayerRows | null, everyMs: number): number {
  const [, setVersion] = useState(0)
  const renew = useCallback(() => setVersion((former) => former + 1), [])
  useEffect(() => {
    if (rows === null) return undefined
    let timer: ReturnType<typeof setTimeout> | null = null
    const stop = rows.onChange(() => {
      timer ??= setTimeout(() => {
        timer = null
        renew()
      }, everyMs)
    })
    return () => {
      stop()
      if (timer !== null) clearTimeout(timer)
    }
  }, [rows, everyMs, renew])
  return rows?.version ?? 0
}
