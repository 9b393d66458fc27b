import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { everything } from '@cityloop/ngsi-ld'
import { openSqliteStore } from '../../packages/server/src/store/sqlite/open-store.ts'
import { checkCity, isWhole } from './check-city.ts'
import type { Answer } from './mixed-load.ts'

const answered = (kind: Answer['kind'], id: string, tokens: readonly number[]): Answer => ({
  kind,
  ids: [id],
  tokens,
  sentAt: 1n,
  at: 2n,
  status: 204,
})
const answers = [answered('create', 'urn:a', [1]), answered('update', 'urn:a', [2]), answered('delete', 'urn:b', [])]

/** A city with an entity that was made and changed and one that was deleted, then changed by SQL. */
async function withCity(sql: string, act: (file: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-check-'))
  try {
    const store = await openSqliteStore(folder, { synchronous: 'OFF', readers: 1 })
    const common = { tenant: '', scope: everything, receivedAt: 0, cause: { caller: 'urn:test' } } as const
    const entity = (id: string, value: number): object => ({ id, types: ['urn:T'], attributes: { 'urn:m': [{ kind: 'Property', value }] } })
    for (const id of ['urn:a', 'urn:b']) await store.commit({ ...common, kind: 'createEntity', entity: entity(id, id === 'urn:a' ? 1 : 9) as never })
    await store.commit({ ...common, kind: 'partialUpdateAttribute', id: 'urn:a', name: 'urn:m', fragment: { value: 2 } })
    await store.commit({ ...common, kind: 'deleteEntity', id: 'urn:b' })
    await store.close()
    const file = join(folder, 'city.db')
    const database = new DatabaseSync(file)
    database.exec(sql)
    database.close()
    act(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

void test('the check finds nothing wrong with a city as the store left it', () =>
  withCity('', (file) => assert.ok(isWhole(checkCity(file, answers, 3n)), JSON.stringify(checkCity(file, answers, 3n)))))

const faults: readonly (readonly [what: string, sql: string, found: 'lost' | 'halfWritten'])[] = [
  [
    'an acknowledged value that is gone everywhere',
    'DELETE FROM history WHERE body LIKE \'%"value":2,%\'; DELETE FROM outbox WHERE sequence = 3',
    'lost',
  ],
  ['a missing history row', 'DELETE FROM history WHERE body LIKE \'%"value":1,%\'', 'halfWritten'],
  ['a missing outbox row', 'DELETE FROM outbox WHERE sequence = 2', 'halfWritten'],
  ['a missing audit row', "DELETE FROM audit WHERE action = 'deleteEntity'", 'halfWritten'],
  [
    'an entity that is older than its history',
    "UPDATE entity SET doc = replace(doc, '\"value\":2', '\"value\":1') WHERE id = 'urn:a'",
    'halfWritten',
  ],
  ['a deleted entity that is back', "UPDATE entity SET doc = (SELECT doc FROM entity WHERE id = 'urn:a') WHERE id = 'urn:b'", 'lost'],
  ['an index that lags behind', 'DELETE FROM attribute_value', 'halfWritten'],
]
for (const [what, sql, found] of faults) {
  void test(`the check finds ${what}`, () => withCity(sql, (file) => assert.notDeepEqual(checkCity(file, answers, 3n)[found], [])))
}

void test('the check asks nothing of writes that were answered later, or not acknowledged', () =>
  withCity('', (file) => {
    const unknown: Answer = { ...answered('create', 'urn:c', [77]), status: 0 }
    assert.deepEqual(checkCity(file, [{ ...answered('create', 'urn:d', [78]), at: 9n }, unknown], 3n).lost, [])
    assert.equal(checkCity(file, [answered('create', 'urn:d', [78])], 3n).lost.length, 2)
  }))
