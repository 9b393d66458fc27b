import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCityDocument } from '../parameters/city-document.ts'
import { demoCity } from '../parameters/demo-city.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import type { NamedPrior } from '../uncertainty/priors.ts'
import { createRandom } from '../uncertainty/random.ts'
import { sobolIndices } from '../uncertainty/sobol-indices.ts'
import { cityEnsemble, cityModel, type EnsembleRequest } from './city-ensemble.ts'

const { inputs } = resolveCity(parseCityDocument({ ...demoCity, horizonYears: 15 }))
const normal = (name: string, sd: number): NamedPrior => ({ name, prior: { kind: 'normal', mean: 0, sd } })
const priors = [
  normal('migrationElasticity', 0.003),
  normal('fertilityElasticity', 0.05),
  normal('participationElasticity', 0.02),
  normal('productivityElasticity', 0.02),
  normal('localSupplyElasticity', 0.02),
]
const request: EnsembleRequest = { inputs, scenario: demoCity.scenarios[0]!, priors, draws: 400, outputs: ['population', 'fund', 'gva'] }

test('400 draws of weak beliefs: the sign of the population effect is unknown and the programme never pays for itself', async (t) => {
  const { fans, refused } = await cityEnsemble(createRandom(20_261_123), request)
  assert.equal(refused.length, 0)
  const last = (output: string): { bands: readonly number[]; positive: number } => {
    const fan = fans.find((one) => one.output === output && one.kind === 'difference')!
    return { bands: fan.bands[15]!, positive: fan.positiveShare[15]! }
  }
  const people = last('population')
  const fund = last('fund')
  t.diagnostic(`population 5/50/95 %: ${[0, 3, 6].map((i) => people.bands[i]!.toFixed(0)).join(' / ')} (reference, other draws: -8998 / 429 / 8992)`)
  t.diagnostic(`fund 5/50/95 %: ${[0, 3, 6].map((i) => fund.bands[i]!.toFixed(0)).join(' / ')} (reference: -1257 / -1187 / -1120)`)
  assert.ok(Math.abs(people.bands[0]! + 9000) < 900 && Math.abs(people.bands[6]! - 9000) < 900 && Math.abs(people.bands[3]!) < 900)
  assert.ok(people.positive > 0.4 && people.positive < 0.6)
  assert.ok(Math.abs(fund.bands[0]! + 1257) < 12 && Math.abs(fund.bands[3]! + 1187) < 12 && Math.abs(fund.bands[6]! + 1120) < 12)
  assert.equal(fund.positive, 0)
})

test('the same seed gives the same bytes and another seed does not', async () => {
  const small = { ...request, draws: 20 }
  const one = JSON.stringify(await cityEnsemble(createRandom(1), small))
  assert.equal(JSON.stringify(await cityEnsemble(createRandom(1), small)), one)
  assert.notEqual(JSON.stringify(await cityEnsemble(createRandom(2), small)), one)
})

test('a cancelled ensemble stops and says so', async () => {
  const control = new AbortController()
  const seen: number[] = []
  const onProgress = (done: number): void => {
    seen.push(done)
    control.abort(new Error('cancelled by the caller'))
  }
  await assert.rejects(cityEnsemble(createRandom(1), request, { signal: control.signal, onProgress }), /cancelled by the caller/)
  assert.ok(seen[0]! > 0 && seen[0]! < 400)
})

test('the migration elasticity explains the population effect of the measure', async () => {
  const asked = { inputs, scenario: demoCity.scenarios[0]!, priors, outputs: ['population'] } as const
  const model = cityModel(asked)
  const result = await sobolIndices(createRandom(3), priors, 32, (drawn) => [model(drawn).at(-1)!], { output: 'population', resamples: 20 })
  const share = result.indices.find(({ parameter }) => parameter === 'migrationElasticity')!
  assert.ok(share.total > 0.9, `${share.total}`)
})

test('a prior of a parameter that does not exist is refused', async () => {
  await assert.rejects(cityEnsemble(createRandom(1), { ...request, priors: [normal('happiness', 1)] }), /there is no parameter happiness to draw/)
})
