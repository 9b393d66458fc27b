import { badRequest } from '../errors.ts'

/** Integer microseconds since the epoch, UTC: as exact as the wire. */
export type Instant = number & { readonly __instant?: never }

const form = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/

/** Reads an ISO 8601 date-time with zone (CIM 009, 4.6.3); digits beyond the microsecond are cut. Throws `BadRequestData`, naming `what`. */
export function parseInstant(text: unknown, what = 'The date-time'): Instant {
  const instant = typeof text === 'string' ? instantOf(text) : undefined
  if (instant === undefined)
    throw badRequest(`${what} must be an ISO 8601 date-time with a time zone such as 2026-03-01T12:00:00Z, not ${JSON.stringify(text)}`)
  return instant
}

/** The instant that `text` states, or `undefined` where it is none. */
export function instantOf(text: string): Instant | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match
  if (Number(month) > 12 || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined
  // Date.UTC takes the years 0 to 99 for those of the last century.
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)))
  date.setUTCFullYear(Number(year) + date.getUTCFullYear() - 2000)
  const wholeMs = date.getTime()
  if (Number.isNaN(wholeMs)) return undefined
  return (wholeMs - zoneMinutes(zone) * 60_000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Writes an instant in UTC with three digits, or six where the microseconds need them. */
export function formatInstant(instant: Instant): string {
  const ms = Math.floor(instant / 1000)
  const rest = instant - ms * 1000
  const text = new Date(ms).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

function daysIn(year: number, month: number): number {
  return month < 1 ? 0 : new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
}
