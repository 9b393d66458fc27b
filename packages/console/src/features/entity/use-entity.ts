import { useQuery } from '@tanstack/react-query'
import type { QueryClient, UseQueryResult } from '@tanstack/react-query'
import { ApiError, readJson } from '../../api/client.ts'
import type { EntityDocument } from '../../api/entity.ts'
import { timeQuery } from '../../api/time-choice.ts'
import type { TimeChoice } from '../../api/time-choice.ts'

/** An entity at the time shown; null when there is none by that id then. */
export function useEntity(tenant: string | null, id: string, type: string, time: TimeChoice): UseQueryResult<EntityDocument | null> {
  return useQuery({
    queryKey: ['entity', tenant, id, time],
    queryFn: async ({ signal }) => {
      if (time.mode !== 'live') {
        const query = new URLSearchParams({ id, type, options: 'sysAttrs', ...timeQuery(time) })
        const { body } = await readJson<readonly EntityDocument[]>(`/api/entities?${query}`, { tenant, signal })
        return body.find((entity) => entity.id === id) ?? null
      }
      try {
        return (await readJson<EntityDocument>(`/ngsi-ld/v1/entities/${encodeURIComponent(id)}?options=sysAttrs`, { tenant, signal })).body
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
    retry: (failures, error) => !(error instanceof ApiError) && failures < 3,
  })
}

/** Puts a change from the live stream into the entity that is shown, if it is that one. */
export function updateEntity(client: QueryClient, tenant: string | null, id: string, entity: EntityDocument | null): void {
  const key = ['entity', tenant, id, { mode: 'live' }]
  if (client.getQueryState(key) === undefined) return
  void client.cancelQueries({ queryKey: key })
  client.setQueryData(key, entity)
}
