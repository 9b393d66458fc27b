import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../refusal.ts'
import { factor, invert, packed, solve } from './lu.ts'

test('a system that needs a row exchange is solved', () => {
  const x = solve(
    factor(
      packed([
        [0, 2],
        [4, 0],
      ]),
      2,
    ),
    [6, 8],
  )
  assert.deepEqual([...x], [2, 3])
})

test('a singular system is refused by its column', () => {
  const singular = [
    [1, 2],
    [2, 4],
  ]
  assert.throws(
    () => invert(singular),
    (error) => error instanceof Refusal && error.message === 'the system of order 2 is singular at column 2',
  )
})

test('an order above 110 is refused', () => {
  assert.throws(() => factor(new Float64Array(111 * 111), 111), /order 111 is above 110/)
})

test('matrix times inverse is the identity for diagonally dominant matrices', () => {
  const order = 6
  const cells = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: order * order, maxLength: order * order })
  fc.assert(
    fc.property(cells, (values) => {
      const rows = Array.from({ length: order }, (_, i) => Array.from({ length: order }, (_, j) => values[i * order + j]! + (i === j ? order : 0)))
      const inverse = invert(rows)
      for (let i = 0; i < order; i++)
        for (let j = 0; j < order; j++) {
          let cell = 0
          for (let k = 0; k < order; k++) cell += rows[i]![k]! * inverse[k]![j]!
          assert.ok(Math.abs(cell - (i === j ? 1 : 0)) < 1e-12)
        }
    }),
    { seed: 6 },
  )
})
