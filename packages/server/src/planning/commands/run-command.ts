import {
  assumedElasticities,
  cityMultipliers,
  type CityInputs,
  type CityOutput,
  type CityRun,
  type CityYear,
  comparableBase,
  compareCity,
  documentPriors,
  type Ensemble,
  runCity,
  type Scenario,
  withScenario,
} from '@cityloop/economy'
import { runEnsemble } from '../draws/run-ensemble.ts'
import { cityReport, fanOutputs } from '../report/city-report.ts'
import { type Answer, type Asked, languageOf, limited, wholeOption } from './answer.ts'
import { readCity, type ReadCity, scenarioOf } from './read-input.ts'

/** `run`: the base, or the base under a scenario's changes, with bands when draws are asked for. */
export async function runCommand(asked: Asked): Promise<Answer> {
  const city = await readCity(asked)
  const scenario = scenarioOf(city, asked)
  return scenario === undefined ? runBase(city, asked) : comparison(city, scenario, asked)
}

/** `compare`: a scenario against a base of the same behaviour. */
export async function compareCommand(asked: Asked): Promise<Answer> {
  const city = await readCity(asked)
  return comparison(city, scenarioOf(city, asked, true)!, asked)
}

async function runBase(city: ReadCity, asked: Asked): Promise<Answer> {
  const run = runCity(city.inputs)
  const ensemble = await bands(city, city.inputs, undefined, asked)
  const language = languageOf(asked)
  return limited(asked, 'circles', {
    lines: [...heading(run), ...yearLines(run), '', checksLine(run)],
    data: { run, ensemble },
    rows: yearRows(run.years),
    html: cityReport({
      run,
      inputs: city.inputs,
      kinds: city.kinds,
      inForce: city.inForce,
      multipliers: cityMultipliers(city.inputs.parameters),
      ensemble,
      language,
    }),
  })
}

async function comparison(city: ReadCity, scenario: Scenario, asked: Asked): Promise<Answer> {
  const base = comparableBase(city.inputs, scenario)
  const changed = withScenario(city.inputs, scenario)
  const compared = compareCity(base, changed)
  const ensemble = await bands(city, base, scenario, asked)
  const language = languageOf(asked)
  const chosen = everyFew(compared.differences.length)
  const effects = chosen.map((t) => {
    const { population, gva, jobs, fund } = compared.differences[t]!
    return `  year ${String(t).padStart(3)}  people ${signed(population, 0)}  value added ${signed(gva, 1)}  jobs ${signed(jobs, 0)}  fund ${signed(fund, 1)}`
  })
  const report = {
    run: compared.base,
    inputs: base,
    kinds: city.kinds,
    inForce: city.inForce,
    multipliers: cityMultipliers(city.inputs.parameters),
    scenario: { title: scenario.title, run: compared.scenario, inputs: changed },
    ensemble,
    language,
  }
  return limited(asked, 'circles', {
    lines: [
      ...heading(compared.scenario),
      `${scenario.title}: scenario less base of the same behaviour`,
      ...effects,
      ...bandLines(ensemble),
      '',
      checksLine(compared.scenario),
    ],
    data: { ...compared, ensemble },
    rows: differenceRows(compared.differences),
    html: cityReport(report),
  })
}

async function bands(city: ReadCity, inputs: CityInputs, scenario: Scenario | undefined, asked: Asked): Promise<Ensemble | undefined> {
  const draws = wholeOption(asked, 'draws', 0, 0, 100_000)
  if (draws === 0) return undefined
  const priors = documentPriors({ inForce: city.inForce, inputs })
  if (priors.length === 0) {
    asked.tell('no input has a prior, so there is nothing to draw\n')
    return undefined
  }
  const seed = wholeOption(asked, 'seed', 1, 0, 0xffffffff)
  const behaviour = assumedElasticities(inputs)
  const stripped = { ...inputs, changes: inputs.changes.filter(({ parameter }) => !behaviour.some((name) => name === parameter)) }
  let last = 0
  const onProgress = (done: number, total: number): void => {
    if (done === total || done - last >= total / 10) asked.tell(`${done} of ${total} draws\n`)
    if (done - last >= total / 10) last = done
  }
  return runEnsemble({ seed, request: { inputs: stripped, scenario, priors, draws, outputs: fanOutputs } }, undefined, onProgress)
}

