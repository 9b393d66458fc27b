import { attributesOf } from '../api/entity.ts'
import type { EntityDocument } from '../api/entity.ts'

/** The attributes with numbers that a few entities of a type have, the most common first. */
export function numericAttributes(entities: readonly EntityDocument[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const entity of entities) {
    for (const { name, instances } of attributesOf(entity)) {
      if (!instances.some((instance) => typeof instance.value === 'number')) continue
      const isObserved = instances.some((instance) => instance.observedAt !== undefined)
      // What was observed is before what merely is a number, such as a capacity.
      counts.set(name, (counts.get(name) ?? 0) + (isObserved ? 2 : 1))
    }
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name)
}
