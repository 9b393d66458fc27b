import { type InputOutputTable, Refusal, type SectorSizes } from '@cityloop/economy'
import { readInputOutputUpload, type ReadTable } from './input-output-upload.ts'
import type { RawTable, TableRow } from './read-rows.ts'

/** The twelve industries of Fukui's tables (Computational Economics 2024, doi 10.1007/s10614-024-10641-1), in order. */
export const fukuiIndustries = [
  'Agriculture, forestry, fisheries',
  'Mining',
  'Manufacturing',
  'Construction',
  'Energy',
  'Trade',
  'Finance, insurance, real estate',
  'Transport and postal',
  'Information and communication',
  'Public business',
  'Services',
  'Other industry',
] as const

/** Reads one or more input-output tables, by the columns of the file: our template (off by `tolerance` at most), Fukui's wide table, or ALTA's long one. */
export function readInputOutputTables(raw: RawTable, tolerance?: number): ReadTable[] {
  if (raw.columns.includes('R1C1')) return raw.rows.map(fukuiTable)
  if (raw.columns.includes('industry_or_user')) return altaTables(raw)
  return [readInputOutputUpload(raw, tolerance)]
}

/**
 * Jobs of Fukui's census variables in the twelve industries, by area. Minor groups (three digits) are summed by their division after the Japan Standard
 * Industrial Classification. Lettered groups repeat the group before them and are left out, but for 12A, which stands for 121 and 122. `Other industry`
 * has no establishments of its own and counts none.
 */
export function fukuiJobs(raw: RawTable): Map<string, number[]> {
  const columns = raw.columns.flatMap((column) => {
    const match = /^SEmp_(?:(\d\d)\d|(12)A)$/.exec(column)
    return match === null ? [] : [{ column, industry: industryOfDivision(Number(match[1] ?? match[2])) }]
  })
  if (columns.length === 0) throw new Refusal([{ rule: 'columns', account: raw.name, message: `${raw.name} has no columns SEmp_` }])
  return new Map(
    raw.rows.map((row) => {
      const jobs = fukuiIndustries.map(() => 0)
      for (const { column, industry } of columns) jobs[industry]! += numeric(row, column)
      return [row.cells['AreaID'] ?? '', jobs]
    }),
  )
}

/**
 * Sizes for location quotients: the area against all areas of the file that do not lie within another (Kawasaki lies in Kanagawa). That is not the nation,
 * so e/E is too large and the multipliers lean to the high side.
 */
export function fukuiSizes(jobs: ReadonlyMap<string, readonly number[]>, area: string): SectorSizes {
  const own = jobs.get(area)
  if (own === undefined) throw new Refusal([{ rule: 'area', message: `the census variables have no area ${area}` }])
  const whole = [...jobs].filter(([id]) => id.endsWith('000') || !jobs.has(`${id.slice(0, 2)}000`))
  return { area: own, nation: own.map((_, i) => whole.reduce((sum, [, list]) => sum + list[i]!, 0)) }
}

function fukuiTable(row: TableRow): ReadTable {
  const count = fukuiIndustries.length
  const indices = Array.from({ length: count }, (_, i) => i + 1)
  const intermediate = indices.map((i) => indices.map((j) => numeric(row, `R${i}C${j}`)))
  const output = indices.map((i) => numeric(row, `Y${i}`))
  const table: InputOutputTable = {
    area: row.cells['AreaID'] ?? '',
    year: 2015,
    unit: 'million JPY',
    source: 'S. Fukui, regional input-output tables 2015 in 12 industries',
    form: 'unspecified',
    sectors: fukuiIndustries,
    intermediate,
    finalDemand: [
      { name: 'Final demand less imports', values: output.map((value, i) => value - intermediate[i]!.reduce((sum, cell) => sum + cell, 0)) },
    ],
    primaryInputs: [{ name: 'Value added', values: output.map((value, j) => value - intermediate.reduce((sum, line) => sum + line[j]!, 0)) }],
    output,
  }
  const negative = table.primaryInputs[0]!.values.flatMap((value, j) =>
    value >= 0
      ? []
      : [
          {
            rule: 'sign',
            account: 'Value added',
            column: table.sectors[j]!,
            difference: value,
            message: `value added of ${table.sectors[j]} is ${value}`,
          },
        ],
  )
  return { table, exports: [], findings: negative }
}

