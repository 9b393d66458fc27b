import { type Instant, instantOf } from '../entity/instant.ts'

/** The instant of a DateTime string (CIM 009, 4.6.3), or `undefined`. */
export function dateTimeOf(text: string): Instant | undefined {
  return text.charAt(10) === 'T' ? instantOf(text) : undefined
}

const date = /^\d{4}-\d{2}-\d{2}$/

/** Whether the text is a Date string of the calendar (4.6.3); two of them compare as strings do. */
export function isCivilDate(text: string): boolean {
  return date.test(text) && instantOf(`${text}T00:00:00Z`) !== undefined
}

const time = /^(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,6}))?Z$/

/** The microsecond of the day of a Time string (4.6.3), or `undefined`. */
export function timeOfDayUs(text: string): number | undefined {
  const match = time.exec(text)
  if (match === null) return undefined
  const [, hour, minute, second, fraction = ''] = match
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  return (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1_000_000 + Number(fraction.padEnd(6, '0'))
}

/** Writes a microsecond of the day as a Time string. */
export function formatTimeOfDay(us: number): string {
  const second = Math.floor(us / 1_000_000)
  const fraction = us - second * 1_000_000
  const two = (n: number): string => String(n).padStart(2, '0')
  const whole = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
  return fraction === 0 ? `${whole}Z` : `${whole}.${String(fraction).padStart(6, '0')}Z`
}
