/**
 * Searches in a hierarchy walk the line of ancestors of their first ranks, upwards, relaxing links; no queue. `cost` is Infinity between searches.
 * A *label* is what such a walk leaves: ranks with exact costs, those dropped for which a way over higher ranks is cheaper. A drive's cost is the
 * least sum of the two labels' costs over a rank in both. Cost of a walk: the links of the ancestors.
 */
import { partOfCost } from './cost.ts'
import type { SearchGraph } from './customize.ts'
import type { Metric } from './metric.ts'
import type { Hierarchy } from './network.ts'
import type { Place, PlaceOption } from './place.ts'

/** A rank to begin from, what it costs to be there, and the option of the place it stems from. */
export interface Seed {
  readonly rank: number
  readonly cost: number
  readonly option: PlaceOption
}

/** Room for one search at a time. */
export interface SearchRoom {
  readonly cost: Float64Array
  /** The lower rank from which each cost came, or -1 for a seed's; only meaningful where the cost is finite. */
  readonly cameFrom: Int32Array
  /** The ranks walked, ascending. */
  readonly walked: Int32Array
  readonly labelRank: Int32Array
  readonly labelCost: Float64Array
}

/** Makes room for searches in a hierarchy. */
export function createSearchRoom(hierarchy: Hierarchy): SearchRoom {
  const count = hierarchy.rankOf.length
  return {
    cost: new Float64Array(count).fill(Infinity),
    cameFrom: new Int32Array(count),
    walked: new Int32Array(count),
    labelRank: new Int32Array(count),
    labelCost: new Float64Array(count),
  }
}

/** Seeds for leaving a place: at the head of each edge, the rest of the edge driven. */
export function departureSeeds(metric: Metric, place: Place): Seed[] {
  const { turns, hierarchy } = metric.network
  return place.options
    .filter(({ edge }) => metric.edgeCost[edge]! < Infinity)
    .map((option) => {
      const cost = metric.edgeCost[option.edge]!
      return { rank: hierarchy.rankOf[turns.startState[option.edge]!]!, cost: cost - partOfCost(cost, option.share), option }
    })
}

/** Seeds for reaching a place: at each state from which its edges may be entered, the first part of the edge yet to drive. */
export function arrivalSeeds(metric: Metric, place: Place): Seed[] {
  const { turns, hierarchy } = metric.network
  const seeds: Seed[] = []
  for (const option of place.options) {
    const edgeCost = metric.edgeCost[option.edge]!
    for (let arc = turns.edgeArcStart[option.edge]!; arc < turns.edgeArcStart[option.edge + 1]!; arc++) {
      if (metric.arcCost[arc] === Infinity) continue
      const turn = metric.arcCost[arc]! - edgeCost
      seeds.push({ rank: hierarchy.rankOf[turns.arcTail[arc]!]!, cost: turn + partOfCost(edgeCost, option.share), option })
    }
  }
  return seeds
}

/** Cost between two places on one edge without leaving it; Infinity if there is no such way. */
export function costAlongEdge(
  metric: Metric,
  from: Place,
  to: Place,
): { readonly cost: number; readonly option?: readonly [PlaceOption, PlaceOption] } {
  let best: { cost: number; option?: [PlaceOption, PlaceOption] } = { cost: Infinity }
  for (const start of from.options) {
    for (const end of to.options) {
      if (start.edge !== end.edge || start.share > end.share || metric.edgeCost[start.edge] === Infinity) continue
      const edgeCost = metric.edgeCost[start.edge]!
      const cost = partOfCost(edgeCost, end.share) - partOfCost(edgeCost, start.share)
      if (cost < best.cost) best = { cost, option: [start, end] }
    }
  }
  return best
}

/** Walks upwards from the seeds; leaves the costs in `room.cost` and the ranks in `room.walked`. Returns how many ranks it walked. */
export function walkUp(hierarchy: Hierarchy, graph: SearchGraph, seeds: readonly Seed[], room: SearchRoom): number {
  const { cost, cameFrom } = room
  const { start, head, cost: linkCost } = graph
  for (const { rank, cost: seedCost } of seeds) {
    if (seedCost >= cost[rank]!) continue
    cost[rank] = seedCost
    cameFrom[rank] = -1
  }
  const count = listAncestors(hierarchy, seeds, room.walked)
  for (let at = 0; at < count; at++) {
    const rank = room.walked[at]!
    const here = cost[rank]!
    if (here === Infinity) continue
    const end = start[rank + 1]!
    for (let link = start[rank]!; link < end; link++) {
      const there = here + linkCost[link]!
      const above = head[link]!
      if (there < cost[above]!) {
        cost[above] = there
        cameFrom[above] = rank
      }
    }
  }
  return count
}

/** Forgets a walk, so that the room serves the next one. */
export function clearWalk(room: SearchRoom, count: number): void {
  for (let at = 0; at < count; at++) room.cost[room.walked[at]!] = Infinity
}

/**
 * Makes a label in `room.labelRank` and `room.labelCost` (descending ranks) and returns its length. `ahead` is the graph in the search's
 * direction, `opposite` the other one: over it, costs of higher ranks come down and show which of the lower are not shortest.
 */
export function makeLabel(hierarchy: Hierarchy, ahead: SearchGraph, opposite: SearchGraph, seeds: readonly Seed[], room: SearchRoom): number {
  const count = walkUp(hierarchy, ahead, seeds, room)
  const { cost, walked, labelRank, labelCost } = room
  const { start, head, cost: linkCost } = opposite
  let length = 0
  for (let at = count - 1; at >= 0; at--) {
    const rank = walked[at]!
    const climbed = cost[rank]!
    let least = climbed
    const end = start[rank + 1]!
    for (let link = start[rank]!; link < end; link++) {
      const over = cost[head[link]!]! + linkCost[link]!
      if (over < least) least = over
    }
    if (least < climbed) cost[rank] = least
    else if (climbed < Infinity) {
      labelRank[length] = rank
      labelCost[length++] = climbed
    }
  }
  clearWalk(room, count)
  return length
}

/** The seeds' ranks with all their ancestors, ascending, each once. */
function listAncestors({ upStart, upHead }: Hierarchy, seeds: readonly Seed[], walked: Int32Array): number {
  const lines = [...new Set(seeds.map((seed) => seed.rank))]
  let count = 0
  while (lines.length > 0) {
    let lowest = 0
    for (let line = 1; line < lines.length; line++) if (lines[line]! < lines[lowest]!) lowest = line
    const rank = lines[lowest]!
    walked[count++] = rank
    const parent = upStart[rank]! < upStart[rank + 1]! ? upHead[upStart[rank]!]! : -1
    if (parent < 0 || lines.includes(parent)) lines.splice(lowest, 1)
    else lines[lowest] = parent
  }
  return count
}
