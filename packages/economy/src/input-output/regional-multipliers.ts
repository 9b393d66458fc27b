import { columnSums, leontiefInverse } from './multipliers.ts'
import { deltaBand, fleggQuotients, regionalised, type SectorSizes, usualDelta } from './location-quotients.ts'

/** Type I output multipliers of an area with the band that δ alone leaves open, and the mark that says whether they are believable. */
export interface RegionalMultipliers {
  readonly multipliers: readonly number[]
  /** At the ends of `deltaBand`: the smaller δ keeps more inside the area. */
  readonly high: readonly number[]
  readonly low: readonly number[]
  /** Weighted by output. */
  readonly mean: number
  readonly mark: 'plausible' | 'unregionalised?'
}

/** Type I multipliers of total coefficients regionalised by Flegg's quotients. */
export function fleggMultipliers(
  coefficients: readonly (readonly number[])[],
  output: readonly number[],
  sizes: SectorSizes,
  delta = usualDelta,
): RegionalMultipliers {
  const at = (exponent: number): number[] => columnSums(leontiefInverse(regionalised(coefficients, fleggQuotients(sizes, exponent))))
  const multipliers = at(delta)
  return { multipliers, high: at(deltaBand[0]), low: at(deltaBand[1]), mean: weightedMean(multipliers, output), mark: plausibility(multipliers) }
}

/** Type I output multipliers of a city or region lie between 1 and 2; anything else points to a table that still holds the imports. */
export function plausibility(multipliers: readonly number[]): RegionalMultipliers['mark'] {
  return multipliers.every((value) => value >= 1 - 1e-12 && value <= 2) ? 'plausible' : 'unregionalised?'
}

/** Mean of multipliers weighted by output. */
export function weightedMean(multipliers: readonly number[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return multipliers.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total
}
