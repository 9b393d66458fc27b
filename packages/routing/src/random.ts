/** A seeded source of randomness (xorshift32, Marsaglia 2003); the same seed gives the same numbers on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995 || 1
    for (let warm = 0; warm < 8; warm++) this.next()
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  /** A number from 0 up to, not including, 1. */
  unit(): number {
    return this.next() * 2.3283064365386963e-10
  }

  /** An integer from 0 up to, not including, `below`. */
  below(below: number): number {
    return (this.unit() * below) | 0
  }
}
