import type { CohortRates, Survival } from '../population/cohort-step.ts'
import { survivalOf } from '../population/life-table.ts'
import type { CityParameters } from './city-parameters.ts'

/** Rates of one yearly step (E10): fertility and net migration answer to the service level by their elasticities. */
export function bearing(p: CityParameters, serviceLevel: number, population: number, known: Map<readonly number[], Survival>): CohortRates {
  const fertility = p.totalFertility * serviceLevel ** p.fertilityElasticity
  const migrants = p.netMigration + p.migrationElasticity * population * (serviceLevel - 1)
  return {
    intervalYears: 1,
    female: survivalKept(p.femaleLifeYears, known),
    male: survivalKept(p.maleLifeYears, known),
    fertility: times(p.fertilityProfile, fertility),
    sexRatioAtBirth: p.sexRatioAtBirth,
    migration: {
      female: times(p.migrationProfile, migrants * p.migrantFemaleShare),
      male: times(p.migrationProfile, migrants * (1 - p.migrantFemaleShare)),
    },
  }
}

function survivalKept(years: readonly number[], known: Map<readonly number[], Survival>): Survival {
  const kept = known.get(years)
  if (kept !== undefined) return kept
  const survival = survivalOf(years)
  known.set(years, survival)
  return survival
}

function times(shares: readonly number[], whole: number): Float64Array {
  const parts = new Float64Array(shares.length)
  for (let age = 0; age < parts.length; age++) parts[age] = shares[age]! * whole
  return parts
}
