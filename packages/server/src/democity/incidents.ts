import type { Instant } from '@cityloop/ngsi-ld'
import { apartM } from './generate-city.ts'
import type { DemoCity, DemoDevice } from './generate-city.ts'
import type { Spot } from './lay-of-land.ts'
import { noise } from './random.ts'

const hourUs = 3_600_000_000
const dayUs = 24 * hourUs

/** Something that truly happened in the made-up city: what detection is judged by. */
export type Incident = {
  readonly kind: 'collision' | 'fire' | 'flood' | 'power-cut' | 'festival'
  readonly district: string
  readonly spot: Spot
  readonly radiusM: number
  readonly from: Instant
  readonly until: Instant
}

/** What happens on a day, in order of time; the same for the same city and day. */
export function incidentsOfDay({ districts, seed }: Pick<DemoCity, 'districts' | 'seed'>, day: number): readonly Incident[] {
  const chance = (salt: number): number => noise(seed, day, 900 + salt)
  const weekday = new Date(day * 86_400_000).getUTCDay()
  const plan = (kind: Incident['kind'], salt: number, [first, span, lastsH]: readonly [number, number, number], radiusM: number): Incident => {
    const district = kind === 'festival' ? districts[0] : districts[Math.floor(chance(salt) * districts.length)]
    if (district === undefined) throw new Error('A city has at least one district')
    const from = day * dayUs + Math.round((first + span * chance(salt + 1)) * 60) * 60_000_000
    return { kind, district: district.name, spot: district.spot, radiusM, from, until: from + lastsH * hourUs }
  }
  const found: Incident[] = []
  if (weekday >= 1 && weekday <= 5 && chance(1) < 0.5) found.push(plan('collision', 10, [7, 11, 1.5], 450))
  if (chance(2) < 0.12) found.push(plan('fire', 20, [1, 20, 3], 900))
  if (chance(3) < 0.08) found.push(plan('flood', 30, [0, 20, 5], 2500))
  if (chance(4) < 0.15) found.push(plan('power-cut', 40, [6, 15, 0.8], 700))
  if (weekday === 6) found.push(plan('festival', 50, [18, 1, 5], 800))
  return found.toSorted((a, b) => a.from - b.from)
}

/** Finds what of the given kinds goes on around a device; days are worked out once. */
export function createIncidentFinder(city: Pick<DemoCity, 'districts' | 'seed'>): (device: DemoDevice, at: Instant) => readonly Incident[] {
  const days = new Map<number, readonly Incident[]>()
  return (device, at) => {
    const day = Math.floor(at / dayUs)
    let found = days.get(day)
    if (found === undefined) {
      // What began yesterday may go on.
      found = [...incidentsOfDay(city, day - 1), ...incidentsOfDay(city, day)]
      if (days.size > 400) days.clear()
      days.set(day, found)
    }
    return found.filter(({ from, radiusM, spot, until }) => from <= at && at < until && apartM(spot, device.spot) <= radiusM)
  }
}
