import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createRandom } from '../uncertainty/random.ts'
import { backtest, forecast } from './forecast.ts'
import { fitHoltWinters } from './holt-winters.ts'
import { levenbergMarquardt } from './levenberg-marquardt.ts'
import { nelderMead } from './nelder-mead.ts'
import { findUnusual } from './robust-anomaly.ts'

// Box and Jenkins 1976, series G: airline passengers in thousands, monthly, 1949 to 1960.
const passengers = [
  112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140, 145, 150, 178, 163, 172,
  178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211,
  180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317,
  313, 318, 374, 413, 405, 355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505,
  404, 359, 310, 337, 360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
]
const before1960 = passengers.slice(0, 132)

test('the passengers are typed right: their sum is the published mean times 144', () => {
  assert.equal(passengers.length, 144)
  assert.ok(Math.abs(passengers.reduce((sum, value) => sum + value, 0) / 144 - 280.2986) < 5e-5)
})

// statsmodels 0.15 on 1949 to 1959: alpha .3762, beta 0, gamma .6238, SSE 12594.6, MAPE 2.21 %. Its last forecast, 422.5, uses the December season
// as it was before December 1959 was seen (its out-of-sample seasons overwrite the last one updated); the recursion itself gives 433.9.
const reference = [417.3, 394.1, 462.4, 448.6, 471.9, 539.9, 623.8, 631.2, 515.6, 449.9, 394.3]

test('multiplicative Holt-Winters reproduces the reference forecasts of 1960 within 0.5 %', () => {
  const { points, smoothing } = forecast(createRandom(1), before1960, { method: 'holtWintersMultiplicative', period: 12, horizon: 12 })
  reference.forEach((value, i) =>
    assert.ok(Math.abs(points[i]!.value / value - 1) < 0.005, `month ${i + 1}: ${points[i]!.value}, reference ${value}`),
  )
  assert.ok(Math.abs(smoothing!.sumOfSquares / 12594.6 - 1) < 0.005, String(smoothing!.sumOfSquares))
  assert.ok(Math.abs(smoothing!.alpha - 0.3762) < 0.005 && smoothing!.beta < 0.001, JSON.stringify(smoothing))
  assert.ok(Math.abs(smoothing!.gamma - 0.6238) < 0.005, JSON.stringify(smoothing))
  assert.ok(points.every((point) => point.low < point.value && point.value < point.high))
})

test('the reference December is the season before its last update, ours the one after it', () => {
  const fit = fitHoltWinters(before1960, 12, 'multiplicative')
  const base = (fit.gamma * before1960[131]! + (1 - fit.gamma) * fit.fitted[131]!) / fit.seasonal[11]!
  const reached = fit.level + 12 * fit.trend
  assert.ok(Math.abs((reached * fit.fitted[131]!) / base / 422.5 - 1) < 0.005)
  assert.ok(Math.abs((reached * fit.seasonal[11]!) / 433.9 - 1) < 0.005)
})

test('the hold-out of 1960 is scored beside the seasonal-naive forecast', () => {
  const score = backtest(createRandom(1), passengers, { method: 'holtWintersMultiplicative', period: 12 }, 12)
  assert.ok(Math.abs(score.mape! - 0.0206) < 0.0005, String(score.mape)) // 2.21 % with the reference's December
  assert.ok(score.naiveMape! > 0.09 && score.beatsNaive)
  assert.ok(score.mase! < 1 && score.naiveMase! > score.mase!)
})

test('additive Holt-Winters continues an exact line with an exact season', () => {
  const season = [3, -1, -4, 2]
  const values = Array.from({ length: 24 }, (_, i) => 50 + 2 * i + season[i % 4]!)
  const fit = fitHoltWinters(values, 4, 'additive')
  assert.ok(fit.sumOfSquares < 1e-8, String(fit.sumOfSquares))
  const { points } = forecast(createRandom(1), values, { method: 'holtWintersAdditive', period: 4, horizon: 6 })
  points.forEach((point, h) => assert.ok(Math.abs(point.value - (50 + 2 * (24 + h) + season[(24 + h) % 4]!)) < 1e-3, `step ${h + 1}: ${point.value}`))
})

