import type { Command } from './command.ts'
import { refusal } from './decision.ts'
import type { Decision, StoredEntity } from './decision.ts'
import { beforeAll, closeDraft, correct, everyInstance, hiddenKey } from './draft.ts'
import type { Draft } from './draft.ts'
import type { InstanceRow } from './instance-row.ts'
import { patchAttribute } from './merge-attribute.ts'

/** 5.6.14: the instance is replaced; when it was made stays. A live one is corrected in the live answer too. */
export function correctInstance(
  draft: Draft,
  rows: readonly InstanceRow[],
  command: Command & { kind: 'correctInstance' },
  current: StoredEntity | undefined,
): Decision {
  const earlier = rows.find((row) => row.instanceId === command.instanceId)
  if (earlier === undefined || earlier.kind === 'tombstone' || earlier.instance === undefined) return noInstance(command)
  correct(draft, command.name, earlier, { ...patchAttribute(earlier.instance, command.fragment), datasetId: earlier.datasetId })
  return current === undefined ? ofEvolution(draft) : closeDraft(draft)
}

/** 5.6.15: the instance is hidden in the evolution; the live answer stays. */
export function deleteInstance(
  draft: Draft,
  rows: readonly InstanceRow[],
  command: Command & { kind: 'deleteInstance' },
  current: StoredEntity | undefined,
): Decision {
  const earlier = rows.find((row) => row.instanceId === command.instanceId)
  if (earlier === undefined || earlier.kind === 'tombstone') return noInstance(command)
  draft.rows.push({ ...earlier, kind: 'tombstone', current: false, instance: undefined, recordedAt: draft.recordedAt, cause: draft.cause })
  return current === undefined ? ofEvolution(draft) : closeDraft(draft)
}

/** 5.6.13 and 5.6.16: every earlier instance of the series is hidden in the evolution; as-known answers still have them. `rows` name the series, one row each. */
export function deleteTemporal(
  draft: Draft,
  rows: readonly InstanceRow[],
  command: Command & { kind: 'deleteTemporalAttribute' | 'deleteTemporalEntity' },
  current: StoredEntity | undefined,
): Decision {
  const { recordedAt, cause } = draft
  const chosen = rows.filter((row) => command.kind === 'deleteTemporalEntity' || command.deleteAll || row.datasetId === command.datasetId)
  if (chosen.length === 0) {
    if (command.kind === 'deleteTemporalEntity') return refusal('ResourceNotFound', `Entity ${command.id} has no temporal evolution`)
    return refusal('ResourceNotFound', `The temporal evolution of entity ${command.id} has no attribute ${command.name}`)
  }
  for (const { attribute, datasetId } of chosen) {
    draft.rows.push({ attribute, datasetId, instanceId: everyInstance, at: beforeAll, recordedAt, kind: 'tombstone', current: false, cause })
    draft.newest[hiddenKey(attribute, datasetId)] = recordedAt
  }
  if (command.kind === 'deleteTemporalEntity') draft.newest[hiddenKey()] = recordedAt
  return current === undefined ? ofEvolution(draft) : closeDraft(draft)
}

/** A change of the evolution of an entity that is deleted: rows, and nothing live. */
function ofEvolution(draft: Draft): Decision {
  const { recordedAt, cause, id } = draft
  const change = { kind: 'evolution' as const, id, typesBefore: [], typesAfter: [], attributes: [], recordedAt, cause }
  return { kind: 'change', stored: undefined, rows: draft.rows, created: false, notUpdated: [], change }
}

function noInstance(command: { readonly id: string; readonly name: string; readonly instanceId: string }): Decision {
  return refusal('ResourceNotFound', `Attribute ${command.name} of entity ${command.id} has no instance ${command.instanceId}`)
}
