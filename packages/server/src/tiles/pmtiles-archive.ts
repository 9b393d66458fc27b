import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** A tile's place and its unpacked content. */
export interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
  readonly bytes: Uint8Array
}

/** What the archive says of itself. */
export interface ArchiveDescription {
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number]
  /** JSON metadata: `name`, `attribution`, `vector_layers` and the like. */
  readonly metadata: Readonly<Record<string, unknown>>
}

interface Entry {
  readonly tileId: number
  readonly offset: number
  readonly length: number
  runLength: number
}

const headerBytes = 127
/** The root directory must lie within the first 16,384 bytes. */
const largestRootBytes = 16_384 - headerBytes
const entriesPerLeaf = 4096

/**
 * Writes a PMTiles archive of version 3 with vector tiles. Tiles lie in the order of the Hilbert curve; equal ones are stored once and neighbouring
 * equal ones share an entry. The same tiles in any order give the same bytes.
 */
export function writePmtiles(tiles: Iterable<Tile>, { bounds, metadata }: ArchiveDescription): Uint8Array {
  const sorted = [...tiles].map((tile) => ({ tileId: tileIdOf(tile.z, tile.x, tile.y), tile })).toSorted((a, b) => a.tileId - b.tileId)
  const entries: Entry[] = []
  const contents: Uint8Array[] = []
  const stored = new Map<string, { offset: number; length: number }>()
  let contentBytes = 0
  for (const { tileId, tile } of sorted) {
    const hash = createHash('sha256').update(tile.bytes).digest('base64')
    let place = stored.get(hash)
    if (place === undefined) {
      const packed = pack(tile.bytes)
      place = { offset: contentBytes, length: packed.length }
      stored.set(hash, place)
      contents.push(packed)
      contentBytes += packed.length
    }
    const last = entries.at(-1)
    if (last !== undefined && last.tileId + last.runLength === tileId && last.offset === place.offset) last.runLength += 1
    else entries.push({ tileId, ...place, runLength: 1 })
  }
  const { root, leaves } = writeDirectories(entries)
  const packedMetadata = pack(new TextEncoder().encode(JSON.stringify(metadata)))
  const zooms = sorted.map(({ tile }) => tile.z)
  const header = writeHeader({
    rootBytes: root.length,
    metadataBytes: packedMetadata.length,
    leafBytes: leaves.length,
    contentBytes,
    counts: [sorted.length, entries.length, contents.length],
    minZoom: zooms[0] ?? 0,
    maxZoom: zooms.at(-1) ?? 0,
    bounds,
  })
  return Buffer.concat([header, root, packedMetadata, leaves, ...contents])
}

/** A tile's number along the Hilbert curves of all zooms, coarse ones first. Throws when it lies outside its zoom. */
export function tileIdOf(z: number, x: number, y: number): number {
  const side = 2 ** z
  if (!(z >= 0 && z <= 26 && x >= 0 && y >= 0 && x < side && y < side)) throw new RangeError(`There is no tile ${z}/${x}/${y}`)
  let id = (4 ** z - 1) / 3
  let [column, row] = [x, y]
  for (let half = side / 2; half >= 1; half /= 2) {
    const right = (column & half) > 0 ? 1 : 0
    const below = (row & half) > 0 ? 1 : 0
    id += half * half * ((3 * right) ^ below)
    if (below === 0) {
      if (right === 1) [column, row] = [side - 1 - column, side - 1 - row]
      ;[column, row] = [row, column]
    }
  }
  return id
}

/** Times of making are left out of the packed bytes, so that equal input packs equally. */
function pack(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 9 })
}

function writeDirectories(entries: readonly Entry[]): { root: Uint8Array; leaves: Uint8Array } {
  const single = writeDirectory(entries)
  if (single.length <= largestRootBytes) return { root: single, leaves: new Uint8Array() }
  for (let size = entriesPerLeaf; ; size *= 2) {
    const leaves: Uint8Array[] = []
    const rootEntries: Entry[] = []
    let offset = 0
    for (let at = 0; at < entries.length; at += size) {
      const leaf = writeDirectory(entries.slice(at, at + size))
      rootEntries.push({ tileId: entries[at]!.tileId, offset, length: leaf.length, runLength: 0 })
      leaves.push(leaf)
      offset += leaf.length
    }
    const root = writeDirectory(rootEntries)
    if (root.length <= largestRootBytes) return { root, leaves: Buffer.concat(leaves) }
  }
}

function writeDirectory(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = []
  const varint = (value: number): void => {
    let rest = value
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) + 0x80)
      rest = Math.floor(rest / 0x80)
    }
    bytes.push(rest)
  }
  varint(entries.length)
  entries.forEach((entry, at) => varint(entry.tileId - (entries[at - 1]?.tileId ?? 0)))
  for (const entry of entries) varint(entry.runLength)
  for (const entry of entries) varint(entry.length)
  // Zero stands for "right after the one before".
  entries.forEach((entry, at) => {
    const before = entries[at - 1]
    varint(before !== undefined && entry.offset === before.offset + before.length ? 0 : entry.offset + 1)
  })
  return pack(Uint8Array.from(bytes))
}

interface HeaderFigures {
  readonly rootBytes: number
  readonly metadataBytes: number
  readonly leafBytes: number
  readonly contentBytes: number
  readonly counts: readonly [addressed: number, entries: number, contents: number]
  readonly minZoom: number
  readonly maxZoom: number
  readonly bounds: readonly [number, number, number, number]
}

function writeHeader(figures: HeaderFigures): Uint8Array {
  const header = Buffer.alloc(headerBytes)
  header.write('PMTiles')
  header.writeUInt8(3, 7)
  const metadataStart = headerBytes + figures.rootBytes
  const leafStart = metadataStart + figures.metadataBytes
  const contentStart = leafStart + figures.leafBytes
  const places = [
    headerBytes,
    figures.rootBytes,
    metadataStart,
    figures.metadataBytes,
    leafStart,
    figures.leafBytes,
    contentStart,
    figures.contentBytes,
  ]
  for (const [at, value] of [...places, ...figures.counts].entries()) header.writeBigUInt64LE(BigInt(value), 8 + 8 * at)
  const [clustered, gzip, vector] = [1, 2, 1]
  for (const [at, value] of [clustered, gzip, gzip, vector, figures.minZoom, figures.maxZoom].entries()) header.writeUInt8(value, 96 + at)
  const [west, south, east, north] = figures.bounds
  for (const [at, degrees] of figures.bounds.entries()) header.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * at)
  header.writeUInt8(Math.min(figures.maxZoom, 13), 118)
  header.writeInt32LE(Math.round(((west + east) / 2) * 1e7), 119)
  header.writeInt32LE(Math.round(((south + north) / 2) * 1e7), 123)
  return header
}
