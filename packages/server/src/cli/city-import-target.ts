import { writeEntities } from '#broker/write-entities.ts'
import type { ImportTarget } from '#connectors/import-target.ts'
import type { OpenCity } from '#main/run-city.ts'

/** Writes into a city that is open in this process; progress is kept in own rows of the area `import`. */
export function cityImportTarget(city: Pick<OpenCity, 'access' | 'clock' | 'store'>, source: 'import' | 'replay' = 'import'): ImportTarget {
  const { rows } = city.store
  return {
    async observe(tenant, entities) {
      const outcomes = await writeEntities(
        city,
        { id: source, tenant },
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
