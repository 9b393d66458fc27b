import type { Tags } from '@cityloop/streets'
import type { TileProperty } from '#tiles/make-tiles.ts'
import type { BaseMapLayer } from './base-map.ts'

/** How something is drawn. */
export interface Drawn {
  readonly layer: BaseMapLayer
  readonly kind: string
  /** The smallest zoom it shows at. */
  readonly minZoom: number
  readonly properties: Readonly<Record<string, TileProperty>>
}

/** `kind` and smallest zoom of a road by its `highway` value. */
const roadKinds: Readonly<Record<string, readonly [kind: string, minZoom: number]>> = {
  motorway: ['highway', 5],
  trunk: ['major_road', 6],
  primary: ['major_road', 7],
  secondary: ['major_road', 9],
  tertiary: ['major_road', 10],
  unclassified: ['minor_road', 12],
  residential: ['minor_road', 12],
  living_street: ['minor_road', 13],
  road: ['minor_road', 12],
  service: ['minor_road', 13],
  raceway: ['minor_road', 13],
  track: ['path', 13],
  pedestrian: ['path', 13],
  footway: ['path', 14],
  path: ['path', 14],
  cycleway: ['path', 14],
  bridleway: ['path', 14],
  steps: ['path', 14],
}

/** Lines: roads, railways, ferries, rivers. */
export function classifyLine(tags: Tags): Drawn | undefined {
  const highway = tags.highway
  if (highway !== undefined) {
    const isLink = highway.endsWith('_link')
    const known = roadKinds[isLink ? highway.slice(0, -5) : highway]
    if (known === undefined) return undefined
    const properties: Record<string, TileProperty> = { kind_detail: highway, ...structureOf(tags) }
    if (isLink) properties.is_link = true
    if (tags.oneway !== undefined && tags.oneway !== 'no') properties.oneway = tags.oneway
    if (tags.ref !== undefined) properties.ref = tags.ref
    return { layer: 'roads', kind: known[0], minZoom: isLink ? Math.max(10, known[1]) : known[1], properties }
  }
  if (tags.railway === 'rail' || tags.railway === 'light_rail' || tags.railway === 'tram' || tags.railway === 'subway') {
    return {
      layer: 'roads',
      kind: 'rail',
      minZoom: tags.railway === 'rail' ? 9 : 12,
      properties: { kind_detail: tags.railway, ...structureOf(tags) },
    }
  }
  if (tags.route === 'ferry') return { layer: 'roads', kind: 'ferry', minZoom: 9, properties: {} }
  if (tags.waterway === 'river' || tags.waterway === 'canal') return { layer: 'water', kind: tags.waterway, minZoom: 9, properties: {} }
  if (tags.waterway === 'stream' || tags.waterway === 'ditch') return { layer: 'water', kind: tags.waterway, minZoom: 13, properties: {} }
  return undefined
}

function structureOf(tags: Tags): Record<string, TileProperty> {
  const properties: Record<string, TileProperty> = {}
  if (tags.bridge !== undefined && tags.bridge !== 'no') properties.is_bridge = true
  if (tags.tunnel !== undefined && tags.tunnel !== 'no') properties.is_tunnel = true
  return properties
}

/** Land uses by key and value that are drawn, with the smallest zoom. */
const landUses: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  leisure: { park: 10, garden: 13, pitch: 13, playground: 14, golf_course: 11, nature_reserve: 9, sports_centre: 13, stadium: 13 },
  landuse: {
    residential: 10,
    commercial: 11,
    industrial: 10,
    retail: 11,
    cemetery: 11,
    forest: 8,
    farmland: 9,
    grass: 13,
    meadow: 11,
    recreation_ground: 12,
    military: 10,
    railway: 12,
    allotments: 12,
    landfill: 11,
    vineyard: 11,
    orchard: 11,
  },
  natural: { wood: 8, scrub: 11, grassland: 11, heath: 11, beach: 11, sand: 12, bare_rock: 12, wetland: 10, glacier: 8 },
  amenity: { school: 13, university: 12, college: 13, hospital: 12, kindergarten: 14, parking: 14, grave_yard: 12 },
  aeroway: { aerodrome: 10, runway: 11, apron: 12 },
  highway: { pedestrian: 13, footway: 14 },
}

