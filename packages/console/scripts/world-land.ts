import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { geoArea, geoEquirectangular } from 'd3-geo'
import { geoProject } from 'd3-geo-projection'
import { feature } from 'topojson-client'
import type { MultiPolygon, Position } from 'geojson'
import type { GeometryCollection, Topology } from 'topojson-specification'

/** How fine the Natural Earth coast line is: 1 to 50 million, or 1 to 10 million. */
export type LandDetail = '50m' | '10m'

/** Reads Natural Earth's land from world-atlas as planar longitude and latitude, ready for a planar tiler. */
export function readWorldLand(detail: LandDetail): MultiPolygon {
  const file = createRequire(import.meta.url).resolve(`world-atlas/land-${detail}.json`)
  const topology = JSON.parse(readFileSync(file, 'utf8')) as Topology<{ land: GeometryCollection }>
  const [land] = feature(topology, topology.objects.land).features
  if (land === undefined || land.geometry.type !== 'MultiPolygon') throw new Error(`${file} holds no land as one MultiPolygon`)
  return toPlanarLand(land.geometry)
}

/**
 * Turns polygons that are stitched for the sphere into planar ones of at most 90° of longitude each.
 *
 * world-atlas joins the halves of Chukotka and of Antarctica over 180°; fed to a planar tiler as they are, they paint false land bands across the
 * map. Its 10m file also winds three islets of the Maldives the wrong way round, which on the sphere makes them the whole world but an islet.
 */
export function toPlanarLand(land: MultiPolygon): MultiPolygon {
  const degrees = geoEquirectangular()
    .scale(180 / Math.PI)
    .translate([0, 0])
    .precision(0)
  const planar = geoProject(windSmallWay(land), degrees)
  // The projection's y grows downward, latitude grows upward.
  const upright = (position: Position): Position => [position[0] ?? 0, -(position[1] ?? 0)]
  const cut = planar.type === 'Polygon' ? [planar.coordinates] : planar.coordinates
  const polygons = cut.map((polygon) => polygon.map((ring) => ring.map(upright)))
  return { type: 'MultiPolygon', coordinates: sectors.flatMap((sector) => polygons.flatMap((polygon) => cutToSector(polygon, sector))) }
}

type Sector = { readonly westDeg: number; readonly eastDeg: number }

const sectors: readonly Sector[] = [-180, -90, 0, 90].map((westDeg) => ({ westDeg, eastDeg: westDeg + 90 }))

/** No land covers half the sphere: a polygon that does is wound the wrong way. */
function windSmallWay(land: MultiPolygon): MultiPolygon {
  const coordinates = land.coordinates.map((polygon) =>
    geoArea({ type: 'Polygon', coordinates: polygon }) > 2 * Math.PI ? polygon.map((ring) => ring.toReversed()) : polygon,
  )
  return { type: 'MultiPolygon', coordinates }
}

/** A polygon's part between two meridians; edges along the cut are kept, which does not show in a filled area. */
function cutToSector(polygon: Position[][], sector: Sector): Position[][][] {
  const rings = polygon
    .map((ring) => cutRing(cutRing(ring, sector.westDeg, 1), sector.eastDeg, -1))
    .filter((ring, at) => ring.length >= 4 || at === 0)
  return (rings[0]?.length ?? 0) >= 4 ? [rings] : []
}

/** Sutherland and Hodgman's cut of a closed ring by one meridian: keeps the east side for `side` 1, the west side for -1. */
function cutRing(ring: Position[], meridianDeg: number, side: 1 | -1): Position[] {
  const kept: Position[] = []
  for (let at = 1; at < ring.length; at++) {
    const from = ring[at - 1]!
    const to = ring[at]!
    const fromInside = (from[0]! - meridianDeg) * side >= 0
    const toInside = (to[0]! - meridianDeg) * side >= 0
    if (fromInside !== toInside) {
      const share = (meridianDeg - from[0]!) / (to[0]! - from[0]!)
      kept.push([meridianDeg, from[1]! + share * (to[1]! - from[1]!)])
    }
    if (toInside) kept.push(to)
  }
  const first = kept[0]
  if (first !== undefined) kept.push([...first])
  return kept
}
