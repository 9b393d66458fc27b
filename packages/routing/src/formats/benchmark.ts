import type { Problem } from '../problem.ts'

/** A published instance: the problem in integers, and how its figures relate to the published ones. */
export interface Benchmark {
  readonly name: string
  readonly problem: Problem
  /** Costs of the problem are the published ones times this. */
  readonly scale: number
  /** Depots come first in solution files, so stop `i` is number `i + depots`. */
  readonly depots: number
  /** The published objective counts vehicles first. */
  readonly vehiclesFirst: boolean
}

/** How published sets turn Euclidean distances into integers: nearest integer; one decimal, cut off (DIMACS); many decimals, rounded. */
export type Rounding = 'round' | 'dimacs' | 'exact'

/** Factor that a rounding puts on all figures but loads. */
export const factorOf: Readonly<Record<Rounding, number>> = { round: 1, dimacs: 10, exact: 1000 }

/** Row-major matrix of Euclidean distances times `factor`, cut off or rounded to integers. */
export function euclidean(coordinates: readonly (readonly [number, number])[], factor: number, cut: boolean): Int32Array {
  const n = coordinates.length
  const matrix = new Int32Array(n * n)
  for (let a = 0; a < n; a++) {
    const [ax, ay] = coordinates[a]!
    for (let b = 0; b < a; b++) {
      const [bx, by] = coordinates[b]!
      const distance = factor * Math.sqrt((ax - bx) ** 2 + (ay - by) ** 2)
      const whole = cut ? Math.floor(distance) : Math.round(distance)
      matrix[a * n + b] = whole
      matrix[b * n + a] = whole
    }
  }
  return matrix
}

/** Refused text of an instance or a solution; the message names the line or the key. */
export class FormatError extends Error {
  override name = 'FormatError'
}

/** Numbers of a line of text. Throws `FormatError` when a word is no number or there are fewer than `least`. */
export function parseNumbers(line: string, least: number, what: string): number[] {
  const numbers = line.trim().split(/\s+/).map(Number)
  if (line.trim() === '' || numbers.length < least || numbers.some((number) => !Number.isFinite(number))) {
    throw new FormatError(`${what} needs ${least} numbers, not "${line.trim().slice(0, 60)}"`)
  }
  return numbers
}
