import { refuse } from '../refusal.ts'
import type { Survival } from './cohort-step.ts'

/** Person-years lived by age with a radix of one, the last value open (T of the last age); single years unless said otherwise. */
export type PersonYears = readonly number[]

/** Person-years of a Gompertz-Makeham life table with force of mortality c + exp(a + b·age), single ages 0 to `oldest` and over. */
export function makehamPersonYears(a: number, b: number, c: number, oldest = 100): PersonYears {
  const survivors = [1]
  for (let age = 0; age < oldest; age++) survivors.push(survivors[age]! * Math.exp(-(c + Math.exp(a + b * age))))
  const years = survivors.slice(0, oldest).map((alive, age) => (alive + survivors[age + 1]!) / 2)
  return [...years, survivors[oldest]! / (c + Math.exp(a + b * oldest))]
}

/** Survival ratios of a life table of groups `intervalYears` wide; the open group is pooled: T of the last over T of the last but one. */
export function survivalOf(years: PersonYears, intervalYears = 1): Survival {
  const groups = years.length
  if (groups < 2) refuse('life table', `a life table needs at least two ages, not ${groups}`)
  const ratios = new Float64Array(groups)
  for (let age = 0; age < groups - 2; age++) ratios[age] = years[age + 1]! / years[age]!
  const open = years[groups - 1]! / (years[groups - 1]! + years[groups - 2]!)
  ratios[groups - 2] = open
  ratios[groups - 1] = open
  return { ratios, births: years[0]! / intervalYears }
}

/** Life expectancy at birth in years: the sum of person-years with a radix of one. */
export function lifeExpectancy(years: PersonYears): number {
  return years.reduce((sum, value) => sum + value, 0)
}
