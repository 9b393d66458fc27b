import { dot } from '../linear-algebra/compensated-sum.ts'
import { factor, solve } from '../linear-algebra/lu.ts'
import type { Change, CityInputs } from './city-inputs.ts'
import { type CityParameters, parameterDefinitions, type ParameterName } from './city-parameters.ts'
import type { CityYear } from './city-year.ts'
import { parametersOfYear } from './changes.ts'
import { incomeRow, localPurchases, surplusShares } from './inner-circle.ts'
import { type Simulation, simulate } from './simulate.ts'

/** ID7: a companion with another platform operation from the first year on has the same people, bit for bit. */
export function peopleUnmoved(inputs: CityInputs, simulation: Simulation): boolean {
  const step: Change = { parameter: 'extraPlatformOperation', operation: 'add', value: 0.01 * inputs.parameters.platformOperation }
  const companion = simulate({ ...inputs, changes: [...inputs.changes, step] })
  return simulation.years.every((year, t) => {
    const other = companion.years[t]!
    return (
      year.births === other.births &&
      year.deaths === other.deaths &&
      sameList(year.femaleByAge, other.femaleByAge) &&
      sameList(year.maleByAge, other.maleByAge)
    )
  })
}

/** ID8: the largest relative difference between this run and one with all money in units seven times smaller. */
export function moneyScaleResidual(inputs: CityInputs, simulation: Simulation, factorOfMoney = 7): number {
  const companion = simulate(scaled(inputs, factorOfMoney))
  let worst = 0
  for (const [t, year] of simulation.years.entries()) {
    const other = companion.years[t]!
    const size = Math.max(year.gva, Math.abs(year.debt), Math.abs(year.fund))
    for (const name of moneyOutputs) worst = Math.max(worst, Math.abs(other[name] / factorOfMoney - year[name]) / size)
    for (const name of otherOutputs) worst = Math.max(worst, Math.abs(other[name] - year[name]) / Math.max(Math.abs(year[name]), 1))
  }
  return worst
}

/**
 * ID9: difference between the answer of output to more government demand and the Type II column, in the first year that is slack and whose
 * companion stays slack; otherwise the reason why there is no such year.
 */
export function linearResponseResidual(inputs: CityInputs, simulation: Simulation): number | string {
  const t = simulation.years.findIndex(({ regime }) => regime === 'slack')
  if (t < 0) return 'no year is slack'
  const year = simulation.years[t]!
  const p = parametersOfYear(inputs, t)
  const perHead = year.population / simulation.years[0]!.population
  const step = 1e-3 * year.gva
  const change: Change = { parameter: 'governmentConsumption', operation: 'add', value: step / perHead, fromYear: t }
  const other = simulate({ ...inputs, changes: [...inputs.changes, change], horizonYears: t }).years[t]!
  if (other.regime !== 'slack') return `year ${t} turns tight when the city buys more`
  const expected = typeTwoColumn(p, year, step)
  const got = expected.map((_, i) => other.output[i]! - year.output[i]!)
  const size = Math.max(...year.output)
  return Math.max(...got.map((value, i) => Math.abs(value - expected[i]!))) / size
}

const moneyOutputs = ['gva', 'consumption', 'disposableIncome', 'debt', 'fund', 'revenue', 'socialAssistance', 'imports', 'netIncomeInflow'] as const
const otherOutputs = ['population', 'jobs', 'unemployment', 'inCommuterShare', 'circulation', 'serviceLevel', 'births', 'deaths'] as const

function typeTwoColumn(p: CityParameters, year: CityYear, step: number): number[] {
  const supply = p.localSupplyShare.map((share) => Math.min(1, Math.max(0, share + p.localSupplyElasticity * (year.serviceLevel - 1))))
  const incomes = incomeRow(p, surplusShares(p), p.inCommuterShare)
  const purchases = localPurchases(p, supply)
  const n = supply.length
  const system = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) system[i * n + j] = (i === j ? 1 : 0) - supply[i]! * p.inputCoefficients[i]![j]!
  }
  const open = factor(system, n)
  const bought = solve(open, purchases)
  const direct = solve(
    open,
    p.governmentBasket.map((share, i) => supply[i]! * share * step),
  )
  const induced = dot(incomes, direct) / (1 - dot(incomes, bought))
  return [...direct].map((value, i) => value + induced * bought[i]!)
}

function scaled(inputs: CityInputs, by: number): CityInputs {
  const parameters: Record<string, unknown> = { ...inputs.parameters }
  for (const name of Object.keys(parameterDefinitions) as ParameterName[]) {
    const power = parameterDefinitions[name].moneyPower
    if (power === 0) continue
    const value = parameters[name]
    const times = power === 1 ? by : 1 / by
    parameters[name] = Array.isArray(value) ? value.map((cell: number) => cell * times) : Number(value) * times
  }
  const changes = inputs.changes.map((change) => {
    const power = change.operation === 'scale' ? 0 : parameterDefinitions[change.parameter].moneyPower
    return power === 0 ? change : { ...change, value: change.value * (power === 1 ? by : 1 / by) }
  })
  return { ...inputs, parameters: parameters as unknown as CityParameters, changes }
}

function sameList(one: readonly number[], other: readonly number[]): boolean {
  return one.every((value, i) => Object.is(value, other[i]))
}
