import assert from 'node:assert/strict'
import { test } from 'node:test'
import { impactOf } from './impact.ts'

/** Miller and Blair 2009, chapter 2. */
const regional = [
  [0.15, 0.25],
  [0.2, 0.05],
]

test('a spending of 600 and 1,500 needs output of 1,247.5 and 1,841.6, of which 2,100 is direct', () => {
  const impact = impactOf(regional, [600, 1500], { income: [0.3, 0.25] })
  assert.deepEqual(
    impact.outputBySector.map((value) => value.toFixed(1)),
    ['1247.5', '1841.6'],
  )
  assert.equal(impact.output.direct, 2100)
  assert.equal((impact.output.direct + impact.output.indirect).toFixed(1), '3089.1')
  assert.equal(impact.income!.direct, 600 * 0.3 + 1500 * 0.25)
  assert.equal((impact.income!.direct + impact.income!.indirect).toFixed(2), (1247.5248 * 0.3 + 1841.5842 * 0.25).toFixed(2))
  assert.equal(impact.jobs, undefined)
})

test('two projects together need what they need apart', () => {
  const one = impactOf(regional, [100, 0], {}).output.indirect
  const other = impactOf(regional, [0, 70], {}).output.indirect
  assert.ok(Math.abs(impactOf(regional, [100, 70], {}).output.indirect - one - other) < 1e-9)
})

test('a negative amount and another number of sectors are refused', () => {
  assert.throws(() => impactOf(regional, [-1, 0], {}), /an amount is -1/)
  assert.throws(() => impactOf(regional, [1], {}), /names 1 sectors, the table has 2/)
})
