import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluateDraws, joinDrawResults } from './evaluate-draws.ts'
import { historyMatch } from './history-matching.ts'
import type { NamedPrior } from './priors.ts'
import { priorQuantile } from './priors.ts'
import { createRandom } from './random.ts'
import { sampleDesign } from './sample-design.ts'
import { sobolIndices } from './sobol-indices.ts'
import { sortedQuantile, summarizeDraws } from './summarize-draws.ts'

const two: NamedPrior[] = [
  { name: 'a', prior: { kind: 'uniform', low: 2, high: 6 } },
  { name: 'b', prior: { kind: 'normal', mean: 1, sd: 0.5 } },
]

test('a Latin hypercube puts exactly one draw in every slice of every parameter', () => {
  const design = sampleDesign(createRandom(1), two, 100, 'latinHypercube')
  const slices = new Set(Array.from({ length: 100 }, (_, row) => Math.floor(((design.values[row * 2]! - 2) / 4) * 100)))
  assert.equal(slices.size, 100)
})

test('the same seed gives the same bytes, split among workers or not', async () => {
  const run = async (from: number, to: number) => {
    const design = sampleDesign(createRandom(9), two, 300, 'monteCarlo')
    return evaluateDraws(design, ([a, b]) => [a! * b!, a! + b!], { outputs: ['product', 'sum'], from, to })
  }
  const whole = await run(0, 300)
  const parts = joinDrawResults([await run(0, 110), await run(110, 300)])
  assert.deepEqual(new Uint8Array(parts.values.buffer), new Uint8Array(whole.values.buffer))
  assert.deepEqual(parts.rows, whole.rows)
})

test('Monte Carlo finds the mean and spread of a sum it can be checked against', async () => {
  const design = sampleDesign(createRandom(5), two, 20_000, 'latinHypercube')
  const [sum] = summarizeDraws(await evaluateDraws(design, ([a, b]) => [a! + b!], { outputs: ['sum'], batch: 5000 }))
  assert.ok(Math.abs(sum!.mean - 5) < 0.001)
  assert.ok(Math.abs(sum!.sd - Math.sqrt(16 / 12 + 0.25)) < 0.01)
  assert.equal(sum!.positiveShare, 1)
})

test('a refused or infinite draw is counted and named, and leaves no number behind', async () => {
  const design = sampleDesign(createRandom(5), two, 50, 'monteCarlo')
  const model = ([a, b]: Float64Array) => {
    if (a! > 5) throw new Error('a is too large')
    return [b! > 1.5 ? 1 / 0 : a!]
  }
  const results = await evaluateDraws(design, model, { outputs: ['value'] })
  assert.equal(results.rows.length + results.refused.length, 50)
  assert.ok(results.refused.some((one) => one.reason === 'a is too large'))
  assert.ok(results.refused.some((one) => one.reason === 'value is Infinity'))
  assert.ok(results.values.every(Number.isFinite))
})

test('a cancel stops between batches, with progress told before it', async () => {
  const stop = new AbortController()
  const seen: number[] = []
  const design = sampleDesign(createRandom(5), two, 1000, 'monteCarlo')
  let runs = 0
  const running = evaluateDraws(design, () => [runs++], {
    outputs: ['n'],
    batch: 100,
    signal: stop.signal,
    onProgress: (done) => {
      seen.push(done)
      if (done === 300) stop.abort(new Error('the planner went home'))
    },
  })
  await assert.rejects(running, /the planner went home/)
  assert.deepEqual(seen, [100, 200, 300])
  assert.equal(runs, 300)
})

test('priors are refused by name', () => {
  const draw = (prior: NamedPrior['prior']) => sampleDesign(createRandom(1), [{ name: 'rate', prior }], 10, 'monteCarlo')
  assert.throws(() => draw({ kind: 'uniform', low: 2, high: 1 }), /prior of rate is uniform from 2 to 1/)
  assert.throws(() => draw({ kind: 'normal', mean: 0, sd: Number.NaN }), /prior of rate has sd NaN/)
  assert.throws(() => draw({ kind: 'normal', mean: 0, sd: 1, low: 40, high: 50 }), /no mass/)
  assert.throws(() => draw({ kind: 'logNormal', median: -1, logSd: 1 }), /prior of rate is logNormal/)
  assert.throws(() => sampleDesign(createRandom(1), two, 1e9, 'monteCarlo'), /more than 50000000 cells/)
})

