import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'

/** What one source says of an entity; that of an auxiliary source only fills what is missing otherwise. */
export type EntityPart = { readonly entity: Entity; readonly isAuxiliary: boolean }

/**
 * The entity of which these are the parts (CIM 009, 4.5.5.2 and 4.5.5.3): of instances with the same dataset id the one observed last counts, else the one
 * modified last, else the first. Parts and instances that have expired by `now` do not count. `undefined` where none is left.
 */
export function mergeParts(parts: readonly EntityPart[], now: Instant): Entity | undefined {
  const alive = parts.filter(({ entity }) => entity.expiresAt === undefined || entity.expiresAt > now)
  const [first] = alive
  if (first === undefined) return undefined
  if (alive.length === 1) return first.entity
  const primary = alive.filter(({ isAuxiliary }) => !isAuxiliary).map(({ entity }) => entity)
  const attributes = new Map<Iri, readonly Attribute[]>()
  for (const entity of primary) for (const [name, instances] of pushedDown(entity)) mergeInto(attributes, name, instances, now)
  for (const { entity, isAuxiliary } of alive) {
    if (!isAuxiliary) continue
    const held = new Set(attributes.keys())
    for (const [name, instances] of pushedDown(entity)) if (!held.has(name)) mergeInto(attributes, name, instances, now)
  }
  const all = alive.map(({ entity }) => entity)
  const heads = primary.length === 0 ? all : primary
  const scopes = [...new Set(heads.flatMap((entity) => entity.scopes ?? []))]
  const [createdAt, modifiedAt] = [least(all.map((entity) => entity.createdAt)), greatest(all.map((entity) => entity.modifiedAt))]
  // One version without an end makes the whole endless.
  const expiresAt = all.some((entity) => entity.expiresAt === undefined) ? undefined : greatest(all.map((entity) => entity.expiresAt))
  return {
    id: first.entity.id,
    types: [...new Set(heads.flatMap(({ types }) => types))],
    attributes: Object.fromEntries(attributes),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** The evolution of which these are the parts: every instance of each, once. */
export function mergeEvolutions(parts: readonly Entity[]): Entity | undefined {
  const [first] = parts
  if (first === undefined || parts.length === 1) return first
  const attributes = new Map<Iri, Map<string, Attribute>>()
  for (const part of parts) {
    for (const [name, instances] of Object.entries(part.attributes)) {
      const known = attributes.get(name) ?? new Map<string, Attribute>()
      for (const instance of instances) {
        const key = keyInTime(instance)
        if (!known.has(key)) known.set(key, instance)
      }
      attributes.set(name, known)
    }
  }
  const scopes = [...new Set(parts.flatMap((part) => part.scopes ?? []))]
  const [createdAt, modifiedAt] = [least(parts.map((part) => part.createdAt)), greatest(parts.map((part) => part.modifiedAt))]
  return {
    id: first.id,
    types: [...new Set(parts.flatMap(({ types }) => types))],
    attributes: Object.fromEntries([...attributes].map(([name, known]) => [name, [...known.values()].toSorted((a, b) => startOf(a) - startOf(b))])),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  }
}

/** 4.5.5.2: an entity's end is that of its attributes, where they have none before it. */
function pushedDown({ attributes, expiresAt }: Entity): readonly (readonly [Iri, readonly Attribute[]])[] {
  const entries = Object.entries(attributes)
  if (expiresAt === undefined) return entries
  return entries.map(([name, instances]) => [
    name,
    instances.map((instance) => ({ ...instance, expiresAt: Math.min(instance.expiresAt ?? Infinity, expiresAt) })),
  ])
}

function mergeInto(attributes: Map<Iri, readonly Attribute[]>, name: Iri, instances: readonly Attribute[], now: Instant): void {
  const merged = [...(attributes.get(name) ?? [])]
  for (const instance of instances) {
    if (instance.expiresAt !== undefined && instance.expiresAt <= now) continue
    const index = merged.findIndex(({ datasetId }) => datasetId === instance.datasetId)
    const known = merged[index]
    if (known === undefined) merged.push(instance)
    else if (isNewer(instance, known)) merged[index] = instance
  }
  if (merged.length > 0) attributes.set(name, merged)
}

/** 4.5.5.3 */
function isNewer(instance: Attribute, known: Attribute): boolean {
  if (instance.observedAt !== undefined || known.observedAt !== undefined) return (instance.observedAt ?? -Infinity) > (known.observedAt ?? -Infinity)
  return (instance.modifiedAt ?? -Infinity) > (known.modifiedAt ?? -Infinity)
}

function keyInTime({ datasetId, instanceId, observedAt, modifiedAt, value }: Attribute): string {
  if (observedAt !== undefined) return JSON.stringify([datasetId, observedAt])
  return instanceId ?? JSON.stringify([datasetId, modifiedAt, value])
}

function startOf(instance: Attribute): Instant {
  return instance.observedAt ?? instance.createdAt ?? instance.modifiedAt ?? 0
}

function least(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

function greatest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
