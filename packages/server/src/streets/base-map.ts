import type { Tags, WayElement } from '@cityloop/streets'
import type { TileFeature, TileLayer, TileProperty } from '#tiles/make-tiles.ts'
import type { LineOf, Polygon } from './assemble-polygons.ts'
import { createLineOf, polygonOfWay, polygonsOfRelation } from './assemble-polygons.ts'
import { classifyArea, classifyLine, classifyPoint } from './base-map-kinds.ts'
import type { Drawn } from './base-map-kinds.ts'
import { partByCoastline } from './coastline.ts'
import type { Bounds, OsmExtract } from './osm-extract.ts'

/** Layers of the base map, named and with kinds as Protomaps' base map has them, in drawing order. */
export const baseMapLayers = ['earth', 'landuse', 'water', 'roads', 'buildings', 'places', 'pois'] as const

/** One of the layers. */
export type BaseMapLayer = (typeof baseMapLayers)[number]

/** The base map of an extract. Areas without coastline are land. */
export function toBaseMap(extract: OsmExtract): TileLayer[] {
  const layers = Object.fromEntries(baseMapLayers.map((name) => [name, [] as TileFeature[]])) as Record<BaseMapLayer, TileFeature[]>
  const lineOf = createLineOf(extract)
  const add = (drawn: Drawn | undefined, geometry: TileFeature['geometry'], tags: Tags): void => {
    if (drawn === undefined) return
    layers[drawn.layer].push({ geometry, properties: { kind: drawn.kind, ...drawn.properties, ...namesOf(tags) }, minZoom: drawn.minZoom })
  }
  addLandAndSea(extract, lineOf, layers)
  for (const way of extract.ways) {
    const area = classifyArea(way.tags)
    const polygon = area === undefined ? undefined : polygonOfWay(way.nodes, lineOf)
    if (polygon !== undefined) add(area, { type: 'Polygon', coordinates: polygon }, way.tags)
    else {
      const line = lineOf(way.nodes)
      if (line.length > 1) add(classifyLine(way.tags), { type: 'LineString', coordinates: line }, way.tags)
    }
    addAreaPoint(way, polygon, layers)
  }
  const wayNodes = new Map(extract.ways.map((way) => [way.id, way.nodes]))
  for (const relation of extract.relations) {
    if (relation.tags.type !== 'multipolygon') continue
    const area = classifyArea(relation.tags)
    if (area === undefined) continue
    for (const polygon of polygonsOfRelation(relation, wayNodes, lineOf)) add(area, { type: 'Polygon', coordinates: polygon }, relation.tags)
  }
  extract.nodeIds.forEach((id, at) => {
    const tags = extract.nodeTags.get(id)
    if (tags !== undefined) add(classifyPoint(tags), { type: 'Point', coordinates: [extract.nodeLon[at]!, extract.nodeLat[at]!] }, tags)
  })
  return baseMapLayers.map((name) => ({ name, features: layers[name] }))
}

/** The area a map of the extract covers: what the file says, else what its nodes span. */
export function boundsOf(extract: OsmExtract): Bounds {
  if (extract.bounds !== undefined) return extract.bounds
  let [west, south, east, north] = [180, 90, -180, -90]
  for (let at = 0; at < extract.nodeIds.length; at++) {
    west = Math.min(west, extract.nodeLon[at]!)
    east = Math.max(east, extract.nodeLon[at]!)
    south = Math.min(south, extract.nodeLat[at]!)
    north = Math.max(north, extract.nodeLat[at]!)
  }
  return [west, south, east, north]
}

function addLandAndSea(extract: OsmExtract, lineOf: LineOf, layers: Record<BaseMapLayer, TileFeature[]>): void {
  const isPresent = (node: number): boolean => lineOf([node]).length > 0
  const coast = extract.ways.filter((way) => way.tags.natural === 'coastline').flatMap((way) => runsOf(way.nodes, isPresent))
  const lines = joinInDirection(coast).map(lineOf)
  const { land, sea } = partByCoastline(
    lines.filter((line) => line.length > 1),
    boundsOf(extract),
  )
  for (const coordinates of land) layers.earth.push({ geometry: { type: 'Polygon', coordinates }, properties: { kind: 'earth' }, minZoom: 0 })
  for (const coordinates of sea) layers.water.push({ geometry: { type: 'Polygon', coordinates }, properties: { kind: 'ocean' }, minZoom: 0 })
}

/** The stretches of a line whose nodes are in the extract. */
function runsOf(nodes: readonly number[], isPresent: (node: number) => boolean): number[][] {
  const runs: number[][] = [[]]
  for (const node of nodes) {
    if (isPresent(node)) runs.at(-1)!.push(node)
    else runs.push([])
  }
  return runs.filter((run) => run.length > 1)
}

/** Coastlines join head to tail only, since their direction says where the land is. */
function joinInDirection(lines: readonly (readonly number[])[]): number[][] {
  const startsAt = new Map(lines.map((line) => [line[0]!, line]))
  const endsSomewhere = new Set(lines.map((line) => line.at(-1)!))
  const used = new Set<readonly number[]>()
  const follow = (first: readonly number[]): number[] => {
    const chain = [...first]
    used.add(first)
    for (let next = startsAt.get(chain.at(-1)!); next !== undefined && !used.has(next); next = startsAt.get(chain.at(-1)!)) {
      used.add(next)
      chain.push(...next.slice(1))
    }
    return chain
  }
  const open = lines.filter((line) => !endsSomewhere.has(line[0]!)).map(follow)
  const rest = lines.filter((line) => !used.has(line)).flatMap((line) => (used.has(line) ? [] : [follow(line)]))
  return [...open, ...rest]
}

/** A point of interest that is drawn as an area gets its symbol in the middle. */
function addAreaPoint(way: WayElement, polygon: Polygon | undefined, layers: Record<BaseMapLayer, TileFeature[]>): void {
  const drawn = classifyPoint(way.tags)
  if (drawn?.layer !== 'pois' || polygon === undefined) return
  const ring = polygon[0]!
  const middle = (axis: 0 | 1): number => {
    const values = ring.map((point) => point[axis])
    return (Math.min(...values) + Math.max(...values)) / 2
  }
  layers.pois.push({
    geometry: { type: 'Point', coordinates: [middle(0), middle(1)] },
    properties: { kind: drawn.kind, ...drawn.properties, ...namesOf(way.tags) },
    minZoom: drawn.minZoom,
  })
}

/** The name, and the name in each language that is given. */
function namesOf(tags: Tags): Record<string, TileProperty> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key === 'name' || /^name:[a-z]{2,3}(-[A-Za-z]+)?$/.test(key)))
}
