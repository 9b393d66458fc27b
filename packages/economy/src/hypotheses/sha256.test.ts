import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'
import { sha256 } from './sha256.ts'

test('SHA-256 of abc is the value of FIPS 180-4', () => {
  assert.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('SHA-256 agrees with the platform for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.equal(sha256(text), createHash('sha256').update(text, 'utf8').digest('hex'))
    }),
    { seed: 6, numRuns: 300 },
  )
})

test('canonical JSON sorts keys, drops undefined and keeps numbers as ECMAScript writes them (RFC 8785, 3.2)', () => {
  assert.equal(canonicalJson({ b: 1e30, a: [1, 0.000001, 1e-7, -0], '\u20ac': 'x', A: undefined }), '{"a":[1,0.000001,1e-7,0],"b":1e+30,"€":"x"}')
})

test('canonical JSON refuses NaN, infinity and functions', () => {
  assert.throws(() => canonicalJson({ a: Number.NaN }), /NaN cannot be written/)
  assert.throws(() => canonicalJson([Number.POSITIVE_INFINITY]), /Infinity cannot/)
  assert.throws(() => canonicalJson(() => 1), /function cannot/)
})

test('canonical JSON does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8 }), (document) => {
      const turned = Object.fromEntries(Object.entries(document).toReversed())
      assert.equal(canonicalJson(turned), canonicalJson(document))
    }),
    { seed: 6 },
  )
})
