import { taskTimes, type Problem, type Vehicle } from '../problem.ts'
import { FAR } from './model.ts'

/** Cost and time matrices, shared by types that have the same, with their transposes. */
export interface Edges {
  cost: Int32Array[]
  costInto: Int32Array[]
  time: Int32Array[]
  timeInto: Int32Array[]
  costClass: number[]
  timeClass: number[]
}

/** Makes the matrices that the types need; `placeOf` gives the place of each row, -1 for nowhere. */
export function edgeMatrices(problem: Problem, types: readonly { vehicle: Vehicle }[], placeOf: Int32Array): Edges {
  const made = new Map<string, number>()
  const matrices: Int32Array[] = []
  const make = (profileIndex: number, perDistance: number, perTime: number): number => {
    const key = `${profileIndex} ${perDistance} ${perTime}`
    const known = made.get(key)
    if (known !== undefined) return known
    const { distances, durations: base, periods } = problem.profiles[profileIndex]!
    const durations = periods === undefined || perDistance > 0 ? base : quickest(base, periods)
    // Where distances and durations are one array, a cost of one distance is the duration matrix too.
    const same = distances === durations && perDistance + perTime === 1 ? made.get(`${profileIndex} ${perTime} ${perDistance}`) : undefined
    const index = same ?? matrices.push(expand(problem.places, placeOf, distances, durations, perDistance, perTime)) - 1
    made.set(key, index)
    return index
  }
  const setsUp = problem.stops.some((stop) => stop.setup > 0 || stop.setupPerType !== undefined)
  const costClass = types.map(({ vehicle }) => {
    const ways = make(vehicle.profile, vehicle.perDistance, vehicle.perTravel)
    if (vehicle.perTask === 0 || !setsUp) return ways
    const key = `${ways} with setups ${vehicle.perTask} ${vehicle.type ?? ''}`
    const index = made.get(key) ?? matrices.push(withSetups(problem, placeOf, matrices[ways]!, vehicle)) - 1
    made.set(key, index)
    return index
  })
  const timeClass = types.map(({ vehicle }) => make(vehicle.profile, 0, 1 / vehicle.speed))
  const into = matrices.map((matrix) => transpose(matrix, placeOf.length))
  return { cost: matrices, costInto: into, time: matrices, timeInto: into, costClass, timeClass }
}

/** The least duration at any time of day: the search's fast checks may be too hopeful, never too strict. */
function quickest(base: Int32Array, periods: readonly { readonly durations: Int32Array }[]): Int32Array {
  const least = base.slice()
  for (const { durations } of periods) for (let i = 0; i < least.length; i++) if (durations[i]! < least[i]!) least[i] = durations[i]!
  return least
}

function expand(places: number, placeOf: Int32Array, distances: Int32Array, durations: Int32Array, perDistance: number, perTime: number): Int32Array {
  const size = placeOf.length
  const matrix = new Int32Array(size * size)
  for (let a = 0; a < size; a++) {
    const from = placeOf[a]!
    if (from < 0) continue
    for (let b = 0; b < size; b++) {
      const to = placeOf[b]!
      if (to < 0) continue
      const distance = distances[from * places + to]!
      const duration = durations[from * places + to]!
      matrix[a * size + b] = distance < 0 || duration < 0 ? FAR : Math.min(FAR, Math.round(perDistance * distance + perTime * duration))
    }
  }
  return matrix
}

/** Costs of edges with that of setting up at their end, which depends on whether the vehicle comes from another place. */
function withSetups(problem: Problem, placeOf: Int32Array, ways: Int32Array, vehicle: Vehicle): Int32Array {
  const size = placeOf.length
  const matrix = ways.slice()
  problem.stops.forEach((stop, b) => {
    const cost = Math.round(vehicle.perTask * taskTimes(stop, vehicle).setup)
    for (let a = 0; a < size; a++) {
      if (placeOf[a] !== placeOf[b]) matrix[a * size + b] = Math.min(FAR, matrix[a * size + b]! + cost)
    }
  })
  return matrix
}

function transpose(matrix: Int32Array, size: number): Int32Array {
  let symmetric = true
  for (let a = 0; a < size && symmetric; a++) for (let b = 0; b < a; b++) if (matrix[a * size + b] !== matrix[b * size + a]) symmetric = false
  if (symmetric) return matrix
  const into = new Int32Array(size * size)
  for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) into[b * size + a] = matrix[a * size + b]!
  return into
}
