import { levenbergMarquardt } from './levenberg-marquardt.ts'
import { nelderMead } from './nelder-mead.ts'
import { checkSeasonalSeries, meanOf } from './seasonal-series.ts'

export type SeasonKind = 'additive' | 'multiplicative'

/** Exponential smoothing with a straight trend and a season, fitted to a series. */
export interface HoltWintersFit {
  readonly season: SeasonKind
  readonly period: number
  /** Smoothing of level, trend (beta, at most alpha) and season (gamma, at most 1 - alpha). */
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly sumOfSquares: number
  /** Forecasts one period ahead, by period. */
  readonly fitted: readonly number[]
  /** After the last value: level, trend, and the season of the next `period` periods in order. */
  readonly level: number
  readonly trend: number
  readonly seasonal: readonly number[]
}

/**
 * Fits by least squares of the errors one period ahead (Winters 1960; Hyndman, Koehler, Ord and Snyder 2008, 2.6 and 5.2): first the smoothing
 * parameters from plain starting states, then both together from there. That is the optimum near the plain states; one far from them may have a lower
 * sum by fitting the first seasons' noise. Needs two whole seasons and a period more; multiplicative needs values above 0. Throws a `RangeError` else.
 */
export function fitHoltWinters(values: readonly number[], period: number, season: SeasonKind): HoltWintersFit {
  checkSeasonalSeries(values, period, 2 * period + 1)
  if (period < 2) throw new RangeError(`A season must have at least 2 periods, not ${period}`)
  if (season === 'multiplicative' && values.some((value) => value <= 0)) {
    throw new RangeError('A multiplicative season needs values above 0')
  }
  const scale = meanOf(values.map(Math.abs)) || 1
  const scaled = values.map((value) => value / scale)
  const first = startingStates(scaled, period, season)
  const residualsOf = (point: readonly number[]): Float64Array => {
    const run = smooth(scaled, period, season, statesAt(point, period, season))
    return Float64Array.from(run.fitted, (value, i) => scaled[i]! - value)
  }
  const smoothed = (smoothing: readonly number[]): number => residualsOf([...smoothing, ...first]).reduce((sum, error) => sum + error * error, 0)
  const starts = [0.1, 0.3, 0.6].flatMap((alpha) => [0.2, 0.6, 0.9].map((gamma) => [alpha, 0.1, gamma].map(logit)))
  const near = starts.map((start) => nelderMead(smoothed, start, [0.5, 0.5, 0.5], { maximum: 300, tolerance: 1e-8 }))
  const best = levenbergMarquardt(residualsOf, [...near.reduce((a, b) => (b.value < a.value ? b : a)).at, ...first])
  const states = statesAt(best.at, period, season)
  const run = smooth(scaled, period, season, states)
  const seasonScale = season === 'additive' ? scale : 1
  return {
    season,
    period,
    alpha: states.alpha,
    beta: states.beta,
    gamma: states.gamma,
    sumOfSquares: best.sumOfSquares * scale * scale,
    fitted: run.fitted.map((value) => value * scale),
    level: run.level * scale,
    trend: run.trend * scale,
    seasonal: run.seasonal.map((value) => value * seasonScale),
  }
}

/** The next values without error, by repeated steps. */
export function extrapolate(fit: Pick<HoltWintersFit, 'season' | 'period' | 'level' | 'trend' | 'seasonal'>, horizon: number): number[] {
  return Array.from({ length: horizon }, (_, h) => {
    const base = fit.level + (h + 1) * fit.trend
    const seasonal = fit.seasonal[h % fit.period]!
    return fit.season === 'additive' ? base + seasonal : base * seasonal
  })
}

interface SmoothingStates {
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly level: number
  readonly trend: number
  readonly seasonal: readonly number[]
}

/** One step of the recursion: the states after a value. `seasonal[0]` is the season of that value and moves to the end. */
export function smoothOnce(
  { alpha, beta, gamma }: Pick<SmoothingStates, 'alpha' | 'beta' | 'gamma'>,
  season: SeasonKind,
  states: { level: number; trend: number; seasonal: number[] },
  value: number,
): void {
  const was = states.seasonal.shift()!
  const { level, trend } = states
  const additive = season === 'additive'
  states.level = alpha * (additive ? value - was : value / was) + (1 - alpha) * (level + trend)
  states.trend = alpha === 0 ? trend : (beta / alpha) * (states.level - level) + (1 - beta / alpha) * trend
  const base = level + trend
  states.seasonal.push(gamma * (additive ? value - base : value / base) + (1 - gamma) * was)
}

function smooth(
  values: readonly number[],
  period: number,
  season: SeasonKind,
  start: SmoothingStates,
): { fitted: number[]; level: number; trend: number; seasonal: number[] } {
  const states = { level: start.level, trend: start.trend, seasonal: [...start.seasonal] }
  const fitted = values.map((value) => {
    const [ahead] = extrapolate({ season, period, level: states.level, trend: states.trend, seasonal: states.seasonal }, 1)
    smoothOnce(start, season, states, value)
    return ahead!
  })
  return { fitted, ...states }
}

/** Parameters: three logits, level, trend, and all but the last season, which makes the seasons' mean 0 or 1. */
function statesAt(point: readonly number[], period: number, season: SeasonKind): SmoothingStates {
  const alpha = expit(point[0]!)
  const free = point.slice(5)
  const rest = free.reduce((sum, value) => sum + value, 0)
  return {
    alpha,
    beta: alpha * expit(point[1]!),
    gamma: (1 - alpha) * expit(point[2]!),
    level: point[3]!,
    trend: point[4]!,
    seasonal: [...free, (season === 'additive' ? 0 : period) - rest],
  }
}

function startingStates(values: readonly number[], period: number, season: SeasonKind): number[] {
  const firstYear = meanOf(values.slice(0, period))
  const trend = (meanOf(values.slice(period, 2 * period)) - firstYear) / period
  const level = firstYear - (trend * (period + 1)) / 2
  const seasonal = values.slice(0, period).map((value, i) => {
    const base = level + trend * (i + 1)
    return season === 'additive' ? value - base : value / (base || 1)
  })
  const mean = meanOf(seasonal)
  const centred = seasonal.map((value) => (season === 'additive' ? value - mean : mean === 0 ? 1 : value / mean))
  return [level, trend, ...centred.slice(0, -1)]
}

function expit(value: number): number {
  return 1 / (1 + Math.exp(-Math.min(Math.max(value, -12), 12)))
}

function logit(share: number): number {
  return Math.log(share / (1 - share))
}
