import { everything, expiredInstances, unexpired } from '@cityloop/ngsi-ld'
import type { Command, Entity, Instant } from '@cityloop/ngsi-ld'
import type { DatabaseSync } from 'node:sqlite'
import { system } from '../store.ts'

/**
 * Commands that remove what has had its time (CIM 009, 4.22), of a hundred entities at most: whole entities, or attribute instances, whose evolution goes with
 * them.
 */
export function expireEntities(database: DatabaseSync, now: Instant): readonly Command[] {
  const rows = database
    .prepare(
      'SELECT t.name AS tenant, e.id AS id, e.doc AS doc FROM entity e JOIN tenant t ON t.id = e.tenant WHERE e.expires <= ? AND e.doc IS NOT NULL LIMIT 100',
    )
    .all(now)
  return rows.flatMap(({ tenant, doc }): readonly Command[] => {
    const entity = JSON.parse(String(doc)) as Entity
    const head = { tenant: String(tenant), scope: everything, receivedAt: now, cause: system, id: entity.id }
    if (unexpired(entity, now) === undefined) return [{ ...head, kind: 'deleteEntity' }]
    return expiredInstances(entity, now).flatMap((instance): readonly Command[] => [
      { ...head, kind: 'deleteAttribute', ...instance, deleteAll: false },
      { ...head, kind: 'deleteTemporalAttribute', ...instance, deleteAll: false },
    ])
  })
}
