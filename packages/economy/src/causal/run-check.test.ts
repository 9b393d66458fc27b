import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createRandom } from '../uncertainty/random.ts'
import type { CheckData, CheckDesign, CheckPlan } from './check-plan.ts'
import { settlePlan } from './check-plan.ts'
import type { CheckResult, Diagnostic } from './check-result.ts'
import { minimumDetectableEffect, plannedStandardError } from './minimum-detectable-effect.ts'
import type { Disturbance } from './planted-city.ts'
import { plantedCity, plantedPlan, plantedSd } from './planted-city.ts'
import { runCheck } from './run-check.ts'
import { verdictOf } from './verdict.ts'

const designs: readonly CheckDesign[] = ['differenceInDifferences', 'interruptedTimeSeries', 'structuralTimeSeries', 'syntheticControl']

test('the verdict follows from the interval, the expected effect and nothing else', () => {
  const plan = settlePlan({ design: 'differenceInDifferences', scale: 'level', start: 20, expected: 10 })
  const verdict = (interval: [number, number]): string => verdictOf(plan, [], { interval, p: 0.5, estimate: (interval[0] + interval[1]) / 2 }).verdict
  assert.equal(verdict([2, 18]), 'supported')
  assert.equal(verdict([1, 4]), 'supported') // weaker than expected, and the reason says so
  assert.match(verdictOf(plan, [], { interval: [1, 4], p: 0.01, estimate: 2.5 }).reasons[0]!, /weaker than expected/)
  assert.equal(verdict([-3, 12]), 'inconclusive')
  assert.equal(verdict([-3, 6]), 'notSupported')
  assert.equal(verdict([-9, -2]), 'notSupported')
  assert.match(verdictOf(plan, [], { interval: [-9, -2], p: 0.01, estimate: -5 }).reasons[0]!, /opposite direction/)
  const failed: Diagnostic = { name: 'preTrend', passed: false, statistic: 0, bound: 0.01, says: 'They part.' }
  assert.deepEqual(verdictOf(plan, [failed], { interval: [2, 18], p: 0.01, estimate: 10 }), { verdict: 'invalid', reasons: ['They part.'] })
})

test('a hoped-for decrease is judged in its own direction', () => {
  const plan = settlePlan({ design: 'interruptedTimeSeries', scale: 'log', start: 20, expected: -0.2 })
  assert.equal(verdictOf(plan, [], { interval: [-0.3, -0.1], p: 0.01, estimate: -0.2 }).verdict, 'supported')
  assert.equal(verdictOf(plan, [], { interval: [0.1, 0.3], p: 0.01, estimate: 0.2 }).verdict, 'notSupported')
})

test('the planned standard error of a difference-in-differences is the formula of the specification', () => {
  const plan: CheckPlan = { design: 'differenceInDifferences', scale: 'level', start: 36, expected: 1 }
  const expected = 0.5 * Math.sqrt(1 / 24 + 1 / 36) * Math.sqrt(1 + 1 / 7) * Math.sqrt(1.4 / 0.6)
  const periods = { after: 24, comparators: 7 }
  assert.ok(Math.abs(plannedStandardError(plan, periods, { sd: 0.5, rho: 0.4 }) - expected) < 1e-15)
  assert.ok(Math.abs(minimumDetectableEffect(plan, periods, { sd: 0.5, rho: 0.4 }) / expected - 2.8015852) < 1e-6)
  for (const design of designs) {
    const noise = { sd: plantedSd(design), rho: 0.4 }
    assert.ok(Math.abs(minimumDetectableEffect(plantedPlan(design), periods, noise) - 0.07) < 1e-12, design)
  }
})

interface Tally {
  verdicts: Record<CheckResult['verdict'], number>
  covered: number
  first: number
}

function tally(design: CheckDesign, cities: number, effect: number, disturbance: Disturbance): Tally {
  const random = createRandom(61)
  const counts: Tally = { verdicts: { invalid: 0, inconclusive: 0, supported: 0, notSupported: 0 }, covered: 0, first: 0 }
  for (let city = 0; city < cities; city++) {
    const { verdict, effect: found } = runCheck(plantedPlan(design), plantedCity(random.fork(), design, effect, disturbance))
    counts.verdicts[verdict] += 1
    if (found !== null && found.interval[0] <= effect && effect <= found.interval[1]) counts.covered += 1
    if (found !== null && found.p === 1 / 8) counts.first += 1
  }
  return counts
}

