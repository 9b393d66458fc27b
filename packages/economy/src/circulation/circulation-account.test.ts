import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../refusal.ts'
import { circulation, type CirculationAccount, circulationChange, circulationRate } from './circulation-account.ts'

/** Nagano prefecture, circulation map of December 2015, 10^8 yen. The text names the inflow 98 as employees' income; which outflow is which is not said. */
const nagano: CirculationAccount = {
  area: 'Nagano',
  year: 2010,
  edition: 'regional circulation map, December 2015',
  unit: '10^8 JPY',
  production: [
    { name: 'primary', amount: 1473 },
    { name: 'secondary', amount: 25_978 },
    { name: 'tertiary', amount: 53_392 },
  ],
  distribution: [
    { name: 'employees', amount: 42_797 },
    { name: 'other', amount: 38_046 },
  ],
  incomeInflows: [
    { name: 'employees', amount: 98 },
    { name: 'other', amount: 6047 },
  ],
  outflows: [
    { name: 'first', amount: 1417 },
    { name: 'second', amount: 3143 },
    { name: 'third', amount: 1585 },
  ],
  retained: [
    { name: 'consumption', amount: 48_521 },
    { name: 'investment', amount: 10_989 },
    { name: 'other', amount: 21_333 },
  ],
}

test('Nagano: all four balances close exactly and the rate is 92.94 %', () => {
  const { production, netIncomeInflow, distribution, rate } = circulation(nagano, 0)
  assert.equal(production, 80_843)
  assert.equal(netIncomeInflow, 6145)
  assert.equal(distribution, 86_988)
  assert.equal((100 * rate).toFixed(2), '92.94')
})

test('Kumagaya 2013: 8,948 over 7,316 is 122.3 %, above one as only a ratio can be', () => {
  assert.equal((100 * circulationRate(8948, 7316)).toFixed(1), '122.3')
})

test('an account that does not close is refused with account and difference', () => {
  const open = { ...nagano, outflows: nagano.outflows.slice(0, 2) }
  assert.throws(
    () => circulation(open),
    (error) => error instanceof Refusal && error.findings[0]!.account === 'spending outflow' && error.findings[0]!.difference === -1585,
  )
})

test('accounts of two editions are not compared, and neither is a year with itself', () => {
  const later = { ...nagano, year: 2013 }
  assert.equal(circulationChange(nagano, later), 0)
  assert.throws(
    () => circulationChange(nagano, { ...later, edition: '2023 method' }),
    /of edition regional circulation map, December 2015 and 2023 method/,
  )
  assert.throws(() => circulationChange(nagano, nagano), /2010 is not after 2010/)
})
