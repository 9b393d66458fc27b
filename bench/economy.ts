import { cityEnsemble, type CityInputs, createRandom, demoCity, parseCityDocument, resolveCity, runCity } from '@cityloop/economy'
import { createHash } from 'node:crypto'

/** Times the engine of the two circles: one run of 30 years with 13 sectors, and 10,000 draws of the demo's measure on one thread. */
export async function bench(): Promise<void> {
  const { inputs } = resolveCity(parseCityDocument(demoCity))
  const wide = split(inputs, 13)
  for (let i = 0; i < 20; i++) runCity(wide)
  const before = process.cpuUsage()
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now()
    runCity(wide)
    return performance.now() - start
  }).toSorted((one, other) => one - other)
  const processorMs = process.cpuUsage(before).user / 1000 / times.length
  console.log(
    `30 years, 13 sectors, all identities checked: median ${times[25]!.toFixed(2)} ms, slowest of 50 ${times[49]!.toFixed(2)} ms, ` +
      `${processorMs.toFixed(2)} ms of processor each (bound 20 ms)`,
  )

  const request = {
    inputs,
    scenario: demoCity.scenarios[0]!,
    priors: [
      { name: 'migrationElasticity', prior: { kind: 'normal', mean: 0, sd: 0.003 } },
      { name: 'fertilityElasticity', prior: { kind: 'normal', mean: 0, sd: 0.05 } },
      { name: 'participationElasticity', prior: { kind: 'normal', mean: 0, sd: 0.02 } },
      { name: 'productivityElasticity', prior: { kind: 'normal', mean: 0, sd: 0.02 } },
      { name: 'localSupplyElasticity', prior: { kind: 'normal', mean: 0, sd: 0.02 } },
    ],
    draws: 10_000,
    outputs: ['population', 'fund', 'gva'],
  } as const
  let reports = 0
  const start = performance.now()
  const worked = process.cpuUsage()
  const ensemble = await cityEnsemble(createRandom(20_261_123), request, { onProgress: () => void (reports += 1) })
  const wallS = (performance.now() - start) / 1000
  const processorS = process.cpuUsage(worked).user / 1e6
  console.log(
    `10,000 draws of 30 years, base and measure: ${wallS.toFixed(1)} s on one thread (${processorS.toFixed(1)} s of processor), ${reports} progress reports (bound 60 s)`,
  )
  console.log(
    `refused ${ensemble.refused.length}; SHA-256 of the result ${createHash('sha256').update(JSON.stringify(ensemble)).digest('hex').slice(0, 16)}`,
  )
  const people = ensemble.fans.find(({ output, kind }) => output === 'population' && kind === 'difference')!
  console.log(`population effect in year 15, 5/50/95 %: ${[0, 3, 6].map((i) => people.bands[15]![i]!.toFixed(0)).join(' / ')}`)
}

/** The same city with its sectors cut into `count` parts that differ a little, so that the solver meets a dense system. */
function split(inputs: CityInputs, count: number): CityInputs {
  const from = (i: number): number => i % inputs.sectors.length
  const parts = (i: number): number => Array.from({ length: count }, (_, k) => k).filter((k) => from(k) === from(i)).length
  const p = inputs.parameters
  const spread = (values: readonly number[]): number[] => Array.from({ length: count }, (_, i) => values[from(i)]! / parts(i))
  const same = (values: readonly number[]): number[] => Array.from({ length: count }, (_, i) => values[from(i)]! * (1 - 0.003 * i))
  return {
    ...inputs,
    sectors: Array.from({ length: count }, (_, i) => `${inputs.sectors[from(i)]} ${i + 1}`),
    parameters: {
      ...p,
      inputCoefficients: Array.from({ length: count }, (_, i) =>
        Array.from({ length: count }, (_, j) => p.inputCoefficients[from(i)]![from(j)]! / parts(i)),
      ),
      compensationShare: same(p.compensationShare),
      productionTaxShare: same(p.productionTaxShare),
      localSupplyShare: same(p.localSupplyShare),
      jobsPerOutput: same(p.jobsPerOutput),
      householdBasket: spread(p.householdBasket),
      governmentBasket: spread(p.governmentBasket),
      investmentBasket: spread(p.investmentBasket),
      exports: spread(p.exports),
    },
  }
}
