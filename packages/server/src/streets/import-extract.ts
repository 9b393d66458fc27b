import { mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildNetwork, drivableEdgeCount } from '@cityloop/streets'
import { makeTiles } from '#tiles/make-tiles.ts'
import { writePmtiles } from '#tiles/pmtiles-archive.ts'
import { baseMapLayers, boundsOf, toBaseMap } from './base-map.ts'
import type { OsmExtract } from './osm-extract.ts'
import { readExtract } from './read-extract.ts'
import { writeNetworkFile, writeWhole } from './stored-networks.ts'
import { toStreetElements } from './to-street-elements.ts'

/** Files an import leaves in its directory. */
export const importedFiles = { network: 'streets.network', baseMap: 'basemap.pmtiles' } as const

/** Whom OpenStreetMap's data comes from, in the words its licence (ODbL 1.0) asks for. */
export const osmAttribution = '© OpenStreetMap contributors'

/** What an import found and made. */
export interface ImportReport {
  readonly nodes: number
  readonly ways: number
  readonly directedEdges: number
  readonly restrictions: number
  /** Ids of restrictions that could not be applied, by reason. */
  readonly ignoredRestrictions: {
    readonly missingMember: readonly number[]
    readonly disconnected: readonly number[]
    readonly ambiguous: readonly number[]
  }
  readonly tiles: number
  readonly networkFile: string
  readonly baseMapFile: string
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number]
}

/** Which steps an import goes through. */
export type ImportStep = 'read' | 'network' | 'tiles' | 'done'

/**
 * Makes the street network and the base map of an OpenStreetMap file (`.osm.pbf`, `.osm`, `.osm.gz`) in a directory, replacing those there. Throws
 * `DamagedExtract`; then nothing is replaced. Keeps a core busy: run it in a worker or a command.
 */
export async function importExtract(file: string, directory: string, onStep: (step: ImportStep) => void = () => undefined): Promise<ImportReport> {
  onStep('read')
  const extract = await readExtract(await readFile(file))
  onStep('network')
  const elements = toStreetElements(extract)
  const { network, ignored } = buildNetwork(elements, { attribution: osmAttribution })
  onStep('tiles')
  const { bytes, tiles } = makeBaseMap(extract, basename(file))
  await mkdir(directory, { recursive: true })
  const [networkFile, baseMapFile] = [join(directory, importedFiles.network), join(directory, importedFiles.baseMap)]
  await writeNetworkFile(networkFile, network)
  await writeWhole(baseMapFile, bytes)
  onStep('done')
  return {
    nodes: extract.nodeIds.length,
    ways: extract.ways.length,
    directedEdges: drivableEdgeCount(network),
    restrictions: elements.restrictions.length,
    ignoredRestrictions: ignored,
    tiles,
    networkFile,
    baseMapFile,
    bounds: boundsOf(extract),
  }
}

const [minZoom, maxZoom] = [0, 14]

/** Makes the base map of an extract, zooms 0 to 14, as one PMTiles archive. */
export function makeBaseMap(extract: OsmExtract, name: string): { readonly bytes: Uint8Array; readonly tiles: number } {
  const bounds = boundsOf(extract)
  const tiles = [...makeTiles(toBaseMap(extract), { bounds, minZoom, maxZoom })]
  const metadata = {
    name,
    type: 'baselayer',
    attribution: `<a href="https://www.openstreetmap.org/copyright">${osmAttribution}</a>`,
    vector_layers: baseMapLayers.map((id) => ({ id, minzoom: minZoom, maxzoom: maxZoom, fields: { kind: 'String', name: 'String' } })),
  }
  return { bytes: writePmtiles(tiles, { bounds, metadata }), tiles: tiles.length }
}
