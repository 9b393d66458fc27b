import { fitAutoregressive, rhoBounds, whitenedFit } from './autoregressive-regression.ts'
import type { Diagnostic } from './check-result.ts'
import { chiSquareTail, studentTwoSided } from './distributions.ts'
import { Collinear } from './least-squares.ts'
import { line, step } from './regressors.ts'

// Bounds are set so that each diagnostic calls a sound check of 36 months before the start invalid once or twice in a hundred (docs/economy-checks.md):
// nominal levels are lower than that, since p values of short autocorrelated series are too small.

/** Whether the comparison already drifts before the start: the slope of a straight line through the periods before it. */
export function preTrend(times: Int32Array, course: readonly Float64Array[], y: Float64Array): Diagnostic {
  const span = Math.max(1, times.at(-1)! - times[0]!)
  const fit = fitAutoregressive(times, [line(times, span), ...course], y)
  const t = ratio(fit.coefficients[0]!, fit.standardErrors[0]!)
  // Plain degrees of freedom and not Satterthwaite's, whose caution would hide drifts.
  const p = studentTwoSided(t, y.length - course.length - 2)
  return {
    name: 'preTrend',
    passed: p >= trendAlpha,
    statistic: p,
    bound: trendAlpha,
    says: `Before the start treated and comparison ${p >= trendAlpha ? 'do not visibly part' : 'part'}: by ${signed(fit.coefficients[0]!)} over the periods before it, p ${p.toFixed(4)}.`,
  }
}

const trendAlpha = 0.004

/** How a break is tested at one date: the t of a step there, given everything else the design fits. */
export type StepTest = (times: Int32Array, columns: readonly Float64Array[], y: Float64Array) => number

/** The t of the first column in a regression with AR(1) errors. */
export const autoregressiveStep: StepTest = (times, columns, y) => {
  const fit = fitAutoregressive(times, columns, y)
  return ratio(fit.coefficients[0]!, fit.standardErrors[0]!)
}

/**
 * Whether something else broke the series before the start: the greatest t of a step at any date that leaves a seventh of the periods on both
 * sides (Andrews 1993). The date is sought with the correlation fitted without a break and with none; the step is then fitted in full there.
 */
export function preBreak(times: Int32Array, course: readonly Float64Array[], y: Float64Array, test: StepTest): Diagnostic {
  const edge = Math.max(4, Math.floor(times.length / 7))
  const rho = fitAutoregressive(times, course, y).rho
  const dates = new Set([rho, 0].map((value) => strongestStep(times, course, y, value, edge)))
  let strongest = 0
  let when = times[0]!
  for (const date of dates) {
    if (date === undefined) continue
    const t = Math.abs(test(times, [step(times, date), ...course], y))
    if (t > strongest) {
      strongest = t
      when = date
    }
  }
  const bound = breakBound(times.length)
  const passed = strongest <= bound
  return {
    name: 'preBreak',
    passed,
    statistic: strongest,
    bound,
    says: `Before the start the strongest break, at period ${when}, has t ${strongest.toFixed(2)}, ${passed ? 'within' : 'above'} ${bound.toFixed(2)}.`,
  }
}

/** Andrews's 1 % value for one parameter and 15 % trimming, 3.51, raised for short series; the rise was found by simulation (docs/economy-checks.md). */
function breakBound(periods: number): number {
  return 3.51 * (1 + 20 / periods)
}

function strongestStep(times: Int32Array, course: readonly Float64Array[], y: Float64Array, rho: number, edge: number): number | undefined {
  let best: number | undefined
  let strongest = -1
  for (let i = edge; i <= times.length - edge; i++) {
    const columns = [step(times, times[i]!), ...course]
    try {
      const fit = whitenedFit(times, columns, y, rho)
      const t = Math.abs(ratio(fit.coefficients[0]!, Math.sqrt((fit.rss / (y.length - columns.length)) * fit.inverse[0]!)))
      if (t > strongest) {
        strongest = t
        best = times[i]!
      }
    } catch (error) {
      if (!(error instanceof Collinear)) throw error
    }
  }
  return best
}

/** Whether what is left over still remembers itself (Ljung and Box 1978), after the one correlation that was fitted. */
export function autocorrelation(innovations: Float64Array, fitted: number): Diagnostic {
  const n = innovations.length
  const lags = Math.max(fitted + 2, Math.min(12, Math.floor(n / 5)))
  let mean = 0
  for (const value of innovations) mean += value / n
  let variance = 0
  for (const value of innovations) variance += (value - mean) ** 2
  let q = 0
  for (let lag = 1; lag <= lags; lag++) {
    let product = 0
    for (let i = lag; i < n; i++) product += (innovations[i]! - mean) * (innovations[i - lag]! - mean)
    if (variance > 0) q += (product / variance) ** 2 / (n - lag)
  }
  const p = chiSquareTail(n * (n + 2) * q, lags - fitted)
  return {
    name: 'autocorrelation',
    passed: p >= leftOverAlpha,
    statistic: p,
    bound: leftOverAlpha,
    says: `Errors over ${lags} periods are ${p >= leftOverAlpha ? 'not visibly' : 'visibly'} correlated after the fit: Ljung-Box p ${p.toFixed(4)}.`,
  }
}

const leftOverAlpha = 0.001

/** Whether errors are told from a drift at all: at the upper end of the search a lasting effect and a random walk look alike. */
export function persistence(rho: number): Diagnostic {
  const bound = rhoBounds[1] - 0.01
  return {
    name: 'persistence',
    passed: rho < bound,
    statistic: rho,
    bound,
    says: `Neighbouring periods' errors have correlation ${rho.toFixed(2)}${rho < bound ? '' : ': a lasting effect cannot be told from a random walk'}.`,
  }
}

function ratio(estimate: number, error: number): number {
  return error > 0 ? estimate / error : estimate === 0 ? 0 : Math.sign(estimate) * 1e9
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toPrecision(3)}`
}
