import type { DrawResults } from './evaluate-draws.ts'

/** The spread of one output over the draws. */
export interface DrawSummary {
  readonly output: string
  readonly draws: number
  readonly mean: number
  /** With n - 1. */
  readonly sd: number
  readonly quantiles: readonly { readonly probability: number; readonly value: number }[]
  /** Share of draws above zero: what is known of an effect's sign. */
  readonly positiveShare: number
}

/** Summarises every output. Throws a `RangeError` with fewer than two rows. */
export function summarizeDraws(results: DrawResults, probabilities: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95]): DrawSummary[] {
  const count = results.rows.length
  if (count < 2) throw new RangeError(`A summary needs at least two draws that ran, not ${count}`)
  return results.outputs.map((output, column) => {
    const sorted = outputColumn(results, column).toSorted()
    const mean = meanOf(sorted)
    let squares = 0
    let positive = 0
    for (const value of sorted) {
      squares += (value - mean) ** 2
      if (value > 0) positive += 1
    }
    return {
      output,
      draws: count,
      mean,
      sd: Math.sqrt(squares / (count - 1)),
      quantiles: probabilities.map((probability) => ({ probability, value: sortedQuantile(sorted, probability) })),
      positiveShare: positive / count,
    }
  })
}

/** One output over all rows. */
export function outputColumn(results: DrawResults, column: number): Float64Array {
  const width = results.outputs.length
  return Float64Array.from({ length: results.rows.length }, (_, row) => results.values[row * width + column]!)
}

/** The quantile of sorted values by linear interpolation (Hyndman and Fan 1996, definition 7). */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`A quantile needs a probability from 0 to 1, not ${probability}`)
  if (sorted.length === 0) throw new RangeError('An empty list has no quantile')
  const at = (sorted.length - 1) * probability
  const below = Math.floor(at)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (at - below)
}

function meanOf(values: Float64Array): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return (sum + lost) / values.length
}
