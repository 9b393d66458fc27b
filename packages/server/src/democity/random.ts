/** A stream of numbers from 0 to below 1, the same from the same seed on every machine (mulberry32). */
export type Random = () => number

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number that belongs to some integers alone, whatever was asked before: for values at a time of a device. */
export function noise(...parts: readonly number[]): number {
  let hash = 2_166_136_261
  for (const part of parts) {
    hash = Math.imul(hash ^ (part & 0xffff), 16_777_619)
    hash = Math.imul(hash ^ Math.floor(part / 65_536), 16_777_619)
  }
  return createRandom(hash)()
}
