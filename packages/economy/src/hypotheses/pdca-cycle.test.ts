import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckResult } from '../causal/check-result.ts'
import { runCheck } from '../causal/run-check.ts'
import { parseCityDocument } from '../parameters/city-document.ts'
import { demoCity } from '../parameters/demo-city.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import { createRandom } from '../uncertainty/random.ts'
import { elasticityEstimate, localDerivative, updatedBelief } from './belief.ts'
import { canBeVerified, type Hypothesis, planFindings, revisePlan, signPlan, tamperedVersions } from './hypothesis.ts'
import { holmRejections, ownRecord } from './own-record.ts'
import { openCycle, type PdcaCycle, recordAct, recordCheck, recordDelivery } from './pdca-cycle.ts'

const hypothesis: Hypothesis = {
  id: 'H-012',
  title: 'Later opening hours raise the use of the library',
  owner: 'culture department',
  domain: 'culture',
  createdAt: '2025-01-10T09:00:00Z',
  claim: { arrow: 'platform->population', mechanism: 'people who work in the day can come', elasticity: 'migrationElasticity' },
  intervention: { changes: [{ parameter: 'extraPlatformOperation', operation: 'add', value: 2, fromYear: 1 }], costPerYear: 2 },
  expected: [
    {
      kpi: 'sp.participation',
      direction: 'up',
      effect: 10,
      unit: '1/1000',
      horizonMonths: 24,
      prior: { mean: 0, sd: 10 },
      source: 'judgement',
    },
  ],
  design: {
    method: 'differenceInDifferences',
    scale: 'level',
    outcomeKpi: 'sp.participation',
    prePeriod: { from: '2022-04-01', to: '2025-03-31' },
    postPeriod: { from: '2025-04-01', to: '2027-03-31' },
    comparators: ['urn:ngsi-ld:District:2'],
    covariates: [],
    season: { period: 12, harmonics: 2 },
    leastPreObservations: 24,
    alpha: 0.05,
    power: 0.8,
    minimumDetectableEffect: 7,
  },
  decisionRule: { adoptIf: 'supported', stopIf: 'not supported', otherwise: 'extend' },
}
const signed = signPlan(hypothesis, '2025-02-01T12:00:00Z', 'a planner')
const prediction = { planHash: signed.versions[0]!.planHash, inputsHash: 'x', seed: 1, low: 2, high: 14, central: 8 }
const delivery = { actualStart: '2025-04-03', actualSpend: 2.1, deviations: ['opened two days late'] }
const evidence: CheckResult = {
  design: 'differenceInDifferences',
  scale: 'level',
  verdict: 'supported',
  reasons: ['The interval runs from 3 to 15.'],
  expected: 10,
  level: 0.95,
  effect: { estimate: 9, interval: [3, 15], p: 0.003, onScale: { estimate: 9, standardError: 3, degrees: 60 } },
  minimumDetectable: 7,
  noise: null,
  diagnostics: [{ name: 'preTrend', passed: true, statistic: 0.2, bound: 1.96, says: 'The districts moved together before.' }],
  path: [],
}
const decision = { decision: 'adopt', decidedBy: 'the council', decidedAt: '2027-05-01', reason: 'supported', parameterUpdates: [] } as const

test('a cycle goes through plan, do, check and act, and each stage keeps what was before', () => {
  const planned = openCycle(signed, prediction)
  const checked = recordCheck(recordDelivery(planned, delivery), evidence)
  const closed = recordAct(checked, decision)
  assert.equal(closed.stage, 'closed')
  assert.deepEqual(closed.stage === 'closed' && [closed.check.result.verdict, closed.check.standing, closed.delivery], [
    'supported',
    'preRegistered',
    delivery,
  ])
  assert.throws(() => recordCheck(planned, evidence), /a check cannot be recorded in stage plan/)
  assert.throws(() => recordDelivery(closed, delivery), /a delivery cannot be recorded in stage closed/)
})

test('a check run on two districts goes into the record as it came out', () => {
  const random = createRandom(7)
  const district = (name: string, step: number): { name: string; values: number[] } => ({
    name,
    values: Array.from({ length: 60 }, (_, t) => 100 + 3 * random.normal() + (t >= 36 ? step : 0)),
  })
  const treated = district('treated', 10)
  const comparators = [1, 2, 3].map((k) => district(`district ${k}`, 0))
  const result = runCheck({ design: 'differenceInDifferences', scale: 'level', start: 36, expected: 10 }, { treated, comparators })
  const cycle = recordCheck(recordDelivery(openCycle(signed, prediction), delivery), result)
  assert.deepEqual(cycle.stage === 'check' && [cycle.check.standing, cycle.check.result.verdict], ['preRegistered', 'supported'])
})

