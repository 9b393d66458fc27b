import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { QueryClient, UseMutationResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readJson, writeJson } from '../../api/client.ts'
import { labelOf, typeOf } from '../../api/entity.ts'
import type { EntityDocument } from '../../api/entity.ts'
import { timeQuery } from '../../api/time-choice.ts'
import type { TimeChoice } from '../../api/time-choice.ts'
import { applyToAlerts, orderAlerts, toAlert } from './alert.ts'
import type { Alert } from './alert.ts'

const mostAlerts = 1000
const sourcesAtOnce = 40

/** The alerts that stand at the time shown, most urgent first; `isCut` when the city has more than are read. */
export type StandingAlerts = { readonly alerts: readonly Alert[]; readonly isCut: boolean; readonly isPending: boolean; readonly error: unknown }

/** Reads the alerts that stand; the live stream keeps them by `applyAlerts`. */
export function useAlerts(tenant: string | null, time: TimeChoice, language: string): StandingAlerts {
  const query = useQuery({
    queryKey: ['alerts', tenant, time],
    queryFn: async ({ signal }) => {
      const path = time.mode === 'live' ? '/ngsi-ld/v1/entities' : '/api/entities'
      const search = new URLSearchParams({ type: 'Alert', q: 'alertState!="cleared"', limit: String(mostAlerts), ...timeQuery(time) })
      return (await readJson<readonly EntityDocument[]>(`${path}?${search}`, { tenant, signal })).body
    },
    // What the stream missed while an answer was under way is right again soon.
    refetchInterval: time.mode === 'live' ? 30_000 : false,
  })
  const entities = query.data
  const alerts = useMemo(() => orderAlerts((entities ?? []).map((entity) => toAlert(entity, language))), [entities, language])
  return { alerts, isCut: alerts.length >= mostAlerts, isPending: query.isPending, error: entities === undefined ? query.error : null }
}

/** Takes changes of the live stream over into the alerts read before. */
export function applyAlerts(
  client: QueryClient,
  tenant: string | null,
  changes: readonly { readonly id: string; readonly type: string; readonly entity: EntityDocument | null }[],
): void {
  client.setQueryData<readonly EntityDocument[]>(['alerts', tenant, { mode: 'live' }], (standing) =>
    standing === undefined ? undefined : applyToAlerts(standing, changes),
  )
}

/** What people call the entities that alerts are about, and their types, by id. */
export function useSources(tenant: string | null, alerts: readonly Alert[], language: string): ReadonlyMap<string, { label: string; type: string }> {
  const ids = [...new Set(alerts.flatMap(({ sourceId }) => (sourceId === '' ? [] : [sourceId])))].toSorted()
  const query = useQuery({
    queryKey: ['alert-sources', tenant, ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }) => {
      const found: EntityDocument[] = []
      for (let first = 0; first < ids.length; first += sourcesAtOnce) {
        const part = ids.slice(first, first + sourcesAtOnce)
        const search = new URLSearchParams({ id: part.join(','), pick: 'id,type,name', local: 'true', limit: String(part.length) })
        found.push(...(await readJson<readonly EntityDocument[]>(`/ngsi-ld/v1/entities?${search}`, { tenant, signal })).body)
      }
      return found
    },
    placeholderData: (former) => former,
    staleTime: 300_000,
  })
  const entities = query.data
  return useMemo(
    () => new Map((entities ?? []).map((entity) => [entity.id, { label: labelOf(entity, language), type: typeOf(entity) }])),
    [entities, language],
  )
}

/** Says that an operator has seen an alert. */
export function useAcknowledge(tenant: string | null): UseMutationResult<null, Error, { readonly id: string; readonly note: string }> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, note }) => {
      await writeJson('POST', `/api/alerts/${encodeURIComponent(id)}/acknowledge`, { tenant }, { note })
      return null
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['alerts', tenant] }),
  })
}
