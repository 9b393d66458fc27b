import type { Random } from '../uncertainty/random.ts'
import type { CheckData, CheckDesign, CheckPlan } from './check-plan.ts'
import { plannedStandardError } from './minimum-detectable-effect.ts'
import { normalQuantile } from '../uncertainty/normal-distribution.ts'

/** What is wrong with a made-up city, or nothing. Each breaks an assumption on purpose. */
export type Disturbance =
  | 'none'
  /** The treated district parts from the others by 30 % over the months before the start, and goes on. */
  | 'drift'
  /** Six months in a row of the treated district are missing. */
  | 'missing'
  /** The treated district jumps by 30 % a year before the start. */
  | 'break'
  /** Errors remember 0.8 instead of 0.4 of the month before, with the same sd. */
  | 'persistent'
  /** Errors are Student's t with 3 degrees of freedom, with the same sd. */
  | 'heavyTails'
  /** The level wanders by a tenth of the errors' sd a month, in every district. */
  | 'wandering'
  /** The season has a spike in one month that two harmonics cannot follow. */
  | 'spikySeason'
  /** The effect grows over the first twelve months instead of stepping; its mean is what was planted. */
  | 'ramp'
  /** Half of the effect reaches the comparison districts as well. */
  | 'spillover'
  /** Something else changes every district by 5 % at the start. */
  | 'shockAtStart'

/** The fixed generator's city: 8 comparable districts, 36 months before the start and 24 after. */
export const plantedMonths = { before: 36, after: 24, districts: 8 } as const

const rho = 0.4
const seasonShare = 0.15
const yearlyGrowth = 0.02
const districtSpread = 0.1

/** The plan of the fixed generator for a design: 10 % more is expected. */
export function plantedPlan(design: CheckDesign): CheckPlan {
  return { design, scale: 'log', start: plantedMonths.before, expected: 0.1, season: { period: 12, harmonics: 2 } }
}

/** The errors' marginal sd at which the design's own formula gives a minimum detectable effect of 7 %. */
export function plantedSd(design: CheckDesign): number {
  const unit = plannedStandardError(plantedPlan(design), { after: plantedMonths.after, comparators: plantedMonths.districts - 1 }, { sd: 1, rho })
  return Math.log(1.07) / ((normalQuantile(0.975) + normalQuantile(0.8)) * unit)
}

/**
 * Draws a city. The first district is treated; `effect` is a fraction, 0 for none. Months are 100 × district level × growth of 2 % a year ×
 * a season of 15 % with a random phase × exp(AR(1) error); with comparison districts a common AR(1) shock of the same sd is added.
 */
export function plantedCity(random: Random, design: CheckDesign, effect: number, disturbance: Disturbance = 'none'): CheckData {
  const { before, after, districts } = plantedMonths
  const months = before + after
  const compares = design === 'differenceInDifferences' || design === 'syntheticControl'
  const sd = plantedSd(design)
  const phase = 2 * Math.PI * random.uniform()
  const spike = random.integer(12)
  const gap = random.integer(before - 6)
  const memory = disturbance === 'persistent' ? 0.8 : rho
  const shared = compares ? autoregressive(random, months, sd, memory, 'none') : new Float64Array(months)
  const series = Array.from({ length: compares ? districts : 1 }, (_, district) => {
    const level = districtSpread * random.normal()
    const errors = autoregressive(random, months, sd, memory, disturbance)
    const values = Array.from(errors, (error, month) => {
      if (disturbance === 'missing' && district === 0 && month >= gap && month < gap + 6) return null
      const log = level + (yearlyGrowth * month) / 12 + seasonAt(month, phase, disturbance === 'spikySeason' ? spike : -1) + shared[month]! + error
      return 100 * Math.exp(log + planted(month, district, effect, disturbance))
    })
    return { name: district === 0 ? 'treated' : `district ${district}`, values }
  })
  return { treated: series[0]!, comparators: series.slice(1) }
}

function planted(month: number, district: number, effect: number, disturbance: Disturbance): number {
  const { before, after } = plantedMonths
  let log = 0
  if (month >= before) {
    const full = Math.log1p(effect)
    if (district === 0) log += disturbance === 'ramp' ? (full * Math.min(1, (month - before + 1) / 12) * after) / (after - 5.5) : full
    else if (disturbance === 'spillover') log += Math.log1p(effect / 2)
    if (disturbance === 'shockAtStart') log += Math.log(1.05)
  }
  if (district === 0 && disturbance === 'drift') log += (Math.log(1.3) * month) / before
  if (district === 0 && disturbance === 'break' && month >= before - 12) log += Math.log(1.3)
  return log
}

function seasonAt(month: number, phase: number, spike: number): number {
  return Math.log1p(seasonShare * Math.cos((2 * Math.PI * month) / 12 + phase)) + (month % 12 === spike ? 0.1 : 0)
}

function autoregressive(random: Random, months: number, sd: number, memory: number, disturbance: Disturbance): Float64Array {
  const fresh = (): number => (disturbance === 'heavyTails' ? heavyTailed(random) : random.normal())
  let error = fresh()
  let level = 0
  return Float64Array.from({ length: months }, () => {
    const now = sd * (error + level)
    error = memory * error + Math.sqrt(1 - memory * memory) * fresh()
    if (disturbance === 'wandering') level += 0.1 * random.normal()
    return now
  })
}

/** Student's t with 3 degrees of freedom over its sd, root 3. */
function heavyTailed(random: Random): number {
  const chiSquare = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2
  return random.normal() / Math.sqrt(chiSquare)
}
