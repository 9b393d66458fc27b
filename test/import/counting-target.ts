import type { Entity } from '@cityloop/ngsi-ld'
import type { ImportTarget } from '../../packages/server/src/connectors/import-target.ts'

/** A target that keeps nothing but counts and sums, by entity and attribute: for files too large to store in every test run. */
export type CountingTarget = ImportTarget & {
  of(id: string, attribute: string): { readonly count: number; readonly sum: number }
  readonly ids: ReadonlySet<string>
}

export function countingTarget(): CountingTarget {
  const totals = new Map<string, { count: number; sum: number }>()
  const ids = new Set<string>()
  const add = (entity: Entity): { kind: 'changed' } => {
    ids.add(entity.id)
    for (const [name, instances] of Object.entries(entity.attributes))
      for (const { value, observedAt } of instances) {
        if (observedAt === undefined || typeof value !== 'number') continue
        const key = `${entity.id} ${name}`
        const total = totals.get(key) ?? { count: 0, sum: 0 }
        total.count += 1
        total.sum += value
        totals.set(key, total)
      }
    return { kind: 'changed' }
  }
  return {
    ids,
    of: (id, attribute) => totals.get(`${id} ${attribute}`) ?? { count: 0, sum: 0 },
    observe: (_tenant, entities) => Promise.resolve(entities.map(add)),
    progress: { get: () => Promise.resolve(undefined), put: () => Promise.resolve(), delete: () => Promise.resolve() },
  }
}
