import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildNetwork } from '@cityloop/streets'
import { baseMapLayers, toBaseMap } from '#streets/base-map.ts'
import { importedFiles } from '#streets/import-extract.ts'
import { writeNetworkFile, writeWhole } from '#streets/stored-networks.ts'
import { toStreetElements } from '#streets/to-street-elements.ts'
import { makeTiles } from '#tiles/make-tiles.ts'
import { writePmtiles } from '#tiles/pmtiles-archive.ts'
import type { CityElements } from './city-elements.ts'

/** Whom the ground comes from, as maps say it. */
export const groundAttribution = 'Port Selva (synthetic)'

const [minZoom, maxZoom] = [0, 14]

/** The base map as one PMTiles archive, zooms 0 to 14; the same ground gives the same bytes. */
export function makeGroundTiles(ground: CityElements, name: string): Uint8Array {
  const { bounds } = ground
  const metadata = {
    name,
    type: 'baselayer',
    attribution: groundAttribution,
    vector_layers: baseMapLayers.map((id) => ({ id, minzoom: minZoom, maxzoom: maxZoom, fields: { kind: 'String', name: 'String' } })),
  }
  return writePmtiles(makeTiles(toBaseMap(ground), { bounds, minZoom, maxZoom }), { bounds, metadata })
}

/** Writes base map and street network where an import of OpenStreetMap's data would leave them; the map first, since someone is looking. */
export async function writeGround(ground: CityElements, name: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeWhole(join(directory, importedFiles.baseMap), makeGroundTiles(ground, name))
  const { network } = buildNetwork(toStreetElements(ground), { attribution: groundAttribution })
  await writeNetworkFile(join(directory, importedFiles.network), network)
}
