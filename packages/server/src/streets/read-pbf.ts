import { inflateSync } from 'node:zlib'
import type { Tags } from '@cityloop/streets'
import type { GuardedMessage } from './guarded-pbf.ts'
import { openMessage, UnreadableMessage } from './guarded-pbf.ts'
import type { Bounds, ExtractBuilder, OsmExtract, OsmMember } from './osm-extract.ts'
import { createExtractBuilder, DamagedExtract } from './osm-extract.ts'

/** Limits of the format (wiki.openstreetmap.org/wiki/PBF_Format). */
const largestHeaderBytes = 64 * 1024
const largestBlobBytes = 32 * 1024 * 1024
const knownFeatures = new Set(['OsmSchema-V0.6', 'DenseNodes'])

/** Reads an `.osm.pbf` file. Throws `DamagedExtract` with the byte where it cannot be read on. */
export function readPbf(file: Uint8Array): OsmExtract {
  const builder = createExtractBuilder()
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let offset = 0
  let isFirst = true
  while (offset < file.length) {
    const blobStart = offset
    if (offset + 4 > file.length) throw new DamagedExtract(`${file.length - offset} bytes are left where a block should begin`, offset)
    const headerBytes = view.getUint32(offset)
    if (headerBytes === 0 || headerBytes > largestHeaderBytes)
      throw new DamagedExtract(`a block header of ${headerBytes} bytes is no block header`, offset)
    offset += 4
    const { type, blobBytes } = readBlobHeader(slice(file, offset, headerBytes), offset)
    offset += headerBytes
    if (blobBytes > largestBlobBytes) throw new DamagedExtract(`a block of ${blobBytes} bytes is larger than the format allows`, blobStart)
    const blob = slice(file, offset, blobBytes)
    if (isFirst !== (type === 'OSMHeader'))
      throw new DamagedExtract(isFirst ? `the file begins with ${type}, not OSMHeader` : 'a second OSMHeader', blobStart)
    readBlock(type, unpackBlob(blob, offset), offset, builder)
    offset += blobBytes
    isFirst = false
  }
  if (isFirst) throw new DamagedExtract('the file is empty', 0)
  return builder.finish()
}

function slice(file: Uint8Array, offset: number, length: number): Uint8Array {
  if (offset + length > file.length) throw new DamagedExtract(`a part of ${length} bytes runs over the end of the file at ${file.length}`, offset)
  return file.subarray(offset, offset + length)
}

function readBlobHeader(bytes: Uint8Array, offset: number): { type: string; blobBytes: number } {
  let [type, blobBytes] = ['', -1]
  located(offset, '', () => {
    const header = openMessage(bytes)
    header.eachField((field) => {
      if (field === 1) type = text(header.bytes())
      else if (field === 3) blobBytes = header.integer()
    })
  })
  if (type === '' || blobBytes < 0) throw new DamagedExtract('a block header lacks its type or size', offset)
  return { type, blobBytes }
}

function unpackBlob(bytes: Uint8Array, offset: number): Uint8Array {
  let [raw, packed, rawBytes]: [Uint8Array | undefined, Uint8Array | undefined, number] = [undefined, undefined, -1]
  located(offset, '', () => {
    const blob = openMessage(bytes)
    blob.eachField((field) => {
      if (field === 1) raw = blob.bytes()
      else if (field === 2) rawBytes = blob.integer()
      else if (field === 3) packed = blob.bytes()
      else if (field >= 4 && field <= 7) throw new UnreadableMessage('the block is packed by other means than zlib, which we do not read', 0)
    })
  })
  if (raw !== undefined) return raw
  if (packed === undefined) throw new DamagedExtract('a block holds nothing', offset)
  if (rawBytes > largestBlobBytes) throw new DamagedExtract(`a block of ${rawBytes} bytes is larger than the format allows`, offset)
  let unpacked: Uint8Array
  try {
    unpacked = inflateSync(packed, { maxOutputLength: largestBlobBytes })
  } catch (error) {
    throw new DamagedExtract('the packed block cannot be unpacked', offset, { cause: error })
  }
  if (rawBytes >= 0 && unpacked.length !== rawBytes)
    throw new DamagedExtract(`the block unpacks to ${unpacked.length} bytes instead of ${rawBytes}`, offset)
  return unpacked
}

function readBlock(type: string, bytes: Uint8Array, offset: number, builder: ExtractBuilder): void {
  const where = 'in its unpacked block'
  if (type === 'OSMHeader') located(offset, where, () => readHeader(openMessage(bytes), builder))
  else if (type === 'OSMData') located(offset, where, () => readPrimitives(openMessage(bytes), builder))
}

function readHeader(header: GuardedMessage, builder: ExtractBuilder): void {
  header.eachField((field) => {
    if (field === 1) builder.addBounds(readBox(header.message()))
    if (field !== 4) return
    const feature = text(header.bytes())
    if (!knownFeatures.has(feature)) throw new UnreadableMessage(`the file needs ${feature}, which we do not read`, 0)
  })
}

/** West, east, north and south in nanodegrees. */
function readBox(message: GuardedMessage): Bounds {
  const [west, east, north, south] = [1, 2, 3, 4]
  const sides = new Map<number, number>()
  message.eachField((field) => {
    if (field <= 4) sides.set(field, message.signed() / 1e9)
  })
  return [sides.get(west) ?? 0, sides.get(south) ?? 0, sides.get(east) ?? 0, sides.get(north) ?? 0]
}

/** Says which file byte an unreadable message begins at. */
function located(offset: number, where: string, read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error
    const inner = where === '' ? '' : ` (byte ${error.position} ${where})`
    throw new DamagedExtract(`${error.message}${inner}`, where === '' ? offset + error.position : offset, { cause: error })
  }
}

