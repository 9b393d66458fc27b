import { cityEnsemble, createRandom, demoCity, type EnsembleRequest, Refusal, resolveCity } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runEnsemble } from './run-ensemble.ts'

const { inputs } = resolveCity({ ...demoCity, horizonYears: 5 })
const request: EnsembleRequest = {
  inputs,
  scenario: demoCity.scenarios[0]!,
  priors: [{ name: 'migrationElasticity', prior: { kind: 'normal', mean: 0, sd: 0.003 } }],
  draws: 150,
  outputs: ['population'],
}

test('a worker draws the same bytes as the caller would, and tells how far it is', async () => {
  const progress: number[] = []
  const drawn = await runEnsemble({ seed: 5, request }, undefined, (done) => void progress.push(done))
  assert.equal(JSON.stringify(drawn), JSON.stringify(await cityEnsemble(createRandom(5), request)))
  assert.equal(progress.at(-1), 150)
  assert.ok(progress.length > 1)
})

test('drawing is called off in its middle', async () => {
  const control = new AbortController()
  const progress: number[] = []
  const drawing = runEnsemble({ seed: 5, request: { ...request, draws: 100_000 } }, control.signal, (done) => {
    progress.push(done)
    control.abort(new Error('enough'))
  })
  await assert.rejects(drawing, /enough/)
  assert.ok(progress[0]! < 100_000)
})

test('what the model refuses comes back as findings', async () => {
  const wrong = { ...request, inputs: { ...inputs, parameters: { ...inputs.parameters, consumptionPropensity: 2 } } }
  await assert.rejects(
    runEnsemble({ seed: 5, request: wrong }),
    (error) => error instanceof Refusal && /consumptionPropensity is 2/.test(error.message),
  )
  await assert.rejects(runEnsemble({ seed: 5, request: { ...request, draws: 0 } }), Refusal)
})
