import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckResult } from '../causal/check-result.ts'
import { cityEnsemble } from '../city-model/city-ensemble.ts'
import { comparableBase, compareCity, withScenario } from '../city-model/compare-runs.ts'
import { runCity } from '../city-model/run-city.ts'
import { demoCity } from '../parameters/demo-city.ts'
import { documentPriors } from '../parameters/document-priors.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import { createRandom } from '../uncertainty/random.ts'
import { elasticityEstimate, localDerivative, updatedBelief } from './belief.ts'
import { type Hypothesis, signPlan } from './hypothesis.ts'
import { ownRecord } from './own-record.ts'
import { openCycle, recordAct, recordCheck, recordDelivery } from './pdca-cycle.ts'
import { predictEffect } from './predict-effect.ts'

/** A measure of five years: + 100 of platform operation from year 3, believed to attract people; the indicator is residents after 8 years. */
const measure = demoCity.scenarios[0]!
const prior = { mean: 0.002, sd: 0.003 }
const { inputs, inForce } = resolveCity({ ...demoCity, horizonYears: 8 })
const believed = {
  ...inputs,
  hypotheses: [{ id: 'H-1', elasticity: 'migrationElasticity', prior, source: 'judgement' } as const],
}
const hypothesis: Hypothesis = {
  id: 'H-1',
  title: 'Better services keep people',
  owner: 'planning department',
  domain: 'population',
  createdAt: '2020-01-01T00:00:00Z',
  claim: { arrow: 'platform->population', mechanism: 'services attract', elasticity: 'migrationElasticity' },
  intervention: { changes: measure.changes, costPerYear: 100 },
  expected: [
    { kpi: 'pop.total', direction: 'up', effect: 1300, unit: 'person', horizonMonths: 96, prior: { mean: 1300, sd: 2000 }, source: 'the model' },
  ],
  design: {
    method: 'syntheticControl',
    scale: 'level',
    outcomeKpi: 'pop.total',
    prePeriod: { from: '2010-01-01', to: '2022-12-31' },
    postPeriod: { from: '2023-01-01', to: '2028-12-31' },
    comparators: ['urn:city:b', 'urn:city:c'],
    covariates: [],
    leastPreObservations: 12,
    alpha: 0.05,
    power: 0.8,
    minimumDetectableEffect: 900,
  },
  decisionRule: { adoptIf: 'supported', stopIf: 'not supported', otherwise: 'extend' },
}

test('a belief becomes a prediction, the check a verdict, the verdict a better belief, and the next run stands on it', async () => {
  // plan
  const priors = documentPriors({ inForce, inputs: believed })
  const ensemble = await cityEnsemble(createRandom(8), { inputs, scenario: measure, priors, draws: 200, outputs: ['population'] })
  const plan = signPlan(hypothesis, '2020-03-01T00:00:00Z', 'a planner')
  const prediction = predictEffect(plan.versions[0]!, runCity(inputs).inputsHash, ensemble, 'population', 8)
  assert.ok(prediction.low < prediction.central && prediction.central < prediction.high)
  assert.ok(Math.abs(prediction.central - 1300) < 250, `${prediction.central}`)

  // do, check: 2,400 people more than the comparators say, with a standard error of 300
  const seen: CheckResult = {
    design: 'syntheticControl',
    scale: 'level',
    verdict: 'supported',
    reasons: [],
    expected: 1300,
    level: 0.95,
    effect: { estimate: 2400, interval: [1812, 2988], p: 0.02, onScale: { estimate: 2400, standardError: 300, degrees: 30 } },
    minimumDetectable: 840,
    noise: null,
    diagnostics: [],
    path: [],
  }
  const delivered = recordDelivery(openCycle(plan, prediction), { actualStart: '2023-01-01', actualSpend: 100, deviations: [] })
  const checked = recordCheck(delivered, seen, 2400 - prediction.central)

  // act: the effect is turned into the elasticity by the model's own derivative
  const derivative = localDerivative(inputs, measure.changes, 'migrationElasticity', 'population', 8, prior.mean)
  const estimate = elasticityEstimate({ mean: 2400, sd: 300 }, 0, derivative)
  const belief = updatedBelief(prior, estimate)
  assert.ok(belief.mean > prior.mean && belief.sd < prior.sd / 3, `${belief.mean} ± ${belief.sd}`)
  const closed = recordAct(checked, {
    decision: 'adopt',
    decidedBy: 'the council',
    decidedAt: '2029-02-01T00:00:00Z',
    reason: 'supported',
    parameterUpdates: [{ parameter: 'migrationElasticity', ...belief }],
  })
  assert.equal(closed.stage, 'closed')
  assert.equal(ownRecord([closed]).counted, 1)

  // the next plan starts from the new belief, and the model now gives back what was seen
  const next = {
    ...measure,
    id: 'next',
    changes: [...measure.changes, { parameter: 'migrationElasticity', operation: 'set', value: belief.mean } as const],
    hypotheses: [{ id: 'H-1.2', elasticity: 'migrationElasticity', prior: belief, source: 'check of H-1' } as const],
  }
  const { differences, scenario } = compareCity(comparableBase(inputs, next), withScenario(inputs, next))
  assert.deepEqual(scenario.assumes, ['H-1.2'])
  assert.ok(Math.abs(differences[8]!.population - 2400) < 150, `${differences[8]!.population}`)
})

test('an ensemble that did not draw the output cannot predict it', async () => {
  const ensemble = await cityEnsemble(createRandom(8), {
    inputs,
    scenario: measure,
    priors: documentPriors({ inForce, inputs: believed }),
    draws: 3,
    outputs: ['gva'],
  })
  const [version] = signPlan(hypothesis, '2020-03-01T00:00:00Z', 'a planner').versions
  assert.throws(() => predictEffect(version!, 'x', ensemble, 'population', 8), /drew no difference of population/)
  assert.throws(() => predictEffect(version!, 'x', ensemble, 'gva', 80), /has no year 80/)
})
