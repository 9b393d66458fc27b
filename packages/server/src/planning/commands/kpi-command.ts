import { evaluateKpi, findKpi, kpiCatalogue, type NamedSeries, Refusal, type SeriesRow } from '@cityloop/economy'
import type { RawTable } from '../tables/read-rows.ts'
import { type Answer, type Asked, textOption, UsageError } from './answer.ts'
import { readTable } from './read-input.ts'

/**
 * `kpi`: without a file, the catalogue; with `ID SERIES.csv --period P`, the value with the rows it came from. Columns of the series: series, id, period,
 * value, and where wanted key, recordedAt, revises. `--known-at` asks for what was known at an instant.
 */
export async function kpiCommand(asked: Asked): Promise<Answer> {
  const [id, file, ...others] = asked.files
  if (others.length > 0) throw new UsageError(`an id and a file are read, not also ${others.join(', ')}`)
  if (id === undefined) return catalogue()
  const definition = findKpi(id)
  if (definition === undefined) throw new UsageError(`the catalogue has no indicator ${id}`)
  if (file === undefined) return { lines: [`${definition.id}: ${definition.name}`, `${definition.formula}  [${definition.unit}]`], data: definition }
  const period = textOption(asked, 'period')
  if (period === undefined) throw new UsageError('--period is missing')
  const result = evaluateKpi(definition, seriesOf(await readTable(file)), period, textOption(asked, 'known-at'))
  if (result.kind === 'withheld') return { lines: [`${id} in ${period} is withheld: ${result.reason}`], data: result }
  return {
    lines: [
      `${id} in ${period}: ${result.value} ${result.unit}`,
      `${result.formula} (version ${result.version})`,
      ...result.lineage.map(({ series, rows }) => `  ${series}: ${rows.join(', ')}`),
    ],
    data: result,
    rows: [
      ['kpi', 'version', 'period', 'value', 'unit'],
      [result.kpi, result.version, period, result.value, result.unit],
    ],
  }
}

function catalogue(): Answer {
  return {
    lines: kpiCatalogue.map(({ id, name, unit, direction }) => `${id.padEnd(20)} ${name} [${unit}, ${direction}]`),
    data: kpiCatalogue,
    rows: [
      ['id', 'version', 'name', 'formula', 'unit', 'direction', 'domain', 'links'],
      ...kpiCatalogue.map((kpi) => [kpi.id, kpi.version, kpi.name, kpi.formula, kpi.unit, kpi.direction, kpi.domain, kpi.links.join('; ')]),
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
