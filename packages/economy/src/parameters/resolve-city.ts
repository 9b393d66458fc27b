import type { CityInputs } from '../city-model/city-inputs.ts'
import { type CityParameters, parameterDefinitions, type ParameterName, tableParameters, zeroByDefault } from '../city-model/city-parameters.ts'
import { type Finding, Refusal } from '../refusal.ts'
import { builtList } from './built-value.ts'
import type { CityDocument, DatedValue, ParameterKind } from './city-document.ts'

/** The inputs of a run with the value of every parameter that is in force in the base year, and how many are of each kind. */
export interface ResolvedCity {
  readonly inputs: CityInputs
  readonly inForce: { readonly [K in ParameterName]?: DatedValue }
  readonly kinds: Readonly<Record<ParameterKind, number>>
}

/**
 * Takes for every parameter the newest value not after the base year. Refuses a parameter without such a value, and coefficients of one table taken from
 * different years.
 */
export function resolveCity(document: CityDocument): ResolvedCity {
  const findings: Finding[] = []
  const inForce: Partial<Record<ParameterName, DatedValue>> = {}
  const parameters: Record<string, unknown> = {}
  const kinds: Record<ParameterKind, number> = { observed: 0, derived: 0, assumed: 0 }
  for (const name of Object.keys(parameterDefinitions) as ParameterName[]) {
    const dated = newest(document.parameters[name]?.values ?? [], document.baseYear)
    if (dated !== undefined) {
      inForce[name] = dated
      parameters[name] = plain(dated)
      kinds[dated.kind] += 1
    } else if (zeroByDefault.some((zero) => zero === name)) parameters[name] = 0
    else findings.push({ rule: 'missing year', account: name, message: `${name} has no value in force in ${document.baseYear}` })
  }
  const years = new Map(tableParameters.flatMap((name) => (inForce[name] === undefined ? [] : [[name, inForce[name].year] as const])))
  if (new Set(years.values()).size > 1) {
    const list = [...years].map(([name, year]) => `${name} ${year}`).join(', ')
    findings.push({ rule: 'mixed vintages', account: 'input-output', message: `the coefficients come from tables of different years: ${list}` })
  }
  if (findings.length > 0) throw new Refusal(findings)
  return {
    inputs: {
      name: document.name,
      moneyUnit: document.moneyUnit,
      baseYear: document.baseYear,
      horizonYears: document.horizonYears,
      sectors: document.sectors,
      parameters: parameters as unknown as CityParameters,
      changes: [],
      hypotheses: document.hypotheses,
    },
    inForce,
    kinds,
  }
}

function newest(values: readonly DatedValue[], year: number): DatedValue | undefined {
  return values.reduce<DatedValue | undefined>(
    (best, value) => (value.from <= year && (best === undefined || value.from >= best.from) ? value : best),
    undefined,
  )
}

function plain({ value }: DatedValue): unknown {
  return typeof value === 'object' && 'form' in value ? builtList(value) : value
}
