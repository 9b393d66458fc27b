import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { openColumnProfile } from './column-profile.ts'
import type { ColumnDecision } from './column-profile.ts'
import { numberOf } from './number-text.ts'

function decide(values: readonly (string | number | boolean | null)[]): ColumnDecision {
  const profile = openColumnProfile(new Set(['', '-']))
  for (const [index, value] of values.entries()) profile.add(value, index + 1)
  return profile.decide()
}

void test('one text on row 1,001 makes the whole column text', () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => String(index / 2))
  assert.equal(decide(numbers).type, 'number')
  assert.equal(decide([...numbers, 'closed']).type, 'text')
})

void test('a code with leading zeros stays text; empty texts say nothing', () => {
  assert.equal(decide(['007', '12']).type, 'text')
  assert.equal(decide(['', '-', '12', '']).type, 'number')
  assert.equal(decide(['0', '0.5', '-0.5']).type, 'number')
  assert.equal(decide(['', null]).type, 'empty')
  assert.equal(decide(['true', 'FALSE']).type, 'boolean')
  assert.equal(decide([true, 1]).type, 'text')
})

void test('the whole column says which mark is the decimal one', () => {
  assert.equal(decide(['1.5', '1,234.5', '3']).decimalMark, 'point')
  assert.equal(decide(['1.234', '12,5']).decimalMark, 'comma')
  assert.equal(decide(['1,234', '12.5']).decimalMark, 'point')
  assert.equal(decide(['1,234', '4,567']).decimalMark, undefined)
  assert.deepEqual(decide(['1', '2,5', '2.5']).conflict, { pointRow: 3, commaRow: 2 })
})

void test('numbers are read by their mark alone', () => {
  assert.equal(numberOf('1.234,5', 'comma'), 1234.5)
  assert.equal(numberOf('1.234', 'comma'), 1234)
  assert.equal(numberOf('1.234', 'point'), 1.234)
  assert.equal(numberOf('1,234', 'point'), 1234)
  assert.equal(numberOf('12,5', 'point'), undefined)
  assert.equal(numberOf('00010', 'point'), 10)
  assert.equal(numberOf(' -3,70 ', 'comma'), -3.7)
  assert.equal(numberOf('1e400', 'point'), undefined)
  for (const text of ['', 'x', '1,2,3', '1.2.3', '--1', '0x10', 'Infinity', 'NaN', '1 000']) assert.equal(numberOf(text, 'point'), undefined, text)
})

void test('every number is read back from its text with either mark', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = String(value)
      assert.equal(numberOf(text, 'point'), value === 0 ? Number(text) : value)
      assert.equal(numberOf(text.replace('.', ','), 'comma'), value === 0 ? Number(text) : value)
    }),
    { seed: 7, numRuns: 3000 },
  )
})
