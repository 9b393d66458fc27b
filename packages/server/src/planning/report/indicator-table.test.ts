import { demoCity, evaluateKpi, findKpi, kpiName, limitLanguages, type NamedSeries, resolveCity, runCity, type SeriesRow } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indicatorTable, runIndicators } from './indicator-table.ts'
import { escaped, percent } from './markup.ts'

const run = runCity(resolveCity({ ...demoCity, horizonYears: 3 }).inputs)
const year = run.years[2]!

test('every indicator of the table stands there by its name in four languages, with the values of the first and the last year', () => {
  const html = indicatorTable(run, { title: 'A & B', run })
  for (const { id } of runIndicators) for (const language of limitLanguages) assert.ok(html.includes(escaped(kpiName(findKpi(id)!, language))), id)
  for (const shown of [run.years[0]!, run.years.at(-1)!]) assert.ok(html.includes(`>${percent(shown.circulation)}</td>`))
  assert.match(html, /2023, A &amp; B/)
  assert.doesNotMatch(html, /NaN|undefined|Infinity/)
})

test('what the run says is what the formula of the catalogue gives for its accounts', () => {
  const young = [...year.femaleByAge, ...year.maleByAge].filter((_, i) => i % 101 < 15)
  const old = [...year.femaleByAge, ...year.maleByAge].filter((_, i) => i % 101 >= 65)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const accounts = {
    population: year.population,
    population_0_14: sum(young),
    population_65_over: sum(old),
    population_15_64: year.population - sum(young) - sum(old),
    immigrants: year.netMigration + 5000,
    emigrants: 5000,
    gva: year.gva,
    net_income_inflow: year.netIncomeInflow,
    unemployed: year.labourForce - year.residentsEmployed,
    labour_force: year.labourForce,
    debt: year.debt,
    current_revenue: year.revenue,
  }
  const series: NamedSeries = Object.fromEntries(
    Object.entries(accounts).map(([name, value]): [string, SeriesRow[]] => [name, [{ id: name, period: '2022', value }]]),
  )
  const checked = ['pop.total', 'pop.share65', 'pop.depend', 'pop.net_mig', 'ec.gva_pc', 'ec.unemp', 'ec.circulation', 'fi.debt_ratio']
  for (const id of checked) {
    const definition = findKpi(id)!
    const result = evaluateKpi(definition, series, '2022')
    if (result.kind === 'withheld') assert.fail(`${id} is withheld`)
    const value = runIndicators.find((one) => one.id === id)!.of(year) * (definition.unit === 'P1' ? 100 : 1)
    assert.ok(Math.abs(value / result.value - 1) < 1e-9, `${id}: ${value} against ${result.value}`)
  }
})
