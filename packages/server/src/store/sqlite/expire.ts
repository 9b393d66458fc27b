import { everything } from '@cityloop/ngsi-ld'
import type { Command, Instant } from '@cityloop/ngsi-ld'
import type { DatabaseSync } from 'node:sqlite'
import { system } from '../store.ts'

/** Commands that delete the transient entities whose time is over (CIM 009, 4.22), a hundred at most. */
export function expireEntities(database: DatabaseSync, now: Instant): readonly Command[] {
  const rows = database
    .prepare(
      'SELECT t.name AS tenant, e.id AS id FROM entity e JOIN tenant t ON t.id = e.tenant WHERE e.expires <= ? AND e.doc IS NOT NULL LIMIT 100',
    )
    .all(now)
  return rows.map(({ tenant, id }) => ({
    kind: 'deleteEntity',
    tenant: String(tenant),
    scope: everything,
    receivedAt: now,
    cause: system,
    id: String(id),
  }))
}
