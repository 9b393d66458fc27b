import type { Tags } from './street-elements.ts'
import { parseDurationS, parseLengthCm, parseSpeedKmh, parseWeightKg } from './tag-values.ts'

/** Road classes in the order of their codes; `links` share the class of their road. */
export const roadClasses = [
  'motorway',
  'trunk',
  'primary',
  'secondary',
  'tertiary',
  'unclassified',
  'residential',
  'living_street',
  'service',
  'track',
  'pedestrian',
  'ferry',
] as const

/** A road class of a segment. */
export type RoadClass = (typeof roadClasses)[number]

/** Speeds in km/h in one direction; 0 where the class of vehicle may not drive. */
export interface DirectionSpeeds {
  readonly carKmh: number
  readonly truckKmh: number
}

/** Size limits; undefined where there is none. */
export interface SizeLimits {
  readonly maxWeightKg?: number
  readonly maxHeightCm?: number
  readonly maxWidthCm?: number
}

/** What a way means to vehicles. */
export interface WayRules extends SizeLimits {
  readonly roadClass: RoadClass
  readonly forward: DirectionSpeeds
  readonly backward: DirectionSpeeds
  /** Crossing time of the whole way (ferries), which overrides the speeds. */
  readonly durationS?: number
  readonly name: string
}

const usualSpeedKmh: Record<RoadClass, number> = {
  motorway: 105,
  trunk: 85,
  primary: 60,
  secondary: 50,
  tertiary: 42,
  unclassified: 38,
  residential: 28,
  living_street: 10,
  service: 15,
  track: 12,
  pedestrian: 7,
  ferry: 12,
}
const truckCeilingKmh = 80
const destinationCeilingKmh = 12
const unpavedCeilingKmh = 30
/** Share of a signed limit that traffic drives over a whole street. */
const shareOfLimit = 0.9

const unpaved = new Set(['unpaved', 'gravel', 'dirt', 'ground', 'earth', 'grass', 'mud', 'sand', 'fine_gravel', 'pebblestone'])
const denied = new Set(['no', 'private', 'agricultural', 'forestry', 'emergency', 'military', 'bus', 'psv', 'foot', 'bicycle'])
const forBusiness = new Set(['destination', 'delivery', 'customers', 'permit', 'residents', 'unloading'])

type Permission = 'open' | 'destination' | 'closed'

/**
 * Reads a way's tags: class, speeds by direction and class of vehicle, limits. Undefined for a way that no motor vehicle may use.
 * Streets for destination traffic are open at walking pace, since a collection truck has business there and through traffic should not choose them.
 * Conditional tags (`access:conditional`) are not read.
 */
export function readWayRules(tags: Tags): WayRules | undefined {
  const roadClass = classOf(tags)
  if (roadClass === undefined || tags.area === 'yes' || tags.impassable === 'yes') return undefined
  const car = permissionOf(tags, roadClass, ['motorcar', 'motor_vehicle', 'vehicle', 'access'])
  const truck = permissionOf(tags, roadClass, ['hgv', 'goods', 'motor_vehicle', 'vehicle', 'access'])
  if (car === 'closed' && truck === 'closed') return undefined
  const direction = directionOf(tags, roadClass)
  const speeds = (way: 'forward' | 'backward'): DirectionSpeeds => {
    if (direction !== 'both' && direction !== way) return { carKmh: 0, truckKmh: 0 }
    return speedsOf(tags, roadClass, way, car, truck)
  }
  const [forward, backward] = [speeds('forward'), speeds('backward')]
  if (forward.carKmh + forward.truckKmh + backward.carKmh + backward.truckKmh === 0) return undefined
  return {
    roadClass,
    forward,
    backward,
    ...readSizeLimits(tags),
    durationS: roadClass === 'ferry' ? parseDurationS(tags.duration) : undefined,
    name: tags.name ?? tags.ref ?? '',
  }
}

