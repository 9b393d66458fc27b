import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatInstant, instantOf, parseInstant } from './instant.ts'

test('4.6.3 an instant is read with its zone and to the microsecond', () => {
  assert.equal(instantOf('1970-01-01T00:00:01Z'), 1_000_000)
  assert.equal(instantOf('1970-01-01T01:00:00+01:00'), 0)
  assert.equal(instantOf('1970-01-01T00:00:00.1234567Z'), 123_456)
  assert.equal(instantOf('0044-03-15T00:00:00Z'), Date.parse('0044-03-15T00:00:00Z') * 1000)
})

test('4.6.3 what is no date-time is refused by name', () => {
  for (const text of ['2026-01-01', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T00:00:00', 'x'])
    assert.equal(instantOf(text), undefined, text)
  assert.throws(() => parseInstant(5, 'observedAt'), /observedAt must be an ISO 8601 date-time with a time zone/)
})

test('4.6.3 every instant is read back as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000_000_000, max: 9_000_000_000_000_000 }), (instant) => {
      assert.equal(instantOf(formatInstant(instant)), instant)
    }),
    { numRuns: 10_000, seed: 1 },
  )
})
