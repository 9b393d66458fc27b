/** Makes `public/tiles/world.pmtiles`, the base map of a first run: land only, from Natural Earth (public domain), zoom 0 to 6. Run before the build. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { GeoJSONVT } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import { toPmtiles } from './pmtiles-archive.ts'
import type { Tile } from './pmtiles-archive.ts'
import { readWorldLand } from './world-land.ts'
import type { LandDetail } from './world-land.ts'

const maxZoom = 6
const folder = new URL('../public/tiles/', import.meta.url)

const tiles = [...tilesOf('50m', 0, 4), ...tilesOf('10m', 5, maxZoom)]
const archive = toPmtiles(tiles, {
  name: 'World land',
  attribution: 'Natural Earth',
  vector_layers: [{ id: 'earth', fields: {}, minzoom: 0, maxzoom: maxZoom }],
})
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('world.pmtiles', folder), archive)
console.log(`world.pmtiles: ${tiles.length} tiles, ${archive.length} bytes`)

/** Encodes every tile of the zooms that holds land; the layer is called `earth`, as in Protomaps' tiles. */
function tilesOf(detail: LandDetail, fromZoom: number, toZoom: number): Tile[] {
  const land = { type: 'Feature' as const, properties: {}, geometry: readWorldLand(detail) }
  const index = new GeoJSONVT(land, { maxZoom: toZoom, indexMaxZoom: toZoom, indexMaxPoints: 0, tolerance: 3, buffer: 64, wrap: false })
  const encoded: Tile[] = []
  for (let z = fromZoom; z <= toZoom; z++) {
    for (let x = 0; x < 2 ** z; x++) {
      for (let y = 0; y < 2 ** z; y++) {
        const tile = index.getTile(z, x, y)
        if (tile !== null && tile.features.length > 0) encoded.push({ z, x, y, bytes: fromGeojsonVt({ earth: tile }, { version: 2, extent: 4096 }) })
      }
    }
  }
  return encoded
}
