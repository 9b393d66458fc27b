import type { Change, HypothesisReference } from '../city-model/city-inputs.ts'
import { type Elasticity, elasticities, type ParameterDefinition, parameterDefinitions, type ParameterName } from '../city-model/city-parameters.ts'
import type { Scenario } from '../city-model/compare-runs.ts'
import { refuse } from '../refusal.ts'
import { type BuiltValue, parseBuiltValue } from './built-value.ts'
import { arrayAt, type Json, listAt, numberAt, objectAt, onlyKeys, optional, textAt } from './read-json.ts'

/** How a value is known; a run says how many parameters are of each kind. */
export type ParameterKind = 'observed' | 'derived' | 'assumed'
export const parameterKinds: readonly ParameterKind[] = ['observed', 'derived', 'assumed']

/** Belief about a value before data: normal, or even over a range. */
export type Prior = { readonly mean: number; readonly sd: number } | { readonly low: number; readonly high: number }

/** One value of a parameter: in force from a year on, taken from data of `year`. */
export interface DatedValue {
  readonly from: number
  readonly year: number
  readonly value: ParameterValue
  readonly kind: ParameterKind
  readonly source: string
  readonly prior?: Prior
}

/** A number, a list by sector or age, a matrix, or a list that is built from few numbers. */
export type ParameterValue = number | readonly number[] | readonly (readonly number[])[] | BuiltValue

/** A parameter with its unit; the newest value whose `from` is not after the base year is in force. */
export interface Parameter {
  readonly unit: string
  readonly values: readonly DatedValue[]
}

/** A city as it is written down, exchanged and hashed. */
export interface CityDocument {
  readonly name: string
  readonly moneyUnit: string
  readonly baseYear: number
  readonly horizonYears: number
  readonly sectors: readonly string[]
  readonly parameters: { readonly [K in ParameterName]?: Parameter }
  readonly hypotheses: readonly HypothesisReference[]
  readonly scenarios: readonly Scenario[]
}

/** Parses unknown JSON; throws a `Refusal` that names the place (`parameters.exports.values[0].value`). */
export function parseCityDocument(input: unknown): CityDocument {
  const city = objectAt(input, 'city')
  onlyKeys(city, ['name', 'moneyUnit', 'baseYear', 'horizonYears', 'sectors', 'parameters', 'hypotheses', 'scenarios'], 'city')
  const parameters = objectAt(city['parameters'], 'parameters')
  const names = Object.keys(parameters).map((name) =>
    isParameter(name) ? name : refuse('parameter', `there is no parameter ${name}`, { account: name }),
  )
  return {
    name: textAt(city['name'], 'name'),
    moneyUnit: textAt(city['moneyUnit'], 'moneyUnit'),
    baseYear: yearAt(city['baseYear'], 'baseYear'),
    horizonYears: numberAt(city['horizonYears'], 'horizonYears'),
    sectors: listAt(city['sectors'], 'sectors', textAt, 109),
    parameters: Object.fromEntries(names.map((name) => [name, parseParameter(parameters[name], `parameters.${name}`, parameterDefinitions[name])])),
    hypotheses: optional(city['hypotheses'], [], (value) => listAt(value, 'hypotheses', parseHypothesisReference)),
    scenarios: optional(city['scenarios'], [], (value) => listAt(value, 'scenarios', parseScenario)),
  }
}

/** Parses a scenario; throws a `Refusal` that names the place. */
export function parseScenario(input: unknown, at = 'scenario'): Scenario {
  const scenario = objectAt(input, at)
  onlyKeys(scenario, ['id', 'title', 'changes', 'hypotheses'], at)
  return {
    id: textAt(scenario['id'], `${at}.id`),
    title: textAt(scenario['title'], `${at}.title`),
    changes: listAt(scenario['changes'], `${at}.changes`, parseChange),
    hypotheses: optional(scenario['hypotheses'], [], (value) => listAt(value, `${at}.hypotheses`, parseHypothesisReference)),
  }
}

function parseParameter(input: unknown, at: string, definition: ParameterDefinition): Parameter {
  const parameter = objectAt(input, at)
  onlyKeys(parameter, ['unit', 'values'], at)
  const unit = textAt(parameter['unit'], `${at}.unit`)
  if (unit !== definition.unit) refuse('unit', `${at}.unit is ${unit}, not ${definition.unit}`, { account: at })
  const values = listAt(parameter['values'], `${at}.values`, parseDatedValue, 1000)
  if (values.length === 0) refuse('value', `${at} has no value`, { account: at })
  return { unit, values }
}

