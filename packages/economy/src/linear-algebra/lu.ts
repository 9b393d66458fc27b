import { refuse } from '../refusal.ts'

/** Factors of a square matrix, P A = L U; `factors` is row-major with the unit diagonal of L left out. */
export interface Lu {
  readonly order: number
  readonly factors: Float64Array
  readonly pivots: Int32Array
}

/** Largest order accepted: the widest table in use has 107 sectors and one household row. */
export const largestOrder = 110

/** Factors a row-major matrix by Gaussian elimination with partial pivoting; O(n³). Refuses a singular matrix. */
export function factor(matrix: Float64Array, order: number): Lu {
  if (order > largestOrder) refuse('order', `a system of order ${order} is above ${largestOrder}`)
  const a = Float64Array.from(matrix)
  const pivots = new Int32Array(order)
  for (let i = 0; i < order; i++) pivots[i] = i
  for (let column = 0; column < order; column++) {
    let pivot = column
    for (let row = column + 1; row < order; row++) if (Math.abs(a[row * order + column]!) > Math.abs(a[pivot * order + column]!)) pivot = row
    const head = a[pivot * order + column]!
    if (!(Math.abs(head) > 0) || !Number.isFinite(head)) refuse('singular', `the system of order ${order} is singular at column ${column + 1}`)
    if (pivot !== column) swapRows(a, pivots, order, column, pivot)
    for (let row = column + 1; row < order; row++) {
      const ratio = a[row * order + column]! / head
      a[row * order + column] = ratio
      if (ratio !== 0) for (let j = column + 1; j < order; j++) a[row * order + j]! -= ratio * a[column * order + j]!
    }
  }
  return { order, factors: a, pivots }
}

/** Solves A x = b with the factors of A; O(n²). */
export function solve(lu: Lu, right: ArrayLike<number>): Float64Array {
  const { order, factors, pivots } = lu
  const x = new Float64Array(order)
  for (let row = 0; row < order; row++) {
    let sum = right[pivots[row]!] ?? 0
    for (let j = 0; j < row; j++) sum -= factors[row * order + j]! * x[j]!
    x[row] = sum
  }
  for (let row = order - 1; row >= 0; row--) {
    let sum = x[row]!
    for (let j = row + 1; j < order; j++) sum -= factors[row * order + j]! * x[j]!
    x[row] = sum / factors[row * order + row]!
  }
  return x
}

/** The inverse, as rows; for tables of multipliers only, runs solve. */
export function invert(rows: readonly (readonly number[])[]): number[][] {
  const order = rows.length
  const lu = factor(packed(rows), order)
  const inverse = rows.map(() => Array.from<number>({ length: order }))
  for (let column = 0; column < order; column++) {
    const unit = new Float64Array(order)
    unit[column] = 1
    const x = solve(lu, unit)
    for (let row = 0; row < order; row++) inverse[row]![column] = x[row]!
  }
  return inverse
}

/** The rows of a square matrix, packed row-major. */
export function packed(rows: readonly (readonly number[])[]): Float64Array {
  const order = rows.length
  const matrix = new Float64Array(order * order)
  for (let row = 0; row < order; row++) for (let column = 0; column < order; column++) matrix[row * order + column] = rows[row]![column] ?? 0
  return matrix
}

/** I − M for rows M. */
export function identityMinus(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) - value))
}

function swapRows(a: Float64Array, pivots: Int32Array, order: number, one: number, other: number): void {
  for (let j = 0; j < order; j++) {
    const kept = a[one * order + j]!
    a[one * order + j] = a[other * order + j]!
    a[other * order + j] = kept
  }
  const kept = pivots[one]!
  pivots[one] = pivots[other]!
  pivots[other] = kept
}
