import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { crossQuotients, fleggQuotients, regionalised, regionalisedSimply, simpleQuotients } from './location-quotients.ts'
import { endlessMultiplier, localMultiplier3 } from './lm3.ts'
import { closedModel, columnSums, leontiefInverse } from './multipliers.ts'

const order = 4
const economies = fc
  .record({
    cells: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: order * order, maxLength: order * order }),
    income: fc.array(fc.double({ min: 0.05, max: 0.6, noNaN: true }), { minLength: order, maxLength: order }),
    basket: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: order, maxLength: order }),
    local: fc.double({ min: 0, max: 0.9, noNaN: true }),
  })
  .map(({ cells, income, basket, local }) => ({
    coefficients: Array.from({ length: order }, (_, i) => Array.from({ length: order }, (_, j) => (cells[i * order + j]! * 0.4) / order)),
    income,
    purchases: basket.map((share) => (local * share) / basket.reduce((sum, value) => sum + value, 0)),
  }))

test('Type II over Type I is the same for every sector, and equal to 1 / (1 - gain)', () => {
  fc.assert(
    fc.property(economies, ({ coefficients, income, purchases }) => {
      const closed = closedModel(coefficients, { income, purchases })
      for (const [j, typeI] of closed.typeI.entries()) assert.ok(Math.abs(closed.typeII[j]! / typeI! / closed.ratio - 1) < 1e-10)
    }),
    { seed: 6 },
  )
})

test('the closed inverse equals the open one plus one rank (Sherman and Morrison)', () => {
  fc.assert(
    fc.property(economies, ({ coefficients, income, purchases }) => {
      const open = leontiefInverse(coefficients)
      const closed = closedModel(coefficients, { income, purchases })
      const bought = open.map((row) => row.reduce((sum, value, i) => sum + value * purchases[i]!, 0))
      const earned = income.map((_, j) => open.reduce((sum, row, i) => sum + income[i]! * row[j]!, 0))
      for (let i = 0; i < order; i++) {
        for (let j = 0; j < order; j++) {
          assert.ok(Math.abs(closed.inverse[i]![j]! - open[i]![j]! - (bought[i]! * earned[j]!) / (1 - closed.inducedGain)) < 1e-9)
        }
      }
    }),
    { seed: 6 },
  )
})

test('households that pass on all they earn are refused', () => {
  assert.throws(() => closedModel([[0.5]], { income: [0.5], purchases: [1] }), /households pass on 1 of each income round/)
})

test('an economy that uses up all it makes is refused', () => {
  assert.throws(() => leontiefInverse([[1.2]]), /nothing is left for value added/)
})

const sizes = { area: [10, 30, 5], nation: [100, 100, 100] }

test('location quotients of a small area', () => {
  const simple = simpleQuotients(sizes)
  assert.deepEqual(
    simple.map((value) => value.toFixed(4)),
    ['0.6667', '2.0000', '0.3333'],
  )
  assert.equal(crossQuotients(sizes)[0]![1]!.toFixed(4), '0.3333')
})

test('FLQ with delta 0 is CILQ, and of an area that is the nation too', () => {
  assert.deepEqual(fleggQuotients(sizes, 0), crossQuotients(sizes))
  const whole = { area: sizes.nation, nation: sizes.nation }
  assert.deepEqual(fleggQuotients(whole, 0.3), crossQuotients(whole))
})

test('FLQ multipliers fall as delta rises and stay below those of the unregionalised table', () => {
  const coefficients = [
    [0.2, 0.1, 0.1],
    [0.1, 0.3, 0.1],
    [0.05, 0.1, 0.1],
  ]
  const at = (delta: number): number[] => columnSums(leontiefInverse(regionalised(coefficients, fleggQuotients(sizes, delta))))
  const total = columnSums(leontiefInverse(coefficients))
  const simple = columnSums(leontiefInverse(regionalisedSimply(coefficients, sizes)))
  for (const [j, value] of at(0.3).entries()) {
    assert.ok(value < total[j]! && simple[j]! < total[j]!)
    assert.ok(at(0.4)[j]! <= value && value <= at(0.1)[j]!)
  }
})

test('an area larger than its nation is refused', () => {
  assert.throws(() => simpleQuotients({ area: [10, 2], nation: [5, 5] }), /sector 1 is larger in the area \(10\) than in the nation \(5\)/)
})

test('LM3 of 80 % and of 20 % kept local is 2.44 and 1.24; all rounds would give 5 and 1.25', () => {
  assert.equal(localMultiplier3(100, 80, 64).toFixed(2), '2.44')
  assert.equal(localMultiplier3(100, 20, 4).toFixed(2), '1.24')
  assert.equal(endlessMultiplier(0.8).toFixed(2), '5.00')
  assert.equal(endlessMultiplier(0.2).toFixed(2), '1.25')
  assert.throws(() => localMultiplier3(100, 120, 0), /the second round is 120/)
})
