import type { GeoJSONVTTile } from '@maplibre/geojson-vt'
import { GeoJSONVT } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import type { Tile } from './pmtiles-archive.ts'

/** A value of a feature's property. */
export type TileProperty = string | number | boolean

/** Something to draw, in degrees. */
export interface TileFeature {
  readonly geometry:
    | { readonly type: 'Point'; readonly coordinates: readonly [number, number] }
    | { readonly type: 'LineString'; readonly coordinates: readonly (readonly [number, number])[] }
    | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly (readonly [number, number])[])[] }
  readonly properties: Readonly<Record<string, TileProperty>>
  /** The smallest zoom it is drawn at. */
  readonly minZoom: number
}

/** Features of one layer, in drawing order. */
export interface TileLayer {
  readonly name: string
  readonly features: readonly TileFeature[]
}

/** Which tiles to make. */
export interface TileRange {
  /** West, south, east, north in degrees: tiles that touch it are made. */
  readonly bounds: readonly [number, number, number, number]
  readonly minZoom: number
  readonly maxZoom: number
}

const extent = 4096

/** Cuts layers into vector tiles; empty tiles are left out. */
export function* makeTiles(layers: readonly TileLayer[], { bounds, minZoom, maxZoom }: TileRange): Generator<Tile> {
  const indices = layers.map(({ name, features }) => ({ name, groups: indexByMinZoom(features, maxZoom) }))
  for (let z = minZoom; z <= maxZoom; z++) {
    const [west, north] = tileAt(bounds[0], bounds[3], z)
    const [east, south] = tileAt(bounds[2], bounds[1], z)
    for (let x = west; x <= east; x++) {
      for (let y = north; y <= south; y++) {
        const content: Record<string, GeoJSONVTTile> = {}
        for (const { name, groups } of indices) {
          const parts = groups.filter((group) => group.minZoom <= z).map((group) => group.index.getTile(z, x, y))
          const drawn = parts.filter((part) => part !== null && part.features.length > 0)
          if (drawn.length > 0) content[name] = { ...drawn[0]!, features: drawn.flatMap((part) => part!.features) }
        }
        if (Object.keys(content).length > 0) yield { z, x, y, bytes: fromGeojsonVt(content, { version: 2, extent }) }
      }
    }
  }
}

/** Column and row of the tile that holds a place (web Mercator). */
export function tileAt(lon: number, lat: number, z: number): readonly [number, number] {
  const side = 2 ** z
  const radians = (Math.min(85.0511, Math.max(-85.0511, lat)) * Math.PI) / 180
  const inside = (value: number): number => Math.min(side - 1, Math.max(0, Math.floor(value * side)))
  return [inside((lon + 180) / 360), inside((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2)]
}

/** The cutter knows no least zoom by feature, so features with one least zoom share an index. */
function indexByMinZoom(features: readonly TileFeature[], maxZoom: number): { readonly minZoom: number; readonly index: GeoJSONVT }[] {
  const groups = Map.groupBy(features, (feature) => feature.minZoom)
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([minZoom, members]) => {
      const collection: ConstructorParameters<typeof GeoJSONVT>[0] = {
        type: 'FeatureCollection',
        features: members.map(({ geometry, properties }) => ({ type: 'Feature', geometry: geometry as never, properties: { ...properties } })),
      }
      return { minZoom, index: new GeoJSONVT(collection, { maxZoom, indexMaxZoom: Math.min(5, maxZoom), extent }) }
    })
}