// Sixty cities each; the thousand of the stated figures are in bench/causal.ts. The bounds here are three standard errors of sixty wider.
for (const design of designs.slice(0, 3)) {
  test(`${design} supports a planted 10 % and no null, with intervals that cover`, () => {
    const planted = tally(design, 60, 0.1, 'none')
    const nothing = tally(design, 60, 0, 'none')
    assert.ok(planted.verdicts.supported >= 48, JSON.stringify(planted))
    assert.ok(nothing.verdicts.supported <= 5, JSON.stringify(nothing))
    assert.ok(planted.covered >= 52, JSON.stringify(planted))
  })
}

test('the synthetic control ranks the planted district first, and a null at no particular place', () => {
  const planted = tally('syntheticControl', 60, 0.1, 'none')
  const nothing = tally('syntheticControl', 60, 0, 'none')
  assert.ok(planted.first >= 48, JSON.stringify(planted))
  assert.ok(nothing.first <= 15, JSON.stringify(nothing))
  assert.equal(planted.verdicts.supported, 0, 'eight districts cannot reach 0.05')
})

for (const design of designs) {
  test(`${design} is invalid with six months missing or a break a year before the start`, () => {
    assert.equal(tally(design, 10, 0.1, 'missing').verdicts.invalid, 10)
    const broken = tally(design, 30, 0.1, 'break')
    assert.ok(broken.verdicts.invalid >= 26, JSON.stringify(broken))
  })
}

for (const design of ['differenceInDifferences', 'syntheticControl'] as const) {
  test(`${design} is invalid when the district parts from the others before the start`, () => {
    const parted = tally(design, 60, 0, 'drift')
    assert.ok(parted.verdicts.invalid >= 48, JSON.stringify(parted))
  })
}

test('the same data give the same bytes, and every number in them is finite', () => {
  for (const design of designs) {
    const result = () => JSON.stringify(runCheck(plantedPlan(design), plantedCity(createRandom(5), design, 0.1)))
    assert.equal(result(), result())
    assertFinite(runCheck(plantedPlan(design), plantedCity(createRandom(5), design, 0.1)))
  }
})

test('one missing month in sixty is borne, and what would have been is unknown there', () => {
  const city = plantedCity(createRandom(3), 'differenceInDifferences', 0.1)
  const values = city.treated.values.map((value, i) => (i === 10 ? null : value))
  const result = runCheck(plantedPlan('differenceInDifferences'), { ...city, treated: { name: 'treated', values } })
  assert.notEqual(result.verdict, 'invalid')
  assert.deepEqual(result.path[10], { period: 10, observed: null, without: null })
})

test('a synthetic control of few districts says that it cannot support anything', () => {
  const result = runCheck(plantedPlan('syntheticControl'), plantedCity(createRandom(5), 'syntheticControl', 0.1))
  assert.ok(result.reasons.some((reason) => /no placebo p is below 0\.125/.test(reason)))
  assert.ok(Math.abs(result.weights!.reduce((sum, one) => sum + one.weight, 0) - 1) < 1e-9)
})

test('a synthetic control of thirty districts can support an effect, and names the districts it is made of', () => {
  const random = createRandom(17)
  const district = (name: string, effect: number) => {
    const level = 100 * Math.exp(0.1 * random.normal())
    return { name, values: Array.from({ length: 40 }, (_, i) => level * Math.exp(0.02 * random.normal()) * (i < 24 ? 1 : 1 + effect)) }
  }
  const data = { treated: district('treated', 0.2), comparators: Array.from({ length: 30 }, (_, i) => district(`d${i}`, 0)) }
  const result = runCheck({ design: 'syntheticControl', scale: 'log', start: 24, expected: 0.2 }, data)
  assert.equal(result.verdict, 'supported', result.reasons.join(' '))
  assert.equal(result.effect!.p, 1 / 31)
  assert.ok(Math.abs(result.effect!.estimate - 0.2) < 0.05)
  assert.equal(result.placebos!.length, 30)
  assert.ok(result.path.slice(24).every((one) => one.without! < one.observed!))
})

