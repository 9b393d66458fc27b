/*
 * Durations of aggregation periods (CIM 009, 4.5.19.1; ISO 8601): P[n]Y[n]M[n]DT[n]H[n]M[n]S or P[n]W. Years and months follow the calendar, in UTC.
 */
import type { Instant } from '../entity/instant.ts'
import { badRequest } from '../errors.ts'

/** A length of time in calendar months and microseconds; both 0 is the whole range asked for. */
export type Duration = { readonly months: number; readonly us: number }

const form =
  /^P(?:(\d{1,9})W|(?=\d|T\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,6})?)S)?)?)$/

const dayUs = 86_400_000_000

/** The longest period, in months and in days. */
const longest = { months: 120_000, us: 3_650_000 * dayUs }

/** Parses a duration; throws `BadRequestData`, naming `what`. */
export function parseDuration(text: unknown, what = 'aggrPeriodDuration'): Duration {
  const match = typeof text === 'string' ? form.exec(text) : null
  if (match === null) throw badRequest(`${what} must be an ISO 8601 duration such as PT1H, P1D or P1M, not ${JSON.stringify(text)}`)
  const [weeks, years, months, days, hours, minutes, seconds] = match.slice(1).map((part) => Number((part ?? '0').replace(',', '.')))
  const us =
    ((weeks ?? 0) * 7 + (days ?? 0)) * dayUs + ((hours ?? 0) * 3600 + (minutes ?? 0) * 60) * 1_000_000 + Math.round((seconds ?? 0) * 1_000_000)
  const duration = { months: (years ?? 0) * 12 + (months ?? 0), us }
  if (duration.months > longest.months || us > longest.us) throw badRequest(`${what} must be at most ten thousand years, not ${JSON.stringify(text)}`)
  return duration
}

/** Writes a duration; it parses to the same. */
export function printDuration(duration: Duration): string {
  const { months, us } = duration
  const days = Math.floor(us / dayUs)
  const rest = us - days * dayUs
  const seconds = Math.floor(rest / 1_000_000)
  const fraction = rest - seconds * 1_000_000
  const date = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}`
  if (rest === 0) return date === '' ? 'PT0S' : `P${date}`
  return `P${date}T${seconds}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}S`
}

/** The start of the `index`-th period from `origin`; of a month that is too short, its last day. */
export function periodStart(origin: Instant, duration: Duration, index: number): Instant {
  return addMonths(origin, duration.months * index) + duration.us * index
}

/** The number of the period in which `at` lies, counted from `origin`; the duration must not be 0. */
export function periodIndex(origin: Instant, duration: Duration, at: Instant): number {
  const aboutUs = duration.months * 30.436875 * dayUs + duration.us
  let index = Math.floor((at - origin) / aboutUs)
  while (periodStart(origin, duration, index) > at) index -= 1
  while (periodStart(origin, duration, index + 1) <= at) index += 1
  return index
}

function addMonths(instant: Instant, months: number): Instant {
  if (months === 0) return instant
  const ms = Math.floor(instant / 1000)
  const date = new Date(ms)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  date.setUTCDate(Math.min(day, new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()))
  return date.getTime() * 1000 + (instant - ms * 1000)
}
