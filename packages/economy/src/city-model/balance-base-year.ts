import { dot } from '../linear-algebra/compensated-sum.ts'
import { refuse } from '../refusal.ts'
import { type CityInputs, requireRunnable } from './city-inputs.ts'
import type { CityParameters } from './city-parameters.ts'
import { surplusShares } from './inner-circle.ts'
import { simulate } from './simulate.ts'

/** Totals of the base year that the model must give back. */
export interface BaseYearTotals {
  readonly gva: number
  /** At least the frictional rate. */
  readonly unemployment: number
  /** Change of the municipal fund in the year. */
  readonly fundChange: number
}

/** Balanced inputs, and what was changed to balance them. */
export interface BalancedCity {
  readonly inputs: CityInputs
  readonly rounds: number
  /** Factor on all exports and on all jobs per output, and the amount added to government consumption. */
  readonly exportFactor: number
  readonly jobFactor: number
  readonly addedConsumption: number
}

/**
 * Balances the base year: scales exports until value added is met and jobs per output until unemployment is, moves government consumption until the fund
 * changes as it did, and sets last year's surplus to this year's. A damped fixed point; refuses when it does not settle to 1e-9 in 500 rounds.
 */
export function balanceBaseYear(inputs: CityInputs, totals: BaseYearTotals): BalancedCity {
  const { frictionalUnemployment: least } = inputs.parameters
  if (!(totals.gva > 0)) refuse('balance', `value added is ${totals.gva}; it must be above zero`)
  if (!(totals.unemployment >= least && totals.unemployment < 1)) {
    refuse('balance', `unemployment is ${totals.unemployment}; it must be at least the frictional ${least} and below 1`)
  }
  let current: CityInputs = { ...inputs, horizonYears: 0 }
  requireRunnable(current)
  const factors = { exportFactor: 1, jobFactor: 1, addedConsumption: 0 }
  for (let rounds = 1; rounds <= 500; rounds++) {
    const p = current.parameters
    const year = simulate(current).years[0]!
    const output = 1 + 0.6 * (totals.gva / year.gva - 1)
    // residents at work within the city follow jobs; the slack regime counts as the aim, since the aim is at or above the frictional rate
    const within = (year.jobs * (1 - p.inCommuterShare)) / year.labourForce
    const jobs = (1 - totals.unemployment - p.outCommuterShare) / within
    if (!(jobs > 0)) refuse('balance', `out-commuters alone leave no unemployment of ${totals.unemployment}`)
    const consumption = 0.5 * (year.fundChange - totals.fundChange)
    factors.exportFactor *= output
    factors.jobFactor *= jobs
    factors.addedConsumption += consumption
    const next: CityParameters = {
      ...p,
      exports: p.exports.map((value) => value * output),
      jobsPerOutput: p.jobsPerOutput.map((value) => value * jobs),
      governmentConsumption: p.governmentConsumption + consumption,
      laggedSurplus: dot(surplusShares(p), year.output),
    }
    const size = totals.gva
    const off = Math.max(
      Math.abs(year.gva - totals.gva) / size,
      Math.abs(consumption) / size,
      Math.abs(jobs - 1),
      Math.abs(next.laggedSurplus - p.laggedSurplus) / size,
    )
    if (off <= 1e-9) return { inputs: { ...current, horizonYears: inputs.horizonYears }, rounds, ...factors }
    if (!(next.governmentConsumption >= 0))
      refuse('balance', `government consumption would have to be ${next.governmentConsumption} for the fund to change by ${totals.fundChange}`)
    current = { ...current, parameters: next }
  }
  return refuse('balance', 'the base year does not settle in 500 rounds; value added, unemployment and fund change do not fit together')
}
