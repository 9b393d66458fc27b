import type { Instant } from '@cityloop/ngsi-ld'

/** A date and a time of day as a clock on a wall shows them; `hour` 24 with nothing after it is midnight at the end of the day. */
export type CivilTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
}

/**
 * The instants at which a zone's clocks show a civil time: one; two in the hour that clocks repeat when they go back; none in the hour that they
 * leave out when they go forward, where `shifted` is what a clock that had not been changed would show it at.
 */
export type Occurrence =
  | { readonly kind: 'once'; readonly instant: Instant }
  | { readonly kind: 'twice'; readonly earlier: Instant; readonly later: Instant }
  | { readonly kind: 'never'; readonly shifted: Instant }

/** The clocks of one IANA time zone. */
export type Zone = { readonly name: string; occurrenceOf(civil: CivilTime): Occurrence; civilTimeOf(instant: Instant): CivilTime }

/** Opens an IANA time zone such as `Europe/Madrid`; `undefined` where there is none of that name. */
export function openZone(name: string): Zone | undefined {
  const format = formatOf(name)
  if (format === undefined) return undefined
  const offsetsByDay = new Map<number, number | undefined>()

  function offsetAt(ms: number): number {
    return wallMs(format as Intl.DateTimeFormat, ms) - ms
  }

  /** The offset of the whole day and its neighbours, where clocks change on none of them. */
  function steadyOffset(wall: number): number | undefined {
    const day = Math.floor(wall / dayMs)
    if (!offsetsByDay.has(day)) {
      if (offsetsByDay.size > 10_000) offsetsByDay.clear()
      const before = offsetAt((day - 1) * dayMs)
      offsetsByDay.set(day, before === offsetAt((day + 2) * dayMs) && before === offsetAt(day * dayMs + dayMs / 2) ? before : undefined)
    }
    return offsetsByDay.get(day)
  }

  return {
    name,
    occurrenceOf(civil) {
      const wall = wallOf(civil)
      const steady = steadyOffset(wall)
      if (steady !== undefined) return { kind: 'once', instant: toInstant(wall - steady, civil) }
      const before = offsetAt(wall - dayMs)
      const offsets = [...new Set([before, offsetAt(wall + dayMs)])]
      const moments = offsets.filter((offset) => offsetAt(wall - offset) === offset).map((offset) => toInstant(wall - offset, civil))
      const [first, second] = moments
      if (first === undefined) return { kind: 'never', shifted: toInstant(wall - before, civil) }
      if (second === undefined) return { kind: 'once', instant: first }
      return { kind: 'twice', earlier: Math.min(first, second), later: Math.max(first, second) }
    },
    civilTimeOf(instant) {
      const ms = Math.floor(instant / 1000)
      const wall = new Date(wallMs(format, ms))
      return {
        year: wall.getUTCFullYear(),
        month: wall.getUTCMonth() + 1,
        day: wall.getUTCDate(),
        hour: wall.getUTCHours(),
        minute: wall.getUTCMinutes(),
        second: wall.getUTCSeconds(),
        microsecond: wall.getUTCMilliseconds() * 1000 + (instant - ms * 1000),
      }
    },
  }
}

/** Whether there is such a date and time of day, on the calendar; says nothing of zones. */
export function isCivilTime(civil: CivilTime): boolean {
  const { year, month, day, hour, minute, second, microsecond } = civil
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false
  if (hour === 24) return minute === 0 && second === 0 && microsecond === 0
  return hour < 24 && minute < 60 && second < 60 && microsecond < 1_000_000
}

const dayMs = 86_400_000

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
}

/** What the zone's clocks show at an instant, as the milliseconds at which UTC's would. */
function wallMs(format: Intl.DateTimeFormat, ms: number): number {
  const shown: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(ms)) shown[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown
  return utcMs(year, month, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000)
}

function wallOf(civil: CivilTime): number {
  return utcMs(civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second) + Math.floor(civil.microsecond / 1000)
}

/** `Date.UTC` that takes years below 100 for what they are. */
function utcMs(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  return date.getTime()
}

function toInstant(ms: number, civil: CivilTime): Instant {
  return ms * 1000 + (civil.microsecond % 1000)
}

function daysIn(year: number, month: number): number {
  return new Date(utcMs(year, month + 1, 0, 0, 0, 0)).getUTCDate()
}
