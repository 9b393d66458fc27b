import { applyCommand, beforeAll, entityIdOf, firstExpiry, rowsNamedBy } from '@cityloop/ngsi-ld'
import type { Command, Entity, Instant, InstanceRow, RowLookup, StoredEntity } from '@cityloop/ngsi-ld'
import type { DatabaseSync } from 'node:sqlite'
import type { Outcome } from '../store.ts'
import type { OwnRowWrite } from '../rows.ts'
import { openDictionary } from './dictionary.ts'
import { openEntityIndexes } from './entity-indexes.ts'
import { historyColumns, openHistoryWriter, toInstanceRow } from './history-rows.ts'
import type { SentRow } from './writer-protocol.ts'

const rememberedEntities = 10_000

/** What writes within one open transaction; `finish` comes before its commit. `forget` drops what it remembers, after a rollback. */
export type Transaction = {
  apply(command: Command): { readonly outcome: Outcome; readonly row?: SentRow }
  writeOwn(write: OwnRowWrite): void
  finish(): void
  forget(): void
}

type Kept = { readonly pk: number; readonly stored: StoredEntity | undefined }

/** Prepares what a transaction needs on the writer's connection; `now` gives the wall clock. */
export function openTransaction(database: DatabaseSync, now: () => Instant): Transaction {
  const names = openDictionary(database, 'name')
  const tenants = openDictionary(database, 'tenant')
  const causes = openDictionary(database, 'cause')
  const indexes = openEntityIndexes(database, names)
  const history = openHistoryWriter(database, names)
  const kept = new Map<string, Kept>()
  const lastRecorded = new Map<number, Instant>()
  const tenantsWritten = new Set<number>()

  const findEntity = database.prepare('SELECT pk, doc, newest FROM entity WHERE tenant = ? AND id = ?')
  const insertEntity = database.prepare('INSERT INTO entity (tenant, id, doc, newest, expires) VALUES (?, ?, ?, ?, ?)')
  const updateEntity = database.prepare('UPDATE entity SET doc = ?, newest = ?, expires = ? WHERE pk = ?')
  const findLast = database.prepare('SELECT last_recorded FROM tenant WHERE id = ?')
  const updateLast = database.prepare('UPDATE tenant SET last_recorded = ? WHERE id = ?')
  const insertOutbox = database.prepare('INSERT INTO outbox (tenant, recorded, body) VALUES (?, ?, ?)')
  const insertAudit = database.prepare('INSERT INTO audit (recorded, tenant, cause, action, pk) VALUES (?, ?, ?, ?, ?)')
  const putOwn = database.prepare('INSERT OR REPLACE INTO own (tenant, area, kind, key, body, due) VALUES (?, ?, ?, ?, ?, ?)')
  const deleteOwn = database.prepare('DELETE FROM own WHERE area = ? AND kind = ? AND tenant = ? AND key = ?')
  const from = 'FROM series s JOIN history h ON h.series = s.id WHERE s.pk = ?'
  const byInstance = database.prepare(
    `SELECT ${historyColumns} ${from} AND s.attribute = ? AND h.instance = ? ORDER BY h.recorded DESC, h.kind LIMIT 1`,
  )
  const byObservation = database.prepare(
    `SELECT ${historyColumns} ${from} AND s.attribute = ? AND s.dataset = ? AND h.at = ? ORDER BY h.recorded DESC, h.kind`,
  )
  // Series that have an instance since all of theirs were last hidden.
  const bySeries = database.prepare(
    `SELECT attribute, dataset FROM series s WHERE pk = ?1 AND (?2 = 0 OR attribute = ?2) AND EXISTS (
       SELECT 1 FROM history h WHERE h.series = s.id AND h.at > ${beforeAll} AND h.kind <> 2 AND h.recorded >
         COALESCE((SELECT MAX(recorded) FROM history WHERE series = s.id AND at = ${beforeAll}), -1))`,
  )

  function retrieve(tenant: number, id: string): Kept {
    const key = `${tenant} ${id}`
    const remembered = kept.get(key)
    if (remembered !== undefined) {
      kept.delete(key)
      kept.set(key, remembered)
      return remembered
    }
    const columns = findEntity.get(tenant, id)
    if (columns === undefined) return { pk: 0, stored: undefined }
    const { doc, newest } = columns
    const stored =
      typeof doc === 'string'
        ? { entity: JSON.parse(doc) as Entity, ...(typeof newest === 'string' ? { newest: JSON.parse(newest) } : {}) }
        : undefined
    return { pk: Number(columns['pk']), stored }
  }

  function keep(tenant: number, id: string, entry: Kept): void {
    if (kept.size >= rememberedEntities) kept.delete(kept.keys().next().value ?? '')
    kept.set(`${tenant} ${id}`, entry)
  }

  /** Later than every earlier one of the tenant, also when the clock jumps back. */
  function nextInstant(tenant: number): Instant {
    const last = lastRecorded.get(tenant) ?? Number(findLast.get(tenant)?.['last_recorded'] ?? 0)
    const next = Math.max(now(), last + 1)
    lastRecorded.set(tenant, next)
    return next
  }

  function lookUp(pk: number, lookup: RowLookup): readonly InstanceRow[] {
    if (pk === 0) return []
    switch (lookup.kind) {
      case 'instance':
        return byInstance.all(pk, names.find(lookup.name), lookup.instanceId).map((columns) => toInstanceRow(columns, names, causes))
      case 'observation': {
        const dataset = lookup.datasetId === undefined ? 0 : names.find(lookup.datasetId)
        const rows = byObservation
          .all(pk, names.find(lookup.name), dataset, lookup.observedAt)
          .map((columns) => toInstanceRow(columns, names, causes))
        const newest = new Map<string, InstanceRow>()
        for (const row of rows) if (!newest.has(row.instanceId)) newest.set(row.instanceId, row)
        return [...newest.values()]
      }
      case 'series':
        if (lookup.name !== undefined && names.find(lookup.name) === 0) return []
        return bySeries.all(pk, lookup.name === undefined ? 0 : names.find(lookup.name)).map(({ attribute, dataset }) => ({
          attribute: names.text(Number(attribute)),
          ...(dataset === 0 ? {} : { datasetId: names.text(Number(dataset)) }),
          instanceId: '',
          at: 0,
          recordedAt: 0,
          kind: 'value' as const,
          current: false,
          cause: { caller: '' },
        }))
    }
  }

  function erase(tenant: number, pk: number, id: string): void {
    for (const { id: series } of database.prepare('SELECT id FROM series WHERE pk = ?').all(pk))
      database.prepare('DELETE FROM history WHERE series = ?').run(series ?? null)
    database.prepare('DELETE FROM series WHERE pk = ?').run(pk)
    database.prepare('DELETE FROM type_ever WHERE tenant = ? AND id = ?').run(tenant, id)
    database.prepare('DELETE FROM entity WHERE pk = ?').run(pk)
    database.prepare(`DELETE FROM outbox WHERE tenant = ? AND json_extract(body, '$.id') = ?`).run(tenant, id)
    history.forget()
  }

  return {
    apply(command) {
      const tenant = tenants.number(command.tenant)
      const id = entityIdOf(command)
      const { pk, stored } = retrieve(tenant, id)
      const rows = rowsNamedBy(command, stored).flatMap((lookup) => lookUp(pk, lookup))
      const recordedAt = nextInstant(tenant)
      const decision = applyCommand(stored, rows, command, recordedAt)
      if (decision.kind === 'refusal') return { outcome: { kind: 'refused', type: decision.type, detail: decision.detail } }
      if (decision.kind === 'no change') return { outcome: { kind: 'unchanged', notUpdated: decision.notUpdated } }

      const after = decision.change.kind === 'evolution' && decision.stored === undefined ? stored : decision.stored
      const doc = after === undefined ? null : JSON.stringify(after.entity)
      const newest = after?.newest === undefined ? null : JSON.stringify(after.newest)
      const expires = (after === undefined ? undefined : firstExpiry(after.entity)) ?? null
      const cause = causes.number(JSON.stringify(command.cause))
      const row = pk === 0 ? Number(insertEntity.run(tenant, id, doc, newest, expires).lastInsertRowid) : pk
      if (pk !== 0) updateEntity.run(doc, newest, expires, pk)
      history.append(row, decision.rows, cause, pk === 0)
      indexes.change(tenant, row, id, stored?.entity, after?.entity)
      if (decision.erase === true) erase(tenant, row, id)
      tenantsWritten.add(tenant)
      insertAudit.run(recordedAt, tenant, cause, command.kind, row)
      const change = JSON.stringify(decision.change)
      const sequence = Number(insertOutbox.run(tenant, recordedAt, change).lastInsertRowid)
      if (decision.erase === true) kept.delete(`${tenant} ${id}`)
      else keep(tenant, id, { pk: row, stored: after })
      return {
        outcome: { kind: 'changed', sequence, recordedAt, created: decision.created, notUpdated: decision.notUpdated },
        row: { sequence, tenant: command.tenant, change, ...(doc === null ? {} : { after: doc }) },
      }
    },
    writeOwn(write) {
      if ('put' in write) {
        const { tenant, area, kind, key, value, due } = write.put
        putOwn.run(tenant, area, kind, key, JSON.stringify(value), due ?? null)
      } else {
        const { tenant, area, kind, key } = write.delete
        deleteOwn.run(area, kind, tenant, key)
      }
    },
    finish() {
      for (const tenant of tenantsWritten) updateLast.run(lastRecorded.get(tenant) ?? 0, tenant)
      tenantsWritten.clear()
    },
    forget() {
      kept.clear()
      lastRecorded.clear()
      tenantsWritten.clear()
      names.forget()
      tenants.forget()
      causes.forget()
      history.forget()
    },
  }
}
