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
    fertility: p.fertilityProfile.map((share) => fertility * share),
    sexRatioAtBirth: p.sexRatioAtBirth,
    migration: {
      female: p.migrationProfile.map((share) => share * migrants * p.migrantFemaleShare),
      male: p.migrationProfile.map((share) => share * migrants * (1 - p.migrantFemaleShare)),
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