function parseDatedValue(input: unknown, at: string): DatedValue {
  const dated = objectAt(input, at)
  onlyKeys(dated, ['from', 'year', 'value', 'kind', 'source', 'prior'], at)
  const kind = parameterKinds.find((known) => known === dated['kind'])
  if (kind === undefined) refuse('kind', `${at}.kind is ${String(dated['kind'])}; it must be one of ${parameterKinds.join(', ')}`, { account: at })
  return {
    from: yearAt(dated['from'], `${at}.from`),
    year: yearAt(dated['year'], `${at}.year`),
    value: parseValue(dated['value'], `${at}.value`),
    kind,
    source: textAt(dated['source'], `${at}.source`),
    ...optional<{ prior?: Prior }>(dated['prior'], {}, (prior) => ({ prior: parsePrior(prior, `${at}.prior`) })),
  }
}

function parseValue(input: unknown, at: string): ParameterValue {
  if (typeof input === 'number') return numberAt(input, at)
  if (!Array.isArray(input)) return parseBuiltValue(input, at)
  const rows = arrayAt(input, at, 109)
  if (rows.some(Array.isArray)) return rows.map((row, i) => listAt(row, `${at}[${i}]`, numberAt, 109))
  return rows.map((cell, i) => numberAt(cell, `${at}[${i}]`))
}

function parsePrior(input: unknown, at: string): Prior {
  const prior = objectAt(input, at)
  if (prior['sd'] !== undefined) {
    onlyKeys(prior, ['mean', 'sd'], at)
    return { mean: numberAt(prior['mean'], `${at}.mean`), sd: positiveAt(prior['sd'], `${at}.sd`) }
  }
  onlyKeys(prior, ['low', 'high'], at)
  const low = numberAt(prior['low'], `${at}.low`)
  const high = numberAt(prior['high'], `${at}.high`)
  return low <= high ? { low, high } : refuse('prior', `${at}: low ${low} is above high ${high}`)
}

function parseHypothesisReference(input: unknown, at: string): HypothesisReference {
  const reference = objectAt(input, at)
  onlyKeys(reference, ['id', 'elasticity', 'prior', 'source'], at)
  const elasticity: Elasticity | undefined = elasticities.find((name) => name === reference['elasticity'])
  if (elasticity === undefined) refuse('elasticity', `${at}.elasticity is ${String(reference['elasticity'])}; there is no such elasticity`)
  const prior = parsePrior(reference['prior'], `${at}.prior`)
  if (!('sd' in prior)) refuse('prior', `${at}.prior needs mean and sd`)
  return { id: textAt(reference['id'], `${at}.id`), elasticity, prior, source: textAt(reference['source'], `${at}.source`) }
}

function parseChange(input: unknown, at: string): Change {
  const change = objectAt(input, at)
  onlyKeys(change, ['parameter', 'operation', 'value', 'index', 'fromYear', 'untilYear', 'rampYears'], at)
  const parameter = textAt(change['parameter'], `${at}.parameter`)
  const operation = (['set', 'add', 'scale'] as const).find((known) => known === change['operation'])
  if (operation === undefined) refuse('change', `${at}.operation is ${String(change['operation'])}; it must be set, add or scale`)
  const whole = (['index', 'fromYear', 'untilYear', 'rampYears'] as const).filter((name) => change[name] !== undefined)
  return {
    parameter: isParameter(parameter) ? parameter : refuse('change', `${at}.parameter: there is no parameter ${parameter}`),
    operation,
    value: numberAt(change['value'], `${at}.value`),
    ...Object.fromEntries(whole.map((name) => [name, numberAt(change[name], `${at}.${name}`)])),
  }
}

function yearAt(value: Json, at: string): number {
  const year = numberAt(value, at)
  return Number.isInteger(year) && year >= 1800 && year <= 2300 ? year : refuse('year', `${at} is ${year}; a year from 1800 to 2300 is needed`)
}

function positiveAt(value: Json, at: string): number {
  const number = numberAt(value, at)
  return number > 0 ? number : refuse('range', `${at} is ${number}; it must be above zero`)
}

function isParameter(name: string): name is ParameterName {
  return Object.hasOwn(parameterDefinitions, name)
}
