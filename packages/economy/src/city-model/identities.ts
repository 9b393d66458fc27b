import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { type Finding, Refusal } from '../refusal.ts'
import type { CohortStep } from '../population/cohort-step.ts'
import { accountResiduals, type External, type Finance } from './accounting-matrix.ts'
import type { CityParameters } from './city-parameters.ts'
import type { InnerCircle } from './inner-circle.ts'

/** The identities of the model; each must hold to `identityTolerance` or the run is refused. */
export const identities = {
  ID1: 'every account receives what it pays, the rest of the world included',
  ID2: 'value added is consumption, investment, government consumption and exports less imports',
  ID3: 'net income inflow is net imports and net lending',
  ID4: 'the population changes by births, deaths and migration and by nothing else',
  ID5: 'fund less debt changes by public saving less platform investment',
  ID6: 'baskets and profiles sum to one, shares stay within zero and one',
  ID7: 'with every elasticity at zero a measure moves no person (bit for bit)',
  ID8: 'scaling all money scales the money outputs and nothing else',
  ID9: 'in a slack year output answers to government demand by its Type II column',
} as const
export type Identity = keyof typeof identities

/** Largest relative residual with which results are published. */
export const identityTolerance = 1e-9

/** Relative residuals of one year. */
export type IdentityResiduals = Readonly<Record<'ID1' | 'ID2' | 'ID3' | 'ID4' | 'ID5' | 'ID6', number>>

/** What the residuals of a year are computed from. */
export interface ResidualParts {
  readonly p: CityParameters
  readonly year: InnerCircle
  readonly finance: Finance
  readonly external: External
  readonly matrix: readonly (readonly number[])[]
  readonly population: number
  readonly after: number
  readonly step: CohortStep
  readonly debt: number
  readonly fund: number
  readonly next: { readonly debt: number; readonly fund: number }
}

/** The residuals of ID1 to ID6 of one year, each against the size of what it compares. */
export function yearResiduals({ p, year, finance, external, matrix, population, after, step, debt, fund, next }: ResidualParts): IdentityResiduals {
  const output = compensatedSum(year.output)
  const exports = compensatedSum(year.exports)
  const uses = compensatedSum([year.consumption, year.investment, year.governmentConsumption, exports, -external.imports])
  const size = Math.max(Math.abs(external.gva), output, 1e-300)
  const wealth = next.fund - next.debt - (fund - debt) - (finance.publicSaving - year.platformInvestment)
  const baskets = [p.householdBasket, p.governmentBasket, p.investmentBasket, p.fertilityProfile, p.migrationProfile]
  return {
    ID1: Math.max(...accountResiduals(matrix).map(Math.abs)) / size,
    ID2: Math.abs(external.gva - uses) / size,
    ID3: Math.abs(external.netIncomeInflow - (external.imports - exports + external.netLending)) / size,
    ID4: Math.abs(after - compensatedSum([population, step.births, -step.deaths, step.netMigration])) / population,
    ID5: Math.abs(wealth) / Math.max(size, Math.abs(fund), Math.abs(debt)),
    ID6: Math.max(...baskets.map((basket) => Math.abs(compensatedSum(basket) - 1))),
  }
}

/** Outcome of one identity over a whole run; `worstYear` is where its residual is largest. */
export interface IdentityCheck {
  readonly identity: Identity
  readonly residual: number
  readonly worstYear?: number
  /** Why the identity could not be tested in this run. */
  readonly notTested?: string
}

/** Refuses a run of which an identity does not hold, naming identity, size and worst year. */
export function requireIdentities(checks: readonly IdentityCheck[]): void {
  const broken = checks.filter(({ residual }) => !(residual <= identityTolerance))
  if (broken.length > 0) throw new Refusal(broken.map(brokenFinding))
}

function brokenFinding({ identity, residual, worstYear }: IdentityCheck): Finding {
  const where = worstYear === undefined ? '' : ` in year ${worstYear}`
  return { rule: identity, difference: residual, message: `${identity} (${identities[identity]}) is off by ${residual}${where}` }
}
