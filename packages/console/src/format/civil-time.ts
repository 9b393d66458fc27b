/** The zone the console shows times in where the city names none. */
export const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Date and time in the city's zone, as the language writes it. */
export function formatInstant(atMs: number, language: string, timeZone: string, withSeconds = false): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    dateStyle: 'medium',
    timeStyle: withSeconds ? 'medium' : 'short',
    hourCycle: 'h23',
  }).format(atMs)
}

/** Time of day in the city's zone. */
export function formatTimeOfDay(atMs: number, language: string, timeZone: string, withSeconds = false): string {
  const seconds = withSeconds ? ({ second: '2-digit' } as const) : {}
  return new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...seconds }).format(atMs)
}

/** `YYYY-MM-DDTHH:MM` in the zone, the form of a date and time field. */
export function toCivil(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The instant of a civil time in a zone; in the hour a clock change leaves out, the time the clock would have shown without it. Null for no time. */
export function fromCivil(civil: string, timeZone: string): number | null {
  const wallMs = Date.parse(`${civil}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(civil) || Number.isNaN(wallMs)) return null
  const guess = wallMs - offsetMs(wallMs, timeZone)
  return wallMs - offsetMs(guess, timeZone)
}

function offsetMs(atMs: number, timeZone: string): number {
  return Date.parse(`${toCivil(atMs, timeZone)}Z`) - Math.floor(atMs / 60_000) * 60_000
}
