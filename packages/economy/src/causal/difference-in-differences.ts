import { fitAutoregressive } from './autoregressive-regression.ts'
import type { SettledPlan } from './check-plan.ts'
import type { DesignOutcome } from './check-result.ts'
import { autocorrelation, autoregressiveStep, persistence, preBreak, preTrend } from './diagnostics.ts'
import { studentQuantile, studentTwoSided } from './distributions.ts'
import type { PreparedSeries } from './prepare-series.ts'
import { constant, step } from './regressors.ts'

/**
 * Difference-in-differences: the gap between the treated district and the mean of the comparison districts, before and after the start.
 * Errors of the gap are AR(1) (Bertrand, Duflo and Mullainathan 2004 show what leaving that out does); rests on parallel courses without the measure.
 */
export function differenceInDifferences(plan: SettledPlan, series: PreparedSeries): DesignOutcome {
  const { times, treated, comparators } = series
  const mean = treated.map((_, i) => comparators.reduce((sum, one) => sum + one[i]!, 0) / comparators.length)
  const gap = treated.map((value, i) => value - mean[i]!)
  const fit = fitAutoregressive(times, [step(times, plan.start), constant(times)], gap)
  const before = times.filter((time) => time < plan.start)
  const gapBefore = gap.slice(0, before.length)
  const course = [constant(before)]
  return {
    ...intervalOf(plan, fit.coefficients[0]!, fit.standardErrors[0]!, fit.degrees[0]!),
    noise: { sd: fit.sd / Math.sqrt(1 + 1 / comparators.length), rho: fit.rho },
    diagnostics: [
      preTrend(before, course, gapBefore),
      preBreak(before, course, gapBefore, autoregressiveStep),
      autocorrelation(fit.innovations, 1),
      persistence(fit.rho),
    ],
    without: byPeriod(series, (i) => mean[i]! + fit.coefficients[1]!),
  }
}

/** An estimate with its two-sided interval and p from Student's t. */
export function intervalOf(
  plan: SettledPlan,
  estimate: number,
  standardError: number,
  degrees: number,
): Pick<DesignOutcome, 'estimate' | 'standardError' | 'degrees' | 'interval' | 'p'> {
  const reach = studentQuantile(1 - plan.alpha / 2, degrees) * standardError
  const p = standardError > 0 ? studentTwoSided(estimate / standardError, degrees) : estimate === 0 ? 1 : 0
  return { estimate, standardError, degrees, interval: [estimate - reach, estimate + reach], p }
}

/** Spreads values of the observed periods over all periods. */
export function byPeriod(series: PreparedSeries, of: (index: number) => number): (number | null)[] {
  const all: (number | null)[] = Array.from({ length: series.periods }, () => null)
  series.times.forEach((time, i) => {
    all[time] = of(i)
  })
  return all
}
