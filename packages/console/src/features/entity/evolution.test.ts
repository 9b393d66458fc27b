import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pointsOf, toEvolution } from './evolution.ts'

test('a pause of more than two and a half usual steps is a gap', () => {
  const evolution = toEvolution([
    [0, 1],
    [10, 2],
    [20, 3],
    [60, 4],
    [70, 5],
  ])
  assert.deepEqual(evolution.atMs, [0, 10, 20, 40, 60, 70])
  assert.deepEqual(evolution.values, [1, 2, 3, null, 4, 5])
  assert.equal(evolution.gapCount, 1)
  assert.equal(evolution.pointCount, 5)
})

test('a steady series has no gap, and one value neither', () => {
  assert.equal(
    toEvolution([
      [0, 1],
      [10, 1],
      [20, 1],
    ]).gapCount,
    0,
  )
  assert.deepEqual(toEvolution([[5, 1]]), { atMs: [5], values: [1], pointCount: 1, gapCount: 0 })
  assert.equal(toEvolution([]).pointCount, 0)
})

test('points of all data sets are read, and what is no number is left out', () => {
  const one = {
    type: 'Property',
    values: [
      [1, '1970-01-01T00:00:00Z'],
      ['high', '1970-01-01T00:00:01Z'],
      [2, 'no time'],
    ],
  }
  const two = { type: 'Property', datasetId: 'urn:b', values: [[3, '1970-01-01T00:00:02Z']] }
  assert.deepEqual(pointsOf([one, two]), [
    [0, 1],
    [2000, 3],
  ])
  assert.deepEqual(pointsOf(undefined), [])
})

test('times ascend strictly and every value stays, in any order', () => {
  const points = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 1e7 }), fc.integer()), { selector: ([at]) => at, maxLength: 40 })
  fc.assert(
    fc.property(points, (each) => {
      const { atMs, values } = toEvolution(each)
      for (let at = 1; at < atMs.length; at++) assert.ok(atMs[at]! > atMs[at - 1]!)
      assert.equal(values.filter((value) => value !== null).length, each.length)
    }),
    { seed: 8, numRuns: 500 },
  )
})
