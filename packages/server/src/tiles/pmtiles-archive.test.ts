import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PMTiles, zxyToTileId } from 'pmtiles'
import type { Tile } from './pmtiles-archive.ts'
import { tileIdOf, writePmtiles } from './pmtiles-archive.ts'

const description = { bounds: [7.4, 43.7, 7.5, 43.8], metadata: { name: 'Test', attribution: '© OpenStreetMap contributors' } } as const

/** The official reader over bytes in memory. */
function open(archive: Uint8Array): PMTiles {
  return new PMTiles({
    getKey: () => 'memory',
    getBytes: (offset, length) => Promise.resolve({ data: Uint8Array.from(archive.subarray(offset, offset + length)).buffer }),
  })
}

void test('tiles are numbered as the official reader numbers them, and what is no tile is refused', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 22 }), fc.nat(), fc.nat(), (z, a, b) => {
      const [x, y] = [a % 2 ** z, b % 2 ** z]
      assert.equal(tileIdOf(z, x, y), zxyToTileId(z, x, y))
    }),
    { seed: 1, numRuns: 2000 },
  )
  assert.throws(() => tileIdOf(3, 8, 0), /There is no tile 3\/8\/0/)
})

void test('the official reader finds header, metadata and every tile, and nothing where there is none', async () => {
  const tiles: Tile[] = []
  for (let z = 0; z <= 6; z++)
    for (let x = 0; x < 2 ** z; x += 3) for (let y = 0; y < 2 ** z; y++) tiles.push({ z, x, y, bytes: Uint8Array.of(z, x, y % 5) })
  const reader = open(writePmtiles(tiles, description))
  const header = await reader.getHeader()
  assert.deepEqual([header.minZoom, header.maxZoom, header.tileType, header.tileCompression, header.clustered], [0, 6, 1, 2, true])
  assert.deepEqual([header.minLon, header.minLat, header.maxLon, header.maxLat], [7.4, 43.7, 7.5, 43.8])
  assert.equal(header.numAddressedTiles, tiles.length)
  assert.ok(header.numTileContents < tiles.length, 'equal tiles are stored once')
  assert.deepEqual(await reader.getMetadata(), description.metadata)
  for (const { z, x, y, bytes } of tiles) assert.deepEqual(new Uint8Array((await reader.getZxy(z, x, y))!.data), bytes)
  assert.equal(await reader.getZxy(3, 1, 1), undefined)
})

void test('neighbouring equal tiles share an entry, and the order given does not matter', async () => {
  const sea: Tile[] = []
  for (let x = 0; x < 8; x++) for (let y = 0; y < 8; y++) sea.push({ z: 3, x, y, bytes: Uint8Array.of(1, 2, 3) })
  const archive = writePmtiles(sea, description)
  const header = await open(archive).getHeader()
  assert.deepEqual([header.numAddressedTiles, header.numTileEntries, header.numTileContents], [64, 1, 1])
  assert.deepEqual(writePmtiles(sea.toReversed(), description), archive)
})

void test('an archive too large for one directory gets leaf directories that the reader follows', async () => {
  const tiles = Array.from({ length: 12_000 }, (_, at): Tile => {
    const scattered = Math.imul(at, 2_654_435_761) >>> 0
    return { z: 12, x: scattered % 4096, y: (scattered >>> 12) % 4096, bytes: new Uint8Array(1 + (scattered % 97)).fill(at) }
  })
  const reader = open(writePmtiles(tiles, description))
  const header = await reader.getHeader()
  assert.ok(header.leafDirectoryLength! > 0 && header.rootDirectoryLength <= 16_384 - 127)
  for (let at = 0; at < tiles.length; at += 397) {
    const { x, y, bytes } = tiles[at]!
    assert.deepEqual(new Uint8Array((await reader.getZxy(12, x, y))!.data), bytes)
  }
})
