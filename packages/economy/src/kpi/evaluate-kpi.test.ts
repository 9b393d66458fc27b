import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../refusal.ts'
import { evaluateKpi, type NamedSeries, type SeriesRow } from './evaluate-kpi.ts'
import { parseFormula, seriesOf } from './formula.ts'
import { findKpi, kpiCatalogue } from './kpi-catalogue.ts'
import { yearValue } from './kpi-binding.ts'

const row = (id: string, value: number, more: Partial<SeriesRow> = {}): SeriesRow => ({ id, period: '2025', value, ...more })

test('the catalogue holds 38 indicators with ids of their own and formulas that parse', () => {
  assert.equal(kpiCatalogue.length, 38)
  assert.equal(new Set(kpiCatalogue.map(({ id }) => id)).size, 38)
  for (const { id, formula, persons } of kpiCatalogue) {
    const series = seriesOf(parseFormula(formula))
    assert.ok(series.length > 0, id)
    for (const name of persons) assert.ok(series.includes(name), `${id}: ${name}`)
  }
})

test('every indicator computes from series of ones and twos', () => {
  for (const definition of kpiCatalogue) {
    const names = seriesOf(parseFormula(definition.formula))
    const series: NamedSeries = Object.fromEntries(names.map((name, i) => [name, [row(`${name}-1`, 20 * (i + 1), { key: 'zone' })]]))
    const result = evaluateKpi(definition, series, '2025')
    assert.equal(result.kind, 'value', definition.id)
  }
})

test('unemployment is 4 % of 2,500 and says which rows it came from', () => {
  const series = { unemployed: [row('u1', 100), { ...row('u0', 90), period: '2024' }], labour_force: [row('l1', 2500)] }
  assert.deepEqual(evaluateKpi(findKpi('ec.unemp')!, series, '2025'), {
    kind: 'value',
    kpi: 'ec.unemp',
    version: 1,
    formula: '100 * unemployed / labour_force',
    period: '2025',
    value: 4,
    unit: 'P1',
    lineage: [
      { series: 'unemployed', rows: ['u1'] },
      { series: 'labour_force', rows: ['l1'] },
    ],
  })
})

test('a revised row is used once it is known and not before', () => {
  const response = findKpi('sp.response')!
  const first = row('a', 10, { recordedAt: '2025-02-01T00:00:00Z' })
  const revision = row('b', 4, { recordedAt: '2025-06-01T00:00:00Z', revises: 'a' })
  const at = (instant: string): unknown => evaluateKpi(response, { resolution_days: [first, revision] }, '2025', instant)
  assert.equal((at('2025-03-01T00:00:00Z') as { value: number }).value, 10)
  assert.equal((at('2025-07-01T00:00:00Z') as { value: number }).value, 4)
})

test('fewer than ten persons are withheld, not shown as a small number', () => {
  const series = { unemployed: [row('u', 9)], labour_force: [row('l', 300)] }
  assert.deepEqual(evaluateKpi(findKpi('ec.unemp')!, series, '2025'), {
    kind: 'withheld',
    kpi: 'ec.unemp',
    version: 1,
    period: '2025',
    reason: 'unemployed counts fewer than 10 persons',
  })
})

test('PM2.5 is weighted by the residents of its own zone', () => {
  const series = {
    pm25_annual_mean: [row('p1', 10, { key: 'north' }), row('p2', 20, { key: 'south' })],
    residents_by_zone: [row('r2', 100, { key: 'south' }), row('r1', 300, { key: 'north' })],
  }
  assert.equal((evaluateKpi(findKpi('en.pm25')!, series, '2025') as { value: number }).value, 12.5)
})

test('missing series, missing rows, two rows for one, and a zero below the line are refused by name', () => {
  const unemp = findKpi('ec.unemp')!
  assert.throws(() => evaluateKpi(unemp, { unemployed: [row('u', 50)] }, '2025'), /reads the series labour_force, which is not given/)
  assert.throws(() => evaluateKpi(unemp, { unemployed: [row('u', 50)], labour_force: [] }, '2025'), /labour_force has no row in 2025/)
  assert.throws(() => evaluateKpi(unemp, { unemployed: [row('u', 50)], labour_force: [row('l', 0)] }, '2025'), /ec\.unemp divides by zero/)
  const twice = { unemployed: [row('u', 50), row('v', 51)], labour_force: [row('l', 500)] }
  assert.throws(() => evaluateKpi(unemp, twice, '2025'), /needs one row of unemployed, there are 2/)
})

test('a formula binds as in arithmetic: powers, then products, then sums, and minus below a power', () => {
  const value = (formula: string): number =>
    (evaluateKpi({ ...findKpi('pop.total')!, formula }, { a: [row('a', 3)] }, '2025') as { value: number }).value
  assert.equal(value('1 + 2 * a ^ 2 ^ 1'), 19)
  assert.equal(value('-a ^ 2'), -9)
  assert.equal(value('(1 + 2) * a - 4 / 2'), 7)
  assert.equal(value('2 ^ -1'), 0.5)
})

test('any text either parses or is refused as a formula', () => {
  const characters = fc.constantFrom('a', 'b', '1', '.', '(', ')', '+', '-', '*', '/', '^', ',', ' ', 'sum', 'mean(', 'weightedMean(', '#')
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 40 }), (parts) => {
      try {
        seriesOf(parseFormula(parts.join('')))
      } catch (error) {
        assert.ok(error instanceof Refusal && error.findings[0]!.rule === 'formula', String(error))
      }
    }),
    { seed: 6, numRuns: 2000 },
  )
  assert.throws(() => parseFormula('('.repeat(500)), /nested more than 50 deep/)
  assert.throws(() => parseFormula('alert(1)'), /the name of a series is missing|there is no function alert/)
})

test('a year with nine of twelve months is provisional and its sum is brought to twelve', () => {
  const months = Array.from({ length: 9 }, (_, i) => row(`m${i}`, 10, { period: `2025-0${i + 1}` }))
  assert.deepEqual(yearValue(months, 'sum', 12), { value: 120, periods: 9, provisional: true })
  assert.deepEqual(yearValue([...months, row('m9', 10, { period: '2025-10' })], 'mean', 12), { value: 10, periods: 10, provisional: false })
})