/** ALTA's names for the accounts of a regional table, in English. */
const altaFinal = {
  'P3/S14 Kotitalouksien kulutusmenot': 'Households',
  'P3/S13 Julkisyhteisöjen kulutusmenot': 'Government',
  'P5 Pääoman bruttomuodostus': 'Investment',
  'P52 Varastojen muutos': 'Inventories',
  'P6K Tavaroiden ja palvelujen vienti': 'Exports abroad',
  'Tavaroiden ja palvelujen vienti kotimaahan': 'Exports to other regions',
} as const
const altaInputs = {
  'Kotimaisten tuontituotteiden käyttö yhteensä': 'Inputs from other regions',
  'Ulkomaisten tuontituotteiden käyttö yhteensä': 'Inputs from abroad',
  'Tuoteverot miinus tuotetukipalkkio': 'Taxes less subsidies on products',
  Palkansaajakorvaukset: 'Compensation of employees',
  Pääomakorvaukset: 'Capital income',
  'Maankäytön korvaukset': 'Land income',
  'Muut tuotantoverot, netto': 'Other taxes on production',
} as const

function altaTables(raw: RawTable): ReadTable[] {
  const regions = [...new Set(raw.rows.map((row) => row.cells['region'] ?? ''))]
  return regions.map((region) => altaTable(raw, region))
}

function altaTable(raw: RawTable, region: string): ReadTable {
  const rows = raw.rows.filter((row) => row.cells['region'] === region)
  const cells = new Map(rows.map((row) => [`${row.cells['commodity']}\u0000${row.cells['industry_or_user']}`, numeric(row, 'value_meur')]))
  const at = (from: string, to: string): number => cells.get(`${from}\u0000${to}`) ?? 0
  const users = new Set(rows.map((row) => row.cells['industry_or_user'] ?? ''))
  const sectors = [...new Set(rows.map((row) => row.cells['commodity'] ?? ''))].filter((name) => users.has(name))
  const output = sectors.map((sector) => at('Tuotos perushintaan', sector))
  const table: InputOutputTable = {
    area: region,
    year: 2014,
    unit: 'million EUR',
    source: 'ALTA, Honkatukia et al. 2019, regional input-output tables 2014',
    form: 'regional',
    sectors,
    intermediate: sectors.map((from) => sectors.map((to) => at(from, to))),
    finalDemand: Object.entries(altaFinal).map(([label, name]) => ({ name, values: sectors.map((sector) => at(sector, label)) })),
    primaryInputs: Object.entries(altaInputs).map(([label, name]) => ({ name, values: sectors.map((sector) => at(label, sector)) })),
    output,
  }
  return { table, exports: ['Exports abroad', 'Exports to other regions'], findings: [] }
}

function numeric(row: TableRow, column: string): number {
  const text = row.cells[column] ?? ''
  const value = text === '' ? 0 : Number(text)
  if (Number.isFinite(value)) return value
  throw new Refusal([{ rule: 'number', column, row: `line ${row.line}`, message: `line ${row.line}: ${column} is ${text}, no number` }])
}

function industryOfDivision(division: number): number {
  if (division <= 4) return 0
  if (division === 5) return 1
  if (division <= 8) return 3
  if (division <= 32) return 2
  if (division <= 36) return 4
  if (division <= 41) return 8
  if (division <= 49) return 7
  if (division <= 61) return 5
  if (division <= 69) return 6
  return division >= 97 ? 9 : 10
}
