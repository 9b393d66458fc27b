import {
  columnSums,
  fleggMultipliers,
  importShares,
  inputCoefficients,
  leontiefInverse,
  limitsIn,
  plausibility,
  Refusal,
  regionalCoefficients,
  usualDelta,
  weightedMean,
} from '@cityloop/economy'
import { type InputOutputTable, type RegionalMultipliers } from '@cityloop/economy'
import { tableReport } from '../report/table-report.ts'
import { fukuiJobs, fukuiSizes, readInputOutputTables } from '../tables/published-tables.ts'
import type { ReadTable } from '../tables/input-output-upload.ts'
import { type Answer, type Asked, onlyFile, textOption, UsageError } from './answer.ts'
import { languageOf, readTable } from './read-input.ts'

interface Multiplied {
  readonly read: ReadTable
  readonly multipliers: readonly number[]
  readonly regionalised?: RegionalMultipliers
}

/**
 * `multipliers`: Type I output multipliers of every table of a file. `--jobs` regionalises tables without imports by Flegg's quotients; without it such a
 * table is marked. `--area` picks one table, which a report needs.
 */
export async function multipliersCommand(asked: Asked): Promise<Answer> {
  const tables = readInputOutputTables(await readTable(onlyFile(asked, 'an input-output table')))
  const area = textOption(asked, 'area')
  const chosen = area === undefined ? tables : tables.filter(({ table }) => table.area === area)
  if (chosen.length === 0) throw new UsageError(`the file has no area ${area}; it has ${tables.map(({ table }) => table.area).join(', ')}`)
  const jobsFile = textOption(asked, 'jobs')
  const jobs = jobsFile === undefined ? undefined : fukuiJobs(await readTable(jobsFile))
  const delta = deltaOf(asked)
  const done = chosen.map((read) => multiplied(read, jobs, delta))
  const [only] = done
  const lines = done.flatMap((one) => linesOf(one))
  const language = languageOf(asked)
  return {
    lines: [...lines, '', ...limitsIn(language).map((limit) => `! ${limit}`)],
    data: { tables: done.map(dataOf), limits: limitsIn(language) },
    rows: [['area', 'sector', 'output', 'typeI', 'low', 'high'], ...done.flatMap(rowsOf)],
    html: done.length === 1 && only !== undefined ? reportOf(only, asked) : undefined,
    wrong: done.some(({ read, multipliers }) => read.findings.length > 0 || plausibility(multipliers) !== 'plausible'),
  }
}

function multiplied(read: ReadTable, jobs: ReadonlyMap<string, readonly number[]> | undefined, delta: number): Multiplied {
  const { table, exports } = read
  if (read.findings.some(({ rule }) => rule !== 'row balance' && rule !== 'column balance')) throw new Refusal(read.findings)
  const coefficients = inputCoefficients(table.intermediate, table.output)
  switch (table.form) {
    case 'regional':
      return { read, multipliers: columnSums(leontiefInverse(coefficients)) }
    case 'competitiveImport':
      return { read, multipliers: columnSums(leontiefInverse(regionalCoefficients(coefficients, importShares(table, exports)))) }
    case 'unspecified': {
      if (jobs === undefined) return { read, multipliers: columnSums(leontiefInverse(coefficients)) }
      const regionalised = fleggMultipliers(coefficients, table.output, fukuiSizes(jobs, table.area), delta)
      return { read, multipliers: regionalised.multipliers, regionalised }
    }
  }
}

function linesOf({ read: { table, findings }, multipliers, regionalised }: Multiplied): string[] {
  const mean = (values: readonly number[]): string => weightedMean(values, table.output).toFixed(3)
  const mark = plausibility(multipliers)
  const band = regionalised === undefined ? '' : `, ${mean(regionalised.low)} to ${mean(regionalised.high)} for delta .4 to .1`
  return [
    `${table.area} ${table.year}: mean Type I ${mean(multipliers)}${band}${mark === 'plausible' ? '' : `  ${mark}`}`,
    ...table.sectors.map((sector, i) => `  ${sector.slice(0, 50).padEnd(50)} ${multipliers[i]!.toFixed(3)}`),
    ...findings.map(({ message }) => `  ! ${message}`),
  ]
}

function dataOf({ read: { table, findings }, multipliers, regionalised }: Multiplied): unknown {
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
    findings,
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
