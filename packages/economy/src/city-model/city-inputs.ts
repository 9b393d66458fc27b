import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { type Finding, Refusal } from '../refusal.ts'
import { changeFindings } from './changes.ts'
import { ageCount, type CityParameters, type Elasticity, elasticities, parameterDefinitions, type ParameterName } from './city-parameters.ts'

/** A change of one parameter from a year of the run on; `index` picks a sector or an age, without it the whole list changes. */
export interface Change {
  readonly parameter: ParameterName
  readonly operation: 'set' | 'add' | 'scale'
  readonly value: number
  readonly index?: number
  /** Years after the base year; 0 when left out. */
  readonly fromYear?: number
  /** First year without the change; never when left out. */
  readonly untilYear?: number
  /** Years over which the change grows evenly to its full size. */
  readonly rampYears?: number
}

/** The hypothesis that a non-zero elasticity stands on. */
export interface HypothesisReference {
  readonly id: string
  readonly elasticity: Elasticity
  readonly prior: { readonly mean: number; readonly sd: number }
  readonly source: string
}

/** Everything a run depends on. Money is in constant units of the base year. */
export interface CityInputs {
  readonly name: string
  readonly moneyUnit: string
  readonly baseYear: number
  readonly horizonYears: number
  readonly sectors: readonly string[]
  readonly parameters: CityParameters
  readonly changes: readonly Change[]
  readonly hypotheses: readonly HypothesisReference[]
}

/** Longest run, and most sectors (order of the solver with the household row to spare). */
export const longestHorizon = 200
export const mostSectors = 109

/** Every reason why these inputs cannot be run: shapes, ranges, sums that must be one, changes that name nothing. */
export function inputFindings(inputs: CityInputs): Finding[] {
  const findings: Finding[] = []
  const sectors = inputs.sectors.length
  if (sectors < 1 || sectors > mostSectors)
    findings.push({ rule: 'sectors', message: `there are ${sectors} sectors; 1 to ${mostSectors} can be run` })
  if (!Number.isInteger(inputs.horizonYears) || inputs.horizonYears < 0 || inputs.horizonYears > longestHorizon) {
    findings.push({ rule: 'horizon', message: `horizonYears is ${inputs.horizonYears}; a whole number from 0 to ${longestHorizon} is needed` })
  }
  if (!Number.isInteger(inputs.baseYear)) findings.push({ rule: 'year', message: `baseYear is ${inputs.baseYear}; a whole year is needed` })
  findings.push(...rangeFindings(inputs.parameters, inputs.sectors))
  if (findings.length === 0) findings.push(...sumFindings(inputs.parameters, inputs.sectors))
  if (findings.length === 0) findings.push(...changeFindings(inputs))
  return findings
}

/** Throws a `Refusal` unless the inputs can be run. */
export function requireRunnable(inputs: CityInputs): void {
  const findings = inputFindings(inputs)
  if (findings.length > 0) throw new Refusal(findings)
}

/** Elasticities that are not zero in the base parameters or by a change. */
export function assumedElasticities(inputs: CityInputs): Elasticity[] {
  return elasticities.filter(
    (name) => inputs.parameters[name] !== 0 || inputs.changes.some((change) => change.parameter === name && change.value !== 0),
  )
}

/** Every value outside its shape or range, with the place it stands at. */
export function rangeFindings(parameters: CityParameters, sectors: readonly string[]): Finding[] {
  const findings: Finding[] = []
  for (const name of Object.keys(parameterDefinitions) as ParameterName[]) {
    const { shape, min, max } = parameterDefinitions[name]
    const value: unknown = parameters[name]
    const at = (place: string, cell: unknown, row?: string, column?: string): void => {
      if (typeof cell !== 'number' || !(cell >= min && cell <= max)) {
        findings.push({ rule: 'range', account: name, row, column, message: `${name}${place} is ${String(cell)}, outside ${min} to ${max}` })
      }
    }
    if (shape === 'scalar') at('', value)
    else if (!Array.isArray(value) || value.length !== (shape === 'age' ? ageCount : sectors.length)) {
      const length = Array.isArray(value) ? value.length : 0
      findings.push({
        rule: 'shape',
        account: name,
        message: `${name} has ${length} values, ${shape === 'age' ? ageCount : sectors.length} are needed`,
      })
    } else if (shape === 'matrix') {
      for (const [i, row] of value.entries()) {
        if (!Array.isArray(row) || row.length !== sectors.length) {
          findings.push({ rule: 'shape', account: name, row: sectors[i], message: `${name}, row ${sectors[i]} has not ${sectors.length} values` })
        } else for (const [j, cell] of row.entries()) at(` of ${sectors[i]} in ${sectors[j]}`, cell, sectors[i], sectors[j])
      }
    } else
      for (const [i, cell] of value.entries()) at(shape === 'age' ? ` at age ${i}` : ` of ${sectors[i]}`, cell, shape === 'age' ? `${i}` : sectors[i])
  }
  return findings
}

/** Shares that must sum to one, value-added shares that must not go below zero, and taxes that must leave something. */
export function sumFindings(parameters: CityParameters, sectors: readonly string[]): Finding[] {
  const findings: Finding[] = []
  for (const name of ['householdBasket', 'governmentBasket', 'investmentBasket', 'fertilityProfile', 'migrationProfile'] as const) {
    const sum = compensatedSum(parameters[name])
    if (!(Math.abs(sum - 1) <= 1e-9)) findings.push({ rule: 'ID6', account: name, difference: sum - 1, message: `${name} sums to ${sum}, not to 1` })
  }
  for (const [j, sector] of sectors.entries()) {
    const inputs = compensatedSum(parameters.inputCoefficients.map((row) => row[j]!))
    const surplus = 1 - inputs - parameters.compensationShare[j]! - parameters.productionTaxShare[j]!
    if (!(surplus >= -1e-12)) {
      const message = `column ${sector}: inputs, compensation and taxes take ${1 - surplus} of output, so its surplus share is ${surplus}`
      findings.push({ rule: 'ID6', account: 'surplus', column: sector, difference: surplus, message })
    }
  }
  const spread = parameters.residentSurplusShare + parameters.retainedSurplusShare + parameters.localSurplusTax + parameters.nationalSurplusTax
  if (spread > 1 + 1e-12)
    findings.push({ rule: 'ID6', account: 'surplus', difference: spread - 1, message: `${spread} of the operating surplus is given away` })
  const taxed = parameters.localIncomeTax + parameters.nationalIncomeTax
  if (taxed > 1) findings.push({ rule: 'ID6', account: 'labour income', difference: taxed - 1, message: `${taxed} of labour income is taxed away` })
  if (!(compensatedSum(parameters.femaleByAge) + compensatedSum(parameters.maleByAge) > 0))
    findings.push({ rule: 'population', message: 'the city has no residents' })
  return findings
}
