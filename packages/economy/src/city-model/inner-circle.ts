/**
 * One year of the inner circle (E1 to E7): industry, employment and consumption solved together, once for both labour regimes.
 * Layout: the system is row-major, n × n. Cost: one LU of order n, plus one solve per round of the tight regime (a contraction; few rounds).
 */
import { dot } from '../linear-algebra/compensated-sum.ts'
import { factor, solve } from '../linear-algebra/lu.ts'
import { refuse } from '../refusal.ts'
import type { CityParameters } from './city-parameters.ts'

/** What the year gives the inner circle: people, claims, stocks and the base it is measured against. */
export interface YearStart {
  readonly t: number
  readonly persons: ArrayLike<number>
  readonly population: number
  readonly basePopulation: number
  /** Platform capital and operation per head of the base year. */
  readonly capitalPerHead: number
  readonly operationPerHead: number
  readonly capital: number
  readonly laggedSurplus: number
}

/** The solved year; money per year, jobs and people in persons. */
export interface InnerCircle {
  readonly serviceLevel: number
  readonly platformOperation: number
  readonly platformInvestment: number
  readonly localSupply: Float64Array
  readonly surplusShare: Float64Array
  readonly labourForce: number
  readonly outCommuters: number
  readonly outCommuterIncome: number
  readonly socialAssistance: number
  readonly cashAssistance: number
  readonly pensions: number
  readonly governmentConsumption: number
  readonly investment: number
  readonly exports: Float64Array
  readonly propertyTax: number
  readonly output: Float64Array
  readonly consumption: number
  readonly wages: number
  readonly surplus: number
  readonly jobs: number
  readonly productivity: number
  readonly residentsEmployed: number
  readonly unemployment: number
  readonly inCommuterShare: number
  readonly labourIncome: number
  readonly regime: 'slack' | 'tight'
  /** Share of income that returns as income in one round; the induced effect is bounded while it is below one. */
  readonly inducedGain: number
}

/** Solves the year. Refuses coefficients that let no output exist, and a fixed point that is not found. */
export function solveInnerCircle(p: CityParameters, start: YearStart): InnerCircle {
  const { t, population, basePopulation } = start
  const perHead = population / basePopulation
  const platformOperation = p.platformOperation * perHead + p.extraPlatformOperation
  const platformInvestment = p.platformInvestment * perHead + p.extraPlatformInvestment
  const serviceLevel = serviceOf(p, start, platformOperation)
  const growth = (1 + p.productivityGrowth) ** t
  const productivity = growth * serviceLevel ** p.productivityElasticity
  const localSupply = Float64Array.from(p.localSupplyShare, (share) => Math.min(1, Math.max(0, share + p.localSupplyElasticity * (serviceLevel - 1))))
  const labourForce = dot(p.participationByAge, start.persons) * serviceLevel ** p.participationElasticity
  const outCommuters = p.outCommuterShare * labourForce
  const outCommuterIncome = outCommuters * p.outCommuterWage * growth
  const socialAssistance = dot(p.socialAssistanceByAge, start.persons)
  const cashAssistance = p.cashAssistanceShare * socialAssistance
  const pensions = dot(p.pensionByAge, start.persons)
  const governmentConsumption = p.governmentConsumption * perHead + platformOperation + (socialAssistance - cashAssistance)
  const investment = p.investmentPropensity * start.laggedSurplus + platformInvestment
  const exports = Float64Array.from(p.exports, (value) => value * (1 + p.exportGrowth) ** t)
  const propertyTax = p.propertyTax * perHead
  const otherIncome = cashAssistance + pensions + p.propertyIncome - propertyTax
  const demand = { governmentConsumption, investment, exports }
  const surplusShare = surplusShares(p)

  const slack = incomeRow(p, surplusShare, p.inCommuterShare)
  const first = solver(p, localSupply, slack, demand)
  const netOfTax = 1 - p.localIncomeTax - p.nationalIncomeTax
  const autonomous = (labour: number): number => p.consumptionPropensity * (netOfTax * labour + otherIncome)
  const solved = first(autonomous(outCommuterIncome))
  let output = solved.output
  let consumption = solved.consumption
  let jobs = dot(p.jobsPerOutput, output) / productivity
  let residentsEmployed = (1 - p.inCommuterShare) * jobs + outCommuters
  let unemployment = 1 - residentsEmployed / labourForce
  let inCommuterShare = p.inCommuterShare
  let regime: InnerCircle['regime'] = 'slack'
  if (unemployment < p.frictionalUnemployment) {
    regime = 'tight'
    residentsEmployed = (1 - p.frictionalUnemployment) * labourForce
    const capped = solver(p, localSupply, incomeRow(p, surplusShare, undefined), demand)
    for (let round = 0; ; round++) {
      if (round === 200) refuse('tight regime', `year ${t}: the wage of residents does not settle in 200 rounds`)
      const meanWage = dot(p.compensationShare, output) / jobs
      const next = capped(autonomous(meanWage * (residentsEmployed - outCommuters) + outCommuterIncome))
      const moved = largestStep(next.output, output)
      output = next.output
      consumption = next.consumption
      jobs = dot(p.jobsPerOutput, output) / productivity
      if (moved < 1e-12) break
    }
    inCommuterShare = 1 - (residentsEmployed - outCommuters) / jobs
    unemployment = p.frictionalUnemployment
  }
  const wages = dot(p.compensationShare, output)
  return {
    serviceLevel,
    platformOperation,
    platformInvestment,
    localSupply,
    surplusShare,
    labourForce,
    outCommuters,
    outCommuterIncome,
    socialAssistance,
    cashAssistance,
    pensions,
    governmentConsumption,
    investment,
    exports,
    propertyTax,
    output,
    consumption,
    wages,
    surplus: dot(surplusShare, output),
    jobs,
    productivity,
    residentsEmployed,
    unemployment,
    inCommuterShare,
    labourIncome: (1 - inCommuterShare) * wages + outCommuterIncome,
    regime,
    inducedGain: inducedGainOf(p, localSupply, regime === 'slack' ? slack : incomeRow(p, surplusShare, undefined)),
  }
}

