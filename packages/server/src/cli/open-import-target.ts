import { writeEntities } from '#broker/write-entities.ts'
import { coreContext, writeEntity } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import type { ImportTarget, ObserveOutcome } from '#connectors/import-target.ts'
import type { OpenCity } from '#main/run-city.ts'
import type { Reached, Remote } from './reach-city.ts'

/** Writes into the city that a command reached, in this process or through the server that owns it. */
export function openImportTarget(reached: Reached, source: 'import' | 'replay'): ImportTarget {
  return reached.kind === 'open' ? cityImportTarget(reached.city, source) : remoteImportTarget(reached.remote)
}

/** Writes into a city that is open in this process; progress is kept in own rows of the area `import`. */
export function cityImportTarget(city: Pick<OpenCity, 'access' | 'clock' | 'store'>, source: 'import' | 'replay'): ImportTarget {
  const { rows } = city.store
  return {
    async observe(tenant, entities) {
      const outcomes = await writeEntities(
        city,
        { id: `urn:cityloop:${source}`, tenant },
        entities.map((entity) => ({ kind: 'observe', entity })),
      )
      return outcomes.map((outcome) =>
        outcome.kind === 'refused' ? { kind: 'refused', type: outcome.type, detail: outcome.detail } : { kind: outcome.kind },
      )
    },
    progress: {
      get: async (key) => (await rows.get('', 'import', 'progress', key))?.value,
      put: (key, value) => rows.write([{ put: { tenant: '', area: 'import', kind: 'progress', key, value } }]),
      delete: (key) => rows.write([{ delete: { tenant: '', area: 'import', kind: 'progress', key } }]),
    },
  }
}

function remoteImportTarget(remote: Remote): ImportTarget {
  const progressPath = (key: string): string => `/api/import-progress/${encodeURIComponent(key)}`
  return {
    async observe(tenant, entities) {
      const outcomes: ObserveOutcome[] = []
      for (const part of partsOf(entities.map((entity) => writeEntity(entity, coreContext)))) {
        const reply = await remote.request('POST', '/api/observe', { tenant, body: part })
        outcomes.push(...((await reply.json()) as readonly ObserveOutcome[]))
      }
      return outcomes
    },
    progress: {
      async get(key) {
        const reply = await remote.request('GET', progressPath(key))
        return reply.status === 204 ? undefined : ((await reply.json()) as Json)
      },
      async put(key, value) {
        await remote.request('PUT', progressPath(key), { body: value })
      },
      async delete(key) {
        await remote.request('DELETE', progressPath(key))
      },
    },
  }
}

const mostCharacters = 400_000

/** Entities in order, in parts that stay below the server's limit of a body; an entity larger than that is a part of its own. */
function partsOf(entities: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const parts: JsonObject[][] = []
  let characters = Number.POSITIVE_INFINITY
  for (const entity of entities) {
    const length = JSON.stringify(entity).length
    if (characters + length > mostCharacters) {
      parts.push([])
      characters = 0
    }
    parts.at(-1)?.push(entity)
    characters += length
  }
  return parts
}
