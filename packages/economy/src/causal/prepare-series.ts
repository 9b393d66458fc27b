import type { CheckData, CheckSeries, SettledPlan } from './check-plan.ts'
import type { Diagnostic } from './check-result.ts'

/** The series of a check on the estimated scale, cut to the periods every one of them has. */
export interface PreparedSeries {
  readonly periods: number
  readonly times: Int32Array
  readonly treated: Float64Array
  readonly comparators: readonly Float64Array[]
  readonly names: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks and aligns the series. Throws a `RangeError` for data no plan could mean: unequal lengths, a value that is no finite number, a logarithm of 0. */
export function prepareSeries(plan: SettledPlan, data: CheckData): PreparedSeries {
  const compares = plan.design === 'differenceInDifferences' || plan.design === 'syntheticControl'
  const used = [data.treated, ...(compares ? data.comparators : [])]
  const periods = data.treated.values.length
  checkSeries(plan, used, periods)
  const present = Array.from({ length: periods }, (_, i) => i).filter((i) => used.every((series) => series.values[i] !== null))
  const times = Int32Array.from(present)
  const onScale = (series: CheckSeries): Float64Array =>
    Float64Array.from(present, (i) => (plan.scale === 'log' && plan.family === 'gaussian' ? Math.log(series.values[i]!) : series.values[i]!))
  return {
    periods,
    times,
    treated: onScale(data.treated),
    comparators: used.slice(1).map(onScale),
    names: used.slice(1).map((series) => series.name),
    diagnostics: [...completeness(plan, used, times), ...enoughComparators(plan, used.length - 1)],
  }
}

function checkSeries(plan: SettledPlan, used: readonly CheckSeries[], periods: number): void {
  if (plan.start >= periods) throw new RangeError(`The start, period ${plan.start}, is not within the ${periods} periods of ${used[0]!.name}`)
  if (periods > maximumPeriods) throw new RangeError(`${periods} periods are more than the ${maximumPeriods} a check takes`)
  const names = new Set<string>()
  for (const { name, values } of used) {
    if (names.has(name)) throw new RangeError(`Two series are named ${name}`)
    names.add(name)
    if (values.length !== periods) throw new RangeError(`${name} has ${values.length} periods where ${used[0]!.name} has ${periods}`)
    values.forEach((value, i) => {
      if (value === null) return
      if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`${name} is ${String(value)} at period ${i}: no finite number`)
      if (Math.abs(value) > largestValue) throw new RangeError(`${name} is ${value} at period ${i}: above ${largestValue}`)
      if (plan.family === 'quasiPoisson' ? value < 0 : plan.scale === 'log' && value <= 0) {
        throw new RangeError(
          `${name} is ${value} at period ${i}: ${plan.family === 'quasiPoisson' ? 'a count is never negative' : 'the log scale needs values above 0'}`,
        )
      }
    })
  }
}

const maximumPeriods = 2000
/** Squares and products of larger values would leave the range of a double. */
const largestValue = 1e15

function completeness(plan: SettledPlan, used: readonly CheckSeries[], times: Int32Array): Diagnostic[] {
  const before = times.filter((time) => time < plan.start).length
  const after = times.length - before
  const enough = before >= plan.minimumBefore && after >= plan.minimumAfter
  const worst = used
    .map((series) => ({ name: series.name, share: series.values.filter((value) => value === null).length / series.values.length }))
    .reduce((a, b) => (b.share > a.share ? b : a))
  return [
    {
      name: 'periods',
      passed: enough,
      statistic: enough ? before : Math.min(before, after),
      bound: before < plan.minimumBefore || enough ? plan.minimumBefore : plan.minimumAfter,
      says: `There are ${before} periods before the start (the plan asks ${plan.minimumBefore}) and ${after} after it (${plan.minimumAfter}).`,
    },
    {
      name: 'missing',
      passed: worst.share <= plan.maximumMissingShare,
      statistic: worst.share,
      bound: plan.maximumMissingShare,
      says: `${(100 * worst.share).toFixed(1)} % of the periods of ${worst.name} are missing; the plan allows ${(100 * plan.maximumMissingShare).toFixed(1)} %.`,
    },
  ]
}

function enoughComparators(plan: SettledPlan, count: number): Diagnostic[] {
  const bound = plan.design === 'syntheticControl' ? 2 : plan.design === 'differenceInDifferences' ? 1 : 0
  if (bound === 0) return []
  return [
    {
      name: 'comparators',
      passed: count >= bound,
      statistic: count,
      bound,
      says: `There are ${count} comparison districts; the design needs ${bound}.`,
    },
  ]
}
