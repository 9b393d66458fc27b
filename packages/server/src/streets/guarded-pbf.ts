import { PbfReader } from 'pbf'

/** What makes a message unreadable; `position` counts from the start of the bytes given to `openMessage`. */
export class UnreadableMessage extends Error {
  readonly position: number

  constructor(what: string, position: number) {
    super(what)
    this.position = position
  }
}

/** Wire types of protocol buffers. */
const lengthDelimited = 2

/**
 * A message read field by field. `pbf` reads past the end of damaged bytes without a word, and would walk gigabytes on a wrong length, so every
 * length is held against the end of the message before it is used. All readers throw `UnreadableMessage`.
 */
export interface GuardedMessage {
  /** Calls back for each field; those it does not read are skipped. */
  eachField(read: (field: number) => void): void
  bytes(): Uint8Array
  integer(): number
  signed(): number
  /** Packed (or single) integers, unsigned, as they are or zigzag and summed up. */
  packed(): number[]
  packedDeltas(): number[]
  message(): GuardedMessage
}

/** Opens bytes as a message. */
export function openMessage(bytes: Uint8Array): GuardedMessage {
  return guard(new PbfReader(bytes), bytes.length)
}

function guard(reader: PbfReader, end: number): GuardedMessage {
  const inside = (limit: number): void => {
    if (reader.pos > limit) throw new UnreadableMessage('a value runs over the end of its message', limit)
  }
  const integer = (): number => {
    const at = reader.pos
    try {
      return reader.readVarint(true)
    } catch (error) {
      throw new UnreadableMessage(error instanceof Error ? error.message : 'an integer is broken', at)
    }
  }
  const signed = (): number => {
    const at = reader.pos
    try {
      return reader.readSVarint()
    } catch (error) {
      throw new UnreadableMessage(error instanceof Error ? error.message : 'an integer is broken', at)
    }
  }
  const enter = (): number => {
    const at = reader.pos
    const length = integer()
    const stop = reader.pos + length
    if (!(length >= 0) || reader.pos > end || stop > end) throw new UnreadableMessage(`a field of ${length} bytes does not fit into its message`, at)
    return stop
  }
  const numbers = (read: () => number): number[] => {
    if (reader.type !== lengthDelimited) {
      const single = read()
      inside(end)
      return [single]
    }
    const stop = enter()
    const values: number[] = []
    while (reader.pos < stop) values.push(read())
    inside(stop)
    return values
  }
  const one = (read: () => number): number => {
    const at = reader.pos
    const value = read()
    inside(end)
    if (!Number.isSafeInteger(value)) throw new UnreadableMessage(`${value} is no integer to count on`, at)
    return value
  }
  return {
    eachField(read) {
      while (reader.pos < end) {
        const at = reader.pos
        const key = integer()
        inside(end)
        const [field, type] = [key >>> 3, key & 7]
        if (field === 0 || type === 3 || type === 4 || type > 5) throw new UnreadableMessage(`${key} opens no field`, at)
        reader.type = type
        const before = reader.pos
        read(field)
        if (reader.pos === before) {
          if (type === lengthDelimited) reader.pos = enter()
          else reader.skip(key)
        }
        inside(end)
      }
    },
    bytes() {
      if (reader.type !== lengthDelimited) throw new UnreadableMessage('a number stands where bytes should', reader.pos)
      const stop = enter()
      const bytes = reader.buf.subarray(reader.pos, stop)
      reader.pos = stop
      return bytes
    },
    integer: () => one(integer),
    signed: () => one(signed),
    packed: () => numbers(integer),
    packedDeltas() {
      let sum = 0
      return numbers(() => (sum += signed()))
    },
    message() {
      if (reader.type !== lengthDelimited) throw new UnreadableMessage('a number stands where a message should', reader.pos)
      const stop = enter()
      return guard(reader, stop)
    },
  }
}
