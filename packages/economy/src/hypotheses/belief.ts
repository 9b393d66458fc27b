import { difference, type CityOutput } from '../city-model/compare-runs.ts'
import type { Change, CityInputs } from '../city-model/city-inputs.ts'
import type { Elasticity } from '../city-model/city-parameters.ts'
import { simulate } from '../city-model/simulate.ts'
import { refuse } from '../refusal.ts'

/** A normal belief about a number. */
export interface Belief {
  readonly mean: number
  readonly sd: number
}

/** Conjugate update of a normal belief by a normal estimate. */
export function updatedBelief(prior: Belief, estimate: Belief): Belief {
  if (!(prior.sd > 0 && estimate.sd > 0)) refuse('belief', `standard deviations ${prior.sd} and ${estimate.sd} must be above zero`)
  const precision = 1 / prior.sd ** 2 + 1 / estimate.sd ** 2
  return { mean: (prior.mean / prior.sd ** 2 + estimate.mean / estimate.sd ** 2) / precision, sd: Math.sqrt(1 / precision) }
}

/**
 * How much the effect of a measure on an output in year t moves when an elasticity does: central difference around `at`, with the same base behaviour on
 * both sides. Turns an effect seen in an indicator into an estimate of the elasticity.
 */
export function localDerivative(
  inputs: CityInputs,
  measure: readonly Change[],
  elasticity: Elasticity,
  output: CityOutput,
  t: number,
  at = 0,
): number {
  const step = 1e-4
  const effectAt = (value: number): number => {
    const behaviour: Change = { parameter: elasticity, operation: 'set', value }
    const base = { ...inputs, horizonYears: t, changes: [...inputs.changes, behaviour] }
    const changed = { ...base, changes: [...base.changes, ...measure] }
    return difference(simulate(changed).years[t]!, simulate(base).years[t]!)[output]
  }
  return (effectAt(at + step) - effectAt(at - step)) / (2 * step)
}

/** An estimate of the elasticity from an observed effect: the accounting effect is taken off, the rest divided by the local derivative. */
export function elasticityEstimate(observed: Belief, accountingEffect: number, derivative: number): Belief {
  if (!(Math.abs(derivative) > 0)) refuse('belief', 'the output does not answer to the elasticity, so nothing can be learned about it')
  return { mean: (observed.mean - accountingEffect) / derivative, sd: observed.sd / Math.abs(derivative) }
}
