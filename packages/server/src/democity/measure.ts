import type { Instant } from '@cityloop/ngsi-ld'
import { civilMoment } from './calendar.ts'
import type { CivilMoment } from './calendar.ts'
import { driftOf, faultOf, isSilent } from './faults.ts'
import type { DemoCity, DemoDevice } from './generate-city.ts'
import { createIncidentFinder } from './incidents.ts'
import type { Incident } from './incidents.ts'
import { noise } from './random.ts'

/** A value that a device gives: the attribute in our own words, the number or word, and its UN/CEFACT unit code. */
export type Reading = { readonly attribute: string; readonly value: number | string; readonly unitCode?: string }

/** What is true where a device stands, and what the device says of it: `undefined` while it keeps silent. */
export type Measurer = {
  truth(device: DemoDevice, at: Instant): readonly Reading[]
  said(device: DemoDevice, at: Instant): readonly Reading[] | undefined
}

/** Measures a city: commutes drive traffic, traffic drives NO2 and noise, wind disperses, weather drives energy, events fill bins and car parks. */
export function createMeasurer(city: Pick<DemoCity, 'districts' | 'seed'>): Measurer {
  const { seed } = city
  const incidentsNear = createIncidentFinder(city)
  const truth = (device: DemoDevice, at: Instant): readonly Reading[] => measure(seed, device, at, incidentsNear(device, at))
  return {
    truth,
    said(device, at) {
      const { number } = device
      const fault = faultOf(seed, number)
      if (fault === 'silent' && isSilent(seed, number, at)) return undefined
      // A liar says for ever what it saw on a Monday morning.
      const readings = truth(device, fault === 'lying' ? 1_700_474_400_000_000 : at)
      if (fault !== 'drifting') return readings
      const factor = 1 + driftOf(seed, number, at)
      return readings.map((reading) => (typeof reading.value === 'number' ? { ...reading, value: round(reading.value * factor, 2) } : reading))
    },
  }
}

type Weather = { readonly temperature: number; readonly windMs: number; readonly rainMm: number; readonly humidity: number }

/** The city's weather: seasons, the time of day, and fronts that take days to pass. */
function weatherAt(seed: number, { day, hour, season }: CivilMoment): Weather {
  const front = (salt: number): number => {
    const part = hour / 24
    return noise(seed, day, salt) * (1 - part) + noise(seed, day + 1, salt) * part - 0.5
  }
  const wet = front(3) + 0.15 * -season
  const rainMm = wet > 0.22 ? (wet - 0.22) * 14 : 0
  const temperature = 14 + 7 * season + 4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) * (rainMm > 0 ? 0.4 : 1) + 7 * front(1)
  return {
    temperature,
    windMs: Math.max(0.3, 3.4 + 6 * front(2)),
    rainMm,
    humidity: clamp(0.72 - 0.012 * (temperature - 14) + (rainMm > 0 ? 0.2 : 0), 0.15, 1),
  }
}

