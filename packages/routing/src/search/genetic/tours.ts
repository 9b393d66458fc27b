import type { Random } from '../../random.ts'
import type { Model } from '../model.ts'

/**
 * The tours that the local search of the genetic search changes: linked stops with position and load so far. Tours may be overfull, at a price a unit.
 * Nodes are stops 0..n-1, the starts of tours n..n+count-1 and their ends behind them; every start and end is the depot, row n of `edges`. Edges
 * cost twice what they do in the problem, so that half a vehicle's fixed cost can be added at either end of a tour.
 */
export interface Tours {
  readonly n: number
  readonly count: number
  readonly edges: Int32Array
  readonly row: Int32Array
  readonly demand: Int32Array
  readonly capacity: number
  readonly next: Int32Array
  readonly previous: Int32Array
  readonly tour: Int32Array
  readonly position: Int32Array
  /** Load up to and with the node. */
  readonly upTo: Int32Array
  readonly load: Int32Array
  readonly stops: Int32Array
  /** What the overload of each tour costs now. */
  readonly penalty: Float64Array
  /** Number of the move that changed the tour last, and of the last move. */
  readonly changed: Int32Array
  moves: number
  /** Price of a unit of overload. */
  price: number
  /** A tour without stops, or -1. */
  empty: number
  readonly buffer: Int32Array
}

/** A plan of the population: its tours, the neighbours of each stop (-1 for the depot), and what it costs. */
export interface Individual {
  readonly tours: readonly (readonly number[])[]
  readonly next: Int32Array
  readonly previous: Int32Array
  readonly cost: number
  readonly overload: number
}

/** Room for `count` tours of the model's stops. */
export function createTours(m: Model, count: number): Tours {
  const { n, size } = m
  const type = m.types[0]!
  const cost = m.cost[type.costClass]!
  const nodes = n + 2 * count
  const width = n + 1
  const edges = new Int32Array(width * width)
  const rowOf = (c: number): number => (c < n ? c : type.startRow)
  for (let a = 0; a <= n; a++) {
    for (let b = 0; b <= n; b++) {
      if (a === b) continue
      edges[a * width + b] = 2 * cost[rowOf(a) * size + rowOf(b)]! + (a === n || b === n ? type.fixed : 0)
    }
  }
  const demand = new Int32Array(nodes)
  if (m.quantities > 0) demand.set(m.demand)
  const tour = new Int32Array(nodes)
  for (let r = 0; r < count; r++) tour[n + r] = tour[n + count + r] = r
  return {
    n,
    count,
    edges,
    row: Int32Array.from({ length: nodes }, (_, node) => Math.min(node, n)),
    demand,
    capacity: m.quantities > 0 ? type.capacity[0]! : 1,
    next: new Int32Array(nodes),
    previous: new Int32Array(nodes),
    tour,
    position: new Int32Array(nodes),
    upTo: new Int32Array(nodes),
    load: new Int32Array(count),
    stops: new Int32Array(count),
    penalty: new Float64Array(count),
    changed: new Int32Array(count),
    moves: 0,
    price: 1,
    empty: -1,
    buffer: new Int32Array(2 * n + 2),
  }
}

/** Sets every tour; those beyond the given ones become empty. */
export function loadTours(t: Tours, tours: readonly (readonly number[])[]): void {
  t.moves = 0
  t.changed.fill(0)
  for (let r = 0; r < t.count; r++) {
    const stops = tours[r] ?? []
    for (let k = 0; k < stops.length; k++) t.buffer[k] = stops[k]!
    setTour(t, r, 0, stops.length)
  }
  findEmpty(t)
}

/** Makes the stops of the buffer from `from` on tour `r`. */
export function setTour(t: Tours, r: number, from: number, length: number): void {
  const { next, previous, buffer } = t
  let before = t.n + r
  for (let k = from; k < from + length; k++) {
    const c = buffer[k]!
    next[before] = c
    previous[c] = before
    before = c
  }
  const end = t.n + t.count + r
  next[before] = end
  previous[end] = before
  refreshTour(t, r)
}

/** Brings positions, loads and penalty of a tour up to date. */
export function refreshTour(t: Tours, r: number): void {
  const { next, tour, position, upTo, demand } = t
  const end = t.n + t.count + r
  let load = 0
  let place = 0
  for (let node = next[t.n + r]!; node !== end; node = next[node]!) {
    load += demand[node]!
    upTo[node] = load
    position[node] = ++place
    tour[node] = r
  }
  upTo[end] = load
  position[end] = place + 1
  t.load[r] = load
  t.stops[r] = place
  t.penalty[r] = load > t.capacity ? (load - t.capacity) * t.price : 0
}

/** Finds a tour without stops again. */
export function findEmpty(t: Tours): void {
  t.empty = t.stops.indexOf(0)
}

/** The tours as an individual, in the order of a figure for each, which `rank` gives from its start. */
export function saveTours(t: Tours, rank: (start: number) => number): Individual {
  const { n, next, previous, edges, row } = t
  const keyed: { key: number; stops: number[] }[] = []
  let cost = 0
  let overload = 0
  for (let r = 0; r < t.count; r++) {
    if (t.stops[r] === 0) continue
    const stops: number[] = []
    let before = n + r
    for (let node = next[before]!; ; node = next[node]!) {
      cost += edges[row[before]! * (n + 1) + row[node]!]!
      if (node >= n) break
      stops.push(node)
      before = node
    }
    overload += Math.max(0, t.load[r]! - t.capacity)
    keyed.push({ key: rank(n + r), stops })
  }
  keyed.sort((a, b) => a.key - b.key)
  const depotAs = (node: number): number => (node < n ? node : -1)
  return {
    tours: keyed.map(({ stops }) => stops),
    next: next.slice(0, n).map(depotAs),
    previous: previous.slice(0, n).map(depotAs),
    cost,
    overload,
  }
}

/** Takes node `u` from where it is and puts it behind `v`. */
export function insertBehind(t: Tours, u: number, v: number): void {
  const { next, previous } = t
  const before = previous[u]!
  const after = next[u]!
  next[before] = after
  previous[after] = before
  const behind = next[v]!
  next[v] = u
  previous[u] = v
  next[u] = behind
  previous[behind] = u
}

/** Puts a list into random order (Fisher and Yates). */
export function shuffle(list: Int32Array, random: Random): void {
  for (let k = list.length - 1; k > 0; k--) {
    const other = random.below(k + 1)
    const held = list[k]!
    list[k] = list[other]!
    list[other] = held
  }
}
