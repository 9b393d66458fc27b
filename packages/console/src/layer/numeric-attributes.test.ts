import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numericAttributes } from './numeric-attributes.ts'

const number = (value: number, observedAt?: string) => ({ type: 'Property', value, ...(observedAt === undefined ? {} : { observedAt }) })

test('what was observed comes before a fixed number, what most have before what few have', () => {
  const found = numericAttributes([
    { id: 'urn:1', type: 'T', total: number(9), free: number(3, '2026-01-01T00:00:00Z'), name: { type: 'Property', value: 'one' } },
    { id: 'urn:2', type: 'T', total: number(9), free: number(4, '2026-01-01T00:00:00Z'), rare: number(1, '2026-01-01T00:00:00Z') },
  ])
  assert.deepEqual(found, ['free', 'total', 'rare'])
  assert.deepEqual(numericAttributes([]), [])
})