function measure(seed: number, device: DemoDevice, at: Instant, incidents: readonly Incident[]): readonly Reading[] {
  const { kind, number, district, size } = device
  const moment = civilMoment(at)
  const { hour, isFree, presence } = moment
  const has = (incident: Incident['kind']): boolean => incidents.some((one) => one.kind === incident)
  const jitter = (salt: number): number => noise(seed, number, Math.floor(at / 300_000_000), salt) - 0.5
  const weather = weatherAt(seed, moment)
  const rush = commute(hour, isFree) * district.busyness * presence * (has('collision') ? 1.35 : 1)
  const feast = has('festival') ? 1 : 0
  switch (kind) {
    case 'air': {
      const smoke = has('fire') ? 90 : 0
      return [
        { attribute: 'no2', value: round(clamp((8 + 55 * rush) / (0.6 + weather.windMs / 5) + 6 * jitter(3), 1, 250), 1), unitCode: 'GQ' },
        { attribute: 'pm25', value: round(clamp((5 + 14 * rush + smoke) / (0.7 + weather.windMs / 6) + 3 * jitter(4), 1, 250), 1), unitCode: 'GQ' },
      ]
    }
    case 'noise':
      return [
        {
          attribute: 'LAeq',
          value: round(clamp(46 + 22 * rush + 14 * feast + 2 * Math.min(2, weather.rainMm) + 5 * jitter(5), 30, 100), 1),
          unitCode: '2N',
        },
      ]
    case 'weather':
      return [
        { attribute: 'temperature', value: round(weather.temperature + jitter(6), 1), unitCode: 'CEL' },
        { attribute: 'relativeHumidity', value: round(clamp(weather.humidity + 0.04 * jitter(7), 0.1, 1), 2), unitCode: 'C62' },
        { attribute: 'windSpeed', value: round(Math.max(0, weather.windMs + 0.8 * jitter(8)), 1), unitCode: 'MTS' },
        { attribute: 'precipitation', value: round(weather.rainMm, 1), unitCode: 'MMT' },
      ]
    case 'traffic': {
      const jam = has('collision') ? 0.28 : 1
      return [
        {
          attribute: 'averageVehicleSpeed',
          value: round(clamp(size * (1 - 0.55 * Math.min(1, rush)) * jam + 4 * jitter(8), 3, 130), 1),
          unitCode: 'KMH',
        },
        {
          attribute: 'intensity',
          value: Math.round(clamp((40 + 900 * rush) * (has('collision') ? 0.5 : 1) + 60 * jitter(9), 0, 3000)),
          unitCode: 'C62',
        },
      ]
    }
    case 'parking': {
      const full = clamp(0.15 + 0.8 * occupancy(hour, isFree) * presence * (0.6 + 0.4 * district.busyness) + 0.7 * feast + 0.1 * jitter(10), 0, 1)
      return [
        { attribute: 'availableSpotNumber', value: size - Math.round(size * full) },
        { attribute: 'totalSpotNumber', value: size },
      ]
    }
    case 'waste': {
      const periodH = 40 + 90 * noise(seed, number, 11)
      const sinceH = (at / 3_600_000_000 + periodH * noise(seed, number, 12)) % periodH
      return [
        { attribute: 'fillingLevel', value: round(clamp((sinceH / periodH) * 1.02 + 0.3 * feast + 0.01 * jitter(11), 0, 1), 2), unitCode: 'C62' },
      ]
    }
    case 'light': {
      const isNight = !has('power-cut') && isDark(moment)
      return [
        { attribute: 'powerState', value: isNight ? 'on' : 'off' },
        { attribute: 'illuminanceLevel', value: isNight ? (hour > 23 || hour < 5 ? 0.6 : 1) : 0 },
      ]
    }
    case 'meter': {
      const { temperature } = weather
      const base =
        size * (0.35 + 0.5 * occupancy(hour, isFree)) + size * (Math.max(0, 18 - temperature) * 0.02 + Math.max(0, temperature - 24) * 0.03)
      return [
        { attribute: 'totalActivePower', value: has('power-cut') ? 0 : round(Math.max(0.2, base * (1 + 0.15 * jitter(13))), 2), unitCode: 'KWT' },
      ]
    }
    case 'water': {
      const tide = 2.1 + 1.3 * Math.sin((at / 3_600_000_000 / 12.42) * 2 * Math.PI)
      const surge = has('flood') ? 1.6 : 0
      return [{ attribute: 'height', value: round(tide + 0.08 * weather.rainMm + surge + 0.02 * jitter(14), 2), unitCode: 'MTR' }]
    }
  }
}

/** Whether the sun is below the horizon. */
export function isDark({ hour, season }: Pick<CivilMoment, 'hour' | 'season'>): boolean {
  return hour < 6.9 - 1.5 * season || hour > 18.6 + 1.6 * season
}

/** How far the commute is at an hour of the day: two peaks on working days, one flat hill on free ones. */
function commute(hour: number, isFree: boolean): number {
  if (isFree) return 0.1 + 0.35 * bell(hour, 14, 4)
  return 0.08 + 0.85 * bell(hour, 8, 1.4) + 0.75 * bell(hour, 17.5, 1.8) + 0.35 * bell(hour, 13, 3)
}

function occupancy(hour: number, isFree: boolean): number {
  return isFree ? 0.6 * bell(hour, 15, 4) : bell(hour, 12.5, 4.2)
}

function bell(hour: number, peak: number, width: number): number {
  const apart = Math.min(Math.abs(hour - peak), 24 - Math.abs(hour - peak))
  return Math.exp(-((apart / width) ** 2))
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
