import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compensatedSum, dot } from './compensated-sum.ts'

test('the sum keeps what plain addition loses', () => {
  assert.equal(1 + 1e100 + 1 - 1e100, 0)
  assert.equal(compensatedSum([1, 1e100, 1, -1e100]), 2)
  assert.equal(compensatedSum(Array.from({ length: 10 }, () => 0.1)), 1)
})

test('a sum that overflows is infinite, not NaN', () => {
  assert.equal(compensatedSum([1e308, 1e308]), Number.POSITIVE_INFINITY)
})

test('the sum of integers in any order is exact', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (terms) => {
      const exact = terms.reduce((sum, term) => sum + BigInt(term), 0n)
      assert.equal(compensatedSum(terms), Number(exact))
    }),
    { seed: 6 },
  )
})

test('the scalar product of (1, 2, 3) and (4, 5, 6) is 32', () => {
  assert.equal(dot([1, 2, 3], [4, 5, 6]), 32)
})
