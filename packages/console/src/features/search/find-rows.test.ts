import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LayerRows } from '../../layer/layer-rows.ts'
import { findRows } from './find-rows.ts'

const rows = new LayerRows(
  {
    type: 'T',
    columns: ['id', 'label'],
    rows: [
      ['urn:1', 'North Harbour'],
      ['urn:2', 'Harbour Street'],
      ['urn:harbour', 'Mill'],
    ],
    attributes: [],
  },
  null,
  'en',
)
const find = (text: string, most = 10) =>
  findRows(
    [
      { type: 'T', rows },
      { type: 'U', rows: null },
    ],
    text,
    most,
    'en',
  ).map((hit) => hit.row.id)

test('names that begin with the text come before those that hold it, then ids', () => {
  assert.deepEqual(find(' harbour'), ['urn:2', 'urn:1', 'urn:harbour'])
})

test('no text finds nothing, and no more is found than asked for', () => {
  assert.deepEqual(find('  '), [])
  assert.deepEqual(find('r', 2).length, 2)
  assert.deepEqual(find('zzz'), [])
})
