/**
 * Stops in a plane, from their edges alone, by two steps of FastMap (Faloutsos and Lin 1995): exact but for turns where edges are straight lines. The
 * depot is the origin.
 */
import type { Model } from '../model.ts'

export interface Layout {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Places of stops 0..n-1 beside the depot of the one kind of vehicle. */
export function layOut(m: Model): Layout {
  const { n, size } = m
  const type = m.types[0]!
  const cost = m.cost[type.costClass]!
  const rowOf = (c: number): number => (c < n ? c : type.startRow)
  const x = new Float64Array(n + 1)
  const y = new Float64Array(n + 1)
  const squared = (a: number, b: number): number => cost[rowOf(a) * size + rowOf(b)]! ** 2
  project(squared, x)
  project((a, b) => Math.max(0, squared(a, b) - (x[a]! - x[b]!) ** 2), y)
  return { x: x.map((value) => value - x[n]!), y: y.map((value) => value - y[n]!) }
}

/** Writes where each point lies between two that are far apart. */
function project(squared: (a: number, b: number) => number, out: Float64Array): void {
  const farthest = (from: number): number => {
    let far = 0
    for (let c = 1; c < out.length; c++) if (squared(from, c) > squared(from, far)) far = c
    return far
  }
  const a = farthest(0)
  const b = farthest(a)
  const between = squared(a, b)
  if (between === 0) return
  for (let c = 0; c < out.length; c++) out[c] = (squared(a, c) + between - squared(b, c)) / (2 * Math.sqrt(between))
}
