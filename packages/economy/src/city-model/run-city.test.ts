import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseCityDocument } from '../parameters/city-document.ts'
import { demoCity } from '../parameters/demo-city.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import { lifeExpectancy, makehamPersonYears } from '../population/life-table.ts'
import type { CityInputs } from './city-inputs.ts'
import { cityMultipliers } from './city-multipliers.ts'
import type { CityYear } from './city-year.ts'
import { comparableBase, compareCity, withScenario } from './compare-runs.ts'
import { runCity } from './run-city.ts'

const golden = JSON.parse(readFileSync(new URL('../../test/reference/golden.json', import.meta.url), 'utf8')) as Golden
const base = resolveCity(parseCityDocument(demoCity)).inputs
const [measure, attracting] = demoCity.scenarios as [(typeof demoCity.scenarios)[0], (typeof demoCity.scenarios)[0]]

interface Golden {
  readonly e0F: number
  readonly e0M: number
  readonly typeI: number[][]
  readonly typeII: number[][]
  readonly baseline: GoldenYear[]
  readonly policyOp100: GoldenYear[]
  readonly policyOp100_epsMig004: GoldenYear[]
}
type GoldenYear = Record<string, number> & { readonly x: number[]; readonly regime: string }

/** Our names of the reference's outputs. */
const outputOf: Readonly<Record<string, keyof CityYear>> = {
  N: 'population',
  share65: 'share65',
  depRatio: 'dependency',
  GVA: 'gva',
  C: 'consumption',
  YD: 'disposableIncome',
  jobs: 'jobs',
  u: 'unemployment',
  kappa: 'inCommuterShare',
  Q: 'serviceLevel',
  K: 'platformCapital',
  D: 'debt',
  F: 'fund',
  Rev: 'revenue',
  SA: 'socialAssistance',
  SavG: 'publicSaving',
  dF: 'fundChange',
  circ: 'circulation',
  NIF: 'netIncomeInflow',
  births: 'births',
  deaths: 'deaths',
  t: 't',
}

for (const [name, inputs] of [
  ['baseline', base],
  ['policyOp100', withScenario(base, measure)],
  ['policyOp100_epsMig004', withScenario(base, attracting)],
] as const) {
  test(`the run ${name} agrees with the reference to 1e-9 on every output of every year`, (t) => {
    const { years } = runCity(inputs)
    assert.equal(years.length, golden[name].length)
    let compared = 0
    let worst = 0
    for (const [i, expected] of golden[name].entries()) {
      const year = years[i]!
      assert.equal(year.regime, expected.regime)
      for (const key of Object.keys(expected)) {
        if (key === 'regime') continue
        const values = key === 'x' ? expected.x.map((value, j) => [value, year.output[j]!]) : [[expected[key]!, year[outputOf[key]!] as number]]
        for (const [wanted, got] of values as [number, number][]) {
          const off = Math.abs(got - wanted) / Math.max(Math.abs(wanted), 1e-300)
          assert.ok(wanted === 0 ? Math.abs(got) < 1e-9 : off < 1e-9, `year ${i}: ${key} is ${got}, the reference has ${wanted}`)
          worst = Math.max(worst, wanted === 0 ? 0 : off)
          compared += 1
        }
      }
    }
    assert.ok(compared >= 31 * 24)
    t.diagnostic(`${name}: ${compared} values compared, largest relative difference ${worst.toExponential(2)}`)
  })
}

test('Type I and Type II inverses and life expectancies agree with the reference', () => {
  const { typeI, typeIISlack } = cityMultipliers(base.parameters)
  for (const [ours, theirs] of [
    [typeI, golden.typeI],
    [typeIISlack, golden.typeII],
  ] as const) {
    for (const [i, row] of theirs.entries()) for (const [j, value] of row.entries()) assert.ok(Math.abs(ours[i]![j]! / value - 1) < 1e-12)
  }
  assert.ok(Math.abs(lifeExpectancy(makehamPersonYears(-11.95, 0.1045, 0.0002)) / golden.e0F - 1) < 1e-12)
  assert.ok(Math.abs(lifeExpectancy(makehamPersonYears(-11.15, 0.1015, 0.0003)) / golden.e0M - 1) < 1e-12)
})

test('every identity holds and says how closely; the base turns tight and both regimes are met', (t) => {
  const { checks, years, assumes } = runCity(base)
  assert.deepEqual(
    checks.map(({ identity }) => identity),
    ['ID1', 'ID2', 'ID3', 'ID4', 'ID5', 'ID6', 'ID7', 'ID8', 'ID9'],
  )
  for (const check of checks) {
    assert.ok(check.residual <= 1e-12, `${check.identity} ${check.residual}`)
    assert.equal(check.notTested, undefined)
    t.diagnostic(`${check.identity} ${check.residual.toExponential(2)}`)
  }
  assert.deepEqual([...new Set(years.map(({ regime }) => regime))], ['slack', 'tight'])
  assert.equal(assumes, 'accounting only')
})

test('the same inputs give the same bytes', () => {
  assert.equal(JSON.stringify(runCity(base)), JSON.stringify(runCity(resolveCity(parseCityDocument(structuredClone(demoCity))).inputs)))
})

test('platform operation + 100 moves value added by 76.4 and no person after 15 years, and the fund pays 1,189 of the 1,300 spent', () => {
  const { differences } = compareCity(comparableBase(base, measure), withScenario(base, measure))
  assert.equal(differences[15]!.gva.toFixed(1), '76.4')
  assert.equal(differences[15]!.population, 0)
  assert.equal(differences[15]!.fund.toFixed(0), '-1189')
})

test('when services attract people the effect is 7,059 against a base of the same behaviour, and 8,841 against another base is refused', () => {
  const changed = withScenario(base, attracting)
  const { differences, scenario } = compareCity(comparableBase(base, attracting), changed)
  assert.equal(differences[15]!.population.toFixed(0), '7059')
  assert.equal(differences[15]!.fund.toFixed(0), '-1184')
  assert.deepEqual(scenario.assumes, ['H-001'])
  assert.equal((scenario.years[15]!.population - runCity(base).years[15]!.population).toFixed(0), '8841')
  assert.throws(() => compareCity(base, changed), /base and scenario have different migrationElasticity/)
})

test('an elasticity without a hypothesis is refused, and so is a hypothesis without source', () => {
  const inputs: CityInputs = { ...base, parameters: { ...base.parameters, fertilityElasticity: 0.1 } }
  assert.throws(() => runCity(inputs), /fertilityElasticity is not zero and names no hypothesis with prior and source/)
  const named = { id: 'H-9', elasticity: 'fertilityElasticity', prior: { mean: 0, sd: 0.05 }, source: '' } as const
  assert.throws(() => runCity({ ...inputs, hypotheses: [named] }), /names no hypothesis/)
  assert.deepEqual(runCity({ ...inputs, hypotheses: [{ ...named, source: 'a study' }] }).assumes, ['H-9'])
})

test('an ageing city can show a circulation rate above one because commuters take wages out', () => {
  const { years } = runCity(base)
  assert.ok(years[30]!.circulation > 1)
  assert.ok(years[30]!.inCommuterShare > years[0]!.inCommuterShare)
})
