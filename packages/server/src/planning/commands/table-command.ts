import {
  columnSums,
  fleggMultipliers,
  fleggQuotients,
  type Impact,
  type ImpactEffect,
  impactOf,
  importShares,
  inputCoefficients,
  type InputOutputTable,
  leontiefInverse,
  type PerOutput,
  perOutput,
  plausibility,
  Refusal,
  regionalCoefficients,
  regionalised,
  type RegionalMultipliers,
  usualDelta,
  weightedMean,
} from '@cityloop/economy'
import { isBought, tableReport } from '../report/table-report.ts'
import { fukuiJobs, fukuiSizes, readInputOutputTables } from '../tables/published-tables.ts'
import type { ReadTable } from '../tables/input-output-upload.ts'
import { type Answer, type Asked, languageOf, limited, onlyFile, textOption, textsOption, UsageError } from './answer.ts'
import { readTable } from './read-input.ts'

interface Multiplied {
  readonly read: ReadTable
  readonly multipliers: readonly number[]
  readonly regionalised?: RegionalMultipliers
  /** Coefficients that the multipliers are made of. */
  readonly local: readonly (readonly number[])[]
  readonly impact?: Impact
}

/**
 * `multipliers`: Type I output multipliers of every table of a file. `--jobs` regionalises tables without imports by Flegg's quotients; without it such a
 * table is marked. `--area` picks one table, which a report needs. `--spend SECTOR=AMOUNT` says what a spending sets in motion.
 */
export async function multipliersCommand(asked: Asked): Promise<Answer> {
  const tables = readInputOutputTables(await readTable(onlyFile(asked, 'an input-output table')), toleranceOf(asked))
  const area = textOption(asked, 'area')
  const chosen = area === undefined ? tables : tables.filter(({ table }) => table.area === area)
  if (chosen.length === 0) throw new UsageError(`the file has no area ${area}; it has ${tables.map(({ table }) => table.area).join(', ')}`)
  const jobsFile = textOption(asked, 'jobs')
  const jobs = jobsFile === undefined ? undefined : fukuiJobs(await readTable(jobsFile))
  const delta = deltaOf(asked)
  const spending = textsOption(asked, 'spend')
  const done = chosen.map((read) => withImpact(multiplied(read, jobs, delta), spending))
  const [only] = done
  return limited(asked, 'circles', {
    lines: done.flatMap((one) => linesOf(one)),
    data: { tables: done.map(dataOf) },
    rows: [['area', 'sector', 'output', 'typeI', 'low', 'high'], ...done.flatMap(rowsOf)],
    html: done.length === 1 && only !== undefined ? reportOf(only, asked) : undefined,
    wrong: done.some(({ multipliers }) => plausibility(multipliers) !== 'plausible'),
  })
}

function multiplied(read: ReadTable, jobs: ReadonlyMap<string, readonly number[]> | undefined, delta: number): Multiplied {
  const { table, exports, findings } = read
  if (findings.length > 0) throw new Refusal(findings)
  const coefficients = inputCoefficients(table.intermediate, table.output)
  const of = (local: readonly (readonly number[])[], regionalised?: RegionalMultipliers): Multiplied => ({
    read,
    local,
    multipliers: columnSums(leontiefInverse(local)),
    regionalised,
  })
  switch (table.form) {
    case 'regional':
      return of(coefficients)
    case 'competitiveImport':
      return of(regionalCoefficients(coefficients, importShares(table, exports)))
    case 'unspecified': {
      if (jobs === undefined) return of(coefficients)
      const sizes = fukuiSizes(jobs, table.area)
      return of(regionalised(coefficients, fleggQuotients(sizes, delta)), fleggMultipliers(coefficients, table.output, sizes, delta))
    }
  }
}

function withImpact(one: Multiplied, spending: readonly string[]): Multiplied {
  if (spending.length === 0) return one
  const { table } = one.read
  const amounts = table.sectors.map(() => 0)
  for (const words of spending) {
    const [, sector = '', amount = ''] = /^(.*)=([^=]*)$/.exec(words) ?? []
    const place = table.sectors.indexOf(sector)
    if (place === -1 || amount.trim() === '' || !Number.isFinite(Number(amount))) {
      throw new UsageError(`--spend is ${words}; SECTOR=AMOUNT is needed, with one of ${table.sectors.join(', ')}`)
    }
    amounts[place]! += Number(amount)
  }
  return { ...one, impact: impactOf(one.local, amounts, perOutputOf(table)) }
}

