import { type Finding, Refusal } from '../refusal.ts'
import { type CityInputs, type HypothesisReference } from './city-inputs.ts'
import { elasticities } from './city-parameters.ts'
import type { CityYear } from './city-year.ts'
import { type CityRun, runCity } from './run-city.ts'
import type { Change } from './city-inputs.ts'

/** A measure to test: named changes to a base, and the hypotheses that its elasticities stand on. */
export interface Scenario {
  readonly id: string
  readonly title: string
  readonly changes: readonly Change[]
  readonly hypotheses?: readonly HypothesisReference[]
}

/** Scalar outputs that can be compared and drawn. */
export type CityOutput = { [K in keyof CityYear]: CityYear[K] extends number ? K : never }[keyof CityYear]

/** Scenario less base, year by year, for every scalar output. */
export interface Comparison {
  readonly base: CityRun
  readonly scenario: CityRun
  readonly differences: readonly Readonly<Record<CityOutput, number>>[]
}

/** The base with the changes of a scenario laid over it. */
export function withScenario(base: CityInputs, scenario: Scenario): CityInputs {
  return { ...base, changes: [...base.changes, ...scenario.changes], hypotheses: [...base.hypotheses, ...(scenario.hypotheses ?? [])] }
}

/**
 * The base that a scenario may be compared with: the base with the scenario's elasticities, since services drift in the base too and an effect measured
 * against another behaviour mixes the two.
 */
export function comparableBase(base: CityInputs, scenario: Scenario): CityInputs {
  const behaviour = scenario.changes.filter((change) => elasticities.some((name) => name === change.parameter))
  return { ...base, changes: [...base.changes, ...behaviour], hypotheses: [...base.hypotheses, ...(scenario.hypotheses ?? [])] }
}

/** Runs both and compares them; refuses a base whose elasticities differ from the scenario's in any year. */
export function compareCity(base: CityInputs, scenario: CityInputs): Comparison {
  const findings = differingBehaviour(base, scenario)
  if (findings.length > 0) throw new Refusal(findings)
  const baseRun = runCity(base)
  const scenarioRun = runCity(scenario)
  return { base: baseRun, scenario: scenarioRun, differences: scenarioRun.years.map((year, t) => difference(year, baseRun.years[t]!)) }
}

/** One year less another for every scalar output. */
export function difference(year: CityYear, base: CityYear): Readonly<Record<CityOutput, number>> {
  const entries = Object.entries(year).filter((entry): entry is [CityOutput, number] => typeof entry[1] === 'number')
  return Object.fromEntries(entries.map(([name, value]) => [name, value - base[name]])) as Record<CityOutput, number>
}

function differingBehaviour(base: CityInputs, scenario: CityInputs): Finding[] {
  if (base.horizonYears !== scenario.horizonYears) {
    return [{ rule: 'comparison', message: `the base runs ${base.horizonYears} years and the scenario ${scenario.horizonYears}` }]
  }
  const behaviour = (inputs: CityInputs, name: string): string =>
    JSON.stringify([inputs.parameters[name as keyof typeof inputs.parameters], inputs.changes.filter(({ parameter }) => parameter === name)])
  return elasticities
    .filter((name) => behaviour(base, name) !== behaviour(scenario, name))
    .map((name) => ({
      rule: 'comparison',
      account: name,
      message: `base and scenario have different ${name}; compare with a base of the same behaviour`,
    }))
}