test('counts get an interval that their over-dispersion widens', () => {
  const random = createRandom(9)
  const values = Array.from({ length: 60 }, (_, i) => Math.round(400 * Math.exp((i < 36 ? 0 : -0.15) + 0.1 * random.normal())))
  const plan: CheckPlan = { design: 'interruptedTimeSeries', scale: 'log', family: 'quasiPoisson', start: 36, expected: -0.1 }
  const result = runCheck(plan, { treated: { name: 'injuries', values }, comparators: [], exposure: values.map(() => 1000) })
  assert.equal(result.verdict, 'supported')
  assert.ok(result.noise!.dispersion! > 2)
  assert.ok(result.effect!.interval[0] < Math.expm1(-0.15) && Math.expm1(-0.15) < result.effect!.interval[1])
})

test('a step and a bend give the mean effect over the months after the start', () => {
  const values = Array.from({ length: 60 }, (_, i) => 100 + 0.1 * i + 0.1 * Math.sin(i * 12.9898) + (i < 36 ? 0 : 2 + (i - 36) * 0.5))
  const plan: CheckPlan = { design: 'interruptedTimeSeries', scale: 'level', shape: 'stepAndBend', start: 36, expected: 5 }
  const result = runCheck(plan, { treated: { name: 'visits', values }, comparators: [] })
  assert.ok(Math.abs(result.effect!.estimate - (2 + 11.5 * 0.5)) < 0.25, String(result.effect!.estimate))
})

test('plans and data that make no sense are refused by name', () => {
  const plan = plantedPlan('differenceInDifferences')
  const city = plantedCity(createRandom(5), 'differenceInDifferences', 0.1)
  assert.throws(() => runCheck({ ...plan, expected: 0 }, city), /expected effect must be a number other than 0/)
  assert.throws(() => runCheck({ ...plan, start: 60 }, city), /start, period 60, is not within the 60 periods/)
  assert.throws(() => runCheck({ ...plan, season: { period: 12, harmonics: 6 } }, city), /takes 1 to 5 harmonics, not 6/)
  const zero = { ...city, treated: { name: 'sales', values: city.treated.values.map((value, i) => (i === 4 ? 0 : value)) } }
  assert.throws(() => runCheck(plan, zero), /sales is 0 at period 4: the log scale needs values above 0/)
  assert.throws(() => runCheck(plan, { ...city, comparators: [{ name: 'east', values: [1, 2] }] }), /east has 2 periods where treated has 60/)
  const none = runCheck(plan, { ...city, comparators: [] })
  assert.equal(none.verdict, 'invalid')
  assert.equal(none.effect, null)
})

test('any series gives a verdict or a refusal, and never a number that is none', () => {
  const value = fc.oneof({ weight: 8, arbitrary: fc.double({ min: 1, max: 100, noNaN: true }) }, fc.constant(null), fc.constantFrom(50, 1e-9, 1e12), {
    weight: 1,
    arbitrary: fc.double(),
  })
  const flat = fc.constantFrom(7, 1e6).chain((level) => fc.array(fc.constant(level), { minLength: 20, maxLength: 30 }))
  const values = fc.oneof({ weight: 4, arbitrary: fc.array(value, { minLength: 14, maxLength: 30 }) }, flat)
  const data = fc.array(values, { minLength: 1, maxLength: 4 })
  const plans = fc.record({
    design: fc.constantFrom(...designs),
    scale: fc.constantFrom('log' as const, 'level' as const),
    start: fc.integer({ min: 1, max: 24 }),
    expected: fc.double({ min: -2, max: 2, noNaN: true }),
    maximumMissingShare: fc.constantFrom(0.05, 0.4),
    minimumBefore: fc.constantFrom(8, 12),
  })
  fc.assert(
    fc.property(plans, data, (plan, [treated, ...others]) => {
      const length = treated!.length
      const fit = (one: readonly (number | null)[]): (number | null)[] => Array.from({ length }, (_, i) => one[i % one.length] ?? null)
      const city: CheckData = {
        treated: { name: 'treated', values: treated! },
        comparators: others.map((one, i) => ({ name: `c${i}`, values: fit(one) })),
      }
      try {
        assertFinite(runCheck(plan, city))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }),
    { seed: 6, numRuns: 600 },
  )
})

function assertFinite(value: unknown): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), 'a number is not finite')
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) assertFinite(one)
}
