import { Random } from '../random.ts'
import { createEvaluator, type Evaluator } from './evaluate.ts'
import { isLean } from './insert-lean.ts'
import type { Pick } from './insert.ts'
import { FAR, type Model } from './model.ts'
import type { Plan } from './plan.ts'
import { costUnder } from './vehicles.ts'

/** Scratch memory of one search: neighbour lists, randomness, the evaluator, the routes touched in this iteration, the stops taken out. */
export interface Workspace {
  readonly random: Random
  readonly evaluator: Evaluator
  readonly pick: Pick
  /** The best pick while a route is grown. */
  readonly grown: Pick
  /** The nearest stops of each stop, in the order of closeness that insertion wants: neighbours[c * neighbourCount + k]. */
  readonly neighbours: Int32Array
  readonly neighbourCount: number
  /** Stops by distance from each stop, itself first: adjacent[c * adjacentCount + k]. */
  readonly adjacent: Int32Array
  readonly adjacentCount: number
  /** Edge cost between depot and stop, for ordering. */
  readonly farness: Float64Array
  readonly touched: Int32Array
  touchedCount: number
  readonly absent: Int32Array
  absentCount: number
  readonly rank: Float64Array
  /** What is on board, by dimension, while a shipment is tried. */
  readonly outer: Float64Array
  readonly inner: Float64Array
  /** Iteration in which a stop was last put on the list of absent ones. */
  readonly listed: Int32Array
  iteration: number
  /** Of the annealing; 0 before it. An optional stop may cost this much more than its prize, now and then. */
  temperature: number
  /** Routes that may be in use at once. */
  routeLimit: number
  readonly hasFrozen: boolean
  readonly lean: boolean
  readonly hasOptional: boolean
  /** In this iteration the first stop to be inserted opens a route, whatever it costs. */
  opensRoute: boolean
  /** In this iteration a route is grown from this optional stop, or -1. */
  growFrom: number
  /** Types differ in capacity and cost only, so a route can change hands. */
  readonly exchangeable: boolean
  readonly noSite: readonly number[]
  /** Positions left until one is skipped; a geometric variable with the blink rate (Christiaens and Vanden Berghe 2020, 5.2). */
  skip: number
  nextSkip: () => number
  blinks: () => boolean
  isTouched: (r: number) => boolean
  touch: (r: number) => void
  costUnder: (m: Model, plan: Plan, r: number, t: number) => number
}

/** Makes the scratch memory; O(stops² log stops). */
export function createWorkspace(m: Model, seed: number, settings: { neighbours: number; blinkRate: number }): Workspace {
  const random = new Random(seed)
  const touchedAt = new Int32Array(m.routes).fill(-1)
  const scale = settings.blinkRate > 0 ? 1 / Math.log(1 - settings.blinkRate) : 0
  const adjacentCount = Math.min(m.n, m.n > 1500 ? 400 : m.n)
  const neighbourCount = Math.min(Math.max(0, m.n - 1), settings.neighbours)
  const w: Workspace = {
    random,
    evaluator: createEvaluator(m),
    pick: { delta: Infinity, after: -1, type: -1, mode: 0, site: -1 },
    grown: { delta: Infinity, after: -1, type: -1, mode: 0, site: -1 },
    growFrom: -1,
    ...sortNeighbours(m, adjacentCount, neighbourCount),
    adjacentCount,
    neighbourCount,
    farness: Float64Array.from({ length: m.n }, (_, c) => m.cost[m.types[0]?.costClass ?? 0]![c * m.size + (m.types[0]?.startRow ?? c)]!),
    touched: new Int32Array(m.routes),
    touchedCount: 0,
    absent: new Int32Array(m.n),
    absentCount: 0,
    rank: new Float64Array(m.n),
    outer: new Float64Array(m.problem.dimensions),
    inner: new Float64Array(m.problem.dimensions),
    listed: new Int32Array(m.n).fill(-1),
    iteration: 0,
    temperature: 0,
    routeLimit: m.routes,
    hasFrozen: m.frozen.includes(1),
    lean: isLean(m),
    hasOptional: m.required.includes(0),
    opensRoute: false,
    exchangeable: isExchangeable(m),
    noSite: [-1],
    skip: 0,
    nextSkip: () => (scale === 0 ? FAR : (Math.log(1 - random.unit()) * scale) | 0),
    blinks: () => {
      if (w.skip-- > 0) return false
      w.skip = w.nextSkip()
      return true
    },
    isTouched: (r) => touchedAt[r] === w.iteration,
    touch: (r) => {
      if (touchedAt[r] === w.iteration) return
      touchedAt[r] = w.iteration
      w.touched[w.touchedCount++] = r
    },
    costUnder,
  }
  w.skip = w.nextSkip()
  return w
}

