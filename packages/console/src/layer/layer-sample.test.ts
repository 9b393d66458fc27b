import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toLayerSample } from './layer-sample.ts'

const number = (value: number, observedAt?: string) => ({ type: 'Property', value, ...(observedAt === undefined ? {} : { observedAt }) })
const text = (value: string) => ({ type: 'Property', value })

test('what was observed comes before a fixed number, what most have before what few have', () => {
  const sample = toLayerSample([
    { id: 'urn:1', type: 'T', total: number(9), free: number(3, '2026-01-01T00:00:00Z'), name: text('one') },
    { id: 'urn:2', type: 'T', total: number(9), free: number(4, '2026-01-01T00:00:00Z'), rare: number(1, '2026-01-01T00:00:00Z') },
  ])
  assert.deepEqual(sample.numeric, ['free', 'total', 'rare'])
})

test('the provider is named with its licence, each once', () => {
  const provided = { type: 'T', dataProvider: text('City of Aarhus'), source: text('https://example.org'), license: text('CC BY 4.0') }
  assert.deepEqual(
    toLayerSample([
      { id: 'urn:1', ...provided },
      { id: 'urn:2', ...provided },
    ]).attribution,
    ['City of Aarhus', 'CC BY 4.0'],
  )
  assert.deepEqual(toLayerSample([]), { numeric: [], attribution: [] })
})
