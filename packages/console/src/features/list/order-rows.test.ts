import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderRows } from './order-rows.ts'
import type { ListColumn } from './order-rows.ts'

const row = (id: string, label: string, value: number | null, observedAt: string | null) => ({ id, label, value, observedAt, lon: 0, lat: 0 })
const rows = [
  row('urn:1', 'Station 10', 5, '2026-01-01T00:00:00Z'),
  row('urn:2', 'Station 9', null, null),
  row('urn:3', 'Árbol', 7, '2026-01-02T00:00:00Z'),
]
const ids = (by: ListColumn, isDescending: boolean, filter = '') =>
  orderRows(rows, filter, { by, isDescending }, 'es')
    .map((each) => each.id.slice(4))
    .join('')

test('names go by the language with numbers as numbers', () => {
  assert.equal(ids('name', false), '321')
  assert.equal(ids('name', true), '123')
})

test('what has no value or no time comes last in either direction', () => {
  assert.equal(ids('value', false), '132')
  assert.equal(ids('value', true), '312')
  assert.equal(ids('age', false), '312', 'the youngest first')
  assert.equal(ids('age', true), '132')
})

test('the filter looks at name and id', () => {
  assert.equal(ids('name', false, 'station'), '21')
  assert.equal(ids('name', false, 'URN:3'), '3')
  assert.equal(ids('name', false, 'nothing'), '')
})
