import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { normalQuantile } from './normal-distribution.ts'

/** A stream of random numbers; it is passed in wherever chance is needed, and the same seed gives the same numbers on every machine. */
export interface Random {
  /** Name of the generator, printed beside every result that used it. */
  readonly algorithm: string
  readonly seed: number
  /** The next number in (0, 1): a multiple of 2^-53, never 0, never 1. */
  uniform(): number
  /** The next standard normal number, by inversion, so one uniform number each. */
  normal(): number
  /** The next whole number in 0 to `below` - 1. */
  integer(below: number): number
  /**
   * A stream that never meets this one (a jump of 2^64 numbers); this one moves on by the same jump.
   * Forks in the same order are the same streams, so work can be cut into parts without changing its numbers.
   */
  fork(): Random
}

/** The generator's name as results print it (pure-rand). */
export const randomAlgorithm = 'xoroshiro128+ (pure-rand 8)'

/** Starts a stream from a seed: a whole number from 0 to 2^32 - 1. Throws a `RangeError` on any other. */
export function createRandom(seed: number): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`A random seed must be a whole number from 0 to 4294967295, not ${seed}`)
  }
  const generator = xoroshiro128plus(seed)
  for (let i = 0; i < 32; i++) generator.next() // small seeds leave most state bits alike; mix before the first use
  return randomOver(generator, seed)
}

function randomOver(generator: ReturnType<typeof xoroshiro128plus>, seed: number): Random {
  const uniform = (): number => {
    const value = uniformFloat64(generator)
    return value === 0 ? 2 ** -54 : value
  }
  return {
    algorithm: randomAlgorithm,
    seed,
    uniform,
    normal: () => normalQuantile(uniform()),
    integer(below) {
      if (!Number.isInteger(below) || below < 1) throw new RangeError(`A random whole number needs a bound of at least 1, not ${below}`)
      return Math.floor(uniform() * below)
    },
    fork() {
      const branch = xoroshiro128plusFromState(generator.getState())
      generator.jump()
      return randomOver(branch, seed)
    },
  }
}
