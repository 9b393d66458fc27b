import type { CohortStep } from '../population/cohort-step.ts'
import type { External, Finance } from './accounting-matrix.ts'
import type { CityParameters } from './city-parameters.ts'
import type { InnerCircle } from './inner-circle.ts'

/** All outputs of one year; money in constant units per year, stocks at the start of the year, shares as fractions of one. */
export interface CityYear {
  readonly t: number
  readonly calendarYear: number
  readonly regime: InnerCircle['regime']
  readonly population: number
  readonly share65: number
  /** (0-14 and 65+) over 15-64. */
  readonly dependency: number
  readonly oldAgeRatio: number
  readonly births: number
  readonly deaths: number
  readonly netMigration: number
  readonly totalFertility: number
  readonly labourForce: number
  readonly jobs: number
  readonly residentsEmployed: number
  readonly unemployment: number
  readonly inCommuterShare: number
  readonly outCommuters: number
  readonly output: readonly number[]
  readonly jobsBySector: readonly number[]
  readonly gva: number
  readonly consumption: number
  readonly investment: number
  readonly governmentConsumption: number
  readonly exports: number
  readonly imports: number
  readonly wages: number
  readonly surplus: number
  readonly labourIncome: number
  readonly outCommuterIncome: number
  readonly disposableIncome: number
  readonly householdSaving: number
  readonly savingRate: number
  readonly netIncomeInflow: number
  readonly netLending: number
  /** Value added over the income of residents. */
  readonly circulation: number
  readonly localShare: number
  readonly incomeLeak: number
  readonly serviceLevel: number
  readonly platformCapital: number
  readonly platformOperation: number
  readonly platformInvestment: number
  readonly revenue: number
  readonly taxRevenue: number
  readonly grants: number
  readonly socialAssistance: number
  readonly cashAssistance: number
  readonly pensions: number
  readonly publicSaving: number
  readonly fundChange: number
  readonly debt: number
  readonly fund: number
  readonly debtRatio: number
  readonly ownRevenueShare: number
  readonly assistanceShare: number
  readonly gvaPerResident: number
  readonly incomePerResident: number
  readonly capitalPerResident: number
  readonly inducedGain: number
  readonly femaleByAge: readonly number[]
  readonly maleByAge: readonly number[]
  /** Social accounting matrix; see `accountingMatrix`. */
  readonly matrix: readonly (readonly number[])[]
}

/** What a year is made of. */
export interface YearParts {
  readonly t: number
  readonly calendarYear: number
  readonly p: CityParameters
  readonly female: Float64Array
  readonly male: Float64Array
  readonly population: number
  readonly capital: number
  readonly debt: number
  readonly fund: number
  readonly year: InnerCircle
  readonly finance: Finance
  readonly external: External
  readonly matrix: readonly (readonly number[])[]
  readonly step: CohortStep
}

/** Puts the outputs and indicators (2.8 of the model) of one year together. */
export function cityYear({
  t,
  calendarYear,
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
}: YearParts): CityYear {
  const young = between(female, male, 0, 15)
  const working = between(female, male, 15, 65)
  const old = between(female, male, 65, female.length)
  const taxRevenue = finance.incomeTax + year.propertyTax + finance.surplusTax
  return {
    t,
    calendarYear,
    regime: year.regime,
    population,
    share65: old / population,
    dependency: (young + old) / working,
    oldAgeRatio: old / working,
    births: step.births,
    deaths: step.deaths,
    netMigration: step.netMigration,
    totalFertility: p.totalFertility * year.serviceLevel ** p.fertilityElasticity,
    labourForce: year.labourForce,
    jobs: year.jobs,
    residentsEmployed: year.residentsEmployed,
    unemployment: year.unemployment,
    inCommuterShare: year.inCommuterShare,
    outCommuters: year.outCommuters,
    output: listOf(year.output),
    jobsBySector: p.jobsPerOutput.map((jobs, j) => (jobs * year.output[j]!) / year.productivity),
    gva: external.gva,
    consumption: year.consumption,
    investment: year.investment,
    governmentConsumption: year.governmentConsumption,
    exports: year.exports.reduce((sum, value) => sum + value, 0),
    imports: external.imports,
    wages: year.wages,
    surplus: year.surplus,
    labourIncome: year.labourIncome,
    outCommuterIncome: year.outCommuterIncome,
    disposableIncome: external.disposableIncome,
    householdSaving: external.householdSaving,
    savingRate: external.householdSaving / external.disposableIncome,
    netIncomeInflow: external.netIncomeInflow,
    netLending: external.netLending,
    circulation: external.gva / (external.gva + external.netIncomeInflow),
    localShare: 1 - external.consumptionImports / year.consumption,
    incomeLeak: year.inCommuterShare * year.wages - year.outCommuterIncome,
    serviceLevel: year.serviceLevel,
    platformCapital: capital,
    platformOperation: year.platformOperation,
    platformInvestment: year.platformInvestment,
    revenue: finance.revenue,
    taxRevenue,
    grants: finance.grants,
    socialAssistance: year.socialAssistance,
    cashAssistance: year.cashAssistance,
    pensions: year.pensions,
    publicSaving: finance.publicSaving,
    fundChange: finance.fundChange,
    debt,
    fund,
    debtRatio: debt / finance.revenue,
    ownRevenueShare: taxRevenue / finance.revenue,
    assistanceShare: year.socialAssistance / finance.revenue,
    gvaPerResident: external.gva / population,
    incomePerResident: external.disposableIncome / population,
    capitalPerResident: capital / population,
    inducedGain: year.inducedGain,
    femaleByAge: listOf(female),
    maleByAge: listOf(male),
    matrix,
  }
}

function between(female: Float64Array, male: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let age = from; age < to; age++) sum += female[age]! + male[age]!
  return sum
}

function listOf(values: Float64Array): number[] {
  const list = Array<number>(values.length)
  for (let i = 0; i < values.length; i++) list[i] = values[i]!
  return list
}
