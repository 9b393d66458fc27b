import { drawCity } from './city-elements.ts'
import type { CityElements } from './city-elements.ts'
import { districtAt, layDistricts } from './districts.ts'
import type { District } from './districts.ts'
import { layOfLand, toDegrees } from './lay-of-land.ts'
import type { LayOfLand, Spot } from './lay-of-land.ts'
import { layStreets } from './lay-streets.ts'
import type { Block, StreetPlan } from './lay-streets.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

export type DeviceKind = 'air' | 'noise' | 'weather' | 'traffic' | 'parking' | 'waste' | 'light' | 'meter' | 'water'

/** A device: what it measures, where it stands, and its number, from which its values follow. */
export type DemoDevice = {
  /** Of its entity. */
  readonly id: string
  readonly deviceId: string
  readonly kind: DeviceKind
  readonly number: number
  readonly name: string
  readonly district: District
  readonly spot: Spot
  /** Degrees. */
  readonly position: readonly [lon: number, lat: number]
  /** Of a car park its places, of a bin its litres, of a street its free-flow speed, of a meter its building's kW. */
  readonly size: number
  /** Which of its kind's gateways carries its messages. */
  readonly gateway: number
}

export type DemoCity = {
  readonly seed: number
  readonly name: string
  readonly districts: readonly District[]
  readonly devices: readonly DemoDevice[]
  /** The ground, drawn when it is asked for. */
  drawGround(): CityElements
}

/** The kinds and their shares of all devices. */
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
const devicesPerGateway = 200

/** Makes the city of a seed with so many devices; the same again for the same two numbers. */
export function generateCity(seed: number, devices: number): DemoCity {
  const random = createRandom(seed)
  const land = layOfLand([random(), random(), random(), random(), random()])
  const districts = layDistricts(random)
  const plan = layStreets(seed, land)
  const town = plan.blocks.filter(({ line }) => line.highway !== 'trunk')
  const wide = town.filter(({ line }) => line.highway !== 'residential')
  const made = shares.flatMap(([kind, share], place) =>
    Array.from({ length: Math.max(1, Math.round(devices * share)) }, (_, index) =>
      makeDevice(kind, place * 100_000 + index, index, { land, plan, districts, blocks: kind === 'traffic' || kind === 'air' ? wide : town, random }),
    ),
  )
  const name = 'Port Selva'
  return { seed, name, districts, devices: made, drawGround: () => drawCity(seed, name, land, districts, plan) }
}

/** The Smart Data Models' type that a device's entity has. */
export function typeOfKind(kind: DeviceKind): string {
  return typeOf[kind]
}

/** Every kind of device. */
export const deviceKinds: readonly DeviceKind[] = shares.map(([kind]) => kind)

/** The metres between two spots. */
export function apartM(a: Spot, b: Spot): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}

type Site = {
  readonly land: LayOfLand
  readonly plan: StreetPlan
  readonly districts: readonly District[]
  readonly blocks: readonly Block[]
  readonly random: Random
}

function makeDevice(kind: DeviceKind, number: number, index: number, site: Site): DemoDevice {
  const { districts, random } = site
  const { block, spot } = kind === 'water' ? bankSpot(site) : streetSpot(kind, site)
  const sizes: Readonly<Record<DeviceKind, number>> = {
    air: 0,
    noise: 0,
    weather: 0,
    traffic: block.line.speedKmh,
    parking: 60 + 20 * Math.floor(random() * 20),
    waste: 1100,
    light: 60,
    meter: 20 + Math.floor(random() * 300),
    water: 0,
  }
  const deviceId = `${kind}-${String(index + 1).padStart(4, '0')}`
  return {
    id: `urn:ngsi-ld:${typeOf[kind]}:port-selva:${deviceId}`,
    deviceId,
    kind,
    number,
    name: kind === 'water' ? `Selva gauge ${index + 1}` : `${block.line.name} ${1 + Math.floor(random() * 120)}`,
    district: districtAt(districts, spot),
    spot,
    position: toDegrees(spot),
    size: sizes[kind],
    gateway: Math.floor(index / devicesPerGateway),
  }
}

/** A place beside a street, the likelier the busier its district. */
function streetSpot(kind: DeviceKind, { blocks, districts, plan, random }: Site): { readonly block: Block; readonly spot: Spot } {
  for (;;) {
    const block = blocks[Math.floor(random() * blocks.length)]
    const [from, to] = [plan.crossings[block?.from ?? -1], plan.crossings[block?.to ?? -1]]
    if (block === undefined || from === undefined || to === undefined) throw new Error('A city has at least one street')
    if (random() > districtAt(districts, from).busyness) continue
    const part = 0.08 + 0.84 * random()
    const besideM = (kind === 'traffic' ? 2 : kind === 'parking' || kind === 'meter' ? 24 : 7) * (random() < 0.5 ? -1 : 1)
    const lengthM = Math.max(1, apartM(from, to))
    const [x, y] = [(to[0] - from[0]) / lengthM, (to[1] - from[1]) / lengthM]
    return { block, spot: [from[0] + x * lengthM * part - y * besideM, from[1] + y * lengthM * part + x * besideM] }
  }
}

/** A place on the river's bank or at the harbour. */
function bankSpot({ blocks, land, random }: Site): { readonly block: Block; readonly spot: Spot } {
  const block = blocks[0]
  if (block === undefined) throw new Error('A city has at least one street')
  const eastM = -600 + 4600 * random()
  const side = random() < 0.5 ? -1 : 1
  return { block, spot: [eastM, land.riverAt(eastM) + side * (land.riverHalfM(eastM) - 3)] }
}