/** Operating surplus per unit of output: what inputs, compensation and taxes on production leave. */
export function surplusShares(p: CityParameters): Float64Array {
  const shares = new Float64Array(p.compensationShare.length)
  for (let j = 0; j < shares.length; j++) {
    let rest = 1 - p.compensationShare[j]! - p.productionTaxShare[j]!
    for (const row of p.inputCoefficients) rest -= row[j]!
    shares[j] = Math.max(0, rest)
  }
  return shares
}

/** Consumption per unit of output, h' of E6; with wages of residents capped (tight regime) only surplus moves it. */
export function incomeRow(p: CityParameters, surplusShare: ArrayLike<number>, inCommuters: number | undefined): Float64Array {
  const labour = inCommuters === undefined ? 0 : (1 - p.localIncomeTax - p.nationalIncomeTax) * (1 - inCommuters)
  const row = new Float64Array(p.compensationShare.length)
  for (let j = 0; j < row.length; j++)
    row[j] = p.consumptionPropensity * (labour * p.compensationShare[j]! + p.residentSurplusShare * surplusShare[j]!)
  return row
}

/** (D beta)(1 − sigma): what one unit of consumption buys in the city. */
export function localPurchases(p: CityParameters, localSupply: ArrayLike<number>): Float64Array {
  const bought = new Float64Array(p.householdBasket.length)
  for (let i = 0; i < bought.length; i++) bought[i] = localSupply[i]! * p.householdBasket[i]! * (1 - p.outShoppingShare)
  return bought
}

interface Demand {
  readonly governmentConsumption: number
  readonly investment: number
  readonly exports: ArrayLike<number>
}

function solver(p: CityParameters, localSupply: ArrayLike<number>, incomes: ArrayLike<number>, demand: Demand): (autonomous: number) => Solved {
  const n = localSupply.length
  const purchases = localPurchases(p, localSupply)
  const system = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = p.inputCoefficients[i]!
    for (let j = 0; j < n; j++) system[i * n + j] = (i === j ? 1 : 0) - localSupply[i]! * row[j]! - purchases[i]! * incomes[j]!
  }
  const lu = factor(system, n)
  const fixed = Float64Array.from(
    purchases,
    (_, i) =>
      localSupply[i]! * (p.governmentBasket[i]! * demand.governmentConsumption + p.investmentBasket[i]! * demand.investment) + demand.exports[i]!,
  )
  return (autonomous) => {
    const output = solve(
      lu,
      fixed.map((value, i) => value + purchases[i]! * autonomous),
    )
    return { output, consumption: dot(incomes, output) + autonomous }
  }
}

interface Solved {
  readonly output: Float64Array
  readonly consumption: number
}

function serviceOf(p: CityParameters, start: YearStart, operation: number): number {
  const capital = start.capital / (start.capitalPerHead * start.population)
  const operated = operation / (start.operationPerHead * start.population)
  if (!(capital > 0)) refuse('service level', `year ${start.t}: platform capital is ${start.capital}; the service level needs it above zero`)
  if (!(operated > 0)) refuse('service level', `year ${start.t}: platform operation is ${operation}; the service level needs it above zero`)
  return capital ** p.capitalWeight * operated ** (1 - p.capitalWeight)
}

function inducedGainOf(p: CityParameters, localSupply: ArrayLike<number>, incomes: ArrayLike<number>): number {
  const n = localSupply.length
  const open = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) open[i * n + j] = (i === j ? 1 : 0) - localSupply[i]! * p.inputCoefficients[i]![j]!
  for (let j = 0; j < n; j++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += localSupply[i]! * p.inputCoefficients[i]![j]!
    if (!(sum < 1)) refuse('existence', `sector ${j + 1} buys ${sum} per unit of its output within the city; the sum must be below 1`)
  }
  const gain = dot(incomes, solve(factor(open, n), localPurchases(p, localSupply)))
  if (!(gain < 1)) refuse('existence', `each round of spending brings ${gain} of it back as spending; no output satisfies that`)
  return gain
}

function largestStep(next: Float64Array, before: Float64Array): number {
  let step = 0
  let scale = 0
  for (let i = 0; i < next.length; i++) {
    step = Math.max(step, Math.abs(next[i]! - before[i]!))
    scale = Math.max(scale, Math.abs(next[i]!))
  }
  return scale === 0 ? 0 : step / scale
}
