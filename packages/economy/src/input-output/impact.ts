import { refuse } from '../refusal.ts'
import { outputFor } from './multipliers.ts'

/** What one unit of output carries with it, by sector, where known. */
export interface PerOutput {
  readonly valueAdded?: readonly number[]
  readonly income?: readonly number[]
  readonly jobs?: readonly number[]
}

/** One measure of an impact: at the firms that are paid, and at those who supply them and their suppliers. */
export interface Effect {
  readonly direct: number
  readonly indirect: number
}

/** What a spending on goods of the area sets in motion; money in the unit of the spending, jobs in persons for a year. */
export interface Impact {
  readonly output: Effect
  readonly valueAdded?: Effect
  readonly income?: Effect
  readonly jobs?: Effect
  readonly outputBySector: readonly number[]
}

/**
 * Direct and indirect (Type I) effect of a spending by sector on regional coefficients. It says what the spending needs, not what the area gains: money
 * taken from another use had an impact too, and impacts of several projects overlap in their suppliers, so they must not be added up.
 */
export function impactOf(regional: readonly (readonly number[])[], spending: readonly number[], per: PerOutput): Impact {
  if (spending.length !== regional.length) refuse('spending', `the spending names ${spending.length} sectors, the table has ${regional.length}`)
  const wrong = spending.find((amount) => !(Number.isFinite(amount) && amount >= 0))
  if (wrong !== undefined) refuse('spending', `an amount is ${wrong}; it must be zero or above`)
  const outputBySector = outputFor(regional, spending)
  const effect = (weights: readonly number[]): Effect => {
    const direct = weighted(weights, spending)
    return { direct, indirect: weighted(weights, outputBySector) - direct }
  }
  return {
    output: effect(spending.map(() => 1)),
    outputBySector,
    ...(per.valueAdded && { valueAdded: effect(per.valueAdded) }),
    ...(per.income && { income: effect(per.income) }),
    ...(per.jobs && { jobs: effect(per.jobs) }),
  }
}

function weighted(weights: readonly number[], amounts: readonly number[]): number {
  return amounts.reduce((sum, amount, i) => sum + amount * weights[i]!, 0)
}