function heading(run: CityRun): string[] {
  const assumes = run.assumes === 'accounting only' ? 'accounting only' : `assumes ${run.assumes.join(', ')}`
  return [`${run.name}, ${run.baseYear} to ${run.years.at(-1)!.calendarYear}, money in ${run.moneyUnit}: ${assumes}`, `inputs ${run.inputsHash}`, '']
}

function yearLines(run: CityRun): string[] {
  const head = 'year    people      65+   value added    jobs     unempl.  debt      fund      circ.   regime'
  return [head, ...everyFew(run.years.length).map((t) => yearLine(run.years[t]!))]
}

function yearLine(year: CityYear): string {
  const cells = [
    String(year.calendarYear),
    year.population.toFixed(0).padStart(9),
    `${(100 * year.share65).toFixed(1)} %`.padStart(8),
    year.gva.toFixed(1).padStart(11),
    year.jobs.toFixed(0).padStart(10),
    `${(100 * year.unemployment).toFixed(2)} %`.padStart(9),
    year.debt.toFixed(1).padStart(9),
    year.fund.toFixed(1).padStart(9),
    `${(100 * year.circulation).toFixed(1)} %`.padStart(8),
    `  ${year.regime}`,
  ]
  return cells.join(' ')
}

function checksLine(run: CityRun): string {
  const worst = run.checks.reduce((one, other) => (other.residual > one.residual ? other : one))
  const untested = run.checks.flatMap(({ identity, notTested }) => (notTested === undefined ? [] : [`${identity} not tested: ${notTested}`]))
  return [`identities hold; the largest residual is ${worst.residual.toExponential(1)} (${worst.identity})`, ...untested].join('; ')
}

function bandLines(ensemble: Ensemble | undefined): string[] {
  if (ensemble === undefined) return []
  const lines = ensemble.fans
    .filter(({ kind, output }) => kind === 'difference' && (output === 'population' || output === 'gva' || output === 'fund'))
    .map(({ output, bands: years, positiveShare }) => {
      const last = years.at(-1)!
      const [low, middle, high] = [last[0], last[3], last[6]]
      return `  ${output.padEnd(10)} ${signed(low!, 1)} / ${signed(middle!, 1)} / ${signed(high!, 1)}, above zero in ${(100 * positiveShare.at(-1)!).toFixed(0)} % of draws`
    })
  return ['', `last year, 5 / 50 / 95 % of ${ensemble.draws} draws (${ensemble.algorithm}, seed ${ensemble.seed}):`, ...lines]
}

/** Rows of all scalar outputs by year. */
function yearRows(years: readonly CityYear[]): (string | number)[][] {
  const names = Object.entries(years[0]!).flatMap(([name, value]) =>
    typeof value === 'number' || typeof value === 'string' ? [name as keyof CityYear] : [],
  )
  return [names, ...years.map((year) => names.map((name) => year[name] as string | number))]
}

function differenceRows(differences: readonly Readonly<Record<CityOutput, number>>[]): (string | number)[][] {
  const names = Object.keys(differences[0]!).filter((name) => name !== 't' && name !== 'calendarYear') as CityOutput[]
  return [['t', ...names], ...differences.map((year, t) => [t, ...names.map((name) => year[name])])]
}

function everyFew(count: number): number[] {
  const step = Math.max(1, Math.ceil((count - 1) / 10))
  return Array.from({ length: count }, (_, t) => t).filter((t) => t % step === 0 || t === count - 1)
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(digits)}`.replace(/^[+-](0(\.0+)?)$/, '$1')
}
