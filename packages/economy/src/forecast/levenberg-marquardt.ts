export interface ResidualMinimum {
  readonly at: readonly number[]
  readonly sumOfSquares: number
  readonly iterations: number
}

/**
 * The parameters with the least sum of squared residuals (Levenberg 1944, Marquardt 1963), with forward differences for the derivatives.
 * Residuals that are no numbers count as infinitely bad. Deterministic; costs (parameters + 1) evaluations an iteration.
 */
export function levenbergMarquardt(
  residualsOf: (parameters: readonly number[]) => Float64Array,
  start: readonly number[],
  { iterations = 200, tolerance = 1e-10 }: { readonly iterations?: number; readonly tolerance?: number } = {},
): ResidualMinimum {
  let at = [...start]
  let residuals = residualsOf(at)
  let best = sumOfSquares(residuals)
  let damping = 1e-3
  let iteration = 0
  for (; iteration < iterations; iteration++) {
    const columns = at.map((value, j) => {
      const step = 1e-6 * Math.max(1e-3, Math.abs(value))
      const moved = residualsOf(at.map((other, i) => (i === j ? other + step : other)))
      return moved.map((one, i) => (one - residuals[i]!) / step)
    })
    const gram = columns.map((a) => columns.map((b) => dot(a, b)))
    const slope = columns.map((column) => -dot(column, residuals))
    let improved = false
    for (let attempt = 0; attempt < 12 && !improved; attempt++) {
      const step = solvePositive(
        gram.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) + 1e-300 : value))),
        slope,
      )
      const moved = step === undefined ? undefined : at.map((value, i) => value + step[i]!)
      const next = moved === undefined ? undefined : residualsOf(moved)
      const value = next === undefined ? Infinity : sumOfSquares(next)
      if (moved !== undefined && next !== undefined && value < best) {
        improved = best - value > tolerance * best
        at = moved
        residuals = next
        best = value
        damping = Math.max(damping / 5, 1e-12)
        if (!improved) return { at, sumOfSquares: best, iterations: iteration + 1 }
      } else damping *= 4
    }
    if (!improved) break
  }
  return { at, sumOfSquares: best, iterations: iteration }
}

function sumOfSquares(values: Float64Array): number {
  const sum = dot(values, values)
  return Number.isFinite(sum) ? sum : Infinity
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Cholesky; nothing when the matrix is not positive definite. */
function solvePositive(matrix: number[][], right: readonly number[]): number[] | undefined {
  const n = right.length
  const solution = [...right]
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!
      for (let k = 0; k < j; k++) sum -= matrix[i]![k]! * matrix[j]![k]!
      if (i === j && !(sum > 0)) return undefined
      matrix[i]![j] = i === j ? Math.sqrt(sum) : sum / matrix[j]![j]!
    }
    for (let k = 0; k < i; k++) solution[i]! -= matrix[i]![k]! * solution[k]!
    solution[i]! /= matrix[i]![i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) solution[i]! -= matrix[k]![i]! * solution[k]!
    solution[i]! /= matrix[i]![i]!
  }
  return solution
}
