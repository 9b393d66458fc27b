// Hot: a structural fit filters every column some hundred times.
// Layout: state = [level, slope?, (season, season*) per harmonic?, autoregressive part]; P is dense, row-major, m × m.
// Invariant: the filter starts with the non-stationary states known to be 0, since their unknown starts are regressors of their own.
// Cost: O(n (m³ + m c)) for n periods, m states and c columns; O(n (m² + m c)) without wandering slope and season, whose transition is diagonal. The slow twin in the tests builds the whole covariance.

/** The disturbances of a structural model, as variances relative to the marginal variance 1 of the autoregressive part. */
export interface StructuralVariances {
  readonly rho: number
  readonly level: number
  readonly slope: number
  readonly season: number
}

export interface Seasonality {
  readonly period: number
  readonly harmonics: number
}

export interface Whitened {
  /** One-step prediction errors of each column, divided by their standard deviations. */
  readonly columns: readonly Float64Array[]
  /** Sum of the logarithms of the prediction error variances. */
  readonly logDeterminant: number
}

/**
 * Runs the Kalman filter of the structural time-series model (Harvey 1989; columns augmented after de Jong 1991) over columns observed at
 * rising whole-number times; periods in between are predicted and not updated.
 */
export function kalmanWhiten(
  times: Int32Array,
  columns: readonly Float64Array[],
  variances: StructuralVariances,
  season: Seasonality | undefined,
): Whitened {
  const model = stateSpace(variances, season)
  const { size: m, transition, noise, loading } = model
  let covariance = Float64Array.from(model.start)
  const states = columns.map(() => new Float64Array(m))
  const white = columns.map((column) => new Float64Array(column.length))
  const gain = new Float64Array(m)
  const scratch = new Float64Array(m)
  let logDeterminant = 0
  let now = times[0] ?? 0
  for (let i = 0; i < times.length; i++) {
    for (; now < times[i]!; now++) {
      if (model.diagonal) predictDiagonal(covariance, states, transition, noise, m)
      else {
        covariance = predictCovariance(covariance, transition, noise, m)
        for (const state of states) predictState(state, transition, scratch, m)
      }
    }
    let predicted = 0
    for (let row = 0; row < m; row++) {
      let sum = 0
      for (let column = 0; column < m; column++) sum += covariance[row * m + column]! * loading[column]!
      gain[row] = sum
      predicted += loading[row]! * sum
    }
    const deviation = Math.sqrt(predicted)
    logDeterminant += Math.log(predicted)
    for (let c = 0; c < columns.length; c++) {
      const state = states[c]!
      let error = columns[c]![i]!
      for (let row = 0; row < m; row++) error -= loading[row]! * state[row]!
      white[c]![i] = error / deviation
      for (let row = 0; row < m; row++) state[row]! += (gain[row]! * error) / predicted
    }
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < m; column++) covariance[row * m + column]! -= (gain[row]! * gain[column]!) / predicted
    }
  }
  return { columns: white, logDeterminant }
}

interface StateSpace {
  readonly size: number
  readonly diagonal: boolean
  /** Row-major. */
  readonly transition: Float64Array
  /** Diagonal. */
  readonly noise: Float64Array
  readonly loading: Float64Array
  /** Covariance at the first period, row-major. */
  readonly start: Float64Array
}

function stateSpace({ rho, level, slope, season: seasonal }: StructuralVariances, season: Seasonality | undefined): StateSpace {
  const harmonics = seasonal > 0 && season !== undefined ? season.harmonics : 0
  const trend = slope > 0 ? 2 : level > 0 ? 1 : 0
  const size = trend + 2 * harmonics + 1
  const transition = new Float64Array(size * size)
  const noise = new Float64Array(size)
  const loading = new Float64Array(size)
  if (trend > 0) {
    transition[0] = 1
    noise[0] = level
    loading[0] = 1
  }
  if (trend === 2) {
    transition[1] = 1
    transition[size + 1] = 1
    noise[1] = slope
  }
  for (let h = 0; h < harmonics; h++) {
    const at = trend + 2 * h
    const angle = (2 * Math.PI * (h + 1)) / season!.period
    transition[at * size + at] = Math.cos(angle)
    transition[at * size + at + 1] = Math.sin(angle)
    transition[(at + 1) * size + at] = -Math.sin(angle)
    transition[(at + 1) * size + at + 1] = Math.cos(angle)
    noise[at] = seasonal
    noise[at + 1] = seasonal
    loading[at] = 1
  }
  const last = size - 1
  transition[last * size + last] = rho
  noise[last] = 1 - rho * rho
  loading[last] = 1
  const start = new Float64Array(size * size)
  start[last * size + last] = 1
  return { size, diagonal: slope === 0 && harmonics === 0, transition, noise, loading, start }
}

function predictDiagonal(covariance: Float64Array, states: readonly Float64Array[], transition: Float64Array, noise: Float64Array, m: number): void {
  for (let row = 0; row < m; row++) {
    const factor = transition[row * m + row]!
    for (let column = 0; column < m; column++) covariance[row * m + column]! *= factor * transition[column * m + column]!
    covariance[row * m + row]! += noise[row]!
    if (factor !== 1) for (const state of states) state[row]! *= factor
  }
}

function predictCovariance(covariance: Float64Array, transition: Float64Array, noise: Float64Array, m: number): Float64Array<ArrayBuffer> {
  const half = product(transition, covariance, m)
  const next = new Float64Array(m * m)
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < m; column++) {
      let sum = row === column ? noise[row]! : 0
      for (let k = 0; k < m; k++) sum += half[row * m + k]! * transition[column * m + k]!
      next[row * m + column] = sum
    }
  }
  return next
}

function product(left: Float64Array, right: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m * m)
  for (let row = 0; row < m; row++) {
    for (let k = 0; k < m; k++) {
      const factor = left[row * m + k]!
      if (factor === 0) continue
      for (let column = 0; column < m; column++) out[row * m + column]! += factor * right[k * m + column]!
    }
  }
  return out
}

function predictState(state: Float64Array, transition: Float64Array, scratch: Float64Array, m: number): void {
  for (let row = 0; row < m; row++) {
    let sum = 0
    for (let column = 0; column < m; column++) sum += transition[row * m + column]! * state[column]!
    scratch[row] = sum
  }
  state.set(scratch)
}
