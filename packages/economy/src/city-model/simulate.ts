import { compensatedSum, dot } from '../linear-algebra/compensated-sum.ts'
import { bearing } from './demography.ts'
import { type Finding, Refusal, refuse } from '../refusal.ts'
import { cohortStep, type Survival } from '../population/cohort-step.ts'
import { accountingMatrix, externalOf, financeOf } from './accounting-matrix.ts'
import { parametersOfYear } from './changes.ts'
import type { CityInputs } from './city-inputs.ts'
import { type CityYear, cityYear } from './city-year.ts'
import { type IdentityResiduals, yearResiduals } from './identities.ts'
import { solveInnerCircle } from './inner-circle.ts'

/** Years of a run, t = 0 to the horizon, with the residuals of ID1 to ID6 of each. */
export interface Simulation {
  readonly years: readonly CityYear[]
  readonly residuals: readonly IdentityResiduals[]
}

/**
 * Runs the model without checking its inputs beforehand (`requireRunnable` does) and without the companion runs of `runCity`; for draws and companions.
 * Pure: no clock, no randomness. Refuses a year that has no solution, a negative age group, and any result that is no finite number.
 */
export function simulate(inputs: CityInputs): Simulation {
  const years: CityYear[] = []
  const residuals: IdentityResiduals[] = []
  const base = inputs.parameters
  let female: Float64Array = Float64Array.from(base.femaleByAge)
  let male: Float64Array = Float64Array.from(base.maleByAge)
  let { initialCapital: capital, initialDebt: debt, initialFund: fund, laggedSurplus } = parametersOfYear(inputs, 0)
  const basePopulation = compensatedSum(female) + compensatedSum(male)
  const survival = new Map<readonly number[], Survival>()
  for (let t = 0; t <= inputs.horizonYears; t++) {
    const p = parametersOfYear(inputs, t)
    if (t === 0) {
      female = Float64Array.from(p.femaleByAge)
      male = Float64Array.from(p.maleByAge)
    }
    const persons = added(female, male)
    const population = compensatedSum(persons)
    const year = solveInnerCircle(p, {
      t,
      persons,
      population,
      basePopulation,
      capitalPerHead: base.initialCapital / basePopulation,
      operationPerHead: base.platformOperation / basePopulation,
      capital,
      laggedSurplus,
    })
    const finance = financeOf(p, year, debt)
    const external = externalOf(p, year, finance)
    const matrix = accountingMatrix(p, year, finance, external)
    const step = cohortStep({ female, male }, bearing(p, year.serviceLevel, population, survival))
    const next = { debt: debt + finance.borrowing - finance.repayment, fund: fund + finance.fundChange }
    const result = cityYear({
      t,
      calendarYear: inputs.baseYear + t,
      p,
      female,
      male,
      population,
      capital,
      debt,
      fund,
      year,
      finance,
      external,
      matrix,
      step,
    })
    requireFinite(result)
    requirePeople(step.female, step.male, t + 1)
    const after = compensatedSum(step.female) + compensatedSum(step.male)
    residuals.push(yearResiduals({ p, year, finance, external, matrix, population, after, step, debt, fund, next }))
    years.push(result)
    ;({ female, male } = step)
    ;({ debt, fund } = next)
    capital = (1 - p.depreciation) * capital + year.platformInvestment
    laggedSurplus = dot(year.surplusShare, year.output)
  }
  return { years, residuals }
}

function added(one: Float64Array, other: Float64Array): Float64Array {
  const sum = new Float64Array(one.length)
  for (let i = 0; i < sum.length; i++) sum[i] = one[i]! + other[i]!
  return sum
}

function requireFinite(result: CityYear): void {
  for (const name in result) {
    const value = result[name as keyof CityYear]
    if (typeof value === 'number' && !Number.isFinite(value)) refuse('finite', `year ${result.t}: ${name} is ${value}`)
  }
  const findings: Finding[] = []
  for (const [sector, value] of result.output.entries()) {
    if (!(value >= -1e-9)) findings.push({ rule: 'ID6', message: `year ${result.t}: output of sector ${sector + 1} is ${value}` })
  }
  if (!(result.consumption >= 0)) findings.push({ rule: 'ID6', message: `year ${result.t}: consumption is ${result.consumption}` })
  if (!(result.jobs >= 0)) findings.push({ rule: 'ID6', message: `year ${result.t}: jobs are ${result.jobs}` })
  if (!(result.inCommuterShare >= 0 && result.inCommuterShare < 1)) {
    findings.push({ rule: 'ID6', message: `year ${result.t}: the share of in-commuters is ${result.inCommuterShare}` })
  }
  if (findings.length > 0) throw new Refusal(findings)
}

function requirePeople(female: Float64Array, male: Float64Array, t: number): void {
  for (let age = 0; age < female.length; age++) {
    if (female[age]! >= 0 && male[age]! >= 0) continue
    const account = female[age]! >= 0 ? 'men' : 'women'
    refuse('population', `year ${t}: ${account} of age ${age} would be ${account === 'men' ? male[age] : female[age]}`, { row: `${age}`, account })
  }
}