test('a plan changed after its data opened is a new version, both stay, and its check is exploratory', () => {
  const changed = { ...hypothesis, expected: [{ ...hypothesis.expected[0]!, effect: 4 }] }
  const revised = revisePlan(signed, changed, '2025-06-01T00:00:00Z', 'a planner')
  assert.deepEqual(
    revised.versions.map(({ version, afterDataOpened, hypothesis: { expected } }) => [version, afterDataOpened, expected[0]!.effect]),
    [
      [1, false, 10],
      [2, true, 4],
    ],
  )
  const cycle = recordCheck(recordDelivery(openCycle(revised, { ...prediction, planHash: revised.versions[1]!.planHash }), delivery), evidence)
  assert.equal(cycle.stage === 'check' && cycle.check.standing, 'exploratory')
  const update = { ...decision, parameterUpdates: [{ parameter: 'migrationElasticity', mean: 0.003, sd: 0.007 }] }
  assert.throws(() => recordAct(cycle, update), /a check that is exploratory cannot change a parameter/)
})

test('moving the data window forward does not make a late change look early', () => {
  const later = { ...hypothesis, design: { ...hypothesis.design, postPeriod: { from: '2026-04-01', to: '2028-03-31' } } }
  assert.equal(revisePlan(signed, later, '2025-06-01T00:00:00Z', 'a planner').versions[1]!.afterDataOpened, true)
})

test('a revision before the data opens is pre-registered, and a revision that says nothing new is refused', () => {
  const changed = { ...hypothesis, title: 'Opening hours to 21:00' }
  assert.equal(revisePlan(signed, changed, '2025-03-01T00:00:00Z', 'a planner').versions[1]!.afterDataOpened, false)
  assert.throws(() => revisePlan(signed, structuredClone(hypothesis), '2025-03-01T00:00:00Z', 'a planner'), /version 1 of H-012 already says this/)
})

test('another design, expectation or level than the registered one is exploratory', () => {
  for (const other of [{ design: 'interruptedTimeSeries' }, { expected: 5 }, { level: 0.9 }, { scale: 'log' }] as const) {
    const cycle = recordCheck(recordDelivery(openCycle(signed, prediction), delivery), { ...evidence, ...other })
    assert.equal(cycle.stage === 'check' && cycle.check.standing, 'exploratory')
  }
})

test('a version edited in place no longer gives its hash', () => {
  assert.deepEqual(tamperedVersions(signed), [])
  const [first] = signed.versions
  assert.deepEqual(tamperedVersions({ versions: [{ ...first!, hypothesis: { ...hypothesis, title: 'Something else' } }] }), [1])
})

test('a plan whose effect is below what its design can see is said to be unverifiable before money is spent', () => {
  assert.equal(canBeVerified(hypothesis), true)
  assert.equal(canBeVerified({ ...hypothesis, expected: [{ ...hypothesis.expected[0]!, effect: 5 }] }), false)
})

test('a plan that contradicts itself is refused with every reason', () => {
  const wrong = {
    ...hypothesis,
    expected: [{ ...hypothesis.expected[0]!, direction: 'down', source: '' } as const],
    design: { ...hypothesis.design, comparators: [] },
  }
  assert.deepEqual(
    planFindings(wrong).map(({ message }) => message),
    [
      'H-012: the expected effect on sp.participation is 10 and its direction is down',
      'H-012: the expectation of sp.participation names no source',
      'H-012: differenceInDifferences needs comparators',
    ],
  )
  assert.throws(() => signPlan(wrong, '2025-02-01T12:00:00Z', 'a planner'), /and 2 more/)
})

test('a belief of 0 ± .01 that meets .006 ± .01 becomes .003 ± .0070711', () => {
  const { mean, sd } = updatedBelief({ mean: 0, sd: 0.01 }, { mean: 0.006, sd: 0.01 })
  assert.equal(mean.toFixed(6), '0.003000')
  assert.equal(sd.toFixed(7), '0.0070711')
})

test('the effect that the model makes of an elasticity leads back to that elasticity', () => {
  const { inputs } = resolveCity(parseCityDocument(demoCity))
  const measure = demoCity.scenarios[0]!.changes
  const derivative = localDerivative(inputs, measure, 'migrationElasticity', 'population', 15, 0.004)
  const estimate = elasticityEstimate({ mean: 7059, sd: 1000 }, 0, derivative)
  assert.ok(Math.abs(estimate.mean - 0.004) < 0.0002, `${estimate.mean}`)
  assert.throws(() => elasticityEstimate({ mean: 1, sd: 1 }, 0, 0), /does not answer to the elasticity/)
})

test('our own record counts only pre-registered, valid checks', () => {
  const close = (estimate: number, design: CheckResult['design']): PdcaCycle => {
    const result = { ...evidence, design, effect: { ...evidence.effect!, estimate } }
    return recordAct(recordCheck(recordDelivery(openCycle(signed, prediction), delivery), result), decision)
  }
  const cycles = [
    close(9, 'differenceInDifferences'),
    close(20, 'differenceInDifferences'),
    close(9, 'syntheticControl'),
    openCycle(signed, prediction),
  ]
  const record = ownRecord(cycles)
  assert.deepEqual([record.closed, record.counted, record.withinBand], [3, 2, 0.5])
  assert.equal(record.meanRelativeError!.toFixed(4), '0.8125')
})

test('Holm keeps .01 and .005 of .01, .04, .03, .005 at the level .05 and no more', () => {
  assert.deepEqual(holmRejections([0.01, 0.04, 0.03, 0.005], 0.05), [true, false, false, true])
})
