import { refuse } from '../refusal.ts'
import type { Pyramid } from './cohort-step.ts'

/** Ratios between two pyramids one group apart; `female[a]` leads from group a − 1 to a, the last pooled from the last two groups. */
export interface CohortRatios {
  readonly female: readonly number[]
  readonly male: readonly number[]
  readonly childWomanFemale: number
  readonly childWomanMale: number
}

/**
 * Cohort-change ratios and child-woman ratios (Hamilton and Perry 1962) of two pyramids whose distance in years is the width of a group. Women of
 * groups `mothers[0]` to `mothers[1]` (inclusive) are those the children of group 0 are counted against.
 */
export function cohortRatios(earlier: Pyramid, later: Pyramid, mothers: readonly [number, number]): CohortRatios {
  if (earlier.female.length !== later.female.length) {
    refuse('age groups', `the pyramids have ${earlier.female.length} and ${later.female.length} age groups; bring them to the same open group`)
  }
  const women = sumOver(later.female, mothers)
  return {
    female: ratiosOf(earlier.female, later.female),
    male: ratiosOf(earlier.male, later.male),
    childWomanFemale: later.female[0]! / women,
    childWomanMale: later.male[0]! / women,
  }
}

/** The pyramid one group width later under unchanged ratios. */
export function projectByRatios(pyramid: Pyramid, ratios: CohortRatios, mothers: readonly [number, number]): { female: number[]; male: number[] } {
  const female = advanced(pyramid.female, ratios.female)
  const male = advanced(pyramid.male, ratios.male)
  const women = sumOver(female, mothers)
  female[0] = women * ratios.childWomanFemale
  male[0] = women * ratios.childWomanMale
  return { female, male }
}

/** The same persons with every group from `openGroup` on pooled into one open group. */
export function withOpenGroup(persons: ArrayLike<number>, openGroup: number): number[] {
  const kept = Array.from(persons).slice(0, openGroup)
  const pooled = Array.from(persons)
    .slice(openGroup)
    .reduce((sum, value) => sum + value, 0)
  return [...kept, pooled]
}

function ratiosOf(earlier: ArrayLike<number>, later: ArrayLike<number>): number[] {
  const last = earlier.length - 1
  return Array.from(later, (value, a) => (a === 0 ? 0 : a === last ? value / (earlier[last - 1]! + earlier[last]!) : value / earlier[a - 1]!))
}

function advanced(persons: ArrayLike<number>, ratios: readonly number[]): number[] {
  const last = persons.length - 1
  return Array.from(persons, (_, a) => (a === 0 ? 0 : ratios[a]! * (a === last ? persons[last - 1]! + persons[last]! : persons[a - 1]!)))
}

function sumOver(persons: ArrayLike<number>, [from, to]: readonly [number, number]): number {
  let sum = 0
  for (let a = from; a <= to; a++) sum += persons[a] ?? 0
  return sum
}
