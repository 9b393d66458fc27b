import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import type { CityParameters } from './city-parameters.ts'
import type { InnerCircle } from './inner-circle.ts'

/** Accounts of the social accounting matrix beside the industries, in the order of its rows. */
export const institutions = ['labour', 'capital', 'households', 'city', 'state', 'saving', 'restOfWorld'] as const
export type Institution = (typeof institutions)[number]

/** Finance of the city in one year (E8). */
export interface Finance {
  readonly incomeTax: number
  readonly stateIncomeTax: number
  readonly surplusTax: number
  readonly stateSurplusTax: number
  readonly grants: number
  readonly revenue: number
  readonly interest: number
  readonly repayment: number
  readonly borrowing: number
  readonly publicSaving: number
  readonly fundChange: number
}

/** What leaves and enters the city in one year (E9). */
export interface External {
  readonly disposableIncome: number
  readonly householdSaving: number
  readonly imports: number
  /** Imports within consumption, out-shopping included. */
  readonly consumptionImports: number
  readonly governmentImports: number
  readonly investmentImports: number
  readonly gva: number
  readonly stateBalance: number
  readonly netIncomeInflow: number
  readonly netLending: number
}

/** Finance of the year from its solved inner circle and the debt at its start. */
export function financeOf(p: CityParameters, year: InnerCircle, debt: number): Finance {
  const incomeTax = p.localIncomeTax * year.labourIncome
  const surplusTax = p.localSurplusTax * year.surplus
  const grants = p.baseGrant + p.assistanceGrantShare * year.socialAssistance
  const revenue = incomeTax + year.propertyTax + surplusTax + grants
  const interest = p.interestRate * debt
  const repayment = debt / p.debtMaturityYears
  const borrowing = p.bondShare * year.platformInvestment
  const publicSaving = revenue - (year.governmentConsumption + year.cashAssistance + interest)
  return {
    incomeTax,
    stateIncomeTax: p.nationalIncomeTax * year.labourIncome,
    surplusTax,
    stateSurplusTax: p.nationalSurplusTax * year.surplus,
    grants,
    revenue,
    interest,
    repayment,
    borrowing,
    publicSaving,
    fundChange: publicSaving + borrowing - repayment - year.platformInvestment,
  }
}

/** Imports, income and lending of the year (E9), each from its own definition, so that the identities test them. */
export function externalOf(p: CityParameters, year: InnerCircle, finance: Finance): External {
  const abroad = (basket: readonly number[]): number => compensatedSum(basket.map((share, i) => (1 - year.localSupply[i]!) * share))
  const disposableIncome =
    year.labourIncome -
    finance.incomeTax -
    finance.stateIncomeTax +
    p.residentSurplusShare * year.surplus +
    year.cashAssistance +
    year.pensions +
    p.propertyIncome -
    year.propertyTax
  const householdSaving = disposableIncome - year.consumption
  const consumptionImports = abroad(p.householdBasket) * (1 - p.outShoppingShare) * year.consumption + p.outShoppingShare * year.consumption
  const governmentImports = abroad(p.governmentBasket) * year.governmentConsumption
  const investmentImports = abroad(p.investmentBasket) * year.investment
  const productionTaxes = compensatedSum(p.productionTaxShare.map((share, j) => share * year.output[j]!))
  const gva = compensatedSum(p.productionTaxShare.map((share, j) => (p.compensationShare[j]! + year.surplusShare[j]! + share) * year.output[j]!))
  const stateBalance = productionTaxes + finance.stateSurplusTax + finance.stateIncomeTax - year.pensions - finance.grants
  const leak = leakShare(p) * year.surplus
  const outflow = year.inCommuterShare * year.wages + leak + finance.interest + stateBalance
  return {
    disposableIncome,
    householdSaving,
    imports: compensatedSum([compensatedSum(importedInputs(p, year)), consumptionImports, governmentImports, investmentImports]),
    consumptionImports,
    governmentImports,
    investmentImports,
    gva,
    stateBalance,
    netIncomeInflow: year.outCommuterIncome + p.propertyIncome - outflow,
    netLending: householdSaving + p.retainedSurplusShare * year.surplus + finance.publicSaving - year.investment,
  }
}

/** Imported inputs by buying sector. */
export function importedInputs(p: CityParameters, year: InnerCircle): number[] {
  const column = new Float64Array(year.output.length)
  return p.compensationShare.map((_, j) => {
    for (let i = 0; i < column.length; i++) column[i] = (1 - year.localSupply[i]!) * p.inputCoefficients[i]![j]! * year.output[j]!
    return compensatedSum(column)
  })
}

/** The social accounting matrix of the year: rows receive, columns pay; industries first, then `institutions`. */
export function accountingMatrix(p: CityParameters, year: InnerCircle, finance: Finance, external: External): number[][] {
  const n = year.output.length
  const [labour, capital, households, city, state, saving, world] = institutions.map((_, k) => n + k) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const order = n + institutions.length
  const matrix: number[][] = []
  for (let i = 0; i < order; i++) matrix.push(Array<number>(order).fill(0))
  const put = (row: number, column: number, amount: number): void => {
    matrix[row]![column] = amount
  }
  const imported = importedInputs(p, year)
  for (let j = 0; j < n; j++) {
    const output = year.output[j]!
    const supplied = year.localSupply[j]!
    for (let i = 0; i < n; i++) put(i, j, year.localSupply[i]! * p.inputCoefficients[i]![j]! * output)
    put(labour, j, p.compensationShare[j]! * output)
    put(capital, j, year.surplusShare[j]! * output)
    put(state, j, p.productionTaxShare[j]! * output)
    put(world, j, imported[j]!)
    put(j, households, supplied * p.householdBasket[j]! * (1 - p.outShoppingShare) * year.consumption)
    put(j, city, supplied * p.governmentBasket[j]! * year.governmentConsumption)
    put(j, saving, supplied * p.investmentBasket[j]! * year.investment)
    put(j, world, year.exports[j]!)
  }
  put(households, labour, (1 - year.inCommuterShare) * year.wages)
  put(world, labour, year.inCommuterShare * year.wages)
  put(households, capital, p.residentSurplusShare * year.surplus)
  put(city, capital, finance.surplusTax)
  put(state, capital, finance.stateSurplusTax)
  put(saving, capital, p.retainedSurplusShare * year.surplus)
  put(world, capital, leakShare(p) * year.surplus)
  put(city, households, finance.incomeTax + year.propertyTax)
  put(state, households, finance.stateIncomeTax)
  put(saving, households, external.householdSaving)
  put(world, households, external.consumptionImports)
  put(households, city, year.cashAssistance)
  put(saving, city, finance.publicSaving)
  put(world, city, external.governmentImports + finance.interest)
  put(households, state, year.pensions)
  put(city, state, finance.grants)
  put(world, state, external.stateBalance)
  put(world, saving, external.investmentImports + external.netLending)
  put(households, world, year.outCommuterIncome + p.propertyIncome)
  return matrix
}

/** Row sum less column sum of every account. */
export function accountResiduals(matrix: readonly (readonly number[])[]): number[] {
  const column = new Float64Array(matrix.length)
  return matrix.map((row, i) => {
    for (let j = 0; j < column.length; j++) column[j] = matrix[j]![i]!
    return compensatedSum(row) - compensatedSum(column)
  })
}

function leakShare(p: CityParameters): number {
  return 1 - p.residentSurplusShare - p.localSurplusTax - p.nationalSurplusTax - p.retainedSurplusShare
}
