import { createRandom } from './random.ts'
import type { Random } from './random.ts'

/** Where the city is made up to lie: open sea in fact, so that no real place is meant. */
export const center: readonly [number, number] = [-9.32, 41.16]

export type District = { readonly name: string; readonly center: readonly [number, number]; readonly busyness: number; readonly radiusM: number }

export type DeviceKind = 'air' | 'noise' | 'weather' | 'traffic' | 'parking' | 'waste' | 'light' | 'meter' | 'water'

/** A device: what it measures, where it stands, and its number, from which its values follow. */
export type DemoDevice = {
  readonly id: string
  readonly kind: DeviceKind
  readonly number: number
  readonly name: string
  readonly district: District
  readonly position: readonly [number, number]
  /** Of a car park its places, of a bin its litres, of a street its free-flow speed. */
  readonly size: number
}

export type DemoCity = {
  readonly seed: number
  readonly name: string
  readonly districts: readonly District[]
  readonly devices: readonly DemoDevice[]
}

const shares: readonly (readonly [DeviceKind, number])[] = [
  ['light', 0.3],
  ['waste', 0.25],
  ['meter', 0.15],
  ['parking', 0.08],
  ['traffic', 0.08],
  ['air', 0.05],
  ['noise', 0.05],
  ['water', 0.02],
  ['weather', 0.02],
]
const typeOf: Readonly<Record<DeviceKind, string>> = {
  air: 'AirQualityObserved',
  noise: 'NoiseLevelObserved',
  weather: 'WeatherObserved',
  traffic: 'TrafficFlowObserved',
  parking: 'OffStreetParking',
  waste: 'WasteContainer',
  light: 'Streetlight',
  meter: 'ACMeasurement',
  water: 'WaterObserved',
}
const districtNames = [
  'Old Harbour',
  'Market Hill',
  'Riverside',
  'Weavers’ Quarter',
  'Lighthouse Point',
  'Orchard Park',
  'Foundry',
  'University',
  'Sandgate',
  'Mill Lane',
]
const streetWords = [
  'Anchor',
  'Baker',
  'Cedar',
  'Dock',
  'Elm',
  'Ferry',
  'Garden',
  'Harbour',
  'Ivy',
  'Juniper',
  'King',
  'Linden',
  'Mill',
  'North',
  'Oak',
  'Pier',
  'Quay',
  'Rope',
  'Salt',
  'Tide',
]
const streetKinds = ['Street', 'Lane', 'Road', 'Square', 'Avenue', 'Row']

/** Makes the city of a seed with so many devices; the same again for the same two numbers. */
export function generateCity(seed: number, devices: number): DemoCity {
  const random = createRandom(seed)
  const districts = districtNames.map((name, index): District => {
    const angle = (index / districtNames.length) * 2 * Math.PI + random() * 0.5
    const distanceM = index === 0 ? 300 : 1200 + random() * 2600
    return {
      name,
      center: offset(center, distanceM * Math.cos(angle), Math.abs(distanceM * Math.sin(angle))),
      busyness: 1 - index * 0.07,
      radiusM: 500 + random() * 500,
    }
  })
  const counts = shares.map(([kind, share]) => ({ kind, count: Math.max(1, Math.round(devices * share)) }))
  const made = counts.flatMap(({ kind, count }, place) =>
    Array.from({ length: count }, (_, index) => makeDevice(kind, place * 100_000 + index, index, districts, random)),
  )
  return { seed, name: 'Port Selva', districts, devices: made }
}

function makeDevice(kind: DeviceKind, number: number, index: number, districts: readonly District[], random: Random): DemoDevice {
  const district = districts[Math.floor(random() * random() * districts.length)]
  if (district === undefined) throw new Error('A city has at least one district')
  const [east, north] = [gauss(random) * district.radiusM, gauss(random) * district.radiusM]
  const street = `${pick(streetWords, random)} ${pick(streetKinds, random)}`
  const sizes: Readonly<Record<DeviceKind, number>> = {
    air: 0,
    noise: 0,
    weather: 0,
    traffic: 30 + 10 * Math.floor(random() * 4),
    parking: 60 + 20 * Math.floor(random() * 20),
    waste: 1100,
    light: 60,
    meter: 20 + Math.floor(random() * 300),
    water: 0,
  }
  return {
    id: `urn:ngsi-ld:${typeOf[kind]}:port-selva:${kind}-${String(index + 1).padStart(4, '0')}`,
    kind,
    number,
    name: `${street} ${1 + Math.floor(random() * 120)}`,
    district,
    position: offset(district.center, east, north),
    size: sizes[kind],
  }
}

/** The Smart Data Models' type that a device's entity has. */
export function typeOfKind(kind: DeviceKind): string {
  return typeOf[kind]
}

function gauss(random: Random): number {
  return (random() + random() + random() - 1.5) * 1.3
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item
}

function offset([lon, lat]: readonly [number, number], eastM: number, northM: number): readonly [number, number] {
  const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
  return [round(lon + eastM / (111_320 * Math.cos((lat * Math.PI) / 180))), round(lat + northM / 110_540)]
}
