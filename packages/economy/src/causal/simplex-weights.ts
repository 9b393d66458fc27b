import { Collinear, leastSquares } from './least-squares.ts'

/**
 * Weights at least 0 that sum to 1 and make the weighted columns come nearest to `target`, by an active set (after Lawson and Hanson 1974, 23.3,
 * with the sum kept by substitution). Exact up to rounding where the best weights are unique; columns that coincide with a chosen one stay at 0.
 */
export function simplexWeights(columns: readonly Float64Array[], target: Float64Array): number[] {
  if (columns.length === 0) throw new RangeError('Weights need at least one column')
  const scale = Math.sqrt(target.reduce((sum, value) => sum + value * value, 0)) || 1
  let best = 0
  columns.forEach((column, j) => {
    if (distance(column, target) < distance(columns[best]!, target)) best = j
  })
  const weights: number[] = columns.map((_, j) => (j === best ? 1 : 0))
  const passive = [best]
  const barred = new Set<number>()
  for (let round = 0; round < 50 * columns.length; round++) {
    const entering = steepest(columns, target, weights, passive, barred, scale)
    if (entering === undefined) return weights
    passive.push(entering)
    barred.clear()
    for (;;) {
      const wanted = passiveSolution(columns, target, passive)
      if (wanted === undefined) {
        passive.pop()
        barred.add(entering)
        break
      }
      const blocking = passive.filter((j, i) => wanted[i]! <= 1e-14 && !(j === entering && weights[j] === 0 && wanted[i]! > 0))
      if (blocking.length === 0) {
        passive.forEach((j, i) => {
          weights[j] = wanted[i]!
        })
        break
      }
      let stride = 1
      passive.forEach((j, i) => {
        if (wanted[i]! <= 1e-14) stride = Math.min(stride, weights[j]! / Math.max(weights[j]! - wanted[i]!, 1e-300))
      })
      passive.forEach((j, i) => {
        weights[j]! += stride * (wanted[i]! - weights[j]!)
      })
      const left = passive.filter((j) => weights[j]! > 1e-14)
      if (!left.includes(entering)) barred.add(entering)
      for (const j of passive) if (!left.includes(j)) weights[j] = 0
      passive.length = 0
      passive.push(...left)
    }
  }
  return weights
}

function distance(column: Float64Array, target: Float64Array): number {
  return column.reduce((sum, value, i) => sum + (value - target[i]!) ** 2, 0)
}

/** The column outside the passive set whose weight, raised at the others' cost, lowers the distance most. */
function steepest(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: readonly number[],
  passive: readonly number[],
  barred: ReadonlySet<number>,
  scale: number,
): number | undefined {
  const error = target.map((value, i) => value - columns.reduce((sum, column, j) => sum + weights[j]! * column[i]!, 0))
  const pull = columns.map((column) => column.reduce((sum, value, i) => sum + value * error[i]!, 0))
  const price = passive.reduce((sum, j) => sum + weights[j]! * pull[j]!, 0)
  let chosen: number | undefined
  let strongest = 1e-12 * scale * scale
  columns.forEach((_, j) => {
    if (passive.includes(j) || barred.has(j)) return
    if (pull[j]! - price > strongest) {
      strongest = pull[j]! - price
      chosen = j
    }
  })
  return chosen
}

/** The best weights of the passive columns that sum to 1, of either sign: the last one is 1 less the others. */
function passiveSolution(columns: readonly Float64Array[], target: Float64Array, passive: readonly number[]): number[] | undefined {
  const base = columns[passive[0]!]!
  if (passive.length === 1) return [1]
  if (passive.length - 1 > target.length) return undefined
  try {
    const { coefficients } = leastSquares(
      passive.slice(1).map((j) => columns[j]!.map((value, i) => value - base[i]!)),
      target.map((value, i) => value - base[i]!),
    )
    return [1 - coefficients.reduce((sum, value) => sum + value, 0), ...coefficients]
  } catch (error) {
    if (error instanceof Collinear) return undefined
    throw error
  }
}
