import { lengthDmOf, partOfCost, timeMsOf } from './cost.ts'
import { metresPerDegree, unitsPerDegree } from './geodesy.ts'
import { findLink } from './hierarchy.ts'
import type { Metric } from './metric.ts'
import type { Streets } from './network.ts'
import { nameOfEdge } from './network.ts'
import type { Place, PlaceOption } from './place.ts'
import type { SearchRoom, Seed } from './search.ts'
import { arrivalSeeds, clearWalk, costAlongEdge, createSearchRoom, departureSeeds, walkUp } from './search.ts'

/** A drive from one place to another. */
export interface Path {
  readonly durationMs: number
  readonly distanceDm: number
  /** Directed edges in order; the first and the last are driven in part. */
  readonly edges: readonly number[]
  /** Degrees, `[lon, lat]`, from place to place. */
  readonly line: readonly (readonly [number, number])[]
  readonly steps: readonly PathStep[]
}

/** A stretch on streets of one name. */
export interface PathStep {
  /** Empty where the street has none. */
  readonly name: string
  readonly durationMs: number
  readonly distanceDm: number
  /** Index into the line where the stretch begins. */
  readonly lineIndex: number
}

/** Answers single drives; keeps the room it searches in, so make one a metric and ask it often. */
export interface PathFinder {
  /** The fastest drive, or undefined when there is no way. */
  findPath(from: Place, to: Place): Path | undefined
}

/** Makes a path finder. It is not re-entrant, but nothing in it waits. */
export function createPathFinder(metric: Metric): PathFinder {
  const { hierarchy } = metric.network
  const [ahead, back] = [createSearchRoom(hierarchy), createSearchRoom(hierarchy)]
  return {
    findPath(from, to) {
      const along = costAlongEdge(metric, from, to)
      const over = searchOver(metric, departureSeeds(metric, from), arrivalSeeds(metric, to), ahead, back)
      if (along.cost === Infinity && over === undefined) return undefined
      if (along.option !== undefined && (over === undefined || along.cost <= over.cost)) {
        const [start, end] = along.option
        return describe(metric, along.cost, [{ edge: start.edge, fromShare: start.share, toShare: end.share, cost: along.cost }])
      }
      const { cost, start, end, arcs } = over!
      const startCost = metric.edgeCost[start.edge]!
      const driven: Driven[] = [{ edge: start.edge, fromShare: start.share, toShare: 1, cost: startCost - partOfCost(startCost, start.share) }]
      let spent = driven[0]!.cost
      for (const arc of arcs) {
        driven.push({ edge: edgeOfArc(metric, arc), fromShare: 0, toShare: 1, cost: metric.arcCost[arc]! })
        spent += metric.arcCost[arc]!
      }
      driven.push({ edge: end.edge, fromShare: 0, toShare: end.share, cost: cost - spent })
      return describe(metric, cost, driven)
    },
  }
}

interface Driven {
  readonly edge: number
  readonly fromShare: number
  readonly toShare: number
  readonly cost: number
}

interface Found {
  readonly cost: number
  readonly start: PlaceOption
  readonly end: PlaceOption
  readonly arcs: readonly number[]
}

function searchOver(metric: Metric, departures: readonly Seed[], arrivals: readonly Seed[], ahead: SearchRoom, back: SearchRoom): Found | undefined {
  const { hierarchy } = metric.network
  const { climbing, descending } = metric.weights
  const walkedAhead = walkUp(hierarchy, climbing, departures, ahead)
  const walkedBack = walkUp(hierarchy, descending, arrivals, back)
  let [best, top] = [Infinity, -1]
  for (let at = 0; at < walkedAhead; at++) {
    const rank = ahead.walked[at]!
    const sum = ahead.cost[rank]! + back.cost[rank]!
    if (sum < best) [best, top] = [sum, rank]
  }
  let found: Found | undefined
  if (top >= 0) {
    const climb = traceDown(departures, ahead, top)
    const descent = traceDown(arrivals, back, top)
    const arcs: number[] = []
    for (let at = climb.ranks.length - 1; at > 0; at--) unpack(metric, climb.ranks[at]!, climb.ranks[at - 1]!, arcs)
    for (let at = 1; at < descent.ranks.length; at++) unpack(metric, descent.ranks[at - 1]!, descent.ranks[at]!, arcs)
    found = { cost: best, start: climb.seed.option, end: descent.seed.option, arcs }
  }
  clearWalk(ahead, walkedAhead)
  clearWalk(back, walkedBack)
  return found
}