test('prior quantiles have the medians and bounds they name', () => {
  assert.equal(priorQuantile({ kind: 'triangular', low: 0, mode: 1, high: 2 }, 0.5), 1)
  assert.ok(Math.abs(priorQuantile({ kind: 'logNormal', median: 3, logSd: 1 }, 0.5) - 3) < 1e-12)
  const cut = { kind: 'normal', mean: 0, sd: 1, low: 0 } as const
  assert.ok(Math.abs(priorQuantile(cut, 0.5) - 0.6744897501960817) < 1e-9)
  assert.equal(priorQuantile(cut, 1e-15) >= 0, true)
})

test('quantiles interpolate as definition 7', () => {
  assert.equal(sortedQuantile([1, 2, 3, 4], 0.5), 2.5)
  assert.equal(sortedQuantile([1, 2, 3, 4], 0.25), 1.75)
  assert.equal(sortedQuantile([5], 0.9), 5)
})

test('Sobol indices of the Ishigami function meet their analytic values', async () => {
  // a = 7, b = 0.1: V = 13.8445879, S1 .3139052, S2 .4424111, S3 0, ST1 .5575889, ST2 .4424111, ST3 .2436837
  const angle = { kind: 'uniform', low: -Math.PI, high: Math.PI } as const
  const priors = ['x1', 'x2', 'x3'].map((name) => ({ name, prior: angle }))
  const ishigami = ([x1, x2, x3]: Float64Array) => [Math.sin(x1!) + 7 * Math.sin(x2!) ** 2 + 0.1 * x3! ** 4 * Math.sin(x1!)]
  const result = await sobolIndices(createRandom(2), priors, 16_384, ishigami, { output: 'y', batch: 20_000, resamples: 50 })
  assert.ok(Math.abs(result.variance / 13.8445879 - 1) < 0.01, `variance ${result.variance}`)
  const expected = [
    [0.3139052, 0.5575889],
    [0.4424111, 0.4424111],
    [0, 0.2436837],
  ]
  result.indices.forEach((index, i) => {
    assert.ok(Math.abs(index.first - expected[i]![0]!) < 0.015, `${index.parameter} first ${index.first}`)
    assert.ok(Math.abs(index.total - expected[i]![1]!) < 0.01, `${index.parameter} total ${index.total}`)
    assert.ok(index.firstInterval[0] <= index.first && index.first <= index.firstInterval[1])
  })
  assert.equal(result.evaluations, 16_384 * 5)
})

test('a flat output has no indices, and says so with variance 0', async () => {
  const result = await sobolIndices(createRandom(2), two, 64, () => [4], { output: 'y' })
  assert.equal(result.variance, 0)
  assert.deepEqual(result.indices, [])
})

test('history matching keeps what the data allow and names the observation that rules out', async () => {
  const priors: NamedPrior[] = [{ name: 'k', prior: { kind: 'uniform', low: 0, high: 10 } }]
  const observations = [
    { output: 'double', value: 8, observedVariance: 0.03, modelVariance: 0.01 },
    { output: 'flat', value: 1, observedVariance: 1, modelVariance: 0 },
  ]
  const match = await historyMatch(createRandom(3), priors, observations, 2000, ([k]) => [2 * k!, 1])
  assert.ok(match.kept.length > 0)
  assert.ok(match.kept.every((one) => Math.abs(2 * one.parameters[0]! - 8) <= 3 * 0.2 + 1e-12))
  assert.ok(Math.abs(match.ranges[0]!.low - 3.7) < 0.01 && Math.abs(match.ranges[0]!.high - 4.3) < 0.01)
  assert.deepEqual(match.ruledOut, [
    { output: 'double', draws: 2000 - match.kept.length },
    { output: 'flat', draws: 0 },
  ])
  const none = await historyMatch(createRandom(3), priors, [{ ...observations[1]!, value: 50 }], 100, () => [1])
  assert.deepEqual([none.kept, none.ranges], [[], []])
})
