import type { Instant } from '@cityloop/ngsi-ld'
import type { DemoDevice } from './generate-city.ts'
import { noise } from './random.ts'

/** A value that a device gives: the attribute in our own words, the number or word, and its UN/CEFACT unit code. */
export type Reading = { readonly attribute: string; readonly value: number | string; readonly unitCode?: string }

const hourUs = 3_600_000_000

/** What a device measures at a time: commutes drive traffic, traffic drives NO2 and noise, weather drives energy, bins fill until they are emptied. */
export function measure(seed: number, device: DemoDevice, at: Instant): readonly Reading[] {
  const { kind, number, district, size } = device
  const hour = (at / hourUs) % 24
  const day = Math.floor(at / (24 * hourUs))
  const isWeekend = day % 7 === 2 || day % 7 === 3
  const jitter = (salt: number): number => noise(seed, number, Math.floor(at / 300_000_000), salt) - 0.5
  const slow = (salt: number): number => noise(seed, day, salt) - 0.5
  const rush = commute(hour, isWeekend) * district.busyness
  const temperature = 14 + 8 * Math.sin(((dayOfYear(day) - 110) / 365) * 2 * Math.PI) + 4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + 5 * slow(1)
  const wind = Math.max(0.3, 3 + 4 * slow(2) + jitter(2))
  switch (kind) {
    case 'air':
      return [
        { attribute: 'no2', value: round(clamp((8 + 55 * rush) / (0.6 + wind / 5) + 6 * jitter(3), 1, 250), 1), unitCode: 'GQ' },
        { attribute: 'pm25', value: round(clamp((5 + 14 * rush) / (0.7 + wind / 6) + 3 * jitter(4), 1, 120), 1), unitCode: 'GQ' },
      ]
    case 'noise':
      return [{ attribute: 'LAeq', value: round(clamp(46 + 22 * rush + 5 * jitter(5), 30, 95), 1), unitCode: '2N' }]
    case 'weather':
      return [
        { attribute: 'temperature', value: round(temperature + jitter(6), 1), unitCode: 'CEL' },
        { attribute: 'relativeHumidity', value: round(clamp(0.72 - 0.012 * (temperature - 14) + 0.1 * jitter(7), 0.15, 1), 2), unitCode: 'C62' },
        { attribute: 'windSpeed', value: round(wind, 1), unitCode: 'MTS' },
      ]
    case 'traffic':
      return [
        { attribute: 'averageVehicleSpeed', value: round(clamp(size * (1 - 0.6 * rush) + 4 * jitter(8), 4, 130), 1), unitCode: 'KMH' },
        { attribute: 'intensity', value: Math.round(clamp(40 + 900 * rush + 60 * jitter(9), 0, 3000)), unitCode: 'C62' },
      ]
    case 'parking': {
      const full = clamp(0.15 + 0.8 * occupancy(hour, isWeekend) * (0.6 + 0.4 * district.busyness) + 0.1 * jitter(10), 0, 1)
      return [
        { attribute: 'availableSpotNumber', value: size - Math.round(size * full) },
        { attribute: 'totalSpotNumber', value: size },
      ]
    }
    case 'waste': {
      const periodH = 40 + 90 * noise(seed, number, 11)
      const sinceH = (at / hourUs + periodH * noise(seed, number, 12)) % periodH
      return [{ attribute: 'fillingLevel', value: round(clamp((sinceH / periodH) * 1.02 + 0.01 * jitter(11), 0, 1), 2), unitCode: 'C62' }]
    }
    case 'light': {
      const isNight = hour < 6.2 || hour > 18.4
      return [
        { attribute: 'powerState', value: isNight ? 'on' : 'off' },
        { attribute: 'illuminanceLevel', value: isNight ? (hour > 23 || hour < 5 ? 0.6 : 1) : 0 },
      ]
    }
    case 'meter': {
      const base = size * (0.35 + 0.5 * occupancy(hour, isWeekend)) + Math.max(0, 18 - temperature) * size * 0.02
      return [{ attribute: 'totalActivePower', value: round(Math.max(0.2, base * (1 + 0.15 * jitter(13))), 2), unitCode: 'KWT' }]
    }
    case 'water':
      return [
        {
          attribute: 'height',
          value: round(2.1 + 1.3 * Math.sin((at / hourUs / 12.42) * 2 * Math.PI) + 0.1 * slow(14) + 0.02 * jitter(14), 2),
          unitCode: 'MTR',
        },
      ]
  }
}

/** How far the commute is at an hour of the day: two peaks on working days, one flat hill at the weekend. */
function commute(hour: number, isWeekend: boolean): number {
  if (isWeekend) return 0.1 + 0.35 * bell(hour, 14, 4)
  return 0.08 + 0.85 * bell(hour, 8, 1.4) + 0.75 * bell(hour, 17.5, 1.8) + 0.35 * bell(hour, 13, 3)
}

function occupancy(hour: number, isWeekend: boolean): number {
  return isWeekend ? 0.6 * bell(hour, 15, 4) : bell(hour, 12.5, 4.2)
}

function bell(hour: number, peak: number, width: number): number {
  const apart = Math.min(Math.abs(hour - peak), 24 - Math.abs(hour - peak))
  return Math.exp(-((apart / width) ** 2))
}

function dayOfYear(day: number): number {
  return ((day % 365.2425) + 365.2425) % 365.2425
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