/** From the top rank back to the seed it was reached from: ranks from the top downwards. */
function traceDown(seeds: readonly Seed[], room: SearchRoom, top: number): { readonly ranks: number[]; readonly seed: Seed } {
  const ranks = [top]
  while (room.cameFrom[ranks.at(-1)!]! >= 0) ranks.push(room.cameFrom[ranks.at(-1)!]!)
  const lowest = ranks.at(-1)!
  const seed = seeds.find((each) => each.rank === lowest && each.cost === room.cost[lowest])
  if (seed === undefined) throw new Error(`Rank ${lowest} was reached from no seed`)
  return { ranks, seed }
}

/** Appends the arcs of a link, opened up triangle by triangle. */
function unpack(metric: Metric, from: number, to: number, arcs: number[]): void {
  const { upStart, upHead } = metric.network.hierarchy
  const { upVia, downVia } = metric.weights
  const stack = [from, to]
  while (stack.length > 0) {
    const end = stack.pop()!
    const start = stack.pop()!
    const via = start < end ? upVia[findLink(upStart, upHead, start, end)]! : downVia[findLink(upStart, upHead, end, start)]!
    if (via < 0) arcs.push(~via)
    else stack.push(via, end, start, via)
  }
}

/** Arcs of an edge lie together, so the edge is found by halving. */
function edgeOfArc(metric: Metric, arc: number): number {
  const { edgeArcStart } = metric.network.turns
  let [from, to] = [0, edgeArcStart.length - 2]
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if (edgeArcStart[middle]! <= arc) from = middle
    else to = middle - 1
  }
  return from
}

function describe(metric: Metric, cost: number, driven: readonly Driven[]): Path {
  const { streets } = metric.network
  const line: [number, number][] = []
  const steps: { name: string; durationMs: number; distanceDm: number; lineIndex: number }[] = []
  let lastName = -1
  for (const piece of driven) {
    const lineIndex = Math.max(0, line.length - 1)
    for (const point of shapeBetween(streets, piece)) {
      const last = line.at(-1)
      if (last === undefined || last[0] !== point[0] || last[1] !== point[1]) line.push(point)
    }
    const name = streets.nameOf[piece.edge >> 1]!
    const step = steps.at(-1)
    if (step === undefined || name !== lastName) {
      steps.push({ name: nameOfEdge(streets, piece.edge), durationMs: timeMsOf(piece.cost), distanceDm: lengthDmOf(piece.cost), lineIndex })
      lastName = name
    } else {
      step.durationMs += timeMsOf(piece.cost)
      step.distanceDm += lengthDmOf(piece.cost)
    }
  }
  if (line.length === 1) line.push(line[0]!)
  return { durationMs: timeMsOf(cost), distanceDm: lengthDmOf(cost), edges: driven.map((each) => each.edge), line, steps }
}

/** Points of a driven part, in driving order. */
function shapeBetween(streets: Streets, { edge, fromShare, toShare }: Driven): [number, number][] {
  const segment = edge >> 1
  const points: [number, number][] = []
  for (let at = streets.shapeStart[segment]!; at < streets.shapeStart[segment + 1]!; at++) {
    points.push([streets.shapeLon[at]! / unitsPerDegree, streets.shapeLat[at]! / unitsPerDegree])
  }
  if (edge & 1) points.reverse()
  return fromShare === 0 && toShare === 1 ? points : cutLine(points, fromShare, toShare)
}

/** The part of a line between two shares of its length. */
function cutLine(points: readonly [number, number][], fromShare: number, toShare: number): [number, number][] {
  const shrink = Math.cos(points[0]![1] * (Math.PI / 180))
  const lengths = points.slice(1).map(([lon, lat], at) => Math.hypot((lon - points[at]![0]) * shrink, lat - points[at]![1]) * metresPerDegree)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const [begin, end] = [fromShare * total, toShare * total]
  const cut: [number, number][] = []
  let passed = 0
  for (const [at, length] of lengths.entries()) {
    const [a, b] = [points[at]!, points[at + 1]!]
    const pointAt = (along: number): [number, number] => {
      const share = length === 0 ? 0 : Math.min(1, Math.max(0, (along - passed) / length))
      return share === 0 ? a : share === 1 ? b : [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
    }
    if (cut.length === 0 && (begin <= passed + length || at === lengths.length - 1)) cut.push(pointAt(begin))
    if (cut.length > 0) {
      cut.push(pointAt(end))
      if (end <= passed + length) break
    }
    passed += length
  }
  return cut
}
