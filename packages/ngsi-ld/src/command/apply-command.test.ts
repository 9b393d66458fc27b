import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreContext } from '../context/context.ts'
import { parseEntity, parseFragment } from '../representation/parse-entity.ts'
import { writeEntity } from '../representation/write-entity.ts'
import { everything } from '../scope/scope.ts'
import type { Scope } from '../scope/scope.ts'
import { applyCommand } from './apply-command.ts'
import type { Command } from './command.ts'
import type { Decision, StoredEntity } from './decision.ts'

type Part<C = Command> = C extends Command ? Omit<C, 'tenant' | 'scope' | 'receivedAt' | 'cause'> : never
const id = 'urn:x:1'
let clock = 1_700_000_000_000_000

function decide(current: StoredEntity | undefined, part: Part, scope: Scope = everything): Decision {
  clock += 1
  return applyCommand(current, [], { ...part, tenant: '', scope, receivedAt: clock, cause: { caller: 'urn:test' } }, clock)
}

function apply(current: StoredEntity | undefined, part: Part): StoredEntity {
  const decision = decide(current, part)
  assert.equal(decision.kind, 'change', JSON.stringify(decision))
  assert.ok(decision.kind === 'change' && decision.stored !== undefined)
  return decision.stored
}

const created = (document: object): StoredEntity =>
  apply(undefined, { kind: 'createEntity', entity: parseEntity({ id, type: 'T', ...document }, coreContext) })
const shown = (stored: StoredEntity): object => writeEntity(stored.entity, coreContext, { format: 'concise' })
const merged = (stored: StoredEntity, document: object): object =>
  shown(apply(stored, { kind: 'mergeEntity', entity: parseFragment(document, coreContext, id, { allowNull: 'everywhere', allowPartial: true }) }))

test('5.5.12 a merge goes to any depth, and NGSI-LD null removes there', () => {
  const stored = created({ address: { value: { street: 'A', city: 'B', country: 'C' } }, temperature: { value: 25, unitCode: 'CEL' } })
  assert.deepEqual(merged(stored, { address: { value: { street: 'D', country: 'urn:ngsi-ld:null' } } }), {
    id,
    type: 'T',
    address: { street: 'D', city: 'B' },
    temperature: { value: 25, unitCode: 'CEL' },
  })
  assert.deepEqual(merged(stored, { temperature: { value: 100 } }), {
    id,
    type: 'T',
    address: { street: 'A', city: 'B', country: 'C' },
    temperature: { value: 100, unitCode: 'CEL' },
  })
})

test('5.6.17 a merge fragment without a value keeps the value; one with NGSI-LD null inside creates without it', () => {
  const stored = created({ speed: { value: 3 } })
  assert.deepEqual(merged(stored, { speed: { unitCode: 'KMH' } }), { id, type: 'T', speed: { value: 3, unitCode: 'KMH' } })
  assert.deepEqual(merged(stored, { place: { value: { a: 1, b: 'urn:ngsi-ld:null' } } }), { id, type: 'T', speed: 3, place: { a: 1 } })
  assert.deepEqual(merged(stored, { speed: 'urn:ngsi-ld:null' }), { id, type: 'T' })
})

test('5.6.3 an append without overwriting leaves what is there and says so', () => {
  const stored = created({ a: 1 })
  const decision = decide(stored, { kind: 'appendAttributes', entity: parseFragment({ a: 2, b: 3 }, coreContext, id), overwrite: false })
  assert.ok(decision.kind === 'change' && decision.stored !== undefined)
  assert.deepEqual(shown(decision.stored), { id, type: 'T', a: 1, b: 3 })
  assert.deepEqual(
    decision.notUpdated.map(({ reason }) => reason.includes('already exists')),
    [true],
  )
})

test('5.6.4 a partial update keeps members it does not state, and cannot change the kind', () => {
  const name = 'https://uri.etsi.org/ngsi-ld/default-context/t'
  const stored = created({ t: { value: 25, unitCode: 'CEL', observedAt: '2026-01-01T00:00:00Z' } })
  const after = apply(stored, { kind: 'partialUpdateAttribute', id, name, fragment: { value: 26 } })
  assert.deepEqual(shown(after), { id, type: 'T', t: { value: 26, unitCode: 'CEL', observedAt: '2026-01-01T00:00:00Z' } })
  const refused = decide(stored, { kind: 'partialUpdateAttribute', id, name, fragment: { kind: 'Relationship', value: 'urn:y:1' } })
  assert.deepEqual(refused.kind === 'refusal' && refused.type, 'BadRequestData')
})

test('4.22 an entity that has expired is not there, and may be created anew', () => {
  const stored = created({ a: 1 })
  const expired: StoredEntity = { entity: { ...stored.entity, expiresAt: clock - 1 } }
  const refused = decide(expired, { kind: 'deleteEntity', id })
  assert.deepEqual(refused.kind === 'refusal' && refused.type, 'ResourceNotFound')
  assert.equal(decide(expired, { kind: 'createEntity', entity: stored.entity }).kind, 'change')
})

test('a caller writes only what the scope grants: hidden attributes outlive a replacement and forbid a deletion', () => {
  const stored = created({ a: 1, b: 2 })
  const name = (term: string): string => `https://uri.etsi.org/ngsi-ld/default-context/${term}`
  const scope: Scope = { attributes: [name('a')] }
  const replaced = decide(stored, { kind: 'replaceEntity', entity: parseFragment({ type: 'T', a: 5 }, coreContext, id) }, scope)
  assert.ok(replaced.kind === 'change' && replaced.stored !== undefined)
  assert.deepEqual(shown(replaced.stored), { id, type: 'T', a: 5, b: 2 })
  for (const part of [
    { kind: 'deleteEntity', id },
    { kind: 'deleteAttribute', id, name: name('b'), deleteAll: true },
  ] as const) {
    const refused = decide(stored, part, scope)
    assert.deepEqual(refused.kind === 'refusal' && refused.type, 'Unauthorized', part.kind)
  }
  const elsewhere = decide(stored, { kind: 'deleteEntity', id }, { types: [name('U')] })
  assert.deepEqual(elsewhere.kind === 'refusal' && elsewhere.type, 'ResourceNotFound')
})
