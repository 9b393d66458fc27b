import {
  evaluateKpi,
  findKpi,
  kpiCatalogue,
  type KpiDefinition,
  kpiName,
  type Limit,
  limitLanguages,
  limits,
  type NamedSeries,
  Refusal,
  type SeriesRow,
} from '@cityloop/economy'
import type { RawTable } from '../tables/read-rows.ts'
import { type Answer, type Asked, languageOf, limited, textOption, UsageError } from './answer.ts'
import { readTable } from './read-input.ts'

/**
 * `kpi`: without a file, the catalogue; with `ID SERIES.csv --period P`, the value with the rows it came from. Columns of the series: series, id, period,
 * value, and where wanted key, recordedAt, revises. `--known-at` asks for what was known at an instant.
 */
export async function kpiCommand(asked: Asked): Promise<Answer> {
  const [id, file, ...others] = asked.files
  if (others.length > 0) throw new UsageError(`an id and a file are read, not also ${others.join(', ')}`)
  const language = languageOf(asked)
  if (id === undefined) return catalogue(asked)
  const definition = findKpi(id)
  if (definition === undefined) throw new UsageError(`the catalogue has no indicator ${id}`)
  const name = kpiName(definition, language)
  if (file === undefined) return { lines: [`${id}: ${name}`, `${definition.formula}  [${definition.unit}]`], data: withNames(definition) }
  const period = textOption(asked, 'period')
  if (period === undefined) throw new UsageError('--period is missing')
  const result = evaluateKpi(definition, seriesOf(await readTable(file)), period, textOption(asked, 'known-at'))
  if (result.kind === 'withheld') return { lines: [`${id} in ${period} is withheld: ${result.reason}`], data: result }
  const more = (limitsOfOne[id] ?? []).map((limit) => limits[limit][language])
  const answer = {
    lines: [
      `${id} in ${period}: ${result.value} ${result.unit}`,
      name,
      `${result.formula} (version ${result.version})`,
      ...result.lineage.map(({ series, rows }) => `  ${series}: ${rows.join(', ')}`),
    ],
    data: { ...result, name },
    rows: [
      ['kpi', 'version', 'period', 'value', 'unit', 'name'],
      [result.kpi, result.version, period, result.value, result.unit, name],
    ],
  }
  return limited(asked, 'indicator', answer, more)
}

/** Limits of the model that stand beside indicators made of its multipliers or its circulation rate. */
const limitsOfOne: Readonly<Record<string, readonly Limit[]>> = {
  'ec.circulation': ['circulation'],
  'ec.mult2': ['fixedCoefficients', 'noPrices', 'typeTwo'],
  'sp.service_q': ['elasticities'],
}

function withNames(definition: KpiDefinition): object {
  return { ...definition, names: Object.fromEntries(limitLanguages.map((code) => [code, kpiName(definition, code)])) }
}

function catalogue(asked: Asked): Answer {
  const language = languageOf(asked)
  return {
    lines: kpiCatalogue.map((kpi) => `${kpi.id.padEnd(20)} ${kpiName(kpi, language)} [${kpi.unit}, ${kpi.direction}]`),
    data: kpiCatalogue.map(withNames),
    rows: [
      ['id', 'version', 'name', 'formula', 'unit', 'direction', 'domain', 'links'],
      ...kpiCatalogue.map((kpi) => [
        kpi.id,
        kpi.version,
        kpiName(kpi, language),
        kpi.formula,
        kpi.unit,
        kpi.direction,
        kpi.domain,
        kpi.links.join('; '),
      ]),
    ],
  }
}

function seriesOf(raw: RawTable): NamedSeries {
  const missing = ['series', 'id', 'period', 'value'].filter((column) => !raw.columns.includes(column))
  if (missing.length > 0) throw new Refusal([{ rule: 'columns', account: raw.name, message: `${raw.name} lacks the columns ${missing.join(', ')}` }])
  const series: Record<string, SeriesRow[]> = {}
  for (const { line, cells } of raw.rows) {
    const value = cells['value'] === '' ? Number.NaN : Number(cells['value'])
    if (!Number.isFinite(value))
      throw new Refusal([{ rule: 'number', row: `line ${line}`, message: `line ${line}: value is ${cells['value']}, no number` }])
    const row: SeriesRow = {
      id: cells['id'] ?? '',
      period: cells['period'] ?? '',
      value,
      ...given(cells, 'key'),
      ...given(cells, 'recordedAt'),
      ...given(cells, 'revises'),
    }
    const rows = (series[cells['series'] ?? ''] ??= [])
    rows.push(row)
  }
  return series
}

function given(cells: Readonly<Record<string, string>>, column: 'key' | 'recordedAt' | 'revises'): Partial<SeriesRow> {
  const text = cells[column]
  return text === undefined || text === '' ? {} : { [column]: text }
}
