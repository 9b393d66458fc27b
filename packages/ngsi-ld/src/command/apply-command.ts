import { findInstance, instancesOf, ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import { withoutNulls } from '../representation/without-nulls.ts'
import { admits } from '../scope/scope.ts'
import type { WriteScope } from '../scope/scope.ts'
import { correctInstance, deleteInstance, deleteTemporal } from './change-evolution.ts'
import type { Command } from './command.ts'
import { entityIdOf } from './command.ts'
import type { Decision, Refusal, StoredEntity } from './decision.ts'
import { refusal } from './decision.ts'
import { addTypes, closeDraft, hiddenKey, openDraft, removeInstance, setInstance } from './draft.ts'
import type { Draft } from './draft.ts'
import type { InstanceRow } from './instance-row.ts'
import { mergeAttribute, patchAttribute } from './merge-attribute.ts'
import { observe } from './observe.ts'

/**
 * Decides what a command does, where the commit is made. `current` is the entity as stored, or `undefined`; `rows` are those that `rowsNamedBy` asked for,
 * the newest of each instance; `recordedAt` is this command's alone and later than every earlier one of the tenant.
 */
export function applyCommand(current: StoredEntity | undefined, rows: readonly InstanceRow[], command: Command, recordedAt: Instant): Decision {
  const known = current !== undefined && isThere(current.entity, command.scope, recordedAt) ? current : undefined
  if (known === undefined && current !== undefined && mayNotReplace(command, current.entity, recordedAt)) return absent(command)
  const decision = decide(known, rows, command, recordedAt)
  if (decision.kind !== 'change' || decision.stored === undefined) return decision
  if (!admits(command.scope, decision.stored.entity))
    return refusal('Unauthorized', `The caller may not write entity ${entityIdOf(command)} with these types and this place`)
  return decision
}

function decide(current: StoredEntity | undefined, rows: readonly InstanceRow[], command: Command, recordedAt: Instant): Decision {
  const written = notGranted(command)
  if (written !== undefined) return written
  if (current === undefined) {
    switch (command.kind) {
      case 'createEntity':
      case 'upsertEntity':
        return create(command.entity, command, recordedAt)
      case 'observe':
        return observe(openDraft(undefined, command.entity.id, recordedAt, command.cause), rows, command.entity, true)
      case 'appendTemporal':
        if (command.create) return observe(openDraft(undefined, command.entity.id, recordedAt, command.cause), rows, command.entity, false)
        return absent(command)
      case 'deleteTemporalEntity':
      case 'deleteTemporalAttribute':
      case 'correctInstance':
      case 'deleteInstance':
        return changeEvolution(openDraft(undefined, command.id, recordedAt, command.cause), rows, command, undefined)
      case 'eraseEntity':
        return erase(openDraft(undefined, command.id, recordedAt, command.cause))
      case 'replaceEntity':
      case 'mergeEntity':
      case 'appendAttributes':
      case 'updateAttributes':
      case 'partialUpdateAttribute':
      case 'replaceAttribute':
      case 'deleteAttribute':
      case 'deleteEntity':
        return absent(command)
    }
  }
  if (!isSelected(command, current.entity)) return absent(command)
  return change(current, rows, command, openDraft(current, current.entity.id, recordedAt, command.cause))
}

function change(current: StoredEntity, rows: readonly InstanceRow[], command: Command, draft: Draft): Decision {
  switch (command.kind) {
    case 'createEntity':
      return refusal('AlreadyExists', `Entity ${command.entity.id} already exists`)
    case 'replaceEntity':
      return replace(draft, command.entity, command.scope)
    case 'upsertEntity':
      return command.mode === 'replace' ? replace(draft, command.entity, command.scope) : update(draft, command.entity)
    case 'mergeEntity':
      return merge(draft, command)
    case 'appendAttributes':
      return append(draft, command.entity, command.overwrite)
    case 'updateAttributes':
      return update(draft, command.entity)
    case 'partialUpdateAttribute': {
      const instance = findInstance(draft.attributes, command.name, command.fragment.datasetId)
      if (instance === undefined) return noInstance(command.id, command.name, command.fragment.datasetId)
      if (command.fragment.kind !== undefined && command.fragment.kind !== instance.kind)
        return refusal('BadRequestData', `Attribute ${command.name} is a ${instance.kind}, which an update cannot make a ${command.fragment.kind}`)
      if (command.fragment.value === ngsiLdNull) removeInstance(draft, command.name, command.fragment.datasetId)
      else setInstance(draft, command.name, patchAttribute(instance, command.fragment))
      return closeDraft(draft)
    }
    case 'replaceAttribute':
      for (const instance of command.instances) {
        if (findInstance(draft.attributes, command.name, instance.datasetId) === undefined)
          return noInstance(command.id, command.name, instance.datasetId)
        setInstance(draft, command.name, instance)
      }
      return closeDraft(draft)
    case 'deleteAttribute':
      return deleteAttribute(draft, command)
    case 'deleteEntity':
      if (command.scope.attributes !== undefined && Object.keys(draft.attributes).some((name) => !command.scope.attributes?.includes(name)))
        return refusal('Unauthorized', `Entity ${command.id} has attributes that the caller may not write`)
      return deleteEntity(draft)
    case 'observe':
      return observe(draft, rows, command.entity, true)
    case 'appendTemporal': {
      // 5.6.11: an evolution that was deleted is created again.
      const decision = observe(draft, rows, command.entity, false)
      return decision.kind === 'change' && current.newest?.[hiddenKey()] !== undefined ? { ...decision, created: true } : decision
    }
    case 'correctInstance':
    case 'deleteInstance':
    case 'deleteTemporalAttribute':
    case 'deleteTemporalEntity':
      return changeEvolution(draft, rows, command, current)
    case 'eraseEntity':
      return erase(draft)
  }
}

function create(entity: Entity, command: Command, recordedAt: Instant): Decision {
  const draft = openDraft(undefined, entity.id, recordedAt, command.cause)
  draft.types = entity.types
  draft.scopes = entity.scopes
  draft.expiresAt = entity.expiresAt
  for (const [name, instances] of Object.entries(entity.attributes)) for (const instance of instances) setInstance(draft, name, instance)
  return closeDraft(draft)
}

/** 5.6.18; attributes that the caller may not write stay as they are. */
function replace(draft: Draft, entity: Entity, scope: WriteScope): Decision {
  for (const [name, instances] of Object.entries(draft.attributes)) {
    if (scope.attributes !== undefined && !scope.attributes.includes(name)) continue
    for (const { datasetId } of instances) if (findInstance(entity.attributes, name, datasetId) === undefined) removeInstance(draft, name, datasetId)
  }
  draft.types = entity.types.length > 0 ? entity.types : draft.types
  draft.scopes = entity.scopes
  draft.expiresAt = entity.expiresAt
  for (const [name, instances] of Object.entries(entity.attributes)) for (const instance of instances) setInstance(draft, name, instance)
  return closeDraft(draft)
}

/** 5.6.2: replaces or adds attribute instances; NGSI-LD null deletes. */
function update(draft: Draft, entity: Entity): Decision {
  for (const [name, instances] of Object.entries(entity.attributes)) {
    for (const instance of instances) {
      if (instance.value === ngsiLdNull) removeInstance(draft, name, instance.datasetId)
      else setInstance(draft, name, instance)
    }
  }
  addTypes(draft, entity.types)
  if (entity.scopes !== undefined) {
    if (draft.scopes === undefined) draft.notUpdated.push({ name: 'scope', reason: `Entity ${draft.id} has no scope` })
    else draft.scopes = entity.scopes
  }
  draft.expiresAt = expiryOf(entity, draft.expiresAt)
  return closeDraft(draft)
}

/** 5.6.3 */
function append(draft: Draft, entity: Entity, overwrite: boolean): Decision {
  for (const [name, instances] of Object.entries(entity.attributes)) {
    for (const instance of instances) {
      const { datasetId } = instance
      if (!overwrite && findInstance(draft.attributes, name, datasetId) !== undefined) {
        draft.notUpdated.push({ name, datasetId, reason: `Attribute ${name} already exists` })
      } else if (instance.value === ngsiLdNull) removeInstance(draft, name, datasetId)
      else setInstance(draft, name, instance)
    }
  }
  addTypes(draft, entity.types)
  if (entity.scopes !== undefined) draft.scopes = overwrite ? entity.scopes : [...new Set([...(draft.scopes ?? []), ...entity.scopes])]
  draft.expiresAt = expiryOf(entity, draft.expiresAt)
  return closeDraft(draft)
}

/** 5.6.17 by the algorithm of 5.5.12. */
function merge(draft: Draft, command: Command & { kind: 'mergeEntity' }): Decision {
  const { entity } = command
  for (const [name, fragments] of Object.entries(entity.attributes)) {
    for (const fragment of fragments) {
      const instance = findInstance(draft.attributes, name, fragment.datasetId)
      const merged =
        instance === undefined
          ? withoutNulls(fragment)
          : withTime(mergeAttribute(instance, fragment, command.lang), instance, fragment, command.observedAt)
      if (fragment.value === ngsiLdNull) removeInstance(draft, name, fragment.datasetId)
      else if (merged !== undefined) setInstance(draft, name, merged)
    }
  }
  addTypes(draft, entity.types)
  if (entity.scopes !== undefined) draft.scopes = entity.scopes
  draft.expiresAt = expiryOf(entity, draft.expiresAt)
  return closeDraft(draft)
}

/** When the entity expires after a change; NGSI-LD null lets it stay for ever (4.22). */
function expiryOf(entity: Entity, otherwise: Instant | undefined): Instant | undefined {
  const stated: unknown = entity.expiresAt
  if (stated === ngsiLdNull) return undefined
  return entity.expiresAt ?? otherwise
}

function withTime(merged: Attribute, instance: Attribute, fragment: Attribute, observedAt: Instant | undefined): Attribute {
  return observedAt === undefined || instance.observedAt === undefined || fragment.observedAt !== undefined ? merged : { ...merged, observedAt }
}

/** 5.6.5; `scope` is deleted as an attribute is. */
function deleteAttribute(draft: Draft, command: Command & { kind: 'deleteAttribute' }): Decision {
  const { id, name, datasetId, deleteAll } = command
  if (name === 'scope') {
    if (draft.scopes === undefined) return noInstance(id, name, undefined)
    draft.scopes = undefined
    return closeDraft(draft)
  }
  const targets = instancesOf(draft.attributes, name).filter((instance) => deleteAll || instance.datasetId === datasetId)
  if (targets.length === 0) return noInstance(id, name, datasetId)
  for (const target of targets) removeInstance(draft, name, target.datasetId)
  return closeDraft(draft)
}

function deleteEntity(draft: Draft): Decision {
  const { recordedAt, cause, types } = draft
  for (const [name, instances] of Object.entries(draft.attributes)) for (const { datasetId } of instances) removeInstance(draft, name, datasetId)
  draft.rows.push({
    attribute: 'type',
    instanceId: `urn:ngsi-ld:instance:${recordedAt.toString(36)}-type`,
    at: recordedAt,
    recordedAt,
    kind: 'tombstone',
    current: true,
    cause,
  })
  return {
    kind: 'change',
    stored: undefined,
    rows: draft.rows,
    created: false,
    notUpdated: [],
    change: { kind: 'deleted', id: draft.id, typesBefore: types, typesAfter: [], attributes: draft.changes, recordedAt, cause },
  }
}

function erase(draft: Draft): Decision {
  const { recordedAt, cause, types } = draft
  const change = { kind: 'deleted' as const, id: draft.id, typesBefore: types, typesAfter: [], attributes: [], recordedAt, cause }
  return { kind: 'change', stored: undefined, rows: [], created: false, notUpdated: [], erase: true, change }
}

function changeEvolution(
  draft: Draft,
  rows: readonly InstanceRow[],
  command: Command & { kind: 'correctInstance' | 'deleteInstance' | 'deleteTemporalAttribute' | 'deleteTemporalEntity' },
  current: StoredEntity | undefined,
): Decision {
  switch (command.kind) {
    case 'correctInstance':
      return correctInstance(draft, rows, command, current)
    case 'deleteInstance':
      return deleteInstance(draft, rows, command, current)
    case 'deleteTemporalAttribute':
    case 'deleteTemporalEntity':
      return deleteTemporal(draft, rows, command, current)
  }
}

/** An entity that has expired (4.22), or that the caller may not see, is not there for the command. */
function isThere(entity: Entity, scope: WriteScope, now: Instant): boolean {
  return (entity.expiresAt === undefined || entity.expiresAt > now) && admits(scope, entity)
}

/** An entity that is there but not for this caller must not be written over. */
function mayNotReplace(command: Command, entity: Entity, now: Instant): boolean {
  return (entity.expiresAt === undefined || entity.expiresAt > now) && !admits(command.scope, entity)
}

function isSelected(command: Command, entity: Entity): boolean {
  const selects = 'selects' in command ? command.selects : 'types' in command ? command.types : undefined
  return selects === undefined || selects.some((type) => entity.types.includes(type))
}

function notGranted(command: Command): Refusal | undefined {
  const granted = command.scope.attributes
  if (granted === undefined) return undefined
  const names: readonly Iri[] = 'entity' in command ? Object.keys(command.entity.attributes) : 'name' in command ? [command.name] : []
  const hidden = names.find((name) => !granted.includes(name))
  return hidden === undefined ? undefined : refusal('Unauthorized', `The caller may not write attribute ${hidden}`)
}

function absent(command: Command): Refusal {
  return refusal('ResourceNotFound', `Entity ${entityIdOf(command)} does not exist`)
}

function noInstance(id: string, name: Iri, datasetId: string | undefined): Refusal {
  const which = datasetId === undefined ? '' : ` with dataset id ${datasetId}`
  return refusal('ResourceNotFound', `Entity ${id} has no attribute ${name}${which}`)
}