test('the simulated interval of the additive recursion is the formula of Hyndman et al. (2008, 6.3)', () => {
  const random = createRandom(4)
  const values = Array.from({ length: 96 }, (_, i) => 100 + 10 * Math.sin((2 * Math.PI * i) / 12) + 4 * random.normal())
  const fit = fitHoltWinters(values, 12, 'additive')
  const sd = Math.sqrt(fit.sumOfSquares / (96 - 16))
  const { points } = forecast(createRandom(2), values, { method: 'holtWintersAdditive', period: 12, horizon: 14 })
  points.forEach((point, h) => {
    let variance = 1
    for (let j = 1; j <= h; j++) variance += (fit.alpha + fit.beta * j + (j % 12 === 0 ? fit.gamma * (1 - fit.alpha) : 0)) ** 2
    const reach = (point.high - point.low) / 2
    assert.ok(Math.abs(reach / (1.96 * sd * Math.sqrt(variance)) - 1) < 0.08, `step ${h + 1}: ${reach}`)
  })
})

test('the seasonal-naive forecast repeats the last season and widens with every season', () => {
  const { points } = forecast(createRandom(1), [1, 2, 3, 2, 3, 4, 3, 4, 5], { method: 'seasonalNaive', period: 3, horizon: 6 })
  assert.deepEqual(
    points.map((point) => point.value),
    [3, 4, 5, 3, 4, 5],
  )
  assert.ok(Math.abs(points[0]!.high - (3 + 1.959964)) < 1e-5) // every change over a season is 1
  assert.ok(Math.abs(points[3]!.high - (3 + 1.959964 * Math.SQRT2)) < 1e-5)
})

test('the same seed gives the same interval, and a short or broken series is refused by name', () => {
  const run = () => forecast(createRandom(3), before1960, { method: 'holtWintersMultiplicative', period: 12, horizon: 3 })
  assert.deepEqual(run(), run())
  assert.throws(() => forecast(createRandom(1), [1, 2, 3], { method: 'holtWintersAdditive', period: 12, horizon: 3 }), /3 values are too few/)
  assert.throws(
    () => forecast(createRandom(1), [...before1960, Number.NaN], { method: 'seasonalNaive', period: 12, horizon: 3 }),
    /period 132 is NaN/,
  )
  const zero = before1960.map((value, i) => (i === 5 ? 0 : value))
  assert.throws(() => forecast(createRandom(1), zero, { method: 'holtWintersMultiplicative', period: 12, horizon: 3 }), /values above 0/)
  assert.throws(() => forecast(createRandom(1), before1960, { method: 'seasonalNaive', period: 12, horizon: 0 }), /horizon must be 1 to 1000/)
})

test('an unusual value is found in a series with season and trend, and nothing else is', () => {
  const random = createRandom(7)
  const values: (number | null)[] = Array.from({ length: 96 }, (_, i) => 100 + 0.5 * i + 15 * Math.cos((2 * Math.PI * i) / 12) + random.normal())
  values[40]! -= 12
  values[70]! += 15
  values[10] = null
  const report = findUnusual(values, 12)
  const found = report.unusual.map((one) => one.period)
  assert.ok(found.includes(40) && found.includes(70), JSON.stringify(found))
  assert.ok(found.length <= 4, JSON.stringify(found))
  assert.ok(report.unusual.find((one) => one.period === 40)!.score < -3.5)
  assert.equal(report.expected[10], null)
})

test('a series that never moves has nothing unusual, and one jump in it is', () => {
  const flat: number[] = Array.from({ length: 24 }, () => 5)
  assert.deepEqual(findUnusual(flat, 1).unusual, [])
  flat[12] = 6
  assert.deepEqual(
    findUnusual(flat, 1).unusual.map((one) => one.period),
    [12],
  )
})

test('the optimisers find the valley of Rosenbrock', () => {
  const found = nelderMead(([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2, [-1.2, 1], [0.5, 0.5], { maximum: 2000, tolerance: 1e-14 })
  assert.ok(Math.abs(found.at[0]! - 1) < 1e-4 && Math.abs(found.at[1]! - 1) < 1e-4, JSON.stringify(found))
  const least = levenbergMarquardt(([x, y]) => Float64Array.of(1 - x!, 10 * (y! - x! * x!)), [-1.2, 1])
  assert.ok(least.sumOfSquares < 1e-12, JSON.stringify(least))
})

test('any series gives finite forecasts or a refusal', () => {
  const value = fc.oneof(fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.constantFrom(0, 5, 1e9, -3))
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom('seasonalNaive' as const, 'holtWintersAdditive' as const, 'holtWintersMultiplicative' as const),
      (values, period, method) => {
        try {
          const { points } = forecast(createRandom(1), values, { method, period, horizon: 3 })
          for (const point of points) assert.ok([point.value, point.low, point.high].every(Number.isFinite), JSON.stringify(point))
          const { unusual } = findUnusual(values, period)
          assert.ok(unusual.every((one) => Number.isFinite(one.score)))
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
        }
      },
    ),
    { seed: 2, numRuns: 300 },
  )
})
