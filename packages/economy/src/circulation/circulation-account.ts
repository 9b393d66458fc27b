import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { type Finding, Refusal } from '../refusal.ts'

/** A named amount of an account. */
export interface Amount {
  readonly name: string
  readonly amount: number
}

/**
 * A closed three-stage account of one area, year and edition. `incomeInflows` are net (commuters' pay, transfers); `retained` is the spending that becomes
 * production of the area, `outflows` net spending elsewhere. Editions changed methods, so two accounts compare only within one `edition`.
 */
export interface CirculationAccount {
  readonly area: string
  readonly year: number
  readonly edition: string
  readonly unit: string
  readonly production: readonly Amount[]
  readonly distribution: readonly Amount[]
  readonly incomeInflows: readonly Amount[]
  readonly outflows: readonly Amount[]
  readonly retained: readonly Amount[]
}

/** Totals of a closed account; `rate` is production over the income of residents and may exceed one. It is no re-spending share and no multiplier. */
export interface Circulation {
  readonly production: number
  readonly distribution: number
  readonly netIncomeInflow: number
  readonly rate: number
}

/**
 * Checks the balances (production = distribution at the place of work = retained spending, income inflow = spending outflow) and gives the circulation
 * rate. Throws a `Refusal` with account and difference where the account does not close within `tolerance`.
 */
export function circulation(account: CirculationAccount, tolerance = 0.5): Circulation {
  const production = total(account.production)
  const distribution = total(account.distribution)
  const inflow = total(account.incomeInflows)
  const outflow = total(account.outflows)
  const retained = total(account.retained)
  const findings = [
    ...unequal('distribution', distribution, 'production', production, tolerance),
    ...unequal('spending outflow', outflow, 'income inflow', inflow, tolerance),
    ...unequal('retained spending', retained, 'production', production, tolerance),
  ]
  if (findings.length > 0) throw new Refusal(findings)
  return { production, distribution: production + inflow, netIncomeInflow: inflow, rate: circulationRate(production, production + inflow) }
}

/** Later less earlier rate of one area; refuses accounts of different editions or units, whose methods differ. */
export function circulationChange(earlier: CirculationAccount, later: CirculationAccount): number {
  for (const name of ['area', 'edition', 'unit'] as const) {
    if (earlier[name] !== later[name]) {
      throw new Refusal([{ rule: 'mixed vintages', account: name, message: `the accounts are of ${name} ${earlier[name]} and ${later[name]}` }])
    }
  }
  if (!(earlier.year < later.year)) throw new Refusal([{ rule: 'year', message: `${later.year} is not after ${earlier.year}` }])
  return circulation(later).rate - circulation(earlier).rate
}

/** Production over income of residents. */
export function circulationRate(production: number, residentsIncome: number): number {
  if (!(production >= 0)) throw new Refusal([{ rule: 'circulation', message: `production is ${production}` }])
  if (!(residentsIncome > 0)) throw new Refusal([{ rule: 'circulation', message: `residents' income is ${residentsIncome}; it must be above zero` }])
  return production / residentsIncome
}

function unequal(account: string, value: number, other: string, expected: number, tolerance: number): Finding[] {
  const difference = value - expected
  if (Math.abs(difference) <= tolerance) return []
  return [{ rule: 'circulation', account, difference, message: `${account} is ${value} and ${other} is ${expected}` }]
}

function total(amounts: readonly Amount[]): number {
  return compensatedSum(amounts.map(({ amount }) => amount))
}
