import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoCity } from '../parameters/demo-city.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import { balanceBaseYear } from './balance-base-year.ts'
import { runCity } from './run-city.ts'

const { inputs } = resolveCity({ ...demoCity, horizonYears: 5 })

test('a city that starts far off is balanced to its value added, unemployment and fund change', () => {
  const p = inputs.parameters
  const off = {
    ...inputs,
    parameters: {
      ...p,
      exports: p.exports.map((value) => 1.4 * value),
      jobsPerOutput: p.jobsPerOutput.map((value) => 0.8 * value),
      governmentConsumption: 1900,
    },
  }
  const balanced = balanceBaseYear(off, { gva: 50_800, unemployment: 0.03, fundChange: 0 })
  const [year, next] = runCity(balanced.inputs).years
  assert.ok(Math.abs(year!.gva / 50_800 - 1) < 1e-8)
  assert.ok(Math.abs(year!.unemployment - 0.03) < 1e-8)
  assert.ok(Math.abs(year!.fundChange) < 1e-4)
  assert.ok(Math.abs(balanced.inputs.parameters.laggedSurplus - year!.surplus) < 1e-3)
  assert.equal(next!.t, 1)
})

test('the demo was balanced like this: its exports, jobs and consumption come out within its own rounding', () => {
  const { inputs: balanced, exportFactor, jobFactor, addedConsumption } = balanceBaseYear(inputs, { gva: 50_800, unemployment: 0.03, fundChange: 0 })
  assert.ok(Math.abs(exportFactor - 1) < 1e-4, `${exportFactor}`)
  assert.ok(Math.abs(jobFactor - 1) < 1e-3, `${jobFactor}`)
  assert.ok(Math.abs(addedConsumption) < 0.5, `${addedConsumption}`)
  assert.ok(Math.abs(balanced.parameters.laggedSurplus - 25_974) < 2)
})

test('totals that cannot be together are refused', () => {
  assert.throws(() => balanceBaseYear(inputs, { gva: 50_800, unemployment: 0.01, fundChange: 0 }), /at least the frictional 0\.02/)
  assert.throws(() => balanceBaseYear(inputs, { gva: 50_800, unemployment: 0.6, fundChange: 0 }), /out-commuters alone leave no unemployment of 0\.6/)
  assert.throws(
    () => balanceBaseYear(inputs, { gva: 50_800, unemployment: 0.03, fundChange: 9000 }),
    /government consumption would have to be|does not settle/,
  )
})
