import { findInstance, instancesOf, ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { Cause } from './command.ts'
import { seriesKey } from './decision.ts'
import type { AttributeChange, Decision, NotUpdated, StoredEntity } from './decision.ts'
import type { InstanceRow } from './instance-row.ts'

/** The place in the evolution of a row that ends every earlier row of its series. */
export const beforeAll: Instant = -8_640_000_000_000_000

/** The instance id of a row that ends every earlier row of its series. */
export const everyInstance = '*'

/** A change in the making: what the entity becomes, the rows that record it and what is told of it. Lives within one `applyCommand`. */
export type Draft = {
  readonly before: StoredEntity | undefined
  readonly id: string
  readonly recordedAt: Instant
  readonly cause: Cause
  types: readonly Iri[]
  scopes: readonly string[] | undefined
  expiresAt: Instant | undefined
  createdAt: Instant
  attributes: Record<Iri, readonly Attribute[]>
  newest: Record<string, Instant>
  readonly rows: InstanceRow[]
  readonly changes: AttributeChange[]
  readonly notUpdated: NotUpdated[]
}

/** Opens a draft on the entity as it is, or on a new one of that id. */
export function openDraft(before: StoredEntity | undefined, id: string, recordedAt: Instant, cause: Cause): Draft {
  const entity = before?.entity
  return {
    before,
    id,
    recordedAt,
    cause,
    types: entity?.types ?? [],
    scopes: entity?.scopes,
    expiresAt: entity?.expiresAt,
    createdAt: entity?.createdAt ?? recordedAt,
    attributes: { ...entity?.attributes },
    newest: { ...before?.newest },
    rows: [],
    changes: [],
    notUpdated: [],
  }
}

/** When the newest observation of a series was made, live or not. */
export function newestObservation(stored: StoredEntity, name: Iri, datasetId: string | undefined): Instant | undefined {
  const kept = stored.newest?.[seriesKey(name, datasetId)]
  const live = findInstance(stored.entity.attributes, name, datasetId)?.observedAt
  if (kept === undefined) return live
  return live === undefined ? kept : Math.max(kept, live)
}

/** Where `newest` keeps when the evolution of a series, or of the whole entity, was deleted: what was recorded by then is not shown. */
export function hiddenKey(name?: Iri, datasetId?: string): string {
  return name === undefined ? 'hidden' : `hidden ${seriesKey(name, datasetId)}`
}

/** Makes `content` the live instance of its series, as a new row; when the attribute was made stays as it was. */
export function setInstance(draft: Draft, name: Iri, content: Attribute): void {
  const before = findInstance(draft.attributes, name, content.datasetId)
  const instance = stamp(content, nextInstanceId(draft), before?.createdAt ?? draft.recordedAt, draft.recordedAt)
  putLive(draft, name, before, instance)
  draft.rows.push(rowOf(draft, name, instance, 'value', true))
}

/** Adds an instance to the evolution alone. */
export function addPastInstance(draft: Draft, name: Iri, content: Attribute): void {
  const instance = stamp(content, nextInstanceId(draft), draft.recordedAt, draft.recordedAt)
  draft.rows.push(rowOf(draft, name, instance, 'value', false))
  noteNewest(draft, name, content.datasetId, content.observedAt)
}

/** Corrects the instance of an earlier row: the same instance id, a new row; the live value too where that instance is live. */
export function correct(draft: Draft, name: Iri, earlier: InstanceRow, content: Attribute): void {
  const live = findInstance(draft.attributes, name, earlier.datasetId)
  const isLive = live?.instanceId === earlier.instanceId
  const instance = stamp(content, earlier.instanceId, earlier.instance?.createdAt ?? draft.recordedAt, draft.recordedAt)
  const row = rowOf(draft, name, instance, 'correction', isLive)
  const at = content.observedAt ?? earlier.at
  if (at !== earlier.at) draft.rows.push({ ...row, at: earlier.at, kind: 'tombstone', current: false, instance: undefined })
  draft.rows.push({ ...row, at })
  if (isLive) putLive(draft, name, live, instance)
  else noteNewest(draft, name, content.datasetId, content.observedAt)
}

/** Deletes the live instance of a series; the evolution shows a tombstone. */
export function removeInstance(draft: Draft, name: Iri, datasetId: string | undefined): void {
  const before = findInstance(draft.attributes, name, datasetId)
  if (before === undefined) return
  const rest = instancesOf(draft.attributes, name).filter((instance) => instance !== before)
  if (rest.length === 0) delete draft.attributes[name]
  else draft.attributes[name] = rest
  noteNewest(draft, name, datasetId, before.observedAt)
  draft.changes.push({ name, before })
  const { recordedAt, cause } = draft
  const instanceId = nextInstanceId(draft)
  const { kind, createdAt } = before
  const instance: Attribute = { kind, value: ngsiLdNull, datasetId, instanceId, createdAt, modifiedAt: recordedAt, deletedAt: recordedAt }
  draft.rows.push({ attribute: name, datasetId, instanceId, at: recordedAt, recordedAt, kind: 'tombstone', current: true, instance, cause })
}

/** Adds the types the entity does not have yet. */
export function addTypes(draft: Draft, types: readonly Iri[]): void {
  const added = types.filter((type) => !draft.types.includes(type))
  if (added.length > 0) draft.types = [...draft.types, ...added]
}

/** The decision a finished draft amounts to: rows for types and scope are written here, where they differ from what was. */
export function closeDraft(draft: Draft): Decision {
  const was = draft.before?.entity
  const typesDiffer = was === undefined || !sameList(was.types, draft.types) || was.expiresAt !== draft.expiresAt
  const scopesDiffer = !sameList(was?.scopes ?? [], draft.scopes ?? [])
  if (typesDiffer)
    draft.rows.push(
      ownRow(draft, 'type', {
        types: draft.types,
        createdAt: draft.createdAt,
        ...(draft.expiresAt === undefined ? {} : { expiresAt: draft.expiresAt }),
      }),
    )
  if (scopesDiffer && !draft.rows.some((row) => row.attribute === 'scope' && row.current)) draft.rows.push(ownRow(draft, 'scope', draft.scopes ?? []))
  if (draft.rows.length === 0) return { kind: 'no change', notUpdated: draft.notUpdated }
  if (draft.rows.some((row) => row.kind !== 'tombstone')) delete draft.newest[hiddenKey()]
  const isLive = typesDiffer || scopesDiffer || draft.rows.some((row) => row.current)
  const entity: Entity = {
    id: draft.id,
    types: draft.types,
    ...(draft.scopes === undefined || draft.scopes.length === 0 ? {} : { scopes: draft.scopes }),
    attributes: draft.attributes,
    createdAt: draft.createdAt,
    modifiedAt: isLive ? draft.recordedAt : (was?.modifiedAt ?? draft.recordedAt),
    ...(draft.expiresAt === undefined ? {} : { expiresAt: draft.expiresAt }),
  }
  return {
    kind: 'change',
    stored: Object.keys(draft.newest).length === 0 ? { entity } : { entity, newest: draft.newest },
    rows: draft.rows,
    created: was === undefined,
    notUpdated: draft.notUpdated,
    change: {
      kind: was === undefined ? 'created' : isLive ? 'updated' : 'evolution',
      id: draft.id,
      typesBefore: was?.types ?? [],
      typesAfter: draft.types,
      attributes: draft.changes,
      recordedAt: draft.recordedAt,
      cause: draft.cause,
    },
  }
}

/** An instance id that no other row of the tenant has, since `recordedAt` belongs to this command alone. */
export function nextInstanceId(draft: Draft): string {
  return `urn:ngsi-ld:instance:${draft.recordedAt.toString(36)}-${draft.rows.length}`
}

function putLive(draft: Draft, name: Iri, before: Attribute | undefined, after: Attribute): void {
  const others = instancesOf(draft.attributes, name)
  draft.attributes[name] = before === undefined ? [...others, after] : others.map((instance) => (instance === before ? after : instance))
  if (before?.observedAt !== undefined && (after.observedAt === undefined || after.observedAt < before.observedAt))
    noteNewest(draft, name, after.datasetId, before.observedAt)
  const key = seriesKey(name, after.datasetId)
  const kept = draft.newest[key]
  if (kept !== undefined && after.observedAt !== undefined && after.observedAt >= kept) delete draft.newest[key]
  draft.changes.push({ name, before, after })
}

function noteNewest(draft: Draft, name: Iri, datasetId: string | undefined, observedAt: Instant | undefined): void {
  if (observedAt === undefined) return
  const live = findInstance(draft.attributes, name, datasetId)?.observedAt
  const key = seriesKey(name, datasetId)
  const kept = draft.newest[key]
  if ((live === undefined || observedAt > live) && (kept === undefined || observedAt > kept)) draft.newest[key] = observedAt
}

function stamp(content: Attribute, instanceId: string, createdAt: Instant, modifiedAt: Instant): Attribute {
  return { ...content, instanceId, createdAt, modifiedAt }
}

function rowOf(draft: Draft, name: Iri, instance: Attribute, kind: 'value' | 'correction', current: boolean): InstanceRow {
  const { recordedAt, cause } = draft
  const { datasetId, observedAt, instanceId = '' } = instance
  return { attribute: name, datasetId, instanceId, at: observedAt ?? recordedAt, observedAt, recordedAt, kind, current, instance, cause }
}

function ownRow(draft: Draft, attribute: 'type' | 'scope', value: Attribute['value']): InstanceRow {
  const { recordedAt, cause } = draft
  const instance: Attribute = { kind: 'Property', value }
  return { attribute, instanceId: nextInstanceId(draft), at: recordedAt, recordedAt, kind: 'value', current: true, instance, cause }
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}
