import type { SettledPlan } from './check-plan.ts'
import type { DesignOutcome, Diagnostic } from './check-result.ts'
import { autoregressiveStep, preBreak, preTrend } from './diagnostics.ts'
import { fitAutoregressive } from './autoregressive-regression.ts'
import { byPeriod, intervalOf } from './difference-in-differences.ts'
import type { PreparedSeries } from './prepare-series.ts'
import { constant } from './regressors.ts'
import { simplexWeights } from './simplex-weights.ts'

/** A synthetic district and how far the real one is from it. */
export interface SyntheticFit {
  readonly weights: readonly number[]
  readonly intercept: number
  readonly gap: Float64Array
  /** Mean gap after the start. */
  readonly effect: number
  readonly rmspeBefore: number
  readonly rmspeAfter: number
}

/**
 * Synthetic control (Abadie, Diamond and Hainmueller 2010), on outcomes before the start only. The placebo p ranks
 * the plan's statistic over all districts, each treated in turn with all others as comparison; it is exact when districts are exchangeable.
 * (Of a lasting 10 % in one of 8 districts the mean gap finds 94 % first, the error ratio 81 %.)
 * The interval takes the placebos' spread. With c comparison districts no p is below 1 / (c + 1), so few districts can support nothing.
 */
export function syntheticControl(plan: SettledPlan, series: PreparedSeries): DesignOutcome {
  const { times, treated, comparators, names } = series
  const before = times.filter((time) => time < plan.start)
  const all = [treated, ...comparators]
  const fits = all.map((one, j) =>
    fitSynthetic(
      one,
      all.filter((_, other) => other !== j),
      before.length,
      plan.intercept,
    ),
  )
  const own = fits[0]!
  const placebos = fits.slice(1)
  const ratios = fits.map((fit) => placeboRatio(fit, plan.placeboStatistic))
  const rank = ratios.filter((value) => value >= ratios[0]!).length
  const spread = Math.sqrt(placebos.reduce((sum, fit) => sum + fit.effect ** 2, 0) / placebos.length)
  const gapBefore = own.gap.slice(0, before.length)
  const course = [constant(before)]
  const noise = fitAutoregressive(before, course, gapBefore)
  return {
    ...intervalOf(plan, own.effect, spread, placebos.length),
    p: rank / fits.length,
    noise: { sd: noise.sd, rho: noise.rho },
    diagnostics: [fitBeforeStart(own, placebos), preTrend(before, course, gapBefore), preBreak(before, course, gapBefore, autoregressiveStep)],
    without: byPeriod(series, (i) => treated[i]! - own.gap[i]!),
    weights: names
      .map((name, j) => ({ name, weight: own.weights[j]! }))
      .filter((one) => one.weight > 0)
      .toSorted((a, b) => b.weight - a.weight),
    placebos: names.map((name, j) => ({ name, effect: placebos[j]!.effect, ratio: ratios[j + 1]! })),
  }
}

/** Fits the synthetic district on the first `before` values of each series. */
export function fitSynthetic(treated: Float64Array, donors: readonly Float64Array[], before: number, intercept: boolean): SyntheticFit {
  const meanBefore = (values: Float64Array): number => values.subarray(0, before).reduce((sum, value) => sum + value, 0) / before
  const centred = (values: Float64Array): Float64Array => {
    const mean = intercept ? meanBefore(values) : 0
    return values.subarray(0, before).map((value) => value - mean)
  }
  const weights = simplexWeights(donors.map(centred), centred(treated))
  const shift = intercept ? meanBefore(treated) - donors.reduce((sum, donor, j) => sum + weights[j]! * meanBefore(donor), 0) : 0
  const gap = treated.map((value, i) => value - shift - donors.reduce((sum, donor, j) => sum + weights[j]! * donor[i]!, 0))
  const after = gap.length - before
  return {
    weights,
    intercept: shift,
    gap,
    effect: gap.subarray(before).reduce((sum, value) => sum + value, 0) / after,
    rmspeBefore: rootMeanSquare(gap.subarray(0, before)),
    rmspeAfter: rootMeanSquare(gap.subarray(before)),
  }
}

/** A synthetic district that fits exactly before the start is held to rounding. */
function placeboRatio(fit: SyntheticFit, statistic: SettledPlan['placeboStatistic']): number {
  const after = statistic === 'meanGap' ? Math.abs(fit.effect) : fit.rmspeAfter
  return after / Math.max(fit.rmspeBefore, 1e-12)
}

/** Whether the synthetic district follows the real one before the start about as well as the placebos follow theirs. */
function fitBeforeStart(own: SyntheticFit, placebos: readonly SyntheticFit[]): Diagnostic {
  const sorted = placebos.map((fit) => fit.rmspeBefore).toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]!
  const times = own.rmspeBefore / Math.max(median, 1e-12)
  return {
    name: 'fitBeforeStart',
    passed: times <= worstFit,
    statistic: times,
    bound: worstFit,
    says: `Before the start the synthetic district misses by ${own.rmspeBefore.toPrecision(3)}, ${times.toFixed(2)} times the placebos' median.`,
  }
}

/** In mean squares 2.7 times: Abadie leaves out placebos that fit 2, 5 or 20 times worse. */
const worstFit = 1.65

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
