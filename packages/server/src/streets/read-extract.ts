import { createGunzip } from 'node:zlib'
import type { OsmExtract } from './osm-extract.ts'
import { DamagedExtract } from './osm-extract.ts'
import { readOsmXml } from './read-osm-xml.ts'
import { readPbf } from './read-pbf.ts'

/** Reads an extract whatever its form, recognised by content: `.osm.pbf`, `.osm`, or `.osm.gz`. Throws `DamagedExtract`. */
export async function readExtract(file: Uint8Array): Promise<OsmExtract> {
  if (file[0] === 0x1f && file[1] === 0x8b) return readOsmXml(await gunzip(file))
  const start = new TextDecoder()
    .decode(file.subarray(0, 200))
    .replace(/^\uFEFF/, '')
    .trimStart()
  return start.startsWith('<') ? readOsmXml(file) : readPbf(file)
}

/** Unpacks; on damage says how many packed bytes were taken before it. */
async function gunzip(file: Uint8Array): Promise<Uint8Array> {
  const unpacker = createGunzip()
  const parts: Buffer[] = []
  unpacker.end(file)
  try {
    for await (const part of unpacker) parts.push(part as Buffer)
  } catch (error) {
    throw new DamagedExtract('the packed text cannot be unpacked', Math.min(file.length, unpacker.bytesWritten), { cause: error })
  }
  return Buffer.concat(parts)
}
