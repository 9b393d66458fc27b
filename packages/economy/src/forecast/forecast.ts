import { normalQuantile } from '../uncertainty/normal-distribution.ts'
import type { Random } from '../uncertainty/random.ts'
import { sortedQuantile } from '../uncertainty/summarize-draws.ts'
import type { HoltWintersFit } from './holt-winters.ts'
import { extrapolate, fitHoltWinters, smoothOnce } from './holt-winters.ts'
import { checkHorizon, checkSeasonalSeries, meanOf } from './seasonal-series.ts'

export type ForecastMethod = 'seasonalNaive' | 'holtWintersAdditive' | 'holtWintersMultiplicative'

export interface ForecastRequest {
  readonly method: ForecastMethod
  /** Periods in a season; 1 makes the seasonal-naive forecast a plain repetition of the last value. */
  readonly period: number
  readonly horizon: number
  /** Of the intervals; 0.95 when left out. */
  readonly level?: number
}

export interface Forecast {
  readonly method: ForecastMethod
  readonly level: number
  /** How the interval came about. */
  readonly interval: string
  readonly points: readonly { readonly step: number; readonly value: number; readonly low: number; readonly high: number }[]
  readonly smoothing?: { readonly alpha: number; readonly beta: number; readonly gamma: number; readonly sumOfSquares: number }
}

/**
 * Forecasts a series without gaps. The interval of the seasonal-naive forecast is the normal one of a seasonal random walk; that of Holt-Winters
 * runs 2,000 futures of the fitted recursion with normal errors (additive season) or normal relative errors (multiplicative) from `random`.
 * It leaves out what is unknown of the smoothing parameters, and says nothing of events the past did not hold.
 */
export function forecast(random: Random, values: readonly number[], request: ForecastRequest): Forecast {
  const { method, period, horizon, level = 0.95 } = request
  checkHorizon(horizon, level)
  switch (method) {
    case 'seasonalNaive':
      return seasonalNaive(values, period, horizon, level)
    case 'holtWintersAdditive':
    case 'holtWintersMultiplicative': {
      const fit = fitHoltWinters(values, period, method === 'holtWintersAdditive' ? 'additive' : 'multiplicative')
      const bands = futureBands(random, values, fit, horizon, level)
      const { alpha, beta, gamma, sumOfSquares } = fit
      return {
        method,
        level,
        interval: `${futures} simulated futures, ${random.algorithm}, seed ${random.seed}`,
        points: extrapolate(fit, horizon).map((value, h) => ({ step: h + 1, value, ...bands[h]! })),
        smoothing: { alpha, beta, gamma, sumOfSquares },
      }
    }
  }
}

/** How a method did on the last periods it had not seen, beside the seasonal-naive forecast. */
export interface Backtest {
  readonly method: ForecastMethod
  readonly holdout: number
  /** Mean absolute error over that of the seasonal-naive forecast within the training part (Hyndman and Koehler 2006); `null` when that is 0. */
  readonly mase: number | null
  readonly naiveMase: number | null
  /** Mean absolute error as a fraction; `null` when a held-out value is 0. */
  readonly mape: number | null
  readonly naiveMape: number | null
  /** What to write beside the number when the method is no better. */
  readonly beatsNaive: boolean
}

/** Forecasts the last `holdout` periods from those before them and scores the outcome. */
export function backtest(random: Random, values: readonly number[], request: Omit<ForecastRequest, 'horizon'>, holdout: number): Backtest {
  checkHorizon(holdout, 0.5)
  if (holdout >= values.length) throw new RangeError(`A hold-out of ${holdout} periods leaves nothing of ${values.length}`)
  const training = values.slice(0, -holdout)
  const truth = values.slice(-holdout)
  const errors = (method: ForecastMethod): number[] =>
    forecast(random, training, { ...request, method, horizon: holdout }).points.map((point, i) => Math.abs(point.value - truth[i]!))
  const own = errors(request.method)
  const naive = errors('seasonalNaive')
  const scale = meanOf(training.slice(request.period).map((value, i) => Math.abs(value - training[i]!)))
  const mase = (list: readonly number[]): number | null => (scale > 0 ? meanOf(list) / scale : null)
  const mape = (list: readonly number[]): number | null =>
    truth.every((value) => value !== 0) ? meanOf(list.map((error, i) => error / Math.abs(truth[i]!))) : null
  return {
    method: request.method,
    holdout,
    mase: mase(own),
    naiveMase: mase(naive),
    mape: mape(own),
    naiveMape: mape(naive),
    beatsNaive: meanOf(own) < meanOf(naive),
  }
}

function seasonalNaive(values: readonly number[], period: number, horizon: number, level: number): Forecast {
  checkSeasonalSeries(values, period, period + 2)
  const changes = values.slice(period).map((value, i) => value - values[i]!)
  const sd = Math.sqrt(meanOf(changes.map((change) => change * change)))
  const z = normalQuantile((1 + level) / 2)
  return {
    method: 'seasonalNaive',
    level,
    interval: 'normal, of a seasonal random walk',
    points: Array.from({ length: horizon }, (_, h) => {
      const value = values[values.length - period + (h % period)]!
      const reach = z * sd * Math.sqrt(Math.floor(h / period) + 1)
      return { step: h + 1, value, low: value - reach, high: value + reach }
    }),
  }
}

const futures = 2000

function futureBands(
  random: Random,
  values: readonly number[],
  fit: HoltWintersFit,
  horizon: number,
  level: number,
): { low: number; high: number }[] {
  const additive = fit.season === 'additive'
  const free = Math.max(1, values.length - fit.period - 4)
  const errors = values.map((value, i) => (additive ? value - fit.fitted[i]! : value / fit.fitted[i]! - 1))
  const sd = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / free)
  const paths = Array.from({ length: horizon }, () => new Float64Array(futures))
  for (let path = 0; path < futures; path++) {
    const states = { level: fit.level, trend: fit.trend, seasonal: [...fit.seasonal] }
    for (let h = 0; h < horizon; h++) {
      const [ahead] = extrapolate({ ...fit, ...states }, 1)
      const value = additive ? ahead! + sd * random.normal() : ahead! * (1 + Math.max(-0.95, sd * random.normal()))
      paths[h]![path] = value
      smoothOnce(fit, fit.season, states, value)
    }
  }
  return paths.map((path) => {
    const sorted = path.toSorted()
    return { low: sortedQuantile(sorted, (1 - level) / 2), high: sortedQuantile(sorted, (1 + level) / 2) }
  })
}
