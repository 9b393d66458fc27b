import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { classOf, colourStepOf, toValueClasses } from './value-classes.ts'

test('a hundred even values make five classes of twenty', () => {
  const values = Array.from({ length: 100 }, (_, at) => at)
  const classes = toValueClasses(values)!
  assert.deepEqual(classes.bounds, [20, 40, 60, 80])
  assert.equal(values.filter((value) => classOf(classes, value) === 4).length, 20)
})

test('equal values make one class in the middle colour, and no values none', () => {
  const classes = toValueClasses([7, 7, 7])!
  assert.deepEqual(classes.bounds, [])
  assert.equal(colourStepOf(classes, classOf(classes, 7)), 2)
  assert.equal(toValueClasses([]), null)
})

test('bounds grow, every value has a class, and a greater value never a lower one', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
      const classes = toValueClasses(values)!
      assert.deepEqual(
        classes.bounds,
        [...new Set(classes.bounds)].toSorted((a, b) => a - b),
      )
      const ranks = values.toSorted((a, b) => a - b).map((each) => classOf(classes, each))
      assert.deepEqual(
        ranks,
        ranks.toSorted((a, b) => a - b),
      )
      for (const rank of ranks) assert.ok(colourStepOf(classes, rank) >= 0 && colourStepOf(classes, rank) <= 4)
    }),
    { seed: 5, numRuns: 500 },
  )
})
