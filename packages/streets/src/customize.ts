/**
 * Fills a hierarchy with a metric's weights. Layout: link `l` joins ranks `low < high`; `up[l]` is the cost low to high, `down[l]` high to low.
 * Invariants after customizing: for every link and lower triangle, no detour over the triangle's lowest rank is cheaper; `upVia`, `downVia`
 * tell where a weight came from (rank in the middle, or `~arc`). Weights that are no shortest distance are left out of the search graph: they are
 * found by a second pass over the triangles, from the top. Cost: linear in the triangles, twice.
 */
import { findLink } from './hierarchy.ts'
import type { Hierarchy } from './network.ts'

/** A row longer by this factor than what is sought in it is searched by halving instead of walked. */
const searchFactor = 8

/** Weights for one metric and the graph that searches walk. */
export interface Weights {
  readonly up: Float64Array
  readonly down: Float64Array
  readonly upVia: Int32Array
  readonly downVia: Int32Array
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
  }
  enterArcs(hierarchy, arcCost, weights)
  pullOverLowerTriangles(hierarchy, weights)
  const { up, down } = shortestDistances(hierarchy, weights)
  return {
    ...weights,
    climbing: keepShortest(hierarchy, weights.up, up),
    descending: keepShortest(hierarchy, weights.down, down),
  }
}

type LinkWeights = Pick<Weights, 'up' | 'down' | 'upVia' | 'downVia'>

function enterArcs({ linkOf }: Hierarchy, arcCost: Float64Array, { up, down, upVia, downVia }: LinkWeights): void {
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
function pullOverLowerTriangles({ upStart, upHead }: Hierarchy, { up, down, upVia, downVia }: LinkWeights): void {
  const count = upStart.length - 1
  const { start, link: linkFrom, low: lowOf } = linksByHead(upStart, upHead)
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

/** Links in the order of their high end, with their low end. */
function linksByHead(upStart: Uint32Array, upHead: Uint32Array): { start: Uint32Array; link: Uint32Array; low: Uint32Array } {
  const count = upStart.length - 1
  const start = new Uint32Array(count + 1)
  for (const head of upHead) start[head + 1]! += 1
  for (let rank = 0; rank < count; rank++) start[rank + 1]! += start[rank]!
  const fill = start.slice()
  const [link, low] = [new Uint32Array(upHead.length), new Uint32Array(upHead.length)]
  for (let rank = 0; rank < count; rank++) {
    for (let each = upStart[rank]!; each < upStart[rank + 1]!; each++) {
      const place = fill[upHead[each]!]!++
      link[place] = each
      low[place] = rank
    }
  }
  return { start, link, low }
}

/**
 * True distances between the ends of each link, from the top rank downwards: the first link of a fastest drive from `low` climbs to a neighbour,
 * and from there the distance is known already. `from` and `to` hold distances from and to `low` by rank.
 */
function shortestDistances({ upStart, upHead }: Hierarchy, weights: LinkWeights): { up: Float64Array; down: Float64Array } {
  const [up, down] = [weights.up.slice(), weights.down.slice()]
  const count = upStart.length - 1
  const from = new Float64Array(count).fill(Infinity)
  const to = new Float64Array(count).fill(Infinity)
  for (let low = count - 1; low >= 0; low--) {
    const begin = upStart[low]!
    const end = upStart[low + 1]!
    for (let link = begin; link < end; link++) {
      from[upHead[link]!] = up[link]!
      to[upHead[link]!] = down[link]!
    }
    for (let link = begin; link < end; link++) {
      const middle = upHead[link]!
      const [rowBegin, rowEnd] = [upStart[middle]!, upStart[middle + 1]!]
      const direct = from[middle]!
      const directBack = to[middle]!
      let least = direct
      let leastBack = directBack
      if ((end - link) * searchFactor < rowEnd - rowBegin) {
        // A long row of which little concerns us: look the few links up.
        for (let other = link + 1; other < end; other++) {
          const top = upHead[other]!
          const row = findLink(upStart, upHead, middle, top)
          least = Math.min(least, from[top]! + down[row]!)
          leastBack = Math.min(leastBack, to[top]! + up[row]!)
          from[top] = Math.min(from[top]!, direct + up[row]!)
          to[top] = Math.min(to[top]!, directBack + down[row]!)
        }
        from[middle] = least
        to[middle] = leastBack
        continue
      }
      for (let row = rowBegin; row < rowEnd; row++) {
        const top = upHead[row]!
        const there = from[top]!
        const over = there + down[row]!
        if (over < least) least = over
        const sum = direct + up[row]!
        if (sum < there) from[top] = sum
      }
      from[middle] = least
      for (let row = rowBegin; row < rowEnd; row++) {
        const top = upHead[row]!
        const there = to[top]!
        const over = there + up[row]!
        if (over < leastBack) leastBack = over
        const sum = directBack + down[row]!
        if (sum < there) to[top] = sum
      }
      to[middle] = leastBack
    }
    for (let link = begin; link < end; link++) {
      const middle = upHead[link]!
      up[link] = from[middle]!
      down[link] = to[middle]!
    }
    for (let rank = begin < end ? upHead[begin]! : -1; rank >= 0;) {
      from[rank] = Infinity
      to[rank] = Infinity
      rank = upStart[rank]! < upStart[rank + 1]! ? upHead[upStart[rank]!]! : -1
    }
  }
  return { up, down }
}

function keepShortest({ upStart, upHead }: Hierarchy, cost: Float64Array, distance: Float64Array): SearchGraph {
  const count = upStart.length - 1
  let kept = 0
  for (let link = 0; link < cost.length; link++) if (cost[link]! < Infinity && cost[link]! <= distance[link]!) kept += 1
  const graph = { start: new Uint32Array(count + 1), head: new Uint32Array(kept), cost: new Float64Array(kept) }
  let written = 0
  for (let low = 0; low < count; low++) {
    for (let link = upStart[low]!; link < upStart[low + 1]!; link++) {
      if (cost[link] === Infinity || cost[link]! > distance[link]!) continue
      graph.head[written] = upHead[link]!
      graph.cost[written++] = cost[link]!
    }
    graph.start[low + 1] = written
  }
  return graph
}
