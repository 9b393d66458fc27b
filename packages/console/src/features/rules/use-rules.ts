import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { readJson, writeJson } from '../../api/client.ts'
import type { Rule } from './rule.ts'

/** The tenant's rules by title. */
export function useRules(tenant: string | null): UseQueryResult<readonly Rule[]> {
  return useQuery({
    queryKey: ['rules', tenant],
    queryFn: async ({ signal }) => {
      const { body } = await readJson<{ rules: readonly Rule[] }>('/api/rules', { tenant, signal })
      return body.rules.toSorted((a, b) => a.title.localeCompare(b.title))
    },
  })
}

/** Stores a rule under its id, new or changed. */
export function usePutRule(tenant: string | null): UseMutationResult<unknown, Error, { readonly id: string; readonly rule: object }> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, rule }) => writeJson('PUT', `/api/rules/${encodeURIComponent(id)}`, { tenant }, rule),
    onSuccess: () => client.invalidateQueries({ queryKey: ['rules', tenant] }),
  })
}

/** Deletes a rule; alerts that it made stay as they are. */
export function useDeleteRule(tenant: string | null): UseMutationResult<unknown, Error, string> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id) => writeJson('DELETE', `/api/rules/${encodeURIComponent(id)}`, { tenant }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['rules', tenant] }),
  })
}

/** Names of the attributes that entities of a type have, for suggestions. */
export function useAttributesOf(tenant: string | null, type: string): readonly string[] {
  const query = useQuery({
    queryKey: ['attributes', tenant, type],
    enabled: type !== '',
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const path = `/ngsi-ld/v1/types/${encodeURIComponent(type)}`
      const { body } = await readJson<{ attributeDetails?: readonly { attributeName?: string; attributeTypes?: readonly string[] }[] }>(path, {
        tenant,
        signal,
      })
      return (body.attributeDetails ?? []).flatMap(({ attributeName }) => (attributeName === undefined ? [] : [attributeName])).toSorted()
    },
  })
  return query.data ?? []
}
