import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Json } from '../json.ts'
import { canonicalJson } from './canonical.ts'
import { json } from './entity.arbitrary.ts'

test('Equal values have one canonical text, which reads as the value', () => {
  const property = fc.property(json, (value) => {
    const text = canonicalJson(value)
    assert.deepEqual(JSON.parse(text), value)
    assert.equal(canonicalJson(reversed(value)), text)
  })
  fc.assert(property, { numRuns: 2000, seed: 8785 })
})

test('Members are in the order of their names', () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: null }], '€': 'x', a: '"' }), '{"a":"\\"","b":[{"c":null,"d":1}],"€":"x"}')
})

/** The same value with the members of its objects the other way round. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]): [string, Json] => [name, reversed(part)]),
  )
}
