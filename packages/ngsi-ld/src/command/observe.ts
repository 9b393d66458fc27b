import { findInstance, ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import { scopeName } from '../representation/attribute-kinds.ts'
import type { Decision } from './decision.ts'
import { addPastInstance, addTypes, closeDraft, correct, hiddenKey, newestObservation, nextInstanceId, removeInstance, setInstance } from './draft.ts'
import type { Draft } from './draft.ts'
import type { InstanceRow } from './instance-row.ts'
import { sameContent } from './same-content.ts'

/**
 * Takes observations in. An instance is identified by (attribute, dataset id, observedAt): the same again changes nothing, another value is a correction,
 * one older than the newest goes to the evolution alone. Without `observedAt` an instance is the live value, and with `onlyIfDifferent` written only where
 * it differs.
 */
export function observe(draft: Draft, rows: readonly InstanceRow[], entity: Entity, onlyIfDifferent: boolean): Decision {
  addTypes(draft, entity.types)
  if (entity.scopes !== undefined) setScopes(draft, entity, entity.scopes)
  if (entity.expiresAt !== undefined) draft.expiresAt = entity.expiresAt
  for (const [name, instances] of Object.entries(entity.attributes)) {
    if (name === scopeName) noteScopes(draft, inOrder(instances))
    else for (const instance of inOrder(instances)) take(draft, rows, name, instance, onlyIfDifferent)
  }
  return closeDraft(draft)
}

/** A scope that a new entity comes with has been its scope since its first observation (4.18); any other is set now. */
function setScopes(draft: Draft, { attributes }: Entity, scopes: readonly string[]): void {
  draft.scopes = scopes
  if (draft.before !== undefined) return
  const first = Object.values(attributes).flatMap((instances) => instances.flatMap(({ observedAt }) => observedAt ?? []))
  const observedAt = Math.min(draft.recordedAt, ...first)
  if (observedAt < draft.recordedAt) noteScopes(draft, [{ kind: 'Property', value: [...scopes], observedAt }])
}

/** The evolution of the scope comes as an attribute of the core's name (4.5.6); the newest is the entity's. */
function noteScopes(draft: Draft, instances: readonly Attribute[]): void {
  const { recordedAt, cause } = draft
  instances.forEach((instance, index) => {
    const scopes = scopesOf(instance, draft.scopes)
    const current = index === instances.length - 1
    if (current) draft.scopes = scopes
    if (instance.observedAt === undefined) return
    const { observedAt } = instance
    const row = {
      attribute: 'scope',
      instanceId: nextInstanceId(draft),
      at: observedAt,
      observedAt,
      recordedAt,
      kind: 'value' as const,
      current,
      cause,
    }
    draft.rows.push({ ...row, instance: { kind: 'Property', value: scopes ?? [], observedAt } })
  })
}

function scopesOf(instance: Attribute, otherwise: readonly string[] | undefined): readonly string[] | undefined {
  const { value } = instance
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? (value as readonly string[]) : otherwise
}

function take(draft: Draft, rows: readonly InstanceRow[], name: Iri, instance: Attribute, onlyIfDifferent: boolean): void {
  const { datasetId, observedAt } = instance
  const live = findInstance(draft.attributes, name, datasetId)
  // NGSI-LD null in an evolution tells of a deletion, if nothing newer is known.
  if (instance.value === ngsiLdNull) {
    if ((observedAt ?? Infinity) >= (live?.observedAt ?? -Infinity)) removeAt(draft, name, datasetId, observedAt)
    return
  }
  if (observedAt === undefined) {
    if (live === undefined || !onlyIfDifferent || !sameContent(live, instance)) setInstance(draft, name, instance)
    return
  }
  const newest = draft.before === undefined ? undefined : newestObservation(draft.before, name, datasetId)
  const newestNow = latest(newest, live?.observedAt)
  if (newestNow === undefined || observedAt > newestNow) return setInstance(draft, name, instance)
  const hiddenAt = draft.before?.newest?.[hiddenKey(name, datasetId)] ?? -Infinity
  if (live?.observedAt === observedAt) {
    if ((live.modifiedAt ?? 0) <= hiddenAt) return setInstance(draft, name, instance)
    if (!sameContent(live, instance)) correct(draft, name, liveRow(draft, name, live), instance)
    return
  }
  const earlier = rows.find(
    (row) =>
      row.attribute === name && row.datasetId === datasetId && row.observedAt === observedAt && row.recordedAt > hiddenAt && row.kind !== 'tombstone',
  )
  if (earlier?.instance === undefined) addPastInstance(draft, name, instance)
  else if (!sameContent(earlier.instance, instance)) correct(draft, name, earlier, instance)
}

/** Deletes the live instance; the evolution tells of it at the time that is stated. */
function removeAt(draft: Draft, name: Iri, datasetId: string | undefined, observedAt: number | undefined): void {
  const before = draft.rows.length
  removeInstance(draft, name, datasetId)
  const row = draft.rows[before]
  if (row?.instance === undefined || observedAt === undefined) return
  draft.rows[before] = { ...row, at: observedAt, observedAt, instance: { ...row.instance, observedAt } }
}

/** The live instance as the row that recorded it, as far as a correction needs it. */
function liveRow(draft: Draft, name: Iri, live: Attribute): InstanceRow {
  const { datasetId, observedAt, instanceId = '', modifiedAt = draft.recordedAt } = live
  return {
    attribute: name,
    datasetId,
    instanceId,
    at: observedAt ?? modifiedAt,
    observedAt,
    recordedAt: modifiedAt,
    kind: 'value',
    current: true,
    instance: live,
    cause: draft.cause,
  }
}

/** Oldest first, so that the newest ends up live; of two with one identity the later in the document counts. */
function inOrder(instances: readonly Attribute[]): readonly Attribute[] {
  if (instances.length === 1) return instances
  const kept = new Map<string, Attribute>()
  instances.forEach((instance, index) =>
    kept.set(instance.observedAt === undefined ? `#${index}` : `${instance.observedAt} ${instance.datasetId ?? ''}`, instance),
  )
  return [...kept.values()].sort((left, right) => (left.observedAt ?? Infinity) - (right.observedAt ?? Infinity) || 0)
}

function latest(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined) return right
  return right === undefined ? left : Math.max(left, right)
}
