import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LayerRows } from './layer-rows.ts'
import { LiveRows } from './live-rows.ts'

test('a change that arrives while its layer is being fetched is not lost', async () => {
  const live = new LiveRows()
  let answer: (rows: LayerRows) => void = () => undefined
  const fetching = live.fetch(() => new Promise((resolve) => (answer = resolve)))
  live.apply([{ id: 'urn:a', type: 'T', entity: { id: 'urn:a', type: 'T', level: { type: 'Property', value: 9 } } }], [])
  answer(
    new LayerRows(
      {
        type: 'T',
        columns: ['id', 'value'],
        rows: [
          ['urn:a', 1],
          ['urn:b', 2],
        ],
        attributes: ['level'],
      },
      'level',
      'en',
    ),
  )

  const rows = await fetching
  assert.equal(rows.rows.get('urn:a')?.value, 9)
  assert.equal(rows.rows.get('urn:b')?.value, 2)
})
