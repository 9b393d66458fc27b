import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../refusal.ts'
import { canBeVerified, type Hypothesis, planHash, signPlan } from './hypothesis.ts'
import { parseHypothesis } from './parse-hypothesis.ts'

const plan: Hypothesis = {
  id: 'H-3',
  title: 'Longer opening hours',
  owner: 'culture',
  domain: 'culture',
  createdAt: '2025-01-10T09:00:00Z',
  claim: { arrow: 'platform->population', mechanism: 'people who work by day can come', elasticity: 'migrationElasticity' },
  intervention: {
    changes: [{ parameter: 'extraPlatformOperation', operation: 'add', value: 2, fromYear: 1 }],
    costPerYear: 2,
    area: 'urn:ngsi-ld:District:1',
  },
  expected: [
    { kpi: 'sp.participation', direction: 'down', effect: -10, unit: '1/1000', horizonMonths: 24, prior: { mean: 0, sd: 10 }, source: 'judgement' },
  ],
  design: {
    method: 'interruptedTimeSeries',
    scale: 'level',
    outcomeKpi: 'sp.participation',
    prePeriod: { from: '2022-04-01', to: '2025-03-31' },
    postPeriod: { from: '2025-04-01', to: '2027-03-31' },
    comparators: [],
    covariates: [],
    season: { period: 12, harmonics: 2 },
    leastPreObservations: 24,
    alpha: 0.05,
    power: 0.8,
    minimumDetectableEffect: 7,
  },
  decisionRule: { adoptIf: 'supported', stopIf: 'not supported', otherwise: 'extend' },
}

test('a plan survives JSON with the same hash', () => {
  assert.equal(planHash(parseHypothesis(JSON.parse(JSON.stringify(plan)))), planHash(plan))
})

test('what is wrong is named by its place', () => {
  const wrong = (change: object): unknown => ({ ...plan, ...change })
  assert.throws(() => parseHypothesis(null), /plan is no object/)
  assert.throws(
    () => parseHypothesis(wrong({ design: { ...plan.design, method: 'before and after' } })),
    /design\.method is "before and after"; it must be one of/,
  )
  assert.throws(
    () => parseHypothesis(wrong({ design: { ...plan.design, prePeriod: { from: '2022-02-30', to: '2025-01-01' } } })),
    /prePeriod\.from is 2022-02-30, no date/,
  )
  assert.throws(() => parseHypothesis(wrong({ expected: [] })), /H-3: nothing is expected/)
  assert.throws(() => parseHypothesis(wrong({ createdAt: 'yesterday' })), /createdAt is yesterday/)
  assert.throws(
    () => parseHypothesis(wrong({ intervention: { ...plan.intervention, changes: [{ parameter: 'luck', operation: 'add', value: 1 }] } })),
    /there is no parameter luck/,
  )
})

test('10,000 random plans are signed or refused, and nothing else', (t) => {
  const places = Object.entries(plan).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).map((inner) => [key, inner]) : [[key]],
  )
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.double(),
    fc.constantFrom('', '2025-01-01', 'log', 'up', 0, -1, 1e308, null, undefined, [], {}),
  )
  const edits = fc.array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 0, maxLength: 3 })
  let signed = 0
  fc.assert(
    fc.property(edits, (changes) => {
      const document = structuredClone(plan) as unknown as Record<string, Record<string, unknown>>
      for (const [[key, inner], value] of changes) {
        if (inner === undefined) Object.assign(document, { [key!]: value })
        else if (typeof document[key!] === 'object' && document[key!] !== null) document[key!]![inner] = value
      }
      try {
        const parsed = parseHypothesis(document)
        assert.equal(typeof canBeVerified(parsed), 'boolean')
        assert.match(signPlan(parsed, '2025-02-01T12:00:00Z', 'a planner').versions[0]!.planHash, /^[0-9a-f]{64}$/)
        signed += 1
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { seed: 6, numRuns: 10_000 },
  )
  t.diagnostic(`${signed} of 10000 plans could be signed, the others were refused`)
  assert.ok(signed > 1000 && signed < 9000)
})
