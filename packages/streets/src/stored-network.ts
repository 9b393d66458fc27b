/**
 * One buffer holds a network: the letters `CLSTREET`, version and directory length (32-bit, little-endian), a JSON directory, then each array at a
 * multiple of 8. Opening makes views onto the buffer and copies nothing.
 */
import type { Network } from './network.ts'

const magic = 'CLSTREET'
const version = 1
const headerBytes = 16

const arrayKinds: Readonly<Record<string, ArrayMaker>> = { Int32Array, Uint32Array, Uint16Array, Uint8Array, Float64Array }
type AnyArray = (Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array) & ArrayLike<number>

interface ArrayMaker {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, offset: number, length: number): AnyArray
}

interface Entry {
  readonly name: string
  readonly kind: string
  readonly offset: number
  readonly length: number
}

interface Directory {
  readonly attribution: string
  readonly entries: readonly Entry[]
}

const groups = {
  streets: [
    'nodeLon', 'nodeLat', 'segmentFrom', 'segmentTo', 'lengthDm', 'wayId', 'roadClass', 'maxWeightKg', 'maxHeightCm', 'maxWidthCm',
    'carSpeed', 'truckSpeed', 'shapeStart', 'shapeLon', 'shapeLat', 'nameOf', 'nameStart', 'nameBytes',
  ],
  turns: ['stateNode', 'startState', 'edgeArcStart', 'arcTail', 'arcHead', 'arcBans'],
  hierarchy: ['rankOf', 'upStart', 'upHead', 'linkOf'],
} as const // prettier-ignore

/** A stored network that cannot be opened: not one, another version, or cut short. */
export class StoredNetworkError extends Error {}

/** Puts a network into one buffer. */
export function storeNetwork(network: Network): ArrayBuffer {
  const arrays: [string, AnyArray][] = []
  for (const [group, names] of Object.entries(groups)) {
    const holder = network[group as keyof typeof groups] as unknown as Record<string, AnyArray>
    for (const name of names) arrays.push([`${group}.${name}`, holder[name]!])
  }
  arrays.push(['pieceIndex', network.pieceIndex])
  const place = (directoryBytes: number): Directory => {
    let offset = alignUp(headerBytes + directoryBytes)
    const entries = arrays.map(([name, array]) => {
      const entry = { name, kind: array.constructor.name, offset, length: array.length }
      offset = alignUp(offset + array.byteLength)
      return entry
    })
    return { attribution: network.attribution, entries }
  }
  // Offsets written with more digits lengthen the directory: repeat until it fits itself.
  const encode = (directory: Directory): Uint8Array => new TextEncoder().encode(JSON.stringify(directory))
  let bytes = encode(place(0))
  let directory = place(bytes.length)
  while (encode(directory).length !== bytes.length) {
    bytes = encode(directory)
    directory = place(bytes.length)
  }
  bytes = encode(directory)
  const last = directory.entries.at(-1)!
  const buffer = new ArrayBuffer(alignUp(last.offset + last.length))
  const whole = new Uint8Array(buffer)
  whole.set(new TextEncoder().encode(magic))
  const view = new DataView(buffer)
  view.setUint32(8, version, true)
  view.setUint32(12, bytes.length, true)
  whole.set(bytes, headerBytes)
  directory.entries.forEach(({ offset }, index) => {
    const array = arrays[index]![1]
    whole.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset)
  })
  return buffer
}

/** Opens a buffer made by `storeNetwork` without copying. Throws `StoredNetworkError`. */
export function openNetwork(buffer: ArrayBufferLike): Network {
  const directory = readDirectory(buffer)
  const arrays = new Map<string, AnyArray>()
  for (const { name, kind, offset, length } of directory.entries) {
    const make = arrayKinds[kind]
    if (make === undefined) throw new StoredNetworkError(`Array ${name} is of the unknown kind ${kind}`)
    if (offset % 8 !== 0 || offset + length * make.BYTES_PER_ELEMENT > buffer.byteLength) {
      throw new StoredNetworkError(
        `Array ${name} needs bytes ${offset} to ${offset + length * make.BYTES_PER_ELEMENT}, the file ends at ${buffer.byteLength}`,
      )
    }
    arrays.set(name, new make(buffer, offset, length))
  }
  const get = (name: string): AnyArray => {
    const array = arrays.get(name)
    if (array === undefined) throw new StoredNetworkError(`The stored network lacks ${name}`)
    return array
  }
  const open = (group: keyof typeof groups): Record<string, AnyArray> =>
    Object.fromEntries(groups[group].map((name) => [name, get(`${group}.${name}`)]))
  return {
    attribution: directory.attribution,
    streets: open('streets') as unknown as Network['streets'],
    turns: open('turns') as unknown as Network['turns'],
    hierarchy: open('hierarchy') as unknown as Network['hierarchy'],
    pieceIndex: get('pieceIndex') as Uint8Array,
  }
}

function readDirectory(buffer: ArrayBufferLike): Directory {
  const text = (from: number, to: number): string => new TextDecoder().decode(new Uint8Array(buffer as ArrayBuffer, from, to - from))
  if (buffer.byteLength < headerBytes || text(0, 8) !== magic) throw new StoredNetworkError('This is no stored street network')
  const view = new DataView(buffer as ArrayBuffer)
  const found = view.getUint32(8, true)
  if (found !== version) throw new StoredNetworkError(`The stored network is of version ${found}, not ${version}: import it again`)
  const end = headerBytes + view.getUint32(12, true)
  if (end > buffer.byteLength) throw new StoredNetworkError(`The directory ends at byte ${end}, the file at ${buffer.byteLength}`)
  return JSON.parse(text(headerBytes, end)) as Directory
}

function alignUp(offset: number): number {
  return Math.ceil(offset / 8) * 8
}
