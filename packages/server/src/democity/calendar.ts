import type { Instant } from '@cityloop/ngsi-ld'

const hourUs = 3_600_000_000
const holidays = new Set(['1-1', '1-6', '5-1', '7-16', '10-12', '12-25', '12-26'])

/** What kind of day and hour it is in the city, which keeps UTC. */
export type CivilMoment = {
  /** Days since 1970. */
  readonly day: number
  /** 0 to below 24. */
  readonly hour: number
  /** Saturdays, Sundays and holidays. */
  readonly isFree: boolean
  readonly isSaturday: boolean
  /** -1 in midwinter, 1 in midsummer. */
  readonly season: number
  /** How many people are in town: fewer in August. */
  readonly presence: number
}

/** The civil moment of an instant. */
export function civilMoment(at: Instant): CivilMoment {
  const day = Math.floor(at / (24 * hourUs))
  const date = new Date(day * 86_400_000)
  const [weekday, month] = [date.getUTCDay(), date.getUTCMonth() + 1]
  const dayOfYear = ((day % 365.2425) + 365.2425) % 365.2425
  return {
    day,
    hour: (at / hourUs) % 24,
    isFree: weekday === 0 || weekday === 6 || holidays.has(`${month}-${date.getUTCDate()}`),
    isSaturday: weekday === 6,
    season: Math.sin(((dayOfYear - 81) / 365.2425) * 2 * Math.PI),
    presence: month === 8 ? 0.75 : 1,
  }
}
