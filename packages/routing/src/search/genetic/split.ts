/** Cuts a giant tour into tours at least cost (Prins 2004; Vidal 2022, 3.2): an acyclic shortest path, with overload at a price a unit. */
import type { Tours } from './tours.ts'

/** How full a tour may get at most, in capacities. */
const fullest = 1.5

/** The tours of the best cut into at most `t.count` tours, in the order of the giant tour. */
export function split(t: Tours, giant: Int32Array, price: number): number[][] {
  const cuts = cutFreely(t, giant, price)
  return cuts.length <= t.count ? toTours(giant, cuts) : toTours(giant, cutWithin(t, giant, price))
}

/** Ends of the tours, last first. */
function cutFreely(t: Tours, giant: Int32Array, price: number): number[] {
  const best = new Float64Array(giant.length + 1).fill(Infinity)
  const from = new Int32Array(giant.length + 1)
  best[0] = 0
  for (let i = 0; i < giant.length; i++) extend(t, giant, price, i, best[i]!, best, from)
  const cuts: number[] = []
  for (let end = giant.length; end > 0; end = from[end]!) cuts.push(end)
  return cuts
}

function cutWithin(t: Tours, giant: Int32Array, price: number): number[] {
  const n = giant.length
  const layers = Array.from({ length: t.count + 1 }, () => ({ best: new Float64Array(n + 1).fill(Infinity), from: new Int32Array(n + 1) }))
  layers[0]!.best[0] = 0
  for (let k = 0; k < t.count; k++) {
    const { best, from } = layers[k + 1]!
    for (let i = k; i < n; i++) if (layers[k]!.best[i]! < Infinity) extend(t, giant, price, i, layers[k]!.best[i]!, best, from, Infinity)
  }
  let used = 1
  for (let k = 2; k <= t.count; k++) if (layers[k]!.best[n]! < layers[used]!.best[n]!) used = k
  const cuts: number[] = []
  for (let end = n, k = used; end > 0; end = layers[k--]!.from[end]!) cuts.push(end)
  return cuts
}

/** Every tour that begins at place `i` of the giant tour; tours are followed beyond `most` capacities only where nothing else is left. */
function extend(t: Tours, giant: Int32Array, price: number, i: number, sofar: number, best: Float64Array, from: Int32Array, most = fullest): void {
  const { n, edges, demand, capacity } = t
  const width = n + 1
  let load = 0
  let way = 0
  let before = n
  for (let j = i; j < giant.length; j++) {
    const c = giant[j]!
    load += demand[c]!
    if (j > i && load > most * capacity) break
    way += edges[before * width + c]!
    before = c
    const total = sofar + way + edges[c * width + n]! + (load > capacity ? (load - capacity) * price : 0)
    if (total < best[j + 1]!) {
      best[j + 1] = total
      from[j + 1] = i
    }
  }
}

function toTours(giant: Int32Array, cuts: readonly number[]): number[][] {
  const tours: number[][] = []
  for (let k = cuts.length - 1, begin = 0; k >= 0; begin = cuts[k--]!) tours.push(Array.from(giant.subarray(begin, cuts[k])))
  return tours
}
