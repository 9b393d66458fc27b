import type { SettledPlan } from './check-plan.ts'
import type { Seasonality } from './kalman-whitening.ts'

/** A column of ones. */
export function constant(times: Int32Array): Float64Array {
  return new Float64Array(times.length).fill(1)
}

/** Time as a straight line from 0 at period 0, 1 at period `unit`. */
export function line(times: Int32Array, unit: number): Float64Array {
  return Float64Array.from(times, (time) => time / unit)
}

/** 0 before a period, 1 from it on. */
export function step(times: Int32Array, start: number): Float64Array {
  return Float64Array.from(times, (time) => (time < start ? 0 : 1))
}

/** 0 before a period, then a straight line whose mean over the later observations is 0, so that the step's coefficient is the mean effect. */
export function centredBend(times: Int32Array, start: number): Float64Array {
  const after = [...times].filter((time) => time >= start)
  const middle = after.reduce((sum, time) => sum + time, 0) / after.length
  return Float64Array.from(times, (time) => (time < start ? 0 : (time - middle) / 12))
}

/** Cosine and sine of each harmonic. */
export function harmonics(times: Int32Array, season: Seasonality | undefined): Float64Array[] {
  if (season === undefined) return []
  return Array.from({ length: season.harmonics }, (_, h) => (2 * Math.PI * (h + 1)) / season.period).flatMap((angle) => [
    Float64Array.from(times, (time) => Math.cos(angle * time)),
    Float64Array.from(times, (time) => Math.sin(angle * time)),
  ])
}

/** What a single series does without any measure: a straight line and a season that stays the same. */
export function ownCourse(times: Int32Array, plan: Pick<SettledPlan, 'season' | 'start'>): Float64Array[] {
  return [constant(times), line(times, plan.start), ...harmonics(times, plan.season)]
}
