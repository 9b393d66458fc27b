import { nelderMead } from '../forecast/nelder-mead.ts'
import type { Seasonality, StructuralVariances } from './kalman-whitening.ts'
import { kalmanWhiten } from './kalman-whitening.ts'
import type { LeastSquares } from './least-squares.ts'
import { leastSquares } from './least-squares.ts'

/** Which parts of the series may wander. A part that may not is fixed: a straight line, a season that stays the same. */
export interface WanderingParts {
  readonly level: boolean
  readonly slope: boolean
  readonly season: boolean
}

export interface StructuralFit {
  readonly coefficients: readonly number[]
  readonly standardErrors: readonly number[]
  /** Observations less coefficients less variances that are not zero. */
  readonly degrees: number
  readonly variances: StructuralVariances
  /** Marginal sd of the autoregressive part. */
  readonly sd: number
  readonly innovations: Float64Array
}

/**
 * Fits y = X b + wandering level, slope and season + AR(1) by the diffuse likelihood, which is the restricted likelihood of b
 * (Harvey 1989, 3.4 and 7.3; the autoregressive part stands for the irregular, rho 0 makes it white).
 * `columns` must hold the fixed starts of level, slope and season.
 */
export function fitStructural(
  times: Int32Array,
  columns: readonly Float64Array[],
  y: Float64Array,
  season: Seasonality | undefined,
  wandering: WanderingParts,
): StructuralFit {
  const all = [...columns, y]
  const free = (['level', 'slope', 'season'] as const).filter((part) => wandering[part] && (part !== 'season' || season !== undefined))
  const variancesAt = (point: readonly number[]): StructuralVariances => {
    const variance = (part: (typeof free)[number]): number => {
      const at = free.indexOf(part)
      const root = at === -1 ? 0 : Math.abs(point[at + 1]!)
      return root < 1e-4 ? 0 : root * root
    }
    return { rho: rhoBound * Math.tanh(point[0]!), level: variance('level'), slope: variance('slope'), season: variance('season') }
  }
  const deviance = (point: readonly number[]): number => {
    const variances = variancesAt(point)
    if (variances.level > 4 || variances.slope > 1 || variances.season > 1) return Infinity
    const { fit, logDeterminant } = whitenedFit(times, all, variances, season)
    return (y.length - columns.length) * Math.log(Math.max(fit.rss, 1e-300)) + logDeterminant + fit.logDeterminant
  }
  const starts = [-0.1, 0.3, 0.8].flatMap((rho) => [0.4, 0.1, 0.02].map((root) => [rho, ...free.map((part) => (part === 'level' ? root : root / 5))]))
  const start = starts.map((at) => ({ at, value: deviance(at) })).reduce((a, b) => (b.value < a.value ? b : a)).at
  const best = nelderMead(deviance, start, [0.3, ...free.map((_, i) => start[i + 1]! * 0.7)], { tolerance: 1e-7, maximum: 200 })
  const fixed = nelderMead((point) => deviance([point[0]!, ...free.map(() => 0)]), [start[0]!], [0.3], { tolerance: 1e-7 })
  const variances = variancesAt(fixed.value <= best.value + 1e-6 ? [fixed.at[0]!, ...free.map(() => 0)] : best.at)
  return structuralFitAt(times, columns, y, season, variances)
}

/** The fit for given variances: generalised least squares by the Kalman filter. */
export function structuralFitAt(
  times: Int32Array,
  columns: readonly Float64Array[],
  y: Float64Array,
  season: Seasonality | undefined,
  variances: StructuralVariances,
): StructuralFit {
  const { fit } = whitenedFit(times, [...columns, y], variances, season)
  const k = columns.length
  const estimated = 1 + [variances.level, variances.slope, variances.season].filter((variance) => variance > 0).length
  const variance = fit.rss / (y.length - k)
  const sd = Math.sqrt(variance)
  return {
    coefficients: fit.coefficients,
    standardErrors: columns.map((_, j) => Math.sqrt(variance * fit.inverse[j * k + j]!)),
    degrees: Math.max(1, y.length - k - estimated),
    variances,
    sd,
    innovations: fit.residuals.map((value) => (sd > 0 ? value / sd : 0)),
  }
}

const rhoBound = 0.9

function whitenedFit(
  times: Int32Array,
  all: readonly Float64Array[],
  variances: StructuralVariances,
  season: Seasonality | undefined,
): { fit: LeastSquares; logDeterminant: number } {
  const { columns, logDeterminant } = kalmanWhiten(times, all, variances, season)
  return { fit: leastSquares(columns.slice(0, -1), columns.at(-1)!), logDeterminant }
}
