import type { CityOutput } from '../city-model/compare-runs.ts'
import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { refuse } from '../refusal.ts'
import type { SeriesRow } from './evaluate-kpi.ts'

/** How an observed indicator meets an output of the model. `sdObserved` and `sdModel` are standard deviations in the indicator's unit. */
export interface KpiBinding {
  readonly kpi: string
  readonly output: CityOutput
  /** Factor from the model's unit to the indicator's. */
  readonly scale: number
  readonly aggregation: 'mean' | 'sum' | 'last'
  readonly lagDays: number
  readonly sdObserved: number | 'from standardError'
  readonly sdModel: number
}

/** A year made of shorter periods; provisional while fewer than four fifths of them are there, and then not fit for calibration. */
export interface YearValue {
  readonly value: number
  readonly periods: number
  readonly provisional: boolean
}

/** Brings the rows of one year to one value; `expected` is the number of periods a full year has. */
export function yearValue(rows: readonly SeriesRow[], aggregation: KpiBinding['aggregation'], expected: number): YearValue {
  if (rows.length === 0) refuse('series', 'the year has no rows')
  if (!(Number.isInteger(expected) && expected >= rows.length)) refuse('series', `a year of ${expected} periods cannot have ${rows.length} rows`)
  const values = rows.toSorted((one, other) => (one.period < other.period ? -1 : 1)).map((row) => row.value)
  const sum = compensatedSum(values)
  const value = aggregation === 'last' ? values.at(-1)! : aggregation === 'mean' ? sum / values.length : (sum * expected) / values.length
  return { value, periods: rows.length, provisional: rows.length < 0.8 * expected }
}
