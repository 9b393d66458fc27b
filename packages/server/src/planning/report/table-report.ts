import {
  type Finding,
  type FlowMeasure,
  type InputOutputTable,
  knownFlows,
  type LimitLanguage,
  plausibility,
  type RegionalMultipliers,
  weightedMean,
} from '@cityloop/economy'
import { circlesFigure } from './circles-figure.ts'
import { escaped, page, shown, t } from './markup.ts'
import { arrowTable, circlesKey, limitsBox, plainTable } from './report-parts.ts'
import { style } from './style.ts'
import { texts } from './texts.ts'

/** What a report of an input-output table alone shows. */
export interface TableReport {
  readonly name: string
  readonly table: InputOutputTable
  readonly findings: readonly Finding[]
  /** Final-demand accounts that leave the area. */
  readonly exports: readonly string[]
  readonly multipliers: readonly number[]
  /** Set when the table had to be regionalised. */
  readonly regionalised?: RegionalMultipliers
  readonly language?: LimitLanguage
}

/** The single-file report of a table: what it knows of the circles, its accounts with their residuals, its multipliers. */
export function tableReport(report: TableReport): string {
  const { name, table, findings } = report
  const body = [
    `<h1>${escaped(name)}: ${t('title')}</h1>`,
    `<p class="quiet">${table.year} · ${escaped(table.unit)} · ${escaped(table.source)}</p>`,
    plausibility(report.multipliers) === 'plausible' ? '' : `<p class="ribbon">${t('implausible')}</p>`,
    `<h2>${t('circlesTitle')} ${table.year}</h2><p>${t('howToRead')}</p>${circlesKey()}`,
    `<div class="sheet" tabindex="0">${circlesFigure(arrowsOf(report), factsOf(table), `${name}, ${table.year}`)}</div>`,
    `<div class="sheet" tabindex="0">${arrowTable([{ head: `${table.year}`, arrows: arrowsOf(report) }])}</div>`,
    limitsBox(),
    multipliers(report),
    accounts(table),
    findings.length === 0
      ? ''
      : `<div class="sheet" tabindex="0"><ul>${findings.map(({ message }) => `<li>${escaped(message)}</li>`).join('')}</ul></div>`,
  ]
  return page(`${name}: ${texts.title[0]}`, report.language ?? 'en', style, body.join('\n'))
}

/** What a table alone knows of the circles; everything else has no data. */
export function arrowsOf({ table, exports }: Pick<TableReport, 'table' | 'exports'>): ReturnType<typeof knownFlows> {
  const values: Partial<Record<FlowMeasure, number>> = {}
  const put = (measure: FlowMeasure, value: number | undefined): void => {
    if (value !== undefined) values[measure] = value
  }
  put('wages', sumOfNamed(table.primaryInputs, /compensation|wages/i))
  if (table.form === 'regional') {
    put('localPurchases', sumOfNamed(table.finalDemand, /household/i))
    put('cityPurchases', sumOfNamed(table.finalDemand, /government/i))
    put('importedInputs', sumOfNamed(table.primaryInputs, /import|other regions|abroad/i))
  }
  const leaving = table.finalDemand.filter((account) => exports.includes(account.name))
  if (leaving.length > 0)
    put(
      'exports',
      leaving.reduce((sum, { values }) => sum + total(values), 0),
    )
  return knownFlows(values)
}

function factsOf(table: InputOutputTable): Parameters<typeof circlesFigure>[1] {
  const jobs = table.jobs === undefined ? {} : { employment: { value: shown(total(table.jobs)), words: texts.jobs } }
  return { industry: { value: shown(valueAdded(table)), words: texts.gva, wordsFirst: true }, ...jobs }
}

function multipliers({ table, multipliers: typeI, regionalised }: TableReport): string {
  const band = (i: number): string[] =>
    regionalised === undefined ? [] : [`${regionalised.low[i]!.toFixed(3)} – ${regionalised.high[i]!.toFixed(3)}`]
  const rows = table.sectors.map((sector, i) => [escaped(sector), shown(table.output[i]!), typeI[i]!.toFixed(3), ...band(i)])
  const mean = (values: readonly number[]): string => weightedMean(values, table.output).toFixed(3)
  const banded = regionalised === undefined ? [] : [`${mean(regionalised.low)} – ${mean(regionalised.high)}`]
  const foot = [t('meanRow'), shown(total(table.output)), mean(typeI), ...banded]
  const heads = [t('sector'), t('outputColumn'), t('typeI'), ...(regionalised === undefined ? [] : [t('band')])]
  const note = regionalised === undefined ? '' : `<p class="quiet">${t('regionalisedNote')}</p>`
  return `<h2>${t('multipliersTitle')}</h2>${note}<div class="sheet" tabindex="0">${plainTable(heads, rows, { foot })}</div>`
}

function accounts(table: InputOutputTable): string {
  const heads = [
    t('account'),
    ...table.sectors.map((sector) => escaped(short(sector))),
    ...table.finalDemand.map(({ name }) => escaped(name)),
    t('outputColumn'),
    t('rowResidual'),
  ]
  const cell = (value: number): string => (value === 0 ? '0' : shown(value))
  const rows = table.sectors.map((sector, i) => {
    const uses = [...table.intermediate[i]!, ...table.finalDemand.map(({ values }) => values[i]!)]
    const left = table.finalDemand.length === 0 ? '' : shown(rounded(total(uses) - (table.imports?.[i] ?? 0) - table.output[i]!))
    return [escaped(short(sector)), ...uses.map(cell), cell(table.output[i]!), left]
  })
  const blanks = Array.from({ length: table.finalDemand.length + 2 }, () => '')
  const inputs = table.primaryInputs.map(({ name, values }) => [escaped(name), ...values.map(cell), ...blanks])
  const residuals = table.sectors.map((_, j) => {
    const paid = total(table.intermediate.map((row) => row[j]!)) + total(table.primaryInputs.map(({ values }) => values[j]!))
    return table.primaryInputs.length === 0 ? '' : shown(rounded(paid - table.output[j]!))
  })
  const foot = [t('columnResidual'), ...residuals, ...blanks]
  return `<h2>${t('tableTitle')}</h2><p>${t('tableNote')}</p><div class="sheet" tabindex="0">${plainTable(heads, [...rows, ...inputs], { foot, kind: 'sam' })}</div>`
}

/** Whether an account below the intermediate block is bought (imports, taxes on what is bought) and no value added. */
export function isBought(account: string): boolean {
  return /import|other regions|abroad|on products/i.test(account)
}

/** Differences of rounding in the ninth digit are not shown as residuals. */
function rounded(difference: number): number {
  return Math.abs(difference) < 1e-6 ? 0 : difference
}

function short(sector: string): string {
  return sector.length > 28 ? `${sector.slice(0, 27)}…` : sector
}

function valueAdded(table: InputOutputTable): number {
  const own = table.primaryInputs.filter(({ name }) => !isBought(name))
  return own.reduce((sum, { values }) => sum + total(values), 0)
}

function sumOfNamed(list: InputOutputTable['primaryInputs'], pattern: RegExp): number | undefined {
  const found = list.filter(({ name }) => pattern.test(name))
  return found.length === 0 ? undefined : found.reduce((sum, { values }) => sum + total(values), 0)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
