import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoCity } from '../parameters/demo-city.ts'
import { resolveCity } from '../parameters/resolve-city.ts'
import { Refusal } from '../refusal.ts'
import { accountResiduals, institutions } from './accounting-matrix.ts'
import { linearResponseResidual, moneyScaleResidual, peopleUnmoved } from './companion-checks.ts'
import { requireIdentities } from './identities.ts'
import { runCity } from './run-city.ts'
import { type Simulation, simulate } from './simulate.ts'

const { inputs } = resolveCity({ ...demoCity, horizonYears: 4 })
const simulation = simulate(inputs)
const changed = (change: Partial<Simulation['years'][number]>): Simulation => ({
  ...simulation,
  years: simulation.years.map((year, t) => (t === 2 ? { ...year, ...change } : year)),
})

test('an account that pays what it did not receive shows it, and so does the one at the other end', () => {
  const matrix = simulation.years[0]!.matrix.map((row) => [...row])
  const [city, households] = [3 + institutions.indexOf('city'), 3 + institutions.indexOf('households')]
  matrix[city]![households]! += 5
  const residuals = accountResiduals(matrix)
  assert.ok(Math.abs(residuals[city]! - 5) < 1e-9 && Math.abs(residuals[households]! + 5) < 1e-9)
  assert.ok(residuals.filter((residual) => Math.abs(residual) > 1e-9).length === 2)
})

test('a run with a residual above 1e-9, or with none that is a number, is refused by identity and year', () => {
  const check =
    (residual: number): (() => void) =>
    () =>
      requireIdentities([{ identity: 'ID3', residual, worstYear: 7 }])
  assert.doesNotThrow(check(9e-10))
  assert.throws(
    check(2e-9),
    (error) => error instanceof Refusal && error.message === 'ID3 (net income inflow is net imports and net lending) is off by 2e-9 in year 7',
  )
  assert.throws(check(Number.NaN), /ID3/)
})

test('the companions see a person moved, money that does not scale, and output that does not follow its column', () => {
  assert.equal(peopleUnmoved(inputs, simulation), true)
  assert.equal(peopleUnmoved(inputs, changed({ births: simulation.years[2]!.births + 1e-9 })), false)
  assert.ok(moneyScaleResidual(inputs, simulation) < 1e-12)
  assert.ok(moneyScaleResidual(inputs, changed({ gva: simulation.years[2]!.gva * 1.001 })) > 1e-4)
  assert.ok((linearResponseResidual(inputs, simulation) as number) < 1e-12)
  const first = { ...simulation.years[0]!, output: simulation.years[0]!.output.map((value) => value * 1.001) }
  assert.ok((linearResponseResidual(inputs, { ...simulation, years: [first, ...simulation.years.slice(1)] }) as number) > 1e-4)
})

test('a city that is tight from the start says that ID9 could not be tested', () => {
  const p = inputs.parameters
  const run = runCity({ ...inputs, parameters: { ...p, jobsPerOutput: p.jobsPerOutput.map((jobs) => 1.3 * jobs) } })
  assert.deepEqual([...new Set(run.years.map(({ regime }) => regime))], ['tight'])
  assert.equal(run.checks.find(({ identity }) => identity === 'ID9')!.notTested, 'no year is slack')
  for (const year of run.years) assert.ok(year.inCommuterShare > p.inCommuterShare)
})
