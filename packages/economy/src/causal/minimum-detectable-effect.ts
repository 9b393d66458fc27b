import { normalQuantile } from '../uncertainty/normal-distribution.ts'
import { whitenedFit } from './autoregressive-regression.ts'
import type { CheckPlan } from './check-plan.ts'
import { effectFromScale, settlePlan } from './check-plan.ts'
import { interruptedColumns } from './interrupted-time-series.ts'
import { kalmanWhiten } from './kalman-whitening.ts'
import { leastSquares } from './least-squares.ts'
import { plannedLevelDeviation } from './structural-time-series.ts'

/** What is known of the noise before the data: of one district, on the estimated scale. */
export interface PlannedNoise {
  /** Marginal standard deviation. */
  readonly sd: number
  /** Correlation of neighbouring periods. */
  readonly rho: number
}

/** How many periods and comparison districts the check will have. */
export interface PlannedPeriods {
  readonly after: number
  readonly comparators: number
}

/**
 * The standard error the design will have, on the estimated scale. With comparison districts:
 * s sqrt(1/m1 + 1/m0) sqrt(1 + 1/c) sqrt((1 + rho) / (1 - rho)), a synthetic control counted as equal weights; on one series generalised least squares
 * with that rho, where a straight line and a season take their share. A structural model counts with the level wandering as far as it believes on average.
 */
export function plannedStandardError(plan: CheckPlan, { after, comparators }: PlannedPeriods, { sd, rho }: PlannedNoise): number {
  const settled = settlePlan(plan)
  if (!(sd >= 0 && Number.isFinite(sd))) throw new RangeError(`The noise's sd must not be negative, not ${sd}`)
  if (!(rho > -1 && rho < 1)) throw new RangeError(`The noise's correlation must lie between -1 and 1, not ${rho}`)
  if (!Number.isInteger(after) || after < 1) throw new RangeError(`There must be at least one period after the start, not ${after}`)
  switch (settled.design) {
    case 'differenceInDifferences':
    case 'syntheticControl':
      if (!Number.isInteger(comparators) || comparators < 1) throw new RangeError(`The design needs comparison districts, not ${comparators}`)
      return sd * Math.sqrt(1 / after + 1 / settled.start) * Math.sqrt(1 + 1 / comparators) * Math.sqrt((1 + rho) / (1 - rho))
    case 'interruptedTimeSeries': {
      const times = Int32Array.from({ length: settled.start + after }, (_, i) => i)
      return sd * Math.sqrt(whitenedFit(times, interruptedColumns(settled, times), new Float64Array(times.length), rho).inverse[0]!)
    }
    case 'structuralTimeSeries': {
      const times = Int32Array.from({ length: settled.start + after }, (_, i) => i)
      const level = settled.wandering.level ? plannedLevelDeviation ** 2 : 0
      const { columns } = kalmanWhiten(times, interruptedColumns(settled, times), { rho, level, slope: 0, season: 0 }, settled.season)
      return sd * Math.sqrt(leastSquares(columns, new Float64Array(times.length)).inverse[0]!)
    }
  }
}

/**
 * The least effect the plan finds with its power, in the plan's words; an expected effect below it cannot be verified with this design.
 * (z of 1 - alpha/2 plus z of power) standard errors: 2.80 at 5 % and 80 %.
 */
export function minimumDetectableEffect(plan: CheckPlan, periods: PlannedPeriods, noise: PlannedNoise): number {
  return detectable(plan, plannedStandardError(plan, periods, noise))
}

/** The least effect found with the plan's power at a standard error on the estimated scale. */
export function detectable(plan: CheckPlan, standardError: number): number {
  const { alpha, power, scale } = settlePlan(plan)
  return effectFromScale(scale, (normalQuantile(1 - alpha / 2) + normalQuantile(power)) * standardError)
}
