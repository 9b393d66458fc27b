import { compensatedSum, dot } from '../linear-algebra/compensated-sum.ts'
import { factor, identityMinus, invert, packed, solve } from '../linear-algebra/lu.ts'
import { refuse } from '../refusal.ts'

/** What households do in the closed model: income per unit of output, what they buy per unit of income, and own use within the household row. */
export interface HouseholdClosure {
  readonly income: readonly number[]
  readonly purchases: readonly number[]
  readonly withinHouseholds?: number
}

/** The Leontief inverse (I − A)⁻¹. Refuses coefficients of which no column sum is below one, since no such economy can produce. */
export function leontiefInverse(coefficients: readonly (readonly number[])[]): number[][] {
  if (coefficients.length > 0 && columnSums(coefficients).every((sum) => sum >= 1)) {
    refuse('coefficients', 'every column of the coefficients sums to one or more, so nothing is left for value added')
  }
  return invert(identityMinus(coefficients))
}

/** Output x that a final demand calls for: (I − A) x = f. */
export function outputFor(coefficients: readonly (readonly number[])[], finalDemand: readonly number[]): number[] {
  return [...solve(factor(packed(identityMinus(coefficients)), coefficients.length), finalDemand)]
}

/** Column sums: simple output multipliers when the rows are a Leontief inverse. */
export function columnSums(rows: readonly (readonly number[])[]): number[] {
  return rows.map((_, j) => compensatedSum(rows.map((row) => row[j]!)))
}

/** Row sums: forward linkages when the rows are the inverse of allocation coefficients. */
export function rowSums(rows: readonly (readonly number[])[]): number[] {
  return rows.map((row) => compensatedSum(row))
}

/** h'L: the total of something (income, value added, jobs) per unit of final demand, `direct` per unit of output. */
export function totalEffects(direct: readonly number[], inverse: readonly (readonly number[])[]): number[] {
  return inverse.map((_, j) =>
    dot(
      direct,
      inverse.map((row) => row[j]!),
    ),
  )
}

/** Total over direct effect by sector (Type I when the inverse is open); a sector without direct effect has none. */
export function ratioMultipliers(direct: readonly number[], inverse: readonly (readonly number[])[]): (number | undefined)[] {
  return totalEffects(direct, inverse).map((total, j) => (direct[j] === 0 ? undefined : total / direct[j]!))
}

/** The closed model of order n + 1: the inverse, its income multipliers, and the ratio of Type II to Type I, which is the same for every sector. */
export interface ClosedModel {
  readonly inverse: number[][]
  /** Column sums over the n sectors, households left out. */
  readonly outputMultipliers: number[]
  readonly typeI: (number | undefined)[]
  readonly typeII: (number | undefined)[]
  readonly ratio: number
  /** Share of an income that comes back as income after one round through households; the sum of all rounds is 1 / (1 − gain). */
  readonly inducedGain: number
}

/** Closes the model for households (Miller and Blair 2009, 2.5). Type II is an upper bound: all income counts as spent, at average rates. */
export function closedModel(coefficients: readonly (readonly number[])[], households: HouseholdClosure): ClosedModel {
  const open = leontiefInverse(coefficients)
  const within = households.withinHouseholds ?? 0
  const closed = [...coefficients.map((row, i) => [...row, households.purchases[i]!]), [...households.income, within]]
  const order = coefficients.length
  const gain = within + dot(totalEffects(households.income, open), households.purchases)
  if (!(gain < 1)) refuse('induced gain', `households pass on ${gain} of each income round, so induced output has no bound`)
  const inverse = invert(identityMinus(closed))
  const incomes = inverse[order]!
  return {
    inverse,
    outputMultipliers: columnSums(inverse.slice(0, order).map((row) => row.slice(0, order))),
    typeI: ratioMultipliers(households.income, open),
    typeII: households.income.map((income, j) => (income === 0 ? undefined : incomes[j]! / income)),
    ratio: 1 / (1 - gain),
    inducedGain: gain,
  }
}
