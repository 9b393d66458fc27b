import type { Attribute, Attributes, Entity, Iri } from './entity.ts'
import type { Instant } from './instant.ts'

/** The entity as it is at `now` (CIM 009, 4.22): `undefined` where it has expired, without the attribute instances that have. The same object where none has. */
export function unexpired(entity: Entity, now: Instant): Entity | undefined {
  if (entity.expiresAt !== undefined && entity.expiresAt <= now) return undefined
  const attributes = unexpiredAttributes(entity.attributes, now)
  return attributes === entity.attributes ? entity : { ...entity, attributes }
}

/** When the next of the entity and its attribute instances expires; `undefined` where all stay. */
export function firstExpiry(entity: Entity): Instant | undefined {
  let first = entity.expiresAt ?? Infinity
  for (const instances of Object.values(entity.attributes)) for (const { expiresAt } of instances) first = Math.min(first, expiresAt ?? Infinity)
  return first === Infinity ? undefined : first
}

/** The attribute instances of an entity that have expired. */
export function expiredInstances(entity: Entity, now: Instant): readonly { readonly name: Iri; readonly datasetId?: string }[] {
  return Object.entries(entity.attributes).flatMap(([name, instances]) =>
    instances.flatMap((instance) =>
      hasExpired(instance, now) ? [{ name, ...(instance.datasetId === undefined ? {} : { datasetId: instance.datasetId }) }] : [],
    ),
  )
}

function hasExpired({ expiresAt }: Attribute, now: Instant): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

function unexpiredAttributes(attributes: Attributes, now: Instant): Attributes {
  let isSame = true
  const kept: [Iri, readonly Attribute[]][] = []
  for (const [name, instances] of Object.entries(attributes)) {
    const left = instances.flatMap((instance) => {
      if (hasExpired(instance, now)) return []
      const sub = instance.sub === undefined ? undefined : unexpiredAttributes(instance.sub, now)
      return sub === instance.sub ? [instance] : [{ ...instance, ...(sub === undefined ? {} : { sub }) }]
    })
    if (left.length !== instances.length || left.some((instance, index) => instance !== instances[index])) isSame = false
    if (left.length > 0) kept.push([name, left])
  }
  return isSame ? attributes : Object.fromEntries(kept)
}
