import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addTime, costOf, lengthDmOf, partOfCost, timeMsOf } from './cost.ts'

void test('time and length come out of a cost as they went in, sums included', () => {
  const edge = fc.record({ lengthDm: fc.integer({ min: 1, max: 200_000 }), kmh: fc.double({ min: 3, max: 130, noNaN: true }) })
  fc.assert(
    fc.property(fc.array(edge, { minLength: 1, maxLength: 60 }), (edges) => {
      const cost = edges.reduce((sum, { lengthDm, kmh }) => sum + costOf(lengthDm, kmh), 0)
      assert.equal(
        lengthDmOf(cost),
        edges.reduce((sum, { lengthDm }) => sum + lengthDm, 0),
      )
      assert.equal(
        timeMsOf(cost),
        edges.reduce((sum, { lengthDm, kmh }) => sum + Math.max(1, Math.round((lengthDm * 360) / kmh)), 0),
      )
    }),
    { seed: 3 },
  )
})

void test('ten metres at 36 km/h take a second; a crawl is charged at most nine hours; a charge adds time only', () => {
  assert.deepEqual([timeMsOf(costOf(100, 36)), lengthDmOf(costOf(100, 36))], [1000, 100])
  assert.equal(timeMsOf(costOf(100, 1e-9)), 2 ** 25)
  assert.equal(timeMsOf(addTime(costOf(100, 36), 20)), 21_000)
  assert.equal(lengthDmOf(addTime(costOf(100, 36), 20)), 100)
})

void test('the parts of an edge before and after a place add up to the edge', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (lengthDm, share) => {
      const cost = costOf(lengthDm, 30)
      const before = partOfCost(cost, share)
      assert.ok(before >= 0 && before <= cost)
      assert.equal(lengthDmOf(before) + lengthDmOf(cost - before), lengthDm)
    }),
    { seed: 4 },
  )
})