function perOutputOf(table: InputOutputTable): PerOutput {
  const summed = (accounts: InputOutputTable['primaryInputs']): number[] | undefined =>
    accounts.length === 0
      ? undefined
      : perOutput(
          table.sectors.map((_, j) => accounts.reduce((sum, { values }) => sum + values[j]!, 0)),
          table.output,
        )
  return {
    valueAdded: summed(table.primaryInputs.filter(({ name }) => !isBought(name))),
    income: summed(table.primaryInputs.filter(({ name }) => /compensation|wages/i.test(name))),
    jobs: table.jobs && perOutput(table.jobs, table.output),
  }
}

function impactLines({ impact, read: { table } }: Multiplied): string[] {
  if (impact === undefined) return []
  const line = (name: string, effect: ImpactEffect | undefined, unit: string): string[] =>
    effect === undefined
      ? []
      : [`  ${name.padEnd(12)} direct ${shown(effect.direct)}, with suppliers ${shown(effect.direct + effect.indirect)} ${unit}`]
  return [
    'The spending sets in motion (Type I):',
    ...line('output', impact.output, table.unit),
    ...line('value added', impact.valueAdded, table.unit),
    ...line('income', impact.income, table.unit),
    ...line('jobs', impact.jobs, 'jobs'),
    '! This is what the spending needs, not what the area gains: money taken from elsewhere had an impact too, and impacts of projects must not be added up.',
  ]
}

function shown(value: number): string {
  return value.toPrecision(6)
}

function linesOf(one: Multiplied): string[] {
  const {
    read: { table },
    multipliers,
    regionalised,
  } = one
  const mean = (values: readonly number[]): string => weightedMean(values, table.output).toFixed(3)
  const mark = plausibility(multipliers)
  const band = regionalised === undefined ? '' : `, ${mean(regionalised.low)} to ${mean(regionalised.high)} for delta .4 to .1`
  return [
    `${table.area} ${table.year}: mean Type I ${mean(multipliers)}${band}${mark === 'plausible' ? '' : `  ${mark}`}`,
    ...table.sectors.map((sector, i) => `  ${sector.slice(0, 50).padEnd(50)} ${multipliers[i]!.toFixed(3)}`),
    ...impactLines(one),
  ]
}

function dataOf({ read: { table }, multipliers, regionalised, impact }: Multiplied): unknown {
  const { area, year, unit, source, form, sectors } = table
  const mean = weightedMean(multipliers, table.output)
  return {
    area,
    year,
    unit,
    source,
    form,
    sectors,
    typeI: multipliers,
    mean,
    mark: plausibility(multipliers),
    low: regionalised?.low,
    high: regionalised?.high,
    impact,
  }
}

function rowsOf({ read: { table }, multipliers, regionalised }: Multiplied): (string | number | undefined)[][] {
  return table.sectors.map((sector, i) => [table.area, sector, table.output[i]!, multipliers[i]!, regionalised?.low[i], regionalised?.high[i]])
}

function reportOf({ read, multipliers, regionalised }: Multiplied, asked: Asked): string {
  const { table, findings, exports } = read
  const name = textOption(asked, 'name') ?? nameOf(table)
  return tableReport({ name, table, findings, exports, multipliers, regionalised, language: languageOf(asked) })
}

function nameOf(table: InputOutputTable): string {
  return `${table.area} ${table.year}`
}

function deltaOf(asked: Asked): number {
  const text = textOption(asked, 'delta')
  const value = text === undefined ? usualDelta : Number(text)
  if (!(value >= 0 && value <= 1)) throw new UsageError(`--delta is ${text}; a number from 0 to 1 is needed`)
  return value
}

function toleranceOf(asked: Asked): number | undefined {
  const text = textOption(asked, 'tolerance')
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(value >= 0)) throw new UsageError(`--tolerance is ${text}; a number of at least 0 is needed`)
  return value
}
