import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PMTiles } from 'pmtiles'
import type { Source } from 'pmtiles'
import { toPmtiles } from './pmtiles-archive.ts'
import type { Tile } from './pmtiles-archive.ts'

test('the official reader finds every tile written, and none other', async () => {
  const tiles: Tile[] = []
  for (let z = 0; z <= 4; z++) {
    for (let x = 0; x < 2 ** z; x++) {
      for (let y = 0; y < 2 ** z; y++) {
        if ((x + y) % 5 !== 3) tiles.push({ z, x, y, bytes: new TextEncoder().encode(x % 3 === 0 ? 'same' : `${z}/${x}/${y}`) })
      }
    }
  }
  const reader = new PMTiles(sourceOf(toPmtiles(tiles, { name: 'a test' })))

  const header = await reader.getHeader()
  assert.equal(header.minZoom, 0)
  assert.equal(header.maxZoom, 4)
  assert.equal(header.numAddressedTiles, tiles.length)
  assert.ok(header.numTileContents < tiles.length, 'equal tiles are stored once')
  assert.deepEqual(await reader.getMetadata(), { name: 'a test' })
  for (const tile of tiles) {
    const found = await reader.getZxy(tile.z, tile.x, tile.y)
    assert.deepEqual(new Uint8Array(found?.data ?? new ArrayBuffer()), tile.bytes)
  }
  assert.equal(await reader.getZxy(4, 0, 3), undefined)
})

test('the same tiles in any order give the same bytes', () => {
  const tiles: Tile[] = [0, 1].flatMap((x) => [0, 1].map((y) => ({ z: 1, x, y, bytes: new Uint8Array([x, y]) })))
  assert.deepEqual(toPmtiles(tiles.toReversed(), {}), toPmtiles(tiles, {}))
})

function sourceOf(archive: Uint8Array): Source {
  return {
    getKey: () => 'memory',
    getBytes: (offset, length) => Promise.resolve({ data: new Uint8Array(archive.subarray(offset, offset + length)).buffer }),
  }
}
