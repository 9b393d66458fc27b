import { useQuery } from '@tanstack/react-query'
import { readJson } from '../../api/client.ts'
import { labelOf, typeOf } from '../../api/entity.ts'
import type { EntityDocument } from '../../api/entity.ts'

/** An entity that the server found. */
export type FoundEntity = { readonly id: string; readonly type: string; readonly label: string }

/** Entities of every layer, on or off, whose name holds the text. */
export function useFoundEntities(tenant: string | null, text: string, most: number, language: string): readonly FoundEntity[] {
  const wanted = text.trim()
  const query = useQuery({
    queryKey: ['found', tenant, wanted, language],
    enabled: wanted.length > 1,
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams({ q: `name~="${toPattern(wanted)}"`, pick: 'id,type,name', limit: String(most) })
      const { body } = await readJson<readonly EntityDocument[]>(`/ngsi-ld/v1/entities?${search}`, { tenant, signal })
      return body.map((entity) => ({ id: entity.id, type: typeOf(entity), label: labelOf(entity, language) }))
    },
    placeholderData: (former) => former,
  })
  return wanted.length > 1 ? (query.data ?? []) : []
}

/** A pattern that finds the text itself, in capitals or not; a quotation mark, which would end the query's text, becomes any character. */
function toPattern(text: string): string {
  return `(?i).*${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replaceAll('"', '.')}.*`
}
