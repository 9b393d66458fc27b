/** A forecast needs whole numbers of a season's periods and values without gaps; this says which rule a series breaks. */
export function checkSeasonalSeries(values: readonly number[], period: number, least: number): void {
  if (!Number.isInteger(period) || period < 1 || period > 400) throw new RangeError(`A season must have 1 to 400 periods, not ${period}`)
  if (values.length < least) throw new RangeError(`${values.length} values are too few: a season of ${period} periods needs ${least}`)
  if (values.length > 20_000) throw new RangeError(`${values.length} values are more than the 20000 a forecast takes`)
  values.forEach((value, i) => {
    if (!(Math.abs(value) <= 1e15)) throw new RangeError(`The value at period ${i} is ${value}: a forecast needs numbers up to 1e15 without gaps`)
  })
}

/** Throws when a horizon or a level of an interval cannot be meant. */
export function checkHorizon(horizon: number, level: number): void {
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > 1000) throw new RangeError(`A horizon must be 1 to 1000 periods, not ${horizon}`)
  if (!(level > 0 && level < 1)) throw new RangeError(`The level of an interval must lie between 0 and 1, not ${level}`)
}

/** The mean of a list; 0 of none. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The middle of a list. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2
}