/** The limits on weight, height and width that a way or a barrier states. */
export function readSizeLimits(tags: Tags): SizeLimits {
  return {
    maxWeightKg: least(parseWeightKg(tags.maxweight), parseWeightKg(tags.maxweightrating), parseWeightKg(tags['maxweight:hgv'])),
    maxHeightCm: least(parseLengthCm(tags.maxheight), parseLengthCm(tags['maxheight:physical'])),
    maxWidthCm: least(parseLengthCm(tags.maxwidth), parseLengthCm(tags['maxwidth:physical'])),
  }
}

const solidBarriers = new Set([
  'bollard',
  'block',
  'jersey_barrier',
  'cycle_barrier',
  'chain',
  'motorcycle_barrier',
  'log',
  'debris',
  'planter',
  'wall',
])

/** Whether a barrier on a node stops every motor vehicle. */
export function isImpassable(nodeTags: Tags): boolean {
  if (nodeTags.barrier === undefined) return false
  const stated = nodeTags.motorcar ?? nodeTags.motor_vehicle ?? nodeTags.vehicle ?? nodeTags.access
  if (stated !== undefined) return denied.has(stated)
  return solidBarriers.has(nodeTags.barrier)
}

function classOf(tags: Tags): RoadClass | undefined {
  if (tags.route === 'ferry') return tags.foot === 'only' ? undefined : 'ferry'
  const highway = tags.highway
  if (highway === undefined) return undefined
  if (highway === 'road') return 'unclassified'
  const name = highway.replace(/_link$/, '')
  return roadClasses.find((each) => each === name && each !== 'ferry')
}

function permissionOf(tags: Tags, roadClass: RoadClass, keys: readonly string[]): Permission {
  for (const key of keys) {
    const value = tags[key]
    if (value === undefined) continue
    if (denied.has(value)) return 'closed'
    return forBusiness.has(value) ? 'destination' : 'open'
  }
  if (roadClass === 'ferry') return 'closed'
  return roadClass === 'pedestrian' ? 'closed' : 'open'
}

function directionOf(tags: Tags, roadClass: RoadClass): 'forward' | 'backward' | 'both' | 'neither' {
  const stated = tags['oneway:motor_vehicle'] ?? tags['oneway:vehicle'] ?? tags.oneway
  switch (stated) {
    case 'yes':
    case 'true':
    case '1':
      return 'forward'
    case '-1':
    case 'reverse':
      return 'backward'
    case 'reversible':
    case 'alternating':
      return 'neither'
    case 'no':
    case 'false':
    case '0':
      return 'both'
    default:
      return roadClass === 'motorway' || tags.junction === 'roundabout' || tags.junction === 'circular' ? 'forward' : 'both'
  }
}

function speedsOf(tags: Tags, roadClass: RoadClass, way: 'forward' | 'backward', car: Permission, truck: Permission): DirectionSpeeds {
  const limit = parseSpeedKmh(tags[`maxspeed:${way}`]) ?? parseSpeedKmh(tags.maxspeed)
  let kmh = limit === undefined ? usualSpeedKmh[roadClass] : limit * shareOfLimit
  if (tags.highway?.endsWith('_link')) kmh = Math.min(kmh, 60)
  if (roadClass === 'service' || roadClass === 'track' || roadClass === 'pedestrian') kmh = Math.min(kmh, usualSpeedKmh[roadClass])
  if (tags.surface !== undefined && unpaved.has(tags.surface)) kmh = Math.min(kmh, unpavedCeilingKmh)
  const truckLimit = (parseSpeedKmh(tags['maxspeed:hgv']) ?? Infinity) * shareOfLimit
  return { carKmh: allowed(car, kmh), truckKmh: allowed(truck, Math.min(kmh, truckCeilingKmh, truckLimit)) }
}

function allowed(permission: Permission, kmh: number): number {
  switch (permission) {
    case 'open':
      return kmh
    case 'destination':
      return Math.min(kmh, destinationCeilingKmh)
    case 'closed':
      return 0
  }
}

function least(...values: readonly (number | undefined)[]): number | undefined {
  const given = values.filter((value) => value !== undefined)
  return given.length === 0 ? undefined : Math.min(...given)
}
