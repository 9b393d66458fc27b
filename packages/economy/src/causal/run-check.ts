import type { CheckData, CheckPlan, SettledPlan } from './check-plan.ts'
import { effectFromScale, settlePlan } from './check-plan.ts'
import type { CheckResult, DesignOutcome } from './check-result.ts'
import { differenceInDifferences } from './difference-in-differences.ts'
import { interruptedTimeSeries } from './interrupted-time-series.ts'
import { Collinear } from './least-squares.ts'
import { detectable } from './minimum-detectable-effect.ts'
import type { PreparedSeries } from './prepare-series.ts'
import { prepareSeries } from './prepare-series.ts'
import { structuralTimeSeries } from './structural-time-series.ts'
import { syntheticControl } from './synthetic-control.ts'
import { verdictOf } from './verdict.ts'

/**
 * Checks an effect with the design the plan fixed. Data that cannot carry the design (too few periods, columns that coincide) give the verdict
 * invalid; a plan or data that make no sense throw a `RangeError` that names the fault.
 */
export function runCheck(plan: CheckPlan, data: CheckData): CheckResult {
  const settled = settlePlan(plan)
  const series = prepareSeries(settled, data)
  const fitted = series.diagnostics.every((one) => one.passed || one.name === 'missing') ? fitDesign(settled, series, data) : null
  const outcome = typeof fitted === 'string' ? null : fitted
  const diagnostics = [...series.diagnostics, ...(outcome?.diagnostics ?? [])]
  const { verdict, reasons } = verdictOf(settled, diagnostics, outcome)
  return {
    design: settled.design,
    scale: settled.scale,
    verdict,
    reasons: [...reasons, ...(typeof fitted === 'string' ? [fitted] : []), ...fewDistricts(settled, series)],
    expected: settled.expected,
    level: 1 - settled.alpha,
    effect: outcome === null ? null : effectOf(settled, outcome),
    minimumDetectable: outcome === null ? null : detectable(settled, outcome.standardError),
    noise: outcome?.noise ?? null,
    diagnostics,
    path: data.treated.values.map((observed, period) => ({ period, observed, without: withoutAt(settled, outcome, period) })),
    ...(outcome?.weights && { weights: outcome.weights }),
    ...(outcome?.placebos && {
      placebos: outcome.placebos.map((one) => ({ ...one, effect: effectFromScale(settled.scale, one.effect) })),
    }),
  }
}

function fitDesign(plan: SettledPlan, series: PreparedSeries, data: CheckData): DesignOutcome | string {
  try {
    switch (plan.design) {
      case 'differenceInDifferences':
        return differenceInDifferences(plan, series)
      case 'interruptedTimeSeries':
        return interruptedTimeSeries(plan, series, data)
      case 'syntheticControl':
        return syntheticControl(plan, series)
      case 'structuralTimeSeries':
        return structuralTimeSeries(plan, series)
    }
  } catch (error) {
    if (error instanceof Collinear) return `${error.message}.`
    throw error
  }
}

function effectOf(plan: SettledPlan, { estimate, standardError, degrees, interval, p }: DesignOutcome): CheckResult['effect'] {
  return {
    estimate: effectFromScale(plan.scale, estimate),
    interval: [effectFromScale(plan.scale, interval[0]), effectFromScale(plan.scale, interval[1])],
    p,
    onScale: { estimate, standardError, degrees },
  }
}

function withoutAt(plan: SettledPlan, outcome: DesignOutcome | null, period: number): number | null {
  const value = outcome?.without[period] ?? null
  return value === null || plan.scale === 'level' || plan.family === 'quasiPoisson' ? value : Math.exp(value)
}

function fewDistricts(plan: SettledPlan, series: PreparedSeries): string[] {
  const least = 1 / (series.comparators.length + 1)
  if (plan.design !== 'syntheticControl' || least <= plan.alpha) return []
  return [
    `With ${series.comparators.length} comparison districts no placebo p is below ${least.toFixed(3)}, so this design cannot support an effect at ${plan.alpha}.`,
  ]
}
