import type { NamedPrior } from './priors.ts'
import { checkPrior, priorQuantile } from './priors.ts'
import type { Random } from './random.ts'

/** How draws fill the unit cube: independently, or with every parameter's range cut into as many equal slices as there are draws. */
export type Sampling = 'monteCarlo' | 'latinHypercube'

/** A table of draws. It is made whole before any model runs, so that its rows may be evaluated in any order, in any worker, with the same result. */
export interface SampleDesign {
  readonly sampling: Sampling
  readonly algorithm: string
  readonly seed: number
  readonly names: readonly string[]
  readonly draws: number
  /** Row-major, draws × names. */
  readonly values: Float64Array
}

/** The most cells (draws × parameters) a design may have; above it the call throws a `RangeError` before it takes memory. */
export const maximumDesignCells = 50_000_000

/** Draws from the priors. Throws a `RangeError` on an unusable prior, a name used twice, or a design too large. */
export function sampleDesign(random: Random, priors: readonly NamedPrior[], draws: number, sampling: Sampling): SampleDesign {
  checkDesign(priors, draws)
  const cube = unitCube(random, draws, priors.length, sampling)
  const values = new Float64Array(cube.length)
  for (let row = 0; row < draws; row++) {
    for (let column = 0; column < priors.length; column++) {
      const at = row * priors.length + column
      values[at] = priorQuantile(priors[column]!.prior, cube[at]!)
    }
  }
  return { sampling, algorithm: random.algorithm, seed: random.seed, names: priors.map((one) => one.name), draws, values }
}

/** Points in the open unit cube, row-major draws × width (McKay, Beckman and Conover 1979 for the Latin hypercube). */
export function unitCube(random: Random, draws: number, width: number, sampling: Sampling): Float64Array {
  const cube = new Float64Array(draws * width)
  switch (sampling) {
    case 'monteCarlo':
      for (let i = 0; i < cube.length; i++) cube[i] = random.uniform()
      return cube
    case 'latinHypercube':
      for (let column = 0; column < width; column++) {
        const slices = shuffled(random, draws)
        for (let row = 0; row < draws; row++) {
          cube[row * width + column] = Math.min(Math.max((slices[row]! + random.uniform()) / draws, 2 ** -54), 1 - 2 ** -53)
        }
      }
      return cube
  }
}

/** The parameters of one draw, in the order of `names`. */
export function drawOf(design: SampleDesign, row: number): Float64Array {
  return design.values.subarray(row * design.names.length, (row + 1) * design.names.length)
}

/** Throws a `RangeError` when the priors or the number of draws cannot make a design. */
export function checkDesign(priors: readonly NamedPrior[], draws: number): void {
  if (!Number.isInteger(draws) || draws < 1) throw new RangeError(`The number of draws must be a whole number of at least 1, not ${draws}`)
  if (priors.length === 0) throw new RangeError('A sample design needs at least one parameter with a prior')
  if (draws * priors.length > maximumDesignCells) {
    throw new RangeError(`${draws} draws of ${priors.length} parameters are more than ${maximumDesignCells} cells`)
  }
  const seen = new Set<string>()
  for (const one of priors) {
    if (seen.has(one.name)) throw new RangeError(`The parameter ${one.name} has two priors`)
    seen.add(one.name)
    checkPrior(one)
  }
}

function shuffled(random: Random, length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
