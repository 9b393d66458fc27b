import { attributesOf, instancesOf } from '../api/entity.ts'
import type { EntityDocument } from '../api/entity.ts'

/** What a few entities of a type tell about all: attributes with numbers, the most common first, and whom to name for the data. */
export type LayerSample = { readonly numeric: readonly string[]; readonly attribution: readonly string[] }

const attributionAttributes = ['dataProvider', 'source', 'license']

/** Looks at a few entities. A link is no name to show, unless there is no name. */
export function toLayerSample(entities: readonly EntityDocument[]): LayerSample {
  const counts = new Map<string, number>()
  const named = new Map<string, Set<string>>()
  for (const entity of entities) {
    for (const { name, instances } of attributesOf(entity)) {
      if (!instances.some((instance) => typeof instance.value === 'number')) continue
      const isObserved = instances.some((instance) => instance.observedAt !== undefined)
      // What was observed is before what merely is a number, such as a capacity.
      counts.set(name, (counts.get(name) ?? 0) + (isObserved ? 2 : 1))
    }
    for (const name of attributionAttributes) {
      const value = instancesOf(entity[name])[0]?.value
      if (typeof value === 'string' && value !== '') named.set(name, (named.get(name) ?? new Set()).add(value))
    }
  }
  const numeric = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name)
  const provider = [...(named.get('dataProvider') ?? named.get('source') ?? [])]
  const license = [...(named.get('license') ?? [])]
  return { numeric, attribution: [...provider, ...license] }
}