interface Block {
  readonly strings: readonly string[]
  readonly builder: ExtractBuilder
  lon(value: number): number
  lat(value: number): number
}

function readPrimitives(message: GuardedMessage, builder: ExtractBuilder): void {
  const strings: string[] = []
  let [granularity, latOffset, lonOffset] = [100, 0, 0]
  const block: Block = {
    strings,
    builder,
    lon: (value) => inRange((lonOffset + granularity * value) / 1e9, 180),
    lat: (value) => inRange((latOffset + granularity * value) / 1e9, 90),
  }
  const bodies: Uint8Array[] = []
  message.eachField((field) => {
    if (field === 1) {
      const table = message.message()
      table.eachField((inner) => {
        if (inner === 1) strings.push(text(table.bytes()))
      })
    } else if (field === 2) bodies.push(message.bytes())
    else if (field === 17) granularity = message.integer()
    else if (field === 19) latOffset = message.integer()
    else if (field === 20) lonOffset = message.integer()
  })
  // Granularity and offsets come after the groups in the file, so groups are read last.
  for (const body of bodies) readGroup(openMessage(body), block)
}

function inRange(degrees: number, limit: number): number {
  if (!(Math.abs(degrees) <= limit)) throw new UnreadableMessage(`a node lies at ${degrees} degrees`, 0)
  return degrees
}

function readGroup(group: GuardedMessage, block: Block): void {
  group.eachField((field) => {
    if (field === 1) readNode(group.message(), block)
    else if (field === 2) readDenseNodes(group.message(), block)
    else if (field === 3) readWay(group.message(), block)
    else if (field === 4) readRelation(group.message(), block)
  })
}

function readNode(message: GuardedMessage, block: Block): void {
  let [id, lat, lon] = [0, 0, 0]
  let [keys, values]: [number[], number[]] = [[], []]
  message.eachField((field) => {
    if (field === 1) id = message.signed()
    else if (field === 2) keys = message.packed()
    else if (field === 3) values = message.packed()
    else if (field === 8) lat = message.signed()
    else if (field === 9) lon = message.signed()
  })
  block.builder.addNode(id, block.lon(lon), block.lat(lat), tagsOf(block, keys, values))
}

function readDenseNodes(message: GuardedMessage, block: Block): void {
  let [ids, lats, lons, keysValues]: number[][] = [[], [], [], []]
  message.eachField((field) => {
    if (field === 1) ids = message.packedDeltas()
    else if (field === 8) lats = message.packedDeltas()
    else if (field === 9) lons = message.packedDeltas()
    else if (field === 10) keysValues = message.packed()
  })
  if (ids!.length !== lats!.length || ids!.length !== lons!.length) {
    throw new UnreadableMessage(`${ids!.length} nodes have ${lats!.length} latitudes and ${lons!.length} longitudes`, 0)
  }
  let at = 0
  ids!.forEach((id, index) => {
    const [keys, values]: [number[], number[]] = [[], []]
    while (at < keysValues!.length && keysValues![at] !== 0) {
      keys.push(keysValues![at]!)
      values.push(keysValues![at + 1] ?? -1)
      at += 2
    }
    at += 1
    block.builder.addNode(id, block.lon(lons![index]!), block.lat(lats![index]!), tagsOf(block, keys, values))
  })
}

function readWay(message: GuardedMessage, block: Block): void {
  let id = 0
  let [keys, values, nodes]: number[][] = [[], [], []]
  message.eachField((field) => {
    if (field === 1) id = message.integer()
    else if (field === 2) keys = message.packed()
    else if (field === 3) values = message.packed()
    else if (field === 8) nodes = message.packedDeltas()
  })
  block.builder.addWay({ id, nodes: nodes!, tags: tagsOf(block, keys!, values!) ?? {} })
}

const memberTypes = ['node', 'way', 'relation'] as const

function readRelation(message: GuardedMessage, block: Block): void {
  let id = 0
  let [keys, values, roles, refs, types]: number[][] = [[], [], [], [], []]
  message.eachField((field) => {
    if (field === 1) id = message.integer()
    else if (field === 2) keys = message.packed()
    else if (field === 3) values = message.packed()
    else if (field === 8) roles = message.packed()
    else if (field === 9) refs = message.packedDeltas()
    else if (field === 10) types = message.packed()
  })
  if (refs!.length !== roles!.length || refs!.length !== types!.length) {
    throw new UnreadableMessage(`relation ${id} has ${refs!.length} members, ${roles!.length} roles and ${types!.length} types`, 0)
  }
  const members = refs!.map((ref, index): OsmMember => {
    const type = memberTypes[types![index]!]
    if (type === undefined) throw new UnreadableMessage(`relation ${id} has a member of the unknown type ${types![index]}`, 0)
    return { type, ref, role: stringAt(block, roles![index]!) }
  })
  block.builder.addRelation({ id, members, tags: tagsOf(block, keys!, values!) ?? {} })
}

function tagsOf(block: Block, keys: readonly number[], values: readonly number[]): Tags | undefined {
  if (keys.length !== values.length) throw new UnreadableMessage(`${keys.length} keys have ${values.length} values`, 0)
  if (keys.length === 0) return undefined
  return Object.fromEntries(keys.map((key, index) => [stringAt(block, key), stringAt(block, values[index]!)]))
}

function stringAt(block: Block, index: number): string {
  const string = block.strings[index]
  if (string === undefined) throw new UnreadableMessage(`string ${index} is not among the block's ${block.strings.length}`, 0)
  return string
}

const decoder = new TextDecoder()

function text(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
