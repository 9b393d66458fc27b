import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../refusal.ts'
import { type Hypothesis, revisePlan, signPlan, tamperedVersions } from './hypothesis.ts'
import { parsePlanHistory } from './parse-plan-history.ts'

const plan: Hypothesis = {
  id: 'H-4',
  title: 'A bus at night',
  owner: 'mobility',
  domain: 'mobility',
  createdAt: '2025-01-10T09:00:00Z',
  claim: { arrow: 'platform->population', mechanism: 'shifts can be reached' },
  intervention: { changes: [{ parameter: 'extraPlatformOperation', operation: 'add', value: 2, fromYear: 1 }], costPerYear: 2 },
  expected: [{ kpi: 'mo.pt_access', direction: 'up', effect: 5, unit: 'P1', horizonMonths: 24, prior: { mean: 0, sd: 5 }, source: 'judgement' }],
  design: {
    method: 'interruptedTimeSeries',
    scale: 'level',
    outcomeKpi: 'mo.pt_access',
    prePeriod: { from: '2022-04-01', to: '2025-03-31' },
    postPeriod: { from: '2025-04-01', to: '2027-03-31' },
    comparators: [],
    covariates: [],
    leastPreObservations: 24,
    alpha: 0.05,
    power: 0.8,
    minimumDetectableEffect: 4,
  },
  decisionRule: { adoptIf: 'supported', stopIf: 'not supported', otherwise: 'extend' },
}
const signed = revisePlan(signPlan(plan, '2025-02-01T00:00:00Z', 'Ana'), { ...plan, title: 'Two buses at night' }, '2025-07-01T00:00:00Z', 'Ben')
const copy = (): { versions: Record<string, unknown>[] } => JSON.parse(JSON.stringify(signed)) as { versions: Record<string, unknown>[] }

test('a signed plan survives JSON with every version and every hash', () => {
  const read = parsePlanHistory(copy())
  assert.deepEqual(read, signed)
  assert.deepEqual([tamperedVersions(read), read.versions.map(({ afterDataOpened }) => afterDataOpened)], [[], [false, true]])
})

test('versions out of order, of two plans, or with a mark that their dates belie are refused', () => {
  const wrong = (change: (versions: Record<string, unknown>[]) => void): unknown => {
    const changed = copy()
    change(changed.versions)
    return changed
  }
  assert.throws(() => parsePlanHistory(wrong((versions) => void versions.reverse())), /versions\[0\] is numbered 2, not 1/)
  assert.throws(
    () => parsePlanHistory(wrong(([, last]) => Object.assign(last!, { hypothesis: { ...plan, id: 'H-5' } }))),
    /is of H-5, the one before of H-4/,
  )
  assert.throws(() => parsePlanHistory(wrong(([, last]) => Object.assign(last!, { afterDataOpened: false }))), /afterDataOpened is false/)
  assert.throws(
    () => parsePlanHistory(wrong(([, last]) => Object.assign(last!, { signedAt: '2025-01-01T00:00:00Z' }))),
    /is signed before the one it follows/,
  )
  assert.throws(() => parsePlanHistory(wrong(([, last]) => Object.assign(last!, { seal: 1 }))), /has no member seal/)
})

test('any JSON is read or refused by name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ versions: fc.jsonValue() })), (input) => {
      try {
        parsePlanHistory(input)
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { seed: 6, numRuns: 1000 },
  )
})
