import type { Finding } from '@cityloop/economy'
import { onlyValue, rowReader } from './cell-values.ts'
import type { RawTable, TableRow } from './read-rows.ts'

/** Jobs at the place of work by sector. */
export interface ReadJobs {
  readonly area: string
  readonly year: number
  readonly jobs: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
}

/** Commuting of the city; shares are those of the model (kappa of jobs, phi of residents who work). */
export interface ReadCommuting {
  readonly area: string
  readonly year: number
  readonly livingAndWorking: number
  readonly outCommuters: number
  readonly inCommuters: number
  readonly inCommuterShare: number
  readonly outCommuterShare: number
  readonly findings: readonly Finding[]
}

/** A settled year. */
export interface ReadSettlement {
  readonly area: string
  readonly year: number
  readonly unit: string
  readonly revenue: Readonly<Record<string, number>>
  readonly expenditure: Readonly<Record<string, number>>
  readonly balance: number
  readonly findings: readonly Finding[]
}

/** Reads the `jobs` template; a total line must be the sum. */
export function readJobsUpload(raw: RawTable): ReadJobs {
  const read = rowReader(raw)
  if (raw.rows[0] !== undefined) read.year(raw.rows[0], 'year')
  const jobs: Record<string, number> = {}
  const totals: { row: TableRow; value: number }[] = []
  for (const row of raw.rows) {
    const sector = read.text(row, 'sector')
    const value = read.number(row, 'jobs', 0)
    if (sector === 'total') totals.push({ row, value })
    else if (Object.hasOwn(jobs, sector)) read.report(row, 'twice', `${sector} stands twice`)
    else jobs[sector] = value
  }
  const sum = total(jobs)
  for (const { row, value } of totals) if (sum !== value) read.report(row, 'total', `the total is ${value}, the sectors sum to ${sum}`, sum - value)
  return { ...placed(raw), jobs, findings: [...onlyValue(raw, 'area'), ...onlyValue(raw, 'year'), ...read.findings] }
}

/** Reads the `commuting` template; a total line must be the sum of its origin. */
export function readCommutingUpload(raw: RawTable): ReadCommuting {
  const read = rowReader(raw)
  if (raw.rows[0] !== undefined) read.year(raw.rows[0], 'year')
  const flows: Record<string, number> = {}
  const totals: { row: TableRow; from: string; value: number }[] = []
  for (const row of raw.rows) {
    const from = read.word(row, 'from', ['inside', 'outside'])
    const to = read.word(row, 'to', ['inside', 'outside', 'total'])
    const value = read.number(row, 'persons', 0)
    if (from === undefined || to === undefined) continue
    if (to === 'total') totals.push({ row, from, value })
    else if (flows[`${from} ${to}`] === undefined) flows[`${from} ${to}`] = value
    else read.report(row, 'twice', `${from} to ${to} stands twice`)
  }
  for (const { row, from, value } of totals) {
    const sum = (flows[`${from} inside`] ?? 0) + (flows[`${from} outside`] ?? 0)
    if (sum !== value) read.report(row, 'total', `the total from ${from} is ${value}, its destinations sum to ${sum}`, sum - value)
  }
  const [both, out, inward] = [flows['inside inside'], flows['inside outside'], flows['outside inside']]
  const missing = ['inside inside', 'inside outside', 'outside inside'].filter((flow) => flows[flow] === undefined)
  const absent = missing.map((flow): Finding => ({ rule: 'missing', account: raw.name, message: `the flow ${flow} is missing` }))
  return {
    ...placed(raw),
    livingAndWorking: both ?? 0,
    outCommuters: out ?? 0,
    inCommuters: inward ?? 0,
    inCommuterShare: (inward ?? 0) / Math.max((both ?? 0) + (inward ?? 0), 1),
    outCommuterShare: (out ?? 0) / Math.max((both ?? 0) + (out ?? 0), 1),
    findings: [...onlyValue(raw, 'area'), ...onlyValue(raw, 'year'), ...read.findings, ...absent],
  }
}

/** Reads the `settlement` template; totals and balances must follow from their lines within half of the last printed digit. */
export function readSettlementUpload(raw: RawTable): ReadSettlement {
  const read = rowReader(raw)
  if (raw.rows[0] !== undefined) read.year(raw.rows[0], 'year')
  const sides: Record<'revenue' | 'expenditure' | 'balance', Record<string, number>> = { revenue: {}, expenditure: {}, balance: {} }
  const lines = new Map<string, TableRow>()
  for (const row of raw.rows) {
    const side = read.word(row, 'side', ['revenue', 'expenditure', 'balance'])
    const account = read.text(row, 'account')
    const amount = read.number(row, 'amount')
    if (side === undefined) continue
    if (lines.has(`${side} ${account}`)) read.report(row, 'twice', `${account} of ${side} stands twice`)
    lines.set(`${side} ${account}`, row)
    sides[side][account] = amount
  }
  const sums = { revenue: sumOf(sides.revenue), expenditure: sumOf(sides.expenditure) }
  const expect = (line: string, stated: number | undefined, computed: number): void => {
    const row = lines.get(line)
    if (row !== undefined && stated !== undefined && Math.abs(stated - computed) > halfDigit(raw)) {
      read.report(
        row,
        'total',
        `${line} is ${stated}, its lines give ${Number(computed.toPrecision(12))}`,
        Number((computed - stated).toPrecision(6)),
      )
    }
  }
  const { total: revenue, ...revenueLines } = sides.revenue
  const { total: expenditure, ...expenditureLines } = sides.expenditure
  if (Object.keys(revenueLines).length > 0) expect('revenue total', revenue, sums.revenue)
  if (Object.keys(expenditureLines).length > 0) expect('expenditure total', expenditure, sums.expenditure)
  const balance = (revenue ?? sums.revenue) - (expenditure ?? sums.expenditure)
  expect('balance balance', sides.balance['balance'], balance)
  expect('balance real balance', sides.balance['real balance'], balance - (sides.balance['carry-over'] ?? 0))
  const findings = [...onlyValue(raw, 'area'), ...onlyValue(raw, 'year'), ...onlyValue(raw, 'unit'), ...read.findings]
  return { ...placed(raw), unit: raw.rows[0]?.cells['unit'] ?? '', revenue: sides.revenue, expenditure: sides.expenditure, balance, findings }
}

function placed(raw: RawTable): { area: string; year: number } {
  return { area: raw.rows[0]?.cells['area'] ?? '', year: Number(raw.rows[0]?.cells['year'] ?? Number.NaN) }
}

function sumOf(lines: Readonly<Record<string, number>>): number {
  return Object.entries(lines).reduce((sum, [account, amount]) => (account === 'total' ? sum : sum + amount), 0)
}

function total(lines: Readonly<Record<string, number>>): number {
  return Object.values(lines).reduce((sum, value) => sum + value, 0)
}

function halfDigit(raw: RawTable): number {
  const digits = Math.max(0, ...raw.rows.map((row) => row.cells['amount']?.split('.')[1]?.length ?? 0))
  return 0.5 * 10 ** -digits + 1e-9
}
