import type { Seasonality } from './kalman-whitening.ts'
import type { WanderingParts } from './structural-model.ts'

/** How an effect is told from what would have happened anyway. The plan fixes one before the data window opens. */
export type CheckDesign = 'differenceInDifferences' | 'interruptedTimeSeries' | 'syntheticControl' | 'structuralTimeSeries'

/** Whether effects are ratios (the logarithm of the series is compared) or differences in the series' own unit. */
export type EffectScale = 'log' | 'level'

/** The check as planned: plain data, frozen with the plan's hash. */
export interface CheckPlan {
  readonly design: CheckDesign
  readonly scale: EffectScale
  /** Index of the first period after the start; the periods before it are 0 to `start` - 1. */
  readonly start: number
  /** The expected effect with its sign: a fraction on the log scale (0.1 is ten percent more), the series' unit on the level scale. Never 0. */
  readonly expected: number
  readonly season?: Seasonality
  /** Interrupted time series only: Gaussian AR(1) errors, or counts whose variance is a multiple of their mean. */
  readonly family?: 'gaussian' | 'quasiPoisson'
  /** Interrupted time series only: a step, or a step and a bend; with a bend the effect is its mean over the periods after the start. */
  readonly shape?: 'step' | 'stepAndBend'
  /** Synthetic control only: lets the synthetic district differ from the treated one by a constant (Doudchenko and Imbens 2016). */
  readonly intercept?: boolean
  /**
   * Synthetic control only: what ranks the placebos. The mean gap after the start over the error before it finds a lasting step best; the error after
   * over the error before (Abadie, Diamond and Hainmueller 2010) also sees an effect that grows or changes its sign.
   */
  readonly placeboStatistic?: 'meanGap' | 'errorRatio'
  /** Structural time series only. */
  readonly wandering?: WanderingParts
  readonly alpha?: number
  readonly power?: number
  readonly minimumBefore?: number
  readonly minimumAfter?: number
  readonly maximumMissingShare?: number
}

/** A plan with every choice spelled out. */
export type SettledPlan = Required<Omit<CheckPlan, 'season'>> & { readonly season: Seasonality | undefined }

/** One series by period; a missing period is `null`. */
export interface CheckSeries {
  readonly name: string
  readonly values: readonly (number | null)[]
}

/** The data of a check: series of equal length that start at the same period. */
export interface CheckData {
  readonly treated: CheckSeries
  readonly comparators: readonly CheckSeries[]
  /** Counts only: the exposure of each period (persons, vehicle-km), above 0. */
  readonly exposure?: readonly number[]
}

/** Fills in a plan's defaults. Throws a `RangeError` that names what cannot be planned. */
export function settlePlan(plan: CheckPlan): SettledPlan {
  const settled: SettledPlan = {
    season: undefined,
    family: 'gaussian',
    shape: 'step',
    intercept: true,
    placeboStatistic: 'meanGap',
    wandering: { level: true, slope: false, season: false },
    alpha: 0.05,
    power: 0.8,
    minimumBefore: 12,
    minimumAfter: 3,
    maximumMissingShare: 0.05,
    ...withoutUndefined(plan),
  }
  const wrong = fault(settled)
  if (wrong !== undefined) throw new RangeError(wrong)
  return settled
}

/** The expected effect on the scale that is estimated. */
export function expectedOnScale(plan: SettledPlan): number {
  return plan.scale === 'log' ? Math.log1p(plan.expected) : plan.expected
}

/** An effect on the estimated scale as the plan words it: a fraction on the log scale, where an interval without end stops at e^300. */
export function effectFromScale(scale: EffectScale, value: number): number {
  return scale === 'log' ? Math.expm1(Math.min(value, 300)) : value
}

function fault(plan: SettledPlan): string | undefined {
  if (!Number.isInteger(plan.start) || plan.start < 1) return `The start must be a period after the first, not ${plan.start}`
  if (!(Math.abs(plan.expected) > 0 && Math.abs(plan.expected) <= 1e15))
    return `The expected effect must be a number other than 0, not ${plan.expected}`
  if (plan.scale === 'log' && plan.expected <= -1) return `An expected effect of ${plan.expected} would leave nothing: it must be above -1`
  if (!(plan.alpha > 0 && plan.alpha < 0.5)) return `alpha must lie between 0 and 0.5, not ${plan.alpha}`
  if (!(plan.power > 0.5 && plan.power < 1)) return `power must lie between 0.5 and 1, not ${plan.power}`
  if (!Number.isInteger(plan.minimumBefore) || plan.minimumBefore < 8) return `minimumBefore must be at least 8 periods, not ${plan.minimumBefore}`
  if (!Number.isInteger(plan.minimumAfter) || plan.minimumAfter < 1) return `minimumAfter must be at least 1 period, not ${plan.minimumAfter}`
  if (!(plan.maximumMissingShare >= 0 && plan.maximumMissingShare < 0.5)) {
    return `maximumMissingShare must lie between 0 and 0.5, not ${plan.maximumMissingShare}`
  }
  if (plan.family === 'quasiPoisson' && (plan.design !== 'interruptedTimeSeries' || plan.scale !== 'log')) {
    return 'quasiPoisson belongs to an interruptedTimeSeries on the log scale'
  }
  if (plan.shape === 'stepAndBend' && plan.design !== 'interruptedTimeSeries') return 'stepAndBend belongs to an interruptedTimeSeries'
  if (plan.season !== undefined) {
    const { period, harmonics } = plan.season
    if (!Number.isInteger(period) || period < 2) return `The season's period must be at least 2, not ${period}`
    if (!Number.isInteger(harmonics) || harmonics < 1 || harmonics * 2 >= period) {
      return `A season of ${period} periods takes 1 to ${Math.ceil(period / 2) - 1} harmonics, not ${harmonics}`
    }
  }
  return undefined
}

function withoutUndefined(plan: CheckPlan): CheckPlan {
  return Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) as unknown as CheckPlan
}
