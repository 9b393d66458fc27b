import type { LeastSquares } from './least-squares.ts'
import { leastSquares } from './least-squares.ts'

/** A regression whose errors are a stationary AR(1), fitted by restricted maximum likelihood. */
export interface AutoregressiveFit {
  readonly coefficients: readonly number[]
  readonly standardErrors: readonly number[]
  /** Satterthwaite's degrees of freedom of each coefficient: few when the data say little of their own persistence. */
  readonly degrees: readonly number[]
  /** Correlation of neighbouring periods' errors. */
  readonly rho: number
  /** Marginal standard deviation of the errors. */
  readonly sd: number
  /** One-step errors divided by their sd; white when the model holds. */
  readonly innovations: Float64Array
  readonly residuals: Float64Array
}

/** Bounds of rho in the search; at the upper one the errors are as good as a random walk. */
export const rhoBounds = [-0.9, 0.98] as const

/**
 * Fits y = X b + u, u AR(1), at the given whole-number times (gaps are exact, not filled in). REML over rho by a grid and a golden section
 * (Cochrane and Orcutt's model with Prais and Winsten's first observation; REML after Harville 1977, degrees after Fai and Cornelius 1996).
 */
export function fitAutoregressive(times: Int32Array, columns: readonly Float64Array[], y: Float64Array): AutoregressiveFit {
  const rho = minimumOnInterval((value) => restrictedDeviance(times, columns, y, value), rhoBounds)
  const n = y.length
  const k = columns.length
  const fit = whitenedFit(times, columns, y, rho)
  const variance = fit.rss / (n - k)
  const sd = Math.sqrt(variance)
  const residuals = Float64Array.from(y)
  columns.forEach((column, j) => {
    for (let i = 0; i < n; i++) residuals[i]! -= fit.coefficients[j]! * column[i]!
  })
  const spread = rhoVariance(times, columns, y, rho)
  const low = Math.max(rhoBounds[0], rho - slopeStep)
  const high = Math.min(rhoBounds[1], rho + slopeStep)
  const before = whitenedFit(times, columns, y, low)
  const after = whitenedFit(times, columns, y, high)
  const degrees = columns.map((_, j) => {
    const at = j * k + j
    const slope = sd > 0 ? (Math.log(after.rss * after.inverse[at]!) - Math.log(before.rss * before.inverse[at]!)) / (high - low) : 0
    return Math.max(leastDegrees, 2 / (2 / (n - k) + slope * slope * spread))
  })
  return {
    coefficients: fit.coefficients,
    standardErrors: columns.map((_, j) => Math.sqrt(variance * fit.inverse[j * k + j]!)),
    degrees,
    rho,
    sd,
    innovations: fit.residuals.map((value) => (sd > 0 ? value / sd : 0)),
    residuals,
  }
}

/** Fewer would make intervals without meaning; `persistence` then calls the check invalid. */
const leastDegrees = 2
const slopeStep = 0.005
const curvatureStep = 0.02

/** The least-squares fit of y and columns after both are made white for a given rho; errors then have the marginal variance. */
export function whitenedFit(times: Int32Array, columns: readonly Float64Array[], y: Float64Array, rho: number): LeastSquares {
  return leastSquares(
    columns.map((column) => whiten(times, column, rho)),
    whiten(times, y, rho),
  )
}

/** The variance of the estimate of rho, from the curvature of the restricted likelihood; a fifth of one when it is flat. */
function rhoVariance(times: Int32Array, columns: readonly Float64Array[], y: Float64Array, rho: number): number {
  const middle = Math.min(Math.max(rho, rhoBounds[0] + curvatureStep), rhoBounds[1] - curvatureStep)
  const at = (value: number): number => restrictedDeviance(times, columns, y, value)
  const curvature = (at(middle + curvatureStep) - 2 * at(middle) + at(middle - curvatureStep)) / (curvatureStep * curvatureStep)
  return Number.isFinite(curvature) && curvature > 10 ? 2 / curvature : 0.2
}

function restrictedDeviance(times: Int32Array, columns: readonly Float64Array[], y: Float64Array, rho: number): number {
  const fit = whitenedFit(times, columns, y, rho)
  return (y.length - columns.length) * Math.log(Math.max(fit.rss, 1e-300)) + logCorrelationDeterminant(times, rho) + fit.logDeterminant
}

function whiten(times: Int32Array, values: Float64Array, rho: number): Float64Array {
  const white = new Float64Array(values.length)
  white[0] = values[0]!
  for (let i = 1; i < values.length; i++) {
    const carried = rho ** (times[i]! - times[i - 1]!)
    white[i] = (values[i]! - carried * values[i - 1]!) / Math.sqrt(1 - carried * carried)
  }
  return white
}

function logCorrelationDeterminant(times: Int32Array, rho: number): number {
  let sum = 0
  for (let i = 1; i < times.length; i++) sum += Math.log1p(-(rho ** (2 * (times[i]! - times[i - 1]!))))
  return sum
}

/** The lowest point of a function: the best of a grid of 13, then a golden section around it to 1e-5. */
function minimumOnInterval(of: (value: number) => number, [low, high]: readonly [number, number]): number {
  let best = low
  let least = Infinity
  const step = (high - low) / 12
  for (let i = 0; i < 13; i++) {
    const value = of(low + i * step)
    if (value < least) {
      least = value
      best = low + i * step
    }
  }
  let left = Math.max(low, best - step)
  let right = Math.min(high, best + step)
  const golden = (Math.sqrt(5) - 1) / 2
  let a = right - golden * (right - left)
  let b = left + golden * (right - left)
  let atA = of(a)
  let atB = of(b)
  while (right - left > 1e-5) {
    if (atA <= atB) {
      right = b
      b = a
      atB = atA
      a = right - golden * (right - left)
      atA = of(a)
    } else {
      left = a
      a = b
      atA = atB
      b = left + golden * (right - left)
      atB = of(b)
    }
  }
  return (left + right) / 2
}
