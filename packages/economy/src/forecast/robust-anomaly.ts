import { checkSeasonalSeries, medianOf } from './seasonal-series.ts'

/** A value that lies far from where its neighbours and its season would put it. It is unusual; whether it is wrong, the number cannot say. */
export interface Unusual {
  readonly period: number
  readonly value: number
  readonly expected: number
  /** Distance in robust standard deviations, with its sign. */
  readonly score: number
}

export interface AnomalyReport {
  /** 1.4826 times the median absolute deviation of what trend and season leave over. */
  readonly spread: number
  readonly unusual: readonly Unusual[]
  /** By period; `null` where the value is missing. */
  readonly expected: readonly (number | null)[]
}

/**
 * Finds unusual values: a running median for the trend, the median of each season's place for the season, and what is left over in units of its
 * median absolute deviation (Iglewicz and Hoaglin 1993: above 3.5). Outliers in under half of a window or a place do not move the yardstick.
 * Missing values are `null`. Needs two whole seasons and 8 values; `period` 1 means no season.
 */
export function findUnusual(values: readonly (number | null)[], period: number, threshold = 3.5): AnomalyReport {
  const present = values.filter((value) => value !== null)
  checkSeasonalSeries(present, period, Math.max(8, 2 * period))
  if (!(threshold > 0)) throw new RangeError(`The threshold must be above 0, not ${threshold}`)
  const reach = Math.max(3, Math.floor(period / 2) + (period > 1 ? period : 0))
  let season: readonly number[] = Array.from({ length: period }, () => 0)
  let trend: (number | null)[] = []
  for (let round = 0; round < 3; round++) {
    const unseasoned = values.map((value, i) => (value === null ? null : value - season[i % period]!))
    trend = runningMedian(unseasoned, reach)
    season = seasonOf(values, trend, period)
  }
  const expected = values.map((value, i) => (value === null || trend[i] === null ? null : trend[i]! + season[i % period]!))
  const left = values.flatMap((value, i) => (value === null || expected[i] === null ? [] : [value - expected[i]!]))
  const middle = medianOf(left)
  const spread = 1.4826 * medianOf(left.map((value) => Math.abs(value - middle)))
  const floor = Math.max(spread, 1e-9 * medianOf(present.map(Math.abs)))
  const unusual = values.flatMap((value, period): Unusual[] => {
    const usual = expected[period]
    if (value === null || usual === null || usual === undefined || floor === 0) return []
    const score = (value - usual - middle) / floor
    return Math.abs(score) > threshold ? [{ period, value, expected: usual, score }] : []
  })
  return { spread, unusual, expected }
}

/** The median of each value's neighbourhood; nearer to the ends the neighbourhood stays whole and the trend is carried on by its slope. */
function runningMedian(values: readonly (number | null)[], reach: number): (number | null)[] {
  const windowMedian = (from: number, to: number): number | null => {
    const inside = values.slice(Math.max(0, from), to).filter((value) => value !== null)
    return inside.length === 0 ? null : medianOf(inside)
  }
  return values.map((_, i) => {
    const centre = Math.min(Math.max(i, reach), Math.max(reach, values.length - 1 - reach))
    const here = windowMedian(centre - reach, centre + reach + 1)
    if (here === null || centre === i) return here
    const inward = centre < i ? -reach : reach
    const other = windowMedian(centre + inward - reach, centre + inward + reach + 1)
    return other === null ? here : here + ((other - here) / inward) * (i - centre)
  })
}

function seasonOf(values: readonly (number | null)[], trend: readonly (number | null)[], period: number): number[] {
  if (period === 1) return [0]
  const places = Array.from({ length: period }, (_, place) => {
    const left = values.flatMap((value, i) => (i % period === place && value !== null && trend[i] !== null ? [value - trend[i]!] : []))
    return left.length === 0 ? 0 : medianOf(left)
  })
  const middle = places.reduce((sum, value) => sum + value, 0) / period
  return places.map((value) => value - middle)
}
