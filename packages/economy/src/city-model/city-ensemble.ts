import type { DrawResults, EvaluationOptions, Model } from '../uncertainty/evaluate-draws.ts'
import { evaluateDraws } from '../uncertainty/evaluate-draws.ts'
import type { NamedPrior } from '../uncertainty/priors.ts'
import type { Random } from '../uncertainty/random.ts'
import { type Sampling, sampleDesign } from '../uncertainty/sample-design.ts'
import { sortedQuantile } from '../uncertainty/summarize-draws.ts'
import { refuse } from '../refusal.ts'
import { type CityInputs, requireRunnable } from './city-inputs.ts'
import { type CityParameters, elasticities, parameterDefinitions, type ParameterName } from './city-parameters.ts'
import type { CityYear } from './city-year.ts'
import { type CityOutput, difference, type Scenario } from './compare-runs.ts'
import { identityTolerance } from './identities.ts'
import { simulate } from './simulate.ts'

/** Probabilities of the bands of a fan. */
export const fanProbabilities = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const

/** What is drawn and kept. A prior of a list or of `exports` and the like scales the whole list (mean one). */
export interface EnsembleRequest {
  readonly inputs: CityInputs
  /** Without a scenario only levels are drawn. */
  readonly scenario?: Scenario
  readonly priors: readonly NamedPrior[]
  readonly draws: number
  readonly outputs: readonly CityOutput[]
  readonly sampling?: Sampling
}

/** Bands of one output by year; `kind` says whether of the base or of scenario less base under the same draw. */
export interface Fan {
  readonly output: CityOutput
  readonly kind: 'base' | 'difference'
  /** By year, one value per probability of `fanProbabilities`. */
  readonly bands: readonly (readonly number[])[]
  /** By year, the share of draws above zero. */
  readonly positiveShare: readonly number[]
}

/** Bands with everything needed to make them again. */
export interface Ensemble {
  readonly algorithm: string
  readonly seed: number
  readonly sampling: Sampling
  readonly draws: number
  readonly refused: DrawResults['refused']
  readonly priors: readonly NamedPrior[]
  readonly fans: readonly Fan[]
}

/**
 * Runs base and scenario under common draws and gives the bands; the same seed gives the same bytes, also when rows were split among workers. Elasticities
 * are drawn for both sides alike, so that a difference never mixes two behaviours.
 */
export async function cityEnsemble(
  random: Random,
  request: EnsembleRequest,
  options: Pick<EvaluationOptions, 'signal' | 'onProgress' | 'pause'> = {},
): Promise<Ensemble> {
  requireRunnable(request.inputs)
  const sampling = request.sampling ?? 'latinHypercube'
  const design = sampleDesign(random, request.priors, request.draws, sampling)
  const results = await evaluateDraws(design, cityModel(request), { ...options, outputs: columnNames(request) })
  return ensembleOf(request, results, { algorithm: random.algorithm, seed: random.seed, sampling })
}

/** The model as a function of its drawn parameters, one value per column of `columnNames`; for Sobol indices and history matching too. */
export function cityModel(request: Pick<EnsembleRequest, 'inputs' | 'scenario' | 'priors' | 'outputs'>): Model {
  const { inputs, scenario, outputs } = request
  const names = request.priors.map(({ name }) => drawable(name))
  const measure = (scenario?.changes ?? []).filter((change) => !elasticities.some((name) => name === change.parameter))
  return (drawn) => {
    const parameters = withDraw(inputs.parameters, names, drawn)
    const base = checkedYears({ ...inputs, parameters })
    const values = outputs.flatMap((output) => base.map((year) => year[output]))
    if (scenario === undefined) return values
    const changed = checkedYears({ ...inputs, parameters, changes: [...inputs.changes, ...measure] })
    const differences = changed.map((year, t) => difference(year, base[t]!))
    return [...values, ...outputs.flatMap((output) => differences.map((year) => year[output]))]
  }
}

/** Names of the model's values: `base.population.3` is the population of year 3. */
export function columnNames(request: Pick<EnsembleRequest, 'inputs' | 'scenario' | 'outputs'>): string[] {
  const kinds = request.scenario === undefined ? ['base'] : ['base', 'difference']
  const years = Array.from({ length: request.inputs.horizonYears + 1 }, (_, t) => t)
  return kinds.flatMap((kind) => request.outputs.flatMap((output) => years.map((t) => `${kind}.${output}.${t}`)))
}

function ensembleOf(request: EnsembleRequest, results: DrawResults, made: Pick<Ensemble, 'algorithm' | 'seed' | 'sampling'>): Ensemble {
  const draws = results.rows.length
  if (draws < 2)
    refuse('draws', `${draws} of ${request.draws} draws ran; two are needed for a band (${results.refused[0]?.reason ?? 'none was asked for'})`)
  const years = request.inputs.horizonYears + 1
  const kinds: Fan['kind'][] = request.scenario === undefined ? ['base'] : ['base', 'difference']
  const fans = kinds.flatMap((kind, k) =>
    request.outputs.map((output, o): Fan => {
      const columns = Array.from({ length: years }, (_, t) => sortedColumn(results, (k * request.outputs.length + o) * years + t))
      return {
        output,
        kind,
        bands: columns.map((column) => fanProbabilities.map((probability) => sortedQuantile(column, probability))),
        positiveShare: columns.map((column) => column.filter((value) => value > 0).length / draws),
      }
    }),
  )
  return { ...made, draws: request.draws, refused: results.refused, priors: request.priors, fans }
}

function sortedColumn(results: DrawResults, column: number): Float64Array {
  const width = results.outputs.length
  return Float64Array.from({ length: results.rows.length }, (_, row) => results.values[row * width + column]!).sort()
}

function withDraw(parameters: CityParameters, names: readonly ParameterName[], drawn: Float64Array): CityParameters {
  const changed: Record<string, unknown> = { ...parameters }
  for (const [i, name] of names.entries()) {
    const value = parameters[name]
    changed[name] = Array.isArray(value) ? value.map((cell: number) => cell * drawn[i]!) : drawn[i]
  }
  return changed as unknown as CityParameters
}

/** A draw is held to ID1 to ID6 in every year like any other run. */
function checkedYears(inputs: CityInputs): readonly CityYear[] {
  const { years, residuals } = simulate(inputs)
  for (const [t, year] of residuals.entries()) {
    for (const identity of ['ID1', 'ID2', 'ID3', 'ID4', 'ID5', 'ID6'] as const) {
      if (!(year[identity] <= identityTolerance)) refuse(identity, `${identity} is off by ${year[identity]} in year ${t}`)
    }
  }
  return years
}

function drawable(name: string): ParameterName {
  if (!Object.hasOwn(parameterDefinitions, name)) return refuse('prior', `there is no parameter ${name} to draw`)
  const parameter = name as ParameterName
  if (parameterDefinitions[parameter].shape === 'matrix') refuse('prior', `${name} cannot be drawn as one number`)
  return parameter
}
