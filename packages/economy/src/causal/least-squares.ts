/** An ordinary least-squares fit, with what generalised fits need from it. */
export interface LeastSquares {
  readonly coefficients: readonly number[]
  readonly residuals: Float64Array
  readonly rss: number
  /** ln |X'X|. */
  readonly logDeterminant: number
  /** (X'X)^-1, row-major, k × k. */
  readonly inverse: Float64Array
}

/** Thrown when the columns of a design cannot be told apart by the data. */
export class Collinear extends Error {
  override name = 'Collinear'
}

/**
 * Least squares by Householder QR: `columns` are the regressors, each as long as `y`. Costs O(n k²).
 * Throws `Collinear` when a column is, to 1e-10 of its length, a combination of those before it.
 */
export function leastSquares(columns: readonly Float64Array[], y: Float64Array): LeastSquares {
  const n = y.length
  const k = columns.length
  if (n < k) throw new Collinear(`${n} observations cannot fit ${k} coefficients`)
  const work = columns.map((column) => Float64Array.from(column))
  const right = Float64Array.from(y)
  const diagonal = new Float64Array(k)
  let logDeterminant = 0
  for (let j = 0; j < k; j++) {
    const column = work[j]!
    const whole = norm(column, 0)
    const below = norm(column, j)
    if (!(below > 1e-10 * whole)) throw new Collinear(`Regressor ${j + 1} of ${k} is a combination of those before it`)
    const alpha = column[j]! > 0 ? -below : below
    diagonal[j] = alpha
    logDeterminant += 2 * Math.log(below)
    column[j]! -= alpha
    const scale = 2 / squares(column, j)
    for (let other = j + 1; other < k; other++) reflect(column, work[other]!, j, scale)
    reflect(column, right, j, scale)
  }
  const coefficients = backSubstitute(work, diagonal, right, k)
  let residuals: Float64Array | undefined
  let inverse: Float64Array | undefined
  return {
    coefficients,
    rss: squares(right, k),
    logDeterminant,
    // A likelihood search asks for neither, some hundred times.
    get residuals() {
      residuals ??= residualsOf(columns, y, coefficients)
      return residuals
    },
    get inverse() {
      inverse ??= inverseOfGram(work, diagonal, k)
      return inverse
    },
  }
}

function residualsOf(columns: readonly Float64Array[], y: Float64Array, coefficients: readonly number[]): Float64Array {
  const residuals = Float64Array.from(y)
  columns.forEach((column, j) => {
    const coefficient = coefficients[j]!
    for (let i = 0; i < y.length; i++) residuals[i]! -= coefficient * column[i]!
  })
  return residuals
}

function norm(vector: Float64Array, from: number): number {
  return Math.sqrt(squares(vector, from))
}

function squares(vector: Float64Array, from: number): number {
  let sum = 0
  for (let i = from; i < vector.length; i++) sum += vector[i]! * vector[i]!
  return sum
}

function reflect(mirror: Float64Array, target: Float64Array, from: number, scale: number): void {
  let dot = 0
  for (let i = from; i < target.length; i++) dot += mirror[i]! * target[i]!
  dot *= scale
  for (let i = from; i < target.length; i++) target[i]! -= dot * mirror[i]!
}

function backSubstitute(upper: readonly Float64Array[], diagonal: Float64Array, right: Float64Array, k: number): number[] {
  const solution = Array.from({ length: k }, () => 0)
  for (let row = k - 1; row >= 0; row--) {
    let sum = right[row]!
    for (let column = row + 1; column < k; column++) sum -= upper[column]![row]! * solution[column]!
    solution[row] = sum / diagonal[row]!
  }
  return solution
}

/** (R'R)^-1 from R alone. */
function inverseOfGram(upper: readonly Float64Array[], diagonal: Float64Array, k: number): Float64Array {
  const inverseR = Array.from({ length: k }, (_, unit) => {
    const right = new Float64Array(k)
    right[unit] = 1
    return backSubstitute(upper, diagonal, right, k)
  })
  const gram = new Float64Array(k * k)
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0
      for (let unit = 0; unit < k; unit++) sum += inverseR[unit]![i]! * inverseR[unit]![j]!
      gram[i * k + j] = sum
    }
  }
  return gram
}
