import type { LeastSquares } from './least-squares.ts'
import { leastSquares } from './least-squares.ts'

/** A log-linear model of counts whose variance is `dispersion` times their mean. */
export interface QuasiPoissonFit {
  readonly coefficients: readonly number[]
  /** With the dispersion, or with 1 when the counts vary less than Poisson. */
  readonly standardErrors: readonly number[]
  /** Pearson's chi-square over its degrees of freedom. */
  readonly dispersion: number
  readonly degrees: number
  readonly fitted: Float64Array
  /** Pearson residuals over the root of the dispersion. */
  readonly residuals: Float64Array
}

/** Fits by iteratively reweighted least squares (McCullagh and Nelder 1989, 2.5 and 9.2). Throws when it does not settle in 100 steps. */
export function fitQuasiPoisson(columns: readonly Float64Array[], counts: Float64Array, exposure?: Float64Array): QuasiPoissonFit {
  const n = counts.length
  const offset = Float64Array.from(counts, (_, i) => Math.log(exposure?.[i] ?? 1))
  let eta = Float64Array.from(counts, (count) => Math.log(Math.max(count, 0.5)))
  let fit: LeastSquares | undefined
  let deviance = Infinity
  for (let round = 0; ; round++) {
    if (round === 100) throw new Error('The count model did not settle in 100 steps')
    const root = eta.map((value) => Math.sqrt(Math.exp(value)))
    const working = eta.map((value, i) => root[i]! * (value - offset[i]! + counts[i]! / Math.exp(value) - 1))
    fit = leastSquares(
      columns.map((column) => column.map((value, i) => value * root[i]!)),
      working,
    )
    const coefficients = fit.coefficients
    eta = offset.map((start, i) => clamp(columns.reduce((sum, column, j) => sum + coefficients[j]! * column[i]!, start)))
    const next = devianceOf(counts, eta)
    if (Math.abs(next - deviance) <= 1e-12 * (Math.abs(next) + 1e-3)) break
    deviance = next
  }
  const fitted = eta.map(Math.exp)
  const pearson = counts.map((count, i) => (count - fitted[i]!) / Math.sqrt(fitted[i]!))
  const degrees = n - columns.length
  const dispersion = degrees > 0 ? pearson.reduce((sum, value) => sum + value * value, 0) / degrees : 0
  const inflation = Math.max(1, dispersion)
  return {
    coefficients: fit.coefficients,
    standardErrors: columns.map((_, j) => Math.sqrt(inflation * fit.inverse[j * columns.length + j]!)),
    dispersion,
    degrees,
    fitted,
    residuals: pearson.map((value) => value / Math.sqrt(Math.max(dispersion, 1e-12))),
  }
}

/** Keeps a wild first step from overflowing. */
function clamp(eta: number): number {
  return Math.min(Math.max(eta, -50), 50)
}

function devianceOf(counts: Float64Array, eta: Float64Array): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    sum += 2 * ((count > 0 ? count * (Math.log(count) - eta[i]!) : 0) - count + Math.exp(eta[i]!))
  }
  return sum
}
