import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { zxyToTileId } from 'pmtiles'

/** One encoded vector tile, not yet compressed. */
export type Tile = { readonly z: number; readonly x: number; readonly y: number; readonly bytes: Uint8Array }

const headerLength = 127
const gzip = 2
const vectorTiles = 1

/**
 * Writes a PMTiles archive (specification version 3) of vector tiles: header, one root directory, metadata, tile bytes.
 * Equal tiles are stored once, neighbours in a row of equal tiles share a directory entry. The same tiles give the same bytes.
 */
export function toPmtiles(tiles: readonly Tile[], metadata: object): Uint8Array {
  const ordered = tiles.map((tile) => ({ id: zxyToTileId(tile.z, tile.x, tile.y), tile })).toSorted((a, b) => a.id - b.id)
  const { entries, data, uniqueCount } = store(ordered)
  const directory = gzipSync(toDirectory(entries))
  const metadataBytes = gzipSync(JSON.stringify(metadata))
  if (headerLength + directory.length > 16_384) throw new Error(`The root directory takes ${directory.length} bytes, more than PMTiles allows`)
  const metadataAt = headerLength + directory.length
  const dataAt = metadataAt + metadataBytes.length

  const header = Buffer.alloc(headerLength)
  header.write('PMTiles', 0, 'ascii')
  header.writeUInt8(3, 7)
  const numbers = [
    headerLength,
    directory.length,
    metadataAt,
    metadataBytes.length,
    dataAt,
    0,
    dataAt,
    data.length,
    ordered.length,
    entries.length,
    uniqueCount,
  ]
  numbers.forEach((value, at) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * at))
  header.writeUInt8(1, 96)
  header.writeUInt8(gzip, 97)
  header.writeUInt8(gzip, 98)
  header.writeUInt8(vectorTiles, 99)
  const zooms = tiles.map((tile) => tile.z)
  header.writeUInt8(Math.min(...zooms), 100)
  header.writeUInt8(Math.max(...zooms), 101)
  const boundsE7 = [-180, -85.0511287, 180, 85.0511287].map((degrees) => Math.round(degrees * 1e7))
  boundsE7.forEach((value, at) => header.writeInt32LE(value, 102 + 4 * at))
  return Buffer.concat([header, directory, metadataBytes, data])
}

type Entry = { readonly id: number; readonly offset: number; readonly length: number; run: number }

function store(ordered: readonly { readonly id: number; readonly tile: Tile }[]): { entries: Entry[]; data: Buffer; uniqueCount: number } {
  const places = new Map<string, { offset: number; length: number }>()
  const parts: Buffer[] = []
  const entries: Entry[] = []
  let end = 0
  for (const { id, tile } of ordered) {
    const digest = createHash('sha256').update(tile.bytes).digest('base64')
    let place = places.get(digest)
    if (place === undefined) {
      const packed = gzipSync(tile.bytes, { level: 9 })
      place = { offset: end, length: packed.length }
      places.set(digest, place)
      parts.push(packed)
      end += packed.length
    }
    const last = entries.at(-1)
    if (last !== undefined && last.offset === place.offset && last.id + last.run === id) last.run += 1
    else entries.push({ id, ...place, run: 1 })
  }
  return { entries, data: Buffer.concat(parts), uniqueCount: places.size }
}

/** Columns of varints: count, id steps, run lengths, lengths, and offsets plus one (0 where a tile follows the one before it). */
function toDirectory(entries: readonly Entry[]): Buffer {
  const bytes: number[] = []
  const varint = (value: number): void => {
    let rest = value
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    bytes.push(rest)
  }
  varint(entries.length)
  entries.forEach((entry, at) => varint(entry.id - (entries[at - 1]?.id ?? 0)))
  entries.forEach((entry) => varint(entry.run))
  entries.forEach((entry) => varint(entry.length))
  entries.forEach((entry, at) => {
    const before = entries[at - 1]
    varint(before !== undefined && before.offset + before.length === entry.offset ? 0 : entry.offset + 1)
  })
  return Buffer.from(bytes)
}
