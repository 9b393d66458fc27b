import { fitAutoregressive } from './autoregressive-regression.ts'
import type { CheckData, SettledPlan } from './check-plan.ts'
import type { DesignOutcome } from './check-result.ts'
import { autocorrelation, autoregressiveStep, persistence, preBreak } from './diagnostics.ts'
import type { StepTest } from './diagnostics.ts'
import { byPeriod, intervalOf } from './difference-in-differences.ts'
import type { PreparedSeries } from './prepare-series.ts'
import { fitQuasiPoisson } from './quasi-poisson.ts'
import { centredBend, ownCourse, step } from './regressors.ts'

/**
 * Interrupted time series (Wagner et al. 2002; Lopez Bernal, Cummins and Gasparrini 2017): one series with a straight line, a season and a step
 * at the start. Rests on nothing else happening at the start: there is no comparison that would show it.
 */
export function interruptedTimeSeries(plan: SettledPlan, series: PreparedSeries, data: CheckData): DesignOutcome {
  return plan.family === 'quasiPoisson' ? countSeries(plan, series, data) : continuousSeries(plan, series)
}

function continuousSeries(plan: SettledPlan, series: PreparedSeries): DesignOutcome {
  const { times, treated } = series
  const columns = interruptedColumns(plan, times)
  const fit = fitAutoregressive(times, columns, treated)
  const before = times.filter((time) => time < plan.start)
  return {
    ...intervalOf(plan, fit.coefficients[0]!, fit.standardErrors[0]!, fit.degrees[0]!),
    noise: { sd: fit.sd, rho: fit.rho },
    diagnostics: [
      preBreak(before, ownCourse(before, plan), treated.slice(0, before.length), autoregressiveStep),
      autocorrelation(fit.innovations, 1),
      persistence(fit.rho),
    ],
    without: byPeriod(series, (i) => treated[i]! - effectAt(plan, columns, fit.coefficients, i)),
  }
}

/** Counts: the dispersion widens the interval; errors that still remember each other make the check invalid, since nothing else widens it. */
function countSeries(plan: SettledPlan, series: PreparedSeries, data: CheckData): DesignOutcome {
  const { times, treated } = series
  const columns = interruptedColumns(plan, times)
  const exposure = exposureOf(data, times)
  const fit = fitQuasiPoisson(columns, treated, exposure)
  const before = times.filter((time) => time < plan.start)
  const countStep: StepTest = (_, stepped, counts) => {
    const one = fitQuasiPoisson(stepped, counts, exposure?.slice(0, before.length))
    return one.coefficients[0]! / one.standardErrors[0]!
  }
  return {
    ...intervalOf(plan, fit.coefficients[0]!, fit.standardErrors[0]!, Math.max(1, fit.degrees)),
    noise: { sd: 0, rho: 0, dispersion: fit.dispersion },
    diagnostics: [preBreak(before, ownCourse(before, plan), treated.slice(0, before.length), countStep), autocorrelation(fit.residuals, 0)],
    without: byPeriod(series, (i) => treated[i]! * Math.exp(-effectAt(plan, columns, fit.coefficients, i))),
  }
}

function exposureOf(data: CheckData, times: Int32Array): Float64Array | undefined {
  const exposure = data.exposure
  if (exposure === undefined) return undefined
  return Float64Array.from(times, (time) => {
    const value = exposure[time]
    if (value === undefined || !(value > 0 && Number.isFinite(value)))
      throw new RangeError(`The exposure at period ${time} must be above 0, not ${value}`)
    return value
  })
}

/** The step first, the bend second when the plan has one, then the series' own course. */
export function interruptedColumns(plan: SettledPlan, times: Int32Array): Float64Array[] {
  const bend = plan.shape === 'stepAndBend' ? [centredBend(times, plan.start)] : []
  return [step(times, plan.start), ...bend, ...ownCourse(times, plan)]
}

function effectAt(plan: SettledPlan, columns: readonly Float64Array[], coefficients: readonly number[], i: number): number {
  const bend = plan.shape === 'stepAndBend' ? coefficients[1]! * columns[1]![i]! : 0
  return coefficients[0]! * columns[0]![i]! + bend
}
