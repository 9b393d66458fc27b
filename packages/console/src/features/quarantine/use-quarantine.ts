import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { InfiniteData, UseInfiniteQueryResult, UseMutationResult } from '@tanstack/react-query'
import { readJson, writeJson } from '../../api/client.ts'

/** A message that could not be taken. `receivedAt` in microseconds, `payload` in Base64. */
export type Quarantined = {
  readonly key: string
  readonly rule: string
  readonly detail: string
  readonly apiKey: string
  readonly deviceId: string
  readonly protocol?: string
  readonly attribute?: string
  readonly transport: string
  readonly receivedAt: number
  readonly payload: string
  readonly tries: number
}

/** What became of messages tried again. */
export type Replayed = { readonly taken: number; readonly left: number; readonly reasons: Readonly<Record<string, number>> }

const pageSize = 100

/** The quarantined messages, oldest first, a page at a time; of one device where it is named. */
export function useQuarantine(tenant: string | null, deviceId: string | null): UseInfiniteQueryResult<InfiniteData<readonly Quarantined[]>> {
  return useInfiniteQuery({
    queryKey: ['quarantine', tenant, deviceId],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const search = new URLSearchParams({
        limit: String(pageSize),
        ...(pageParam === '' ? {} : { after: pageParam }),
        ...(deviceId === null ? {} : { device: deviceId }),
      })
      return (await readJson<{ messages: readonly Quarantined[] }>(`/api/quarantine?${search}`, { tenant, signal })).body.messages
    },
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)?.key),
    refetchInterval: 5_000,
  })
}

/** Tries messages again; those that pass leave the quarantine. */
export function useReplay(tenant: string | null): UseMutationResult<Replayed | null, Error, readonly string[] | 'all'> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (keys) => writeJson<Replayed>('POST', '/api/quarantine/replay', { tenant }, { keys }),
    onSettled: () => client.invalidateQueries({ queryKey: ['quarantine', tenant] }),
  })
}

/** Throws messages away for good. */
export function useDiscard(tenant: string | null): UseMutationResult<unknown, Error, readonly string[]> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (keys) => writeJson('POST', '/api/quarantine/discard', { tenant }, { keys }),
    onSettled: () => client.invalidateQueries({ queryKey: ['quarantine', tenant] }),
  })
}
