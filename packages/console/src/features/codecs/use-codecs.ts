import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { readJson, writeJson } from '../../api/client.ts'

/** Names with values, as a codec gives them or an entity has them. */
export type Fields = Readonly<Record<string, unknown>>

/** Bytes in hexadecimal with the fields they must give. */
export type CodecExample = { readonly hex: string; readonly fPort: number; readonly expected: Fields }

/** A codec that is kept, with the examples it passes. */
export type Codec = { readonly name: string; readonly source: string; readonly examples: readonly CodecExample[] }

/** What came of a trial: fields and the entity they become, or the rule that refused. */
export type Trial = {
  readonly fields?: Fields
  readonly warnings?: readonly string[]
  readonly entity?: Fields
  readonly refused?: { readonly rule: string; readonly detail: string }
}

/** The tenant's codecs by name. */
export function useCodecs(tenant: string | null): UseQueryResult<readonly Codec[]> {
  return useQuery({
    queryKey: ['codecs', tenant],
    queryFn: async ({ signal }) => {
      const { body } = await readJson<{ codecs: readonly Codec[] }>('/api/codecs', { tenant, signal })
      return body.codecs.toSorted((a, b) => a.name.localeCompare(b.name))
    },
  })
}

/** Runs code on bytes; nothing is stored. */
export function useTrial(
  tenant: string | null,
): UseMutationResult<Trial | null, Error, { readonly hex: string; readonly fPort: number; readonly source: string; readonly apikey?: string }> {
  return useMutation({ mutationFn: (trial) => writeJson<Trial>('POST', '/api/codecs/try', { tenant }, trial) })
}

/** Keeps a codec; the server refuses one that fails its own examples. */
export function usePutCodec(tenant: string | null): UseMutationResult<unknown, Error, Codec> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, source, examples }) => writeJson('PUT', `/api/codecs/${encodeURIComponent(name)}`, { tenant }, { source, examples }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['codecs', tenant] }),
  })
}

/** Deletes a codec. */
export function useDeleteCodec(tenant: string | null): UseMutationResult<unknown, Error, string> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name) => writeJson('DELETE', `/api/codecs/${encodeURIComponent(name)}`, { tenant }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['codecs', tenant] }),
  })
}

/** Keys of the service groups with the type of entity each makes. */
export function useGroupChoices(tenant: string | null): readonly { readonly apikey: string; readonly type: string }[] {
  const query = useQuery({
    queryKey: ['group-choices', tenant],
    queryFn: async ({ signal }) => {
      type Group = { readonly apikey: string; readonly entity_type?: string; readonly type?: string }
      const { body } = await readJson<{ services: readonly Group[] }>('/iot/services', { tenant, signal })
      return body.services.map((group) => ({ apikey: group.apikey, type: group.entity_type ?? group.type ?? '' }))
    },
  })
  return query.data ?? []
}
