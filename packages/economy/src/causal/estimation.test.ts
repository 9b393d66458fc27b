import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../uncertainty/random.ts'
import { fitAutoregressive } from './autoregressive-regression.ts'
import { chiSquareTail, logGamma, studentProbability, studentQuantile } from './distributions.ts'
import type { Seasonality, StructuralVariances } from './kalman-whitening.ts'
import { kalmanWhiten } from './kalman-whitening.ts'
import { Collinear, leastSquares } from './least-squares.ts'
import { fitQuasiPoisson } from './quasi-poisson.ts'
import { simplexWeights } from './simplex-weights.ts'
import { fitStructural } from './structural-model.ts'

const near = (actual: number, expected: number, tolerance: number, what = ''): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} is not within ${tolerance} of ${expected}`)

test('distribution functions meet closed forms and table values', () => {
  near(logGamma(5), Math.log(24), 1e-13)
  near(studentProbability(-1, 1), 0.25, 1e-15) // Cauchy
  near(studentProbability(2, 2), 0.5 + 1 / Math.sqrt(6), 1e-14) // 1/2 + t / (2 sqrt(2 + t²))
  near(studentQuantile(0.975, 12), 2.17881, 1e-5) // every printed table
  near(studentQuantile(0.025, 1e9), -1.959963984540054, 1e-9)
  near(chiSquareTail(3, 2), Math.exp(-1.5), 1e-15)
  near(chiSquareTail(18.307, 10), 0.05, 1e-5)
})

test('least squares solves a system that can be checked by hand and refuses columns that coincide', () => {
  const one = new Float64Array([1, 1, 1, 1])
  const x = new Float64Array([0, 1, 2, 3])
  const fit = leastSquares([one, x], new Float64Array([1, 3, 4, 8]))
  near(fit.coefficients[0]!, 0.7, 1e-12)
  near(fit.coefficients[1]!, 2.2, 1e-12)
  near(fit.rss, 1.8, 1e-12)
  near(Math.exp(fit.logDeterminant), 20, 1e-9) // 4 × 14 - 6²
  near(fit.inverse[3]!, 0.2, 1e-12)
  assert.throws(() => leastSquares([one, x, x.map((value) => 2 * value + 1)], one), Collinear)
})

test('the Kalman filter gives the same whitened likelihood as the whole covariance matrix, with months missing', () => {
  const season: Seasonality = { period: 6, harmonics: 2 }
  const variances: StructuralVariances = { rho: 0.5, level: 0.04, slope: 0.001, season: 0.01 }
  const times = Int32Array.from([0, 1, 2, 5, 6, 7, 8, 11, 12, 13, 14, 15])
  const random = createRandom(4)
  const y = Float64Array.from(times, () => random.normal())
  const x = Float64Array.from(times, (time) => time)
  const { columns, logDeterminant } = kalmanWhiten(times, [y, x], variances, season)
  const covariance = denseCovariance(times, variances, season)
  const { lower, logDeterminant: dense } = cholesky(covariance)
  near(logDeterminant, dense, 1e-9)
  const solved = [y, x].map((column) => forwardSolve(lower, column))
  near(dot(columns[0]!, columns[0]!), dot(solved[0]!, solved[0]!), 1e-9)
  near(dot(columns[0]!, columns[1]!), dot(solved[0]!, solved[1]!), 1e-9)
})

test('with nothing wandering the structural fit is the AR(1) regression', () => {
  const { times, columns, y } = noisyLine(48)
  const structural = fitStructural(times, columns, y, undefined, { level: false, slope: false, season: false })
  const regression = fitAutoregressive(times, columns, y)
  near(structural.variances.rho, regression.rho, 2e-3)
  near(structural.coefficients[1]!, regression.coefficients[1]!, 1e-4)
  near(structural.standardErrors[1]! / regression.standardErrors[1]!, 1, 5e-3)
})

test('maximum likelihood finds a level that wanders and leaves one that stays', () => {
  const random = createRandom(12)
  const times = Int32Array.from({ length: 200 }, (_, i) => i)
  const one = new Float64Array(200).fill(1)
  let level = 0
  const wandering = Float64Array.from(times, () => (level += 0.5 * random.normal()) + random.normal())
  const staying = Float64Array.from(times, () => random.normal())
  const parts = { level: true, slope: false, season: false }
  near(Math.sqrt(fitStructural(times, [one], wandering, undefined, parts).variances.level), 0.5, 0.2)
  assert.ok(fitStructural(times, [one], staying, undefined, parts).variances.level < 0.01)
})

test('a gap in the months is not filled in: the AR(1) regression decays over it', () => {
  const { times, columns, y } = noisyLine(60)
  const kept = [...times.keys()].filter((i) => i < 20 || i > 24)
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!)
  const cut = fitAutoregressive(Int32Array.from(kept), columns.map(pick), pick(y))
  assert.equal(cut.innovations.length, 55)
  near(cut.coefficients[1]!, 0.02, 0.02)
  const closedUp = fitAutoregressive(
    Int32Array.from({ length: 55 }, (_, i) => i),
    columns.map(pick),
    pick(y),
  )
  assert.notEqual(cut.rho, closedUp.rho)
})

test('quasi-Poisson finds rate ratios exactly where the model is saturated, and its dispersion widens the interval', () => {
  const group = new Float64Array([0, 0, 1, 1])
  const one = new Float64Array(4).fill(1)
  const fit = fitQuasiPoisson([group, one], new Float64Array([8, 12, 30, 10]), new Float64Array([100, 100, 100, 100]))
  near(Math.exp(fit.coefficients[0]!), 2, 1e-9) // mean 20 over mean 10
  near(fit.dispersion, (0.4 + 0.4 + 5 + 5) / 2, 1e-9)
  near(fit.standardErrors[0]!, Math.sqrt(5.4 * (1 / 40 + 1 / 20)), 1e-9)
})

test('simplex weights meet the conditions of an optimum and find a mixture again', () => {
  const random = createRandom(8)
  for (let round = 0; round < 200; round++) {
    const rows = 3 + random.integer(20)
    const columns = Array.from({ length: 2 + random.integer(12) }, () => Float64Array.from({ length: rows }, () => random.normal()))
    const target = Float64Array.from({ length: rows }, () => random.normal())
    const weights = simplexWeights(columns, target)
    near(
      weights.reduce((sum, weight) => sum + weight, 0),
      1,
      1e-9,
    )
    assert.ok(weights.every((weight) => weight >= 0))
    const error = target.map((value, i) => value - columns.reduce((sum, column, j) => sum + weights[j]! * column[i]!, 0))
    const pulls = columns.map((column) => dot(column, error))
    const price = Math.max(...pulls)
    weights.forEach((weight, j) => {
      if (weight > 1e-9) near(pulls[j]!, price, 1e-7, `weight ${weight} in round ${round}`)
    })
  }
  const a = Float64Array.from([1, 0, 2, 5])
  const b = Float64Array.from([0, 3, 1, 1])
  const c = Float64Array.from([9, 9, 9, -9])
  const mixture = a.map((value, i) => 0.3 * value + 0.7 * b[i]!)
  const [first, second, third] = simplexWeights([a, b, c], mixture)
  near(first!, 0.3, 1e-10)
  near(second!, 0.7, 1e-10)
  near(third!, 0, 1e-10)
})

function noisyLine(length: number): { times: Int32Array; columns: Float64Array[]; y: Float64Array } {
  const random = createRandom(21)
  const times = Int32Array.from({ length }, (_, i) => i)
  let error = 0
  const y = Float64Array.from(times, (time) => {
    error = 0.5 * error + 0.3 * random.normal()
    return 1 + 0.02 * time + error
  })
  return { times, columns: [new Float64Array(length).fill(1), Float64Array.from(times)], y }
}

/** The slow twin: the covariance of the sum of a random walk with a wandering slope, wandering harmonics and an AR(1), all from zero but the last. */
function denseCovariance(times: Int32Array, { rho, level, slope, season }: StructuralVariances, { period, harmonics }: Seasonality): number[][] {
  return Array.from(times, (s) =>
    Array.from(times, (t) => {
      const first = Math.min(s, t)
      let sum = rho ** Math.abs(s - t) + level * first
      for (let u = 1; u <= first; u++) {
        sum += slope * (s - u) * (t - u)
        for (let h = 1; h <= harmonics; h++) sum += season * Math.cos((2 * Math.PI * h * (s - t)) / period)
      }
      return sum
    }),
  )
}

function cholesky(matrix: readonly (readonly number[])[]): { lower: number[][]; logDeterminant: number } {
  const lower = matrix.map((row) => row.map(() => 0))
  let logDeterminant = 0
  matrix.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!
    }
    logDeterminant += 2 * Math.log(lower[i]![i]!)
  })
  return { lower, logDeterminant }
}

function forwardSolve(lower: readonly (readonly number[])[], right: Float64Array): Float64Array {
  const solution = new Float64Array(right.length)
  right.forEach((value, i) => {
    let sum = value
    for (let k = 0; k < i; k++) sum -= lower[i]![k]! * solution[k]!
    solution[i] = sum / lower[i]![i]!
  })
  return solution
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
