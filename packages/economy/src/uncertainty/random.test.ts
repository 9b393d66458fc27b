import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { normalProbability, normalQuantile } from './normal-distribution.ts'
import { createRandom } from './random.ts'

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed)
    return Array.from({ length: 100 }, () => random.uniform())
  }
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
})

test('the stream of seed 42 never changes, so that past runs stay reproducible', () => {
  const random = createRandom(42)
  const first = Array.from({ length: 3 }, () => random.uniform())
  assert.deepEqual(first, [0.9833900096740615, 0.9400218989723915, 0.8464599270526085])
})

test('forks are streams of their own and move the parent on', () => {
  const parent = createRandom(1)
  const before = createRandom(1).uniform()
  const fork = parent.fork()
  assert.equal(fork.uniform(), before)
  assert.notEqual(parent.uniform(), before)
  const again = createRandom(1)
  again.fork()
  assert.equal(
    again.fork().uniform(),
    (() => {
      const p = createRandom(1)
      p.fork()
      return p.fork().uniform()
    })(),
  )
})

test('numbers are uniform and normal within what 200,000 draws can show', () => {
  const random = createRandom(3)
  const bins = Array.from({ length: 20 }, () => 0)
  for (let i = 0; i < 200_000; i++) bins[Math.floor(random.uniform() * 20)]! += 1
  const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  assert.ok(chiSquare < 43.8, `chi-square ${chiSquare} with 19 degrees of freedom`) // 0.999 quantile
  let sum = 0
  let squares = 0
  for (let i = 0; i < 200_000; i++) {
    const z = random.normal()
    sum += z
    squares += z * z
  }
  assert.ok(Math.abs(sum / 200_000) < 0.008)
  assert.ok(Math.abs(squares / 200_000 - 1) < 0.011)
})

test('refuses a seed that is no whole number of 32 bits', () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 32]) assert.throws(() => createRandom(seed), /random seed must be a whole number/)
})

test('the normal quantile meets the published values and its inverse', () => {
  // Wichura 1988, table of checks
  assert.equal(Math.abs(normalQuantile(0.25) + 0.6744897501960817) < 1e-15, true)
  assert.equal(Math.abs(normalQuantile(0.001) + 3.090232306167813) < 1e-14, true)
  assert.equal(Math.abs(normalQuantile(1e-20) + 9.26234008979841) < 1e-13, true)
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true }), (p) => {
      assert.ok(Math.abs(normalProbability(normalQuantile(p)) / p - 1) < 1e-12)
    }),
    { seed: 1, numRuns: 500 },
  )
})
