import {
  type CityDocument,
  type Finding,
  importShares,
  inputCoefficients,
  type InputOutputTable,
  type Parameter,
  parameterDefinitions,
  type ParameterKind,
  type ParameterName,
  type ParameterValue,
  perOutput,
  Refusal,
  resolveCity,
} from '@cityloop/economy'
import { readCommutingUpload, readJobsUpload, readSettlementUpload } from './account-uploads.ts'
import { readInputOutputUpload } from './input-output-upload.ts'
import { readPopulationUpload, type YearPyramid } from './population-upload.ts'
import type { RawTable } from './read-rows.ts'
import { uploadKindOf } from './read-upload.ts'
import { propertyTaxLine } from './upload-templates.ts'

/**
 * A city with a planner's own tables laid over it: residents by age, the input-output table with its sectors, jobs, commuting. Each replaced parameter says
 * which file it came from. Refuses a table that does not add up, another unit of money, data after the base year, and a table that lacks an account the
 * model needs. Of a settlement only the revenue line `property tax` is a parameter; its other accounts are checked and set nothing, since the model asks
 * for rates on incomes that no settlement states.
 */
export function layUploads(document: CityDocument, uploads: readonly RawTable[]): CityDocument {
  const order = ['population', 'input-output', 'jobs', 'commuting', 'settlement'] as const
  const sorted = uploads
    .map((raw) => ({ raw, kind: uploadKindOf(raw) }))
    .toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
  let city = document
  for (const { raw, kind } of sorted) {
    switch (kind) {
      case 'population':
        city = layPopulation(city, raw)
        break
      case 'input-output':
        city = layTable(city, raw)
        break
      case 'jobs':
        city = layJobs(
          city,
          raw,
          sorted.filter((one) => one.kind === 'input-output').map((one) => one.raw),
        )
        break
      case 'commuting':
        city = layCommuting(city, raw)
        break
      case 'settlement':
        city = laySettlement(city, raw)
        break
    }
  }
  return city
}

function layPopulation(city: CityDocument, raw: RawTable): CityDocument {
  const { pyramids, findings } = readPopulationUpload(raw)
  requireNone(findings)
  const pyramid =
    pyramids.findLast(({ year }) => year <= city.baseYear) ?? refuse('year', `${raw.name} has no residents of ${city.baseYear} or before`)
  const { femaleLifeYears, maleLifeYears } = resolveCity(city).inputs.parameters
  const kind = pyramid.ages.length > 100 ? 'observed' : 'derived'
  const laid = (sex: 'female' | 'male', lived: readonly number[]): Parameter =>
    valueOf(`${sex}ByAge`, singleAges(pyramid, sex, lived), pyramid.year, kind, raw)
  return { ...city, parameters: { ...city.parameters, femaleByAge: laid('female', femaleLifeYears), maleByAge: laid('male', maleLifeYears) } }
}

function layTable(city: CityDocument, raw: RawTable): CityDocument {
  const { table, exports, findings } = readInputOutputUpload(raw)
  requireNone(findings)
  requireUnit(city, table.unit, raw)
  requireYear(city, table.year, raw)
  const { sectors, output } = table
  const taxes = rowsOf(table, /tax/i)
  const wages = rowsOf(table, /wage|compensation/i) ?? refuse('account', `${raw.name} needs an input account of wages or compensation`)
  const basket = (name: string, pattern: RegExp): number[] => {
    const bought = columnsOf(table, pattern) ?? refuse('account', `${raw.name} needs a final demand of ${name}`)
    const total = bought.reduce((sum, value) => sum + value, 0)
    return bought.map((value) => value / total)
  }
  if (table.form === 'unspecified') refuse('imports', `${raw.name} holds no imports; regionalise it first (cityloop economy multipliers --jobs)`)
  const local = table.form === 'regional' ? sectors.map(() => 1) : importShares(table, exports).map((share) => 1 - share)
  const sold = sectors.map((_, i) => table.finalDemand.filter(({ name }) => exports.includes(name)).reduce((sum, { values }) => sum + values[i]!, 0))
  const set = (name: ParameterName, value: ParameterValue, kind: ParameterKind = 'derived'): Record<string, Parameter> => ({
    [name]: valueOf(name, value, table.year, kind, raw),
  })
  return {
    ...city,
    sectors,
    parameters: {
      ...city.parameters,
      ...set('inputCoefficients', inputCoefficients(table.intermediate, output)),
      ...set('compensationShare', perOutput(wages, output)),
      ...set('productionTaxShare', taxes === undefined ? sectors.map(() => 0) : perOutput(taxes, output)),
      ...set('localSupplyShare', local),
      ...set('householdBasket', basket('households', /household|private/i)),
      ...set('governmentBasket', basket('government', /government/i)),
      ...set('investmentBasket', basket('investment', /investment|capital formation/i)),
      ...set('exports', sold, 'observed'),
      ...(table.jobs === undefined ? {} : set('jobsPerOutput', perOutput(table.jobs, output))),
    },
  }
}

