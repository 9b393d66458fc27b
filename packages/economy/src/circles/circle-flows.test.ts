import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from '../city-model/simulate.ts'
import { withScenario } from '../city-model/compare-runs.ts'
import { demoCity } from '../parameters/demo-city.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import { circleArrows, circleFlows, type FlowMeasure, knownFlows } from './circle-flows.ts'

const { inputs } = resolveCity({ ...demoCity, horizonYears: 5 })

test('the flows of a year are the cells of its accounts', () => {
  const year = simulate(inputs).years[3]!
  const flow = new Map(circleFlows(inputs, year).map((arrow) => [arrow.measure, arrow]))
  const value = (measure: FlowMeasure): number => flow.get(measure)!.value!
  assert.equal(flow.size, circleArrows.length)
  assert.ok(Math.abs(value('localPurchases') + value('importedConsumption') - year.consumption) < 1e-9)
  assert.ok(Math.abs(value('localPurchases') / year.consumption - year.localShare) < 1e-12)
  assert.ok(Math.abs(value('wages') - value('inCommuterPay') + value('outCommuterPay') - value('residentsPay')) < 1e-9)
  assert.ok(Math.abs(value('residentTaxes') + value('surplusTaxes') + value('grants') - year.revenue) < 1e-9)
  assert.equal(flow.get('attractedPeople')!.state, 'hypothesis')
  assert.deepEqual([Math.abs(value('attractedPeople')), flow.get('attractedPeople')!.assumed, flow.get('wages')!.assumed], [0, false, undefined])
})

test('a measure that attracts people shows them on the dashed arrow', () => {
  const changed = withScenario(inputs, demoCity.scenarios[1]!)
  const year = simulate(changed).years[4]!
  const attracted = circleFlows(changed, year).find(({ measure }) => measure === 'attractedPeople')!
  assert.equal(attracted.assumed, true)
  assert.ok(attracted.value! > 100)
  assert.ok(Math.abs(attracted.value! + 3000 - year.netMigration) < 1e-9)
})

test('accounts without a run leave grey what they do not know', () => {
  const arrows = knownFlows({ wages: 10 })
  assert.deepEqual(
    arrows.filter(({ state }) => state === 'flow').map(({ measure }) => measure),
    ['wages'],
  )
  assert.equal(arrows.filter(({ state }) => state === 'hypothesis').length, 2)
  assert.equal(arrows.filter(({ state }) => state === 'noData').length, circleArrows.length - 3)
})
