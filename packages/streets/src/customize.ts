/**
 * Fills a hierarchy with a metric's weights. Layout: link `l` joins ranks `low < high`; `up[l]` is the cost low to high, `down[l]` high to low.
 * Invariants after customizing: for every link and lower triangle, no detour over the triangle's lowest rank is cheaper; `upVia`, `downVia`
 * tell where a weight came from (rank in the middle, or `~arc`). Weights that are no shortest distance are left out of the search graph: they are
 * found by a second pass over the triangles, from the top. Cost: linear in the triangles, twice.
 */
import { findLink } from './hierarchy.ts'
import type { LinkIndex } from './link-index.ts'
import { indexLinks } from './link-index.ts'
import type { Hierarchy } from './network.ts'

/** A row longer by this factor than what is sought in it is searched by halving instead of walked. */
const searchFactor = 8

/** Weights for one metric and the graph that searches walk. */
export interface Weights {
  readonly up: Float64Array
  readonly down: Float64Array
  readonly upVia: Int32Array
  readonly downVia: Int32Array
  /** True distances between the ends of each link, over any way. */
  readonly upDistance: Float64Array
  readonly downDistance: Float64Array
  readonly links: LinkIndex
  /** Links that matter when climbing: their cost from low to high. */
  readonly climbing: SearchGraph
  /** Links that matter when descending: their cost from high to low, listed at the low end. */
  readonly descending: SearchGraph
}

/** Links of rank `x`: from `start[x]` to before `start[x + 1]`. */
export interface SearchGraph {
  readonly start: Uint32Array
  readonly head: Uint32Array
  readonly cost: Float64Array
}

/** Weights for the given arc costs (see profile.ts). */
export function customize(hierarchy: Hierarchy, arcCost: Float64Array): Weights {
  const linkCount = hierarchy.upHead.length
  const weights = {
    up: new Float64Array(linkCount).fill(Infinity),
    down: new Float64Array(linkCount).fill(Infinity),
    upVia: new Int32Array(linkCount),
    downVia: new Int32Array(linkCount),
    links: indexLinks(hierarchy),
  }
  enterArcs(hierarchy, arcCost, weights)
  pullOverLowerTriangles(hierarchy, weights)
  const settled: LinkWeights = { ...weights, upDistance: weights.up.slice(), downDistance: weights.down.slice() }
  const row = createRowRoom(hierarchy)
  for (let low = hierarchy.upStart.length - 2; low >= 0; low--) settleRow(hierarchy, settled, row, low)
  return {
    ...settled,
    climbing: keepShortest(hierarchy, settled.up, settled.upDistance),
    descending: keepShortest(hierarchy, settled.down, settled.downDistance),
  }
}

/** Weights without the graphs that follow from them. */
export type LinkWeights = Omit<Weights, 'climbing' | 'descending'>

type Basics = Pick<Weights, 'up' | 'down' | 'upVia' | 'downVia' | 'links'>

function enterArcs({ linkOf }: Hierarchy, arcCost: Float64Array, { up, down, upVia, downVia }: Basics): void {
  for (let arc = 0; arc < linkOf.length; arc++) {
    const place = linkOf[arc]!
    if (place < 0) continue
    const link = place >> 1
    const [weight, via] = place & 1 ? [down, downVia] : [up, upVia]
    if (arcCost[arc]! >= weight[link]!) continue
    weight[link] = arcCost[arc]!
    via[link] = ~arc
  }
}

/** Row by row, so that what is written stays in the cache and what is read lies in a row. */
function pullOverLowerTriangles({ upStart, upHead }: Hierarchy, { up, down, upVia, downVia, links }: Basics): void {
  const count = upStart.length - 1
  const { start, link: linkFrom, low: lowOf } = links
  const linkTo = new Int32Array(count)
  for (let rank = 0; rank < count; rank++) {
    const rowEnd = upStart[rank + 1]!
    for (let link = upStart[rank]!; link < rowEnd; link++) linkTo[upHead[link]!] = link
    const last = start[rank + 1]!
    for (let at = start[rank]!; at < last; at++) {
      const link = linkFrom[at]!
      const low = lowOf[at]!
      const end = upStart[low + 1]!
      const [climb, descend] = [up[link]!, down[link]!]
      if (descend < Infinity) {
        for (let other = link + 1; other < end; other++) {
          const sum = descend + up[other]!
          const target = linkTo[upHead[other]!]!
          if (sum < up[target]!) {
            up[target] = sum
            upVia[target] = low
          }
        }
      }
      if (climb < Infinity) {
        for (let other = link + 1; other < end; other++) {
          const sum = down[other]! + climb
          const target = linkTo[upHead[other]!]!
          if (sum < down[target]!) {
            down[target] = sum
            downVia[target] = low
          }
        }
      }
    }
  }
}

/** Distances from and to one rank, by rank; Infinity between rows. */
export interface RowRoom {
  readonly from: Float64Array
  readonly to: Float64Array
}