function layJobs(city: CityDocument, raw: RawTable, tables: readonly RawTable[]): CityDocument {
  const { jobs, year, findings } = readJobsUpload(raw)
  requireNone(findings)
  requireYear(city, year, raw)
  const [table] = tables.map((one) => readInputOutputUpload(one).table)
  if (table === undefined) return refuse('output', `${raw.name} needs the input-output table whose output its jobs belong to`)
  const missing = table.sectors.filter((sector) => !Object.hasOwn(jobs, sector))
  if (missing.length > 0) refuse('sector', `${raw.name} has no jobs of ${missing.join(', ')}`)
  const perUnit = perOutput(
    table.sectors.map((sector) => jobs[sector]!),
    table.output,
  )
  return { ...city, parameters: { ...city.parameters, jobsPerOutput: valueOf('jobsPerOutput', perUnit, year, 'derived', raw) } }
}

function layCommuting(city: CityDocument, raw: RawTable): CityDocument {
  const { year, inCommuterShare, outCommuterShare, findings } = readCommutingUpload(raw)
  requireNone(findings)
  requireYear(city, year, raw)
  return {
    ...city,
    parameters: {
      ...city.parameters,
      inCommuterShare: valueOf('inCommuterShare', inCommuterShare, year, 'observed', raw),
      outCommuterShare: valueOf('outCommuterShare', outCommuterShare, year, 'derived', raw),
    },
  }
}

function laySettlement(city: CityDocument, raw: RawTable): CityDocument {
  const { year, unit, revenue, findings } = readSettlementUpload(raw)
  requireNone(findings)
  requireUnit(city, unit, raw)
  requireYear(city, year, raw)
  const tax =
    revenue[propertyTaxLine] ?? refuse('account', `${raw.name} has no revenue line ${propertyTaxLine}, so it sets no parameter; check reads it`)
  if (tax < 0) refuse('range', `${raw.name}: ${propertyTaxLine} is ${tax}, below 0`)
  return { ...city, parameters: { ...city.parameters, propertyTax: valueOf('propertyTax', tax, year, 'observed', raw) } }
}

/** Persons by single age 0 to 100 and over: even within a group, and like the life table within the open one. */
function singleAges(pyramid: YearPyramid, sex: 'female' | 'male', lived: readonly number[]): number[] {
  const single = lived.map(() => 0)
  for (const [group, from] of pyramid.ages.entries()) {
    const to = Math.min(pyramid.ages[group + 1] ?? lived.length, lived.length)
    const open = pyramid.ages[group + 1] === undefined
    const weights = lived.map((years, age) => (age < from || age >= to ? 0 : open ? years : 1))
    const whole = weights.reduce((sum, weight) => sum + weight, 0)
    if (whole === 0) refuse('age', `the age group from ${from} lies above 100`)
    for (const [age, weight] of weights.entries()) single[age]! += (pyramid[sex][group]! * weight) / whole
  }
  return single
}

function valueOf(name: ParameterName, value: ParameterValue, year: number, kind: ParameterKind, raw: RawTable): Parameter {
  return { unit: parameterDefinitions[name].unit, values: [{ from: year, year, value, kind, source: raw.name }] }
}

function rowsOf(table: InputOutputTable, pattern: RegExp): number[] | undefined {
  return summed(table.primaryInputs.filter(({ name }) => pattern.test(name)))
}

function columnsOf(table: InputOutputTable, pattern: RegExp): number[] | undefined {
  return summed(table.finalDemand.filter(({ name }) => pattern.test(name)))
}

function summed(accounts: InputOutputTable['primaryInputs']): number[] | undefined {
  const [first] = accounts
  return first && first.values.map((_, i) => accounts.reduce((sum, { values }) => sum + values[i]!, 0))
}

function requireNone(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new Refusal(findings)
}

function requireUnit(city: CityDocument, unit: string, raw: RawTable): void {
  if (unit !== city.moneyUnit) refuse('unit', `${raw.name} is in ${unit}, the city in ${city.moneyUnit}`)
}

function requireYear(city: CityDocument, year: number, raw: RawTable): void {
  if (year > city.baseYear) refuse('year', `${raw.name} is of ${year}, after the base year ${city.baseYear}`)
}

function refuse(rule: string, message: string): never {
  throw new Refusal([{ rule, message }])
}
