import { findInstance } from '../entity/entity.ts'
import type { Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { Command } from './command.ts'
import { newestObservation } from './draft.ts'
import type { StoredEntity } from './decision.ts'

/**
 * What a command points at in the history, for the store to look up before `applyCommand`: the newest row of the named instance, or of the instance
 * observed at a time; or, for deletions of a whole evolution, the series of the entity (of one attribute, or all).
 */
export type RowLookup =
  | { readonly kind: 'instance'; readonly name: Iri; readonly instanceId: string }
  | { readonly kind: 'observation'; readonly name: Iri; readonly datasetId?: string; readonly observedAt: Instant }
  | { readonly kind: 'series'; readonly name?: Iri }

/** The rows that `command` points at. An observation newer than its series' newest needs none, so that live data appends without reading. */
export function rowsNamedBy(command: Command, current: StoredEntity | undefined): readonly RowLookup[] {
  switch (command.kind) {
    case 'observe':
    case 'appendTemporal':
      return current === undefined ? [] : observationsToLookUp(command.entity.attributes, current)
    case 'correctInstance':
    case 'deleteInstance':
      return [{ kind: 'instance', name: command.name, instanceId: command.instanceId }]
    case 'deleteTemporalAttribute':
      return [{ kind: 'series', name: command.name }]
    case 'deleteTemporalEntity':
      return [{ kind: 'series' }]
    case 'createEntity':
    case 'replaceEntity':
    case 'upsertEntity':
    case 'mergeEntity':
    case 'appendAttributes':
    case 'updateAttributes':
    case 'partialUpdateAttribute':
    case 'replaceAttribute':
    case 'deleteAttribute':
    case 'deleteEntity':
    case 'eraseEntity':
      return []
  }
}

function observationsToLookUp(attributes: StoredEntity['entity']['attributes'], current: StoredEntity): RowLookup[] {
  const lookups: RowLookup[] = []
  for (const [name, instances] of Object.entries(attributes)) {
    for (const { datasetId, observedAt } of instances) {
      if (observedAt === undefined) continue
      const newest = newestObservation(current, name, datasetId)
      if (newest === undefined || observedAt > newest) continue
      if (findInstance(current.entity.attributes, name, datasetId)?.observedAt === observedAt) continue
      lookups.push({ kind: 'observation', name, datasetId, observedAt })
    }
  }
  return lookups
}