/** Makes room for `settleRow`. */
export function createRowRoom(hierarchy: Hierarchy): RowRoom {
  const count = hierarchy.rankOf.length
  return { from: new Float64Array(count).fill(Infinity), to: new Float64Array(count).fill(Infinity) }
}

/**
 * Enters the true distances of one rank's links, those of higher ranks being there already: the first link of a fastest drive climbs to a
 * neighbour, and from there the distance is known.
 */
export function settleRow({ upStart, upHead }: Hierarchy, weights: LinkWeights, { from, to }: RowRoom, low: number): void {
  const { upDistance, downDistance } = weights
  const begin = upStart[low]!
  const end = upStart[low + 1]!
  for (let link = begin; link < end; link++) {
    from[upHead[link]!] = weights.up[link]!
    to[upHead[link]!] = weights.down[link]!
  }
  for (let link = begin; link < end; link++) {
    const middle = upHead[link]!
    const rowBegin = upStart[middle]!
    const rowEnd = upStart[middle + 1]!
    const direct = from[middle]!
    const directBack = to[middle]!
    let least = direct
    let leastBack = directBack
    if ((end - link) * searchFactor < rowEnd - rowBegin) {
      // A long row of which little concerns us: look the few links up.
      for (let other = link + 1; other < end; other++) {
        const top = upHead[other]!
        const row = findLink(upStart, upHead, middle, top)
        least = Math.min(least, from[top]! + downDistance[row]!)
        leastBack = Math.min(leastBack, to[top]! + upDistance[row]!)
        from[top] = Math.min(from[top]!, direct + upDistance[row]!)
        to[top] = Math.min(to[top]!, directBack + downDistance[row]!)
      }
    } else {
      for (let row = rowBegin; row < rowEnd; row++) {
        const top = upHead[row]!
        const there = from[top]!
        const over = there + downDistance[row]!
        if (over < least) least = over
        const sum = direct + upDistance[row]!
        if (sum < there) from[top] = sum
      }
      for (let row = rowBegin; row < rowEnd; row++) {
        const top = upHead[row]!
        const there = to[top]!
        const over = there + upDistance[row]!
        if (over < leastBack) leastBack = over
        const sum = directBack + downDistance[row]!
        if (sum < there) to[top] = sum
      }
    }
    from[middle] = least
    to[middle] = leastBack
  }
  for (let link = begin; link < end; link++) {
    upDistance[link] = from[upHead[link]!]!
    downDistance[link] = to[upHead[link]!]!
  }
  // Rows may have written to any ancestor.
  for (let rank = low; upStart[rank]! < upStart[rank + 1]!;) {
    rank = upHead[upStart[rank]!]!
    from[rank] = Infinity
    to[rank] = Infinity
  }
}

function keepShortest({ upStart, upHead }: Hierarchy, cost: Float64Array, distance: Float64Array): SearchGraph {
  const count = upStart.length - 1
  let kept = 0
  for (let link = 0; link < cost.length; link++) if (isKept(cost[link]!, distance[link]!)) kept += 1
  const graph = { start: new Uint32Array(count + 1), head: new Uint32Array(kept), cost: new Float64Array(kept) }
  let written = 0
  for (let low = 0; low < count; low++) {
    for (let link = upStart[low]!; link < upStart[low + 1]!; link++) {
      if (!isKept(cost[link]!, distance[link]!)) continue
      graph.head[written] = upHead[link]!
      graph.cost[written++] = cost[link]!
    }
    graph.start[low + 1] = written
  }
  return graph
}

/** The search graph after some rows have changed: the others are copied as they are. */
export function renewRows(
  { upStart, upHead }: Hierarchy,
  former: SearchGraph,
  isRowChanged: Uint8Array,
  cost: Float64Array,
  distance: Float64Array,
): SearchGraph {
  const count = upStart.length - 1
  let most = former.head.length
  for (let low = 0; low < count; low++) if (isRowChanged[low] === 1) most += upStart[low + 1]! - upStart[low]!
  const start = new Uint32Array(count + 1)
  const [head, costs] = [new Uint32Array(most), new Float64Array(most)]
  let written = 0
  for (let low = 0; low < count;) {
    let next = low
    while (next < count && isRowChanged[next] === 0) next += 1
    if (next > low) {
      const [from, to] = [former.start[low]!, former.start[next]!]
      head.set(former.head.subarray(from, to), written)
      costs.set(former.cost.subarray(from, to), written)
      for (let rank = low; rank < next; rank++) start[rank + 1] = former.start[rank + 1]! - from + written
      written += to - from
      low = next
      continue
    }
    for (let link = upStart[low]!; link < upStart[low + 1]!; link++) {
      if (!isKept(cost[link]!, distance[link]!)) continue
      head[written] = upHead[link]!
      costs[written++] = cost[link]!
    }
    start[++low] = written
  }
  return { start, head: head.subarray(0, written), cost: costs.subarray(0, written) }
}

/** A link is needed when it is a shortest way between its ends. */
function isKept(cost: number, distance: number): boolean {
  return cost < Infinity && cost <= distance
}