/** Areas: water, buildings, land use. */
export function classifyArea(tags: Tags): Drawn | undefined {
  if (tags.building !== undefined && tags.building !== 'no') {
    const height = Number.parseFloat(tags.height ?? '') || Number.parseFloat(tags['building:levels'] ?? '') * 3
    return { layer: 'buildings', kind: 'building', minZoom: 13, properties: Number.isFinite(height) ? { height } : {} }
  }
  if (tags.natural === 'water') return { layer: 'water', kind: tags.water ?? 'water', minZoom: 8, properties: {} }
  if (tags.waterway === 'riverbank' || tags.waterway === 'dock') return { layer: 'water', kind: tags.waterway, minZoom: 9, properties: {} }
  if (tags.landuse === 'reservoir' || tags.landuse === 'basin') return { layer: 'water', kind: tags.landuse, minZoom: 9, properties: {} }
  if (tags.leisure === 'swimming_pool') return { layer: 'water', kind: 'swimming_pool', minZoom: 14, properties: {} }
  for (const [key, values] of Object.entries(landUses)) {
    const value = tags[key]
    if (value === undefined || (key === 'highway' && tags.area !== 'yes')) continue
    const minZoom = values[value]
    if (minZoom !== undefined) return { layer: 'landuse', kind: value, minZoom, properties: {} }
  }
  return undefined
}

const placeZooms: Readonly<Record<string, readonly [kind: string, minZoom: number]>> = {
  country: ['country', 2],
  state: ['region', 4],
  city: ['locality', 5],
  town: ['locality', 8],
  village: ['locality', 10],
  hamlet: ['locality', 12],
  suburb: ['neighbourhood', 11],
  quarter: ['neighbourhood', 12],
  neighbourhood: ['neighbourhood', 13],
  island: ['locality', 11],
}

/** Points of interest by key; any other value of these keys is left out. */
const interests: Readonly<Record<string, ReadonlySet<string>>> = {
  amenity: new Set(
    'school university college kindergarten hospital clinic pharmacy library townhall police fire_station post_office courthouse marketplace theatre cinema place_of_worship bus_station ferry_terminal recycling waste_disposal waste_basket waste_transfer_station community_centre social_facility parking fuel charging_station toilets drinking_water bank restaurant cafe'.split(
      ' ',
    ),
  ),
  tourism: new Set(['museum', 'hotel', 'attraction', 'viewpoint', 'information', 'zoo', 'gallery']),
  railway: new Set(['station', 'halt', 'tram_stop']),
  highway: new Set(['bus_stop']),
  leisure: new Set(['park', 'playground', 'sports_centre', 'stadium', 'marina']),
  aeroway: new Set(['aerodrome']),
}
const largeInterests = new Set(['hospital', 'university', 'townhall', 'station', 'aerodrome', 'bus_station', 'museum', 'stadium', 'park'])

/** Points: places and points of interest. */
export function classifyPoint(tags: Tags): Drawn | undefined {
  const place = tags.place === undefined ? undefined : placeZooms[tags.place]
  if (place !== undefined && tags.name !== undefined) {
    const population = Number(tags.population)
    const properties = { kind_detail: tags.place!, ...(Number.isFinite(population) ? { population } : {}) }
    return { layer: 'places', kind: place[0], minZoom: place[1], properties }
  }
  for (const [key, values] of Object.entries(interests)) {
    const value = tags[key]
    if (value !== undefined && values.has(value)) return { layer: 'pois', kind: value, minZoom: largeInterests.has(value) ? 12 : 14, properties: {} }
  }
  return undefined
}
