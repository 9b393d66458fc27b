import { compensatedSum } from '../linear-algebra/compensated-sum.ts'

/** Persons by age group, youngest first, the last group open. */
export interface Pyramid {
  readonly female: ArrayLike<number>
  readonly male: ArrayLike<number>
}

/** Survival of one sex: `ratios[a]` from group a to a + 1 (the last two both hold the pooled open-group ratio), `births` from birth into group 0. */
export interface Survival {
  readonly ratios: ArrayLike<number>
  readonly births: number
}

/** What drives one step of `intervalYears`; fertility is births per woman and year by age group, migration net persons of the whole interval. */
export interface CohortRates {
  readonly intervalYears: number
  readonly female: Survival
  readonly male: Survival
  readonly fertility: ArrayLike<number>
  readonly sexRatioAtBirth: number
  readonly migration: Pyramid
}

/** The pyramid after one step and the flows that lead there; deaths are counted from the survival step, never as a residual. */
export interface CohortStep {
  readonly female: Float64Array
  readonly male: Float64Array
  readonly births: number
  readonly birthsByAge: Float64Array
  readonly deaths: number
  readonly netMigration: number
}

/**
 * One cohort-component step with migrants spread over the interval (Preston et al. 2001, box 6.2): half of them arrive at its start and live through it,
 * half at its end. The exposure of births at the start includes the first half; leaving it out is the classic error.
 */
export function cohortStep(pyramid: Pyramid, rates: CohortRates): CohortStep {
  const women = aged(pyramid.female, rates.female, rates.migration.female)
  const men = aged(pyramid.male, rates.male, rates.migration.male)
  const groups = pyramid.female.length
  const birthsByAge = new Float64Array(groups)
  for (let a = 0; a < groups; a++) {
    birthsByAge[a] = (rates.intervalYears * (rates.fertility[a] ?? 0) * (women.exposed[a]! + women.next[a]!)) / 2
  }
  const births = compensatedSum(birthsByAge)
  const girls = births / (1 + rates.sexRatioAtBirth)
  const boys = births - girls
  women.next[0] = girls * rates.female.births + (rates.migration.female[0] ?? 0) / 2
  men.next[0] = boys * rates.male.births + (rates.migration.male[0] ?? 0) / 2
  return {
    female: women.next,
    male: men.next,
    births,
    birthsByAge,
    deaths: women.deaths + men.deaths + girls * (1 - rates.female.births) + boys * (1 - rates.male.births),
    netMigration: compensatedSum(rates.migration.female) + compensatedSum(rates.migration.male),
  }
}

interface Aged {
  readonly next: Float64Array
  readonly exposed: Float64Array
  readonly deaths: number
}

function aged(persons: ArrayLike<number>, survival: Survival, migrants: ArrayLike<number>): Aged {
  const groups = persons.length
  const last = groups - 1
  const next = new Float64Array(groups)
  const exposed = new Float64Array(groups)
  let deaths = 0
  for (let a = 0; a < groups; a++) {
    const start = persons[a]! + (migrants[a] ?? 0) / 2
    exposed[a] = start
    const survivors = start * survival.ratios[a]!
    deaths += start - survivors
    next[Math.min(a + 1, last)]! += survivors
  }
  for (let a = 1; a < groups; a++) next[a]! += (migrants[a] ?? 0) / 2
  return { next, exposed, deaths }
}