function isExchangeable(m: Model): boolean {
  if (m.types.length < 2) return false
  const first = m.types[0]!
  return m.types.every(
    (type) =>
      type.startRow === first.startRow &&
      type.endRow === first.endRow &&
      type.timeClass === first.timeClass &&
      type.service === first.service &&
      !type.complex &&
      type.maxReloads === 0,
  )
}

/**
 * Distance orders the ruin. Insertion prefers pairs that can follow each other: distance plus a fifth of the least waiting and the least lateness
 * between the two (after Vidal et al. 2013).
 */
function sortNeighbours(m: Model, adjacentCount: number, neighbourCount: number): { adjacent: Int32Array; neighbours: Int32Array } {
  const { n, size } = m
  const adjacent = new Int32Array(n * adjacentCount)
  const neighbours = new Int32Array(n * neighbourCount)
  const cost = m.cost[m.types[0]?.costClass ?? 0]!
  const time = m.time[m.types[0]?.timeClass ?? 0]!
  const keys = new Float64Array(n)
  const base = 1_048_576
  const timeWeight = m.timed ? costPerTime(m) : 0
  for (let c = 0; c < n; c++) {
    for (let v = 0; v < n; v++) {
      const near = v === c ? -1 : Math.min(cost[c * size + v]!, cost[v * size + c]!)
      keys[v] = (near + 1) * base + v
    }
    keys.sort()
    for (let k = 0; k < adjacentCount; k++) adjacent[c * adjacentCount + k] = keys[k]! % base
    if (timeWeight === 0) {
      for (let k = 0; k < neighbourCount; k++) neighbours[c * neighbourCount + k] = adjacent[c * adjacentCount + k + 1]!
      continue
    }
    for (let v = 0; v < n; v++) {
      const before = cost[v * size + c]! + timeWeight * mismatch(m, time, v, c)
      const behind = cost[c * size + v]! + timeWeight * mismatch(m, time, c, v)
      keys[v] = v === c ? v : (Math.round(Math.min(before, behind)) + 1) * base + v
    }
    keys.sort()
    for (let k = 0; k < neighbourCount; k++) neighbours[c * neighbourCount + k] = keys[k + 1]! % base
  }
  return { adjacent, neighbours }
}

/** Least waiting, weighed a fifth, and least lateness when `b` follows `a`. */
function mismatch(m: Model, time: Int32Array, a: number, b: number): number {
  const way = (m.types[0]?.service[a] ?? 0) + time[a * m.size + b]!
  const waiting = Math.max(0, m.opens[b]! - way - m.closes[a]!)
  const lateness = Math.max(0, m.opens[a]! + way - m.closes[b]!)
  return 0.2 * waiting + lateness
}

/** How much cost a unit of travel time stands for, from the means of the matrices. */
function costPerTime(m: Model): number {
  const cost = m.cost[m.types[0]?.costClass ?? 0]!
  const time = m.time[m.types[0]?.timeClass ?? 0]!
  let costs = 0
  let times = 0
  const step = Math.max(1, Math.floor((m.size * m.size) / 10_000))
  for (let i = 0; i < m.size * m.size; i += step) {
    if (cost[i]! >= FAR || time[i]! >= FAR) continue
    costs += cost[i]!
    times += time[i]!
  }
  return times === 0 ? 0 : costs / times
}
