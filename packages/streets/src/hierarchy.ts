/**
 * The shape of a customizable contraction hierarchy (Dibbelt, Strasser and Wagner 2016): states in the order of nested dissection, and a link
 * between every two states that contraction of lower ones would join. It depends on no speed, limit or closure, so it is made once; a metric only
 * fills in weights (customize.ts). A rank's lowest upward neighbour is its parent in the elimination tree, and all its upward neighbours are
 * ancestors there: searches walk that line of ancestors and need no queue.
 */
import { dissect } from './dissection.ts'
import { unitsPerDegree } from './geodesy.ts'
import type { Hierarchy, Streets, Turns } from './network.ts'
import { headOf, tailOf } from './network.ts'

/** Orders the states and joins them by links. */
export function buildHierarchy(streets: Streets, turns: Turns): Hierarchy {
  const { start, neighbour } = adjacency(turns)
  const order = dissect({ start, neighbour, ...placesOf(streets, turns) })
  const rankOf = new Uint32Array(order.length)
  order.forEach((state, rank) => (rankOf[state] = rank))
  const { upStart, upHead } = contract(order, rankOf, start, neighbour)
  const linkOf = new Int32Array(turns.arcTail.length)
  for (let arc = 0; arc < linkOf.length; arc++) {
    const [tail, head] = [rankOf[turns.arcTail[arc]!]!, rankOf[turns.arcHead[arc]!]!]
    if (tail === head) linkOf[arc] = -1
    else if (tail < head) linkOf[arc] = findLink(upStart, upHead, tail, head) * 2
    else linkOf[arc] = findLink(upStart, upHead, head, tail) * 2 + 1
  }
  return { rankOf, upStart, upHead, linkOf }
}

/** The link between two ranks, `low < high`, or -1. Logarithmic in the neighbours of `low`. */
export function findLink(upStart: Uint32Array, upHead: Uint32Array, low: number, high: number): number {
  let [from, to] = [upStart[low]!, upStart[low + 1]! - 1]
  while (from <= to) {
    const middle = (from + to) >> 1
    const head = upHead[middle]!
    if (head === high) return middle
    if (head < high) from = middle + 1
    else to = middle - 1
  }
  return -1
}

/** Arcs as undirected neighbours, without loops; doubles do no harm. */
function adjacency(turns: Turns): { start: Uint32Array; neighbour: Uint32Array } {
  const count = turns.stateNode.length
  const start = new Uint32Array(count + 1)
  const each = (visit: (a: number, b: number) => void): void => {
    for (let arc = 0; arc < turns.arcTail.length; arc++) {
      const [tail, head] = [turns.arcTail[arc]!, turns.arcHead[arc]!]
      if (tail === head) continue
      visit(tail, head)
      visit(head, tail)
    }
  }
  each((a) => (start[a + 1]! += 1))
  for (let state = 0; state < count; state++) start[state + 1]! += start[state]!
  const fill = start.slice(0, count)
  const neighbour = new Uint32Array(start[count]!)
  each((a, b) => (neighbour[fill[a]!++] = b))
  return { start, neighbour }
}

/** Where a state lies, in plain degrees with shrunk longitude. A state that remembers an edge lies some way back on it, so that a line can part the two directions. */
function placesOf(streets: Streets, turns: Turns): { x: Float64Array; y: Float64Array } {
  const count = turns.stateNode.length
  const arrivedBy = new Int32Array(count).fill(-1)
  for (let edge = 0; edge < turns.startState.length; edge++)
    if (turns.startState[edge]! >= streets.nodeLon.length) arrivedBy[turns.startState[edge]!] = edge
  const shrink = Math.cos(((streets.nodeLat[0] ?? 0) / unitsPerDegree) * (Math.PI / 180))
  const [x, y] = [new Float64Array(count), new Float64Array(count)]
  for (let state = 0; state < count; state++) {
    const edge = arrivedBy[state]!
    const [near, far] = edge < 0 ? [turns.stateNode[state]!, turns.stateNode[state]!] : [headOf(streets, edge), tailOf(streets, edge)]
    x[state] = ((streets.nodeLon[near]! * 2 + streets.nodeLon[far]!) / 3) * shrink
    y[state] = (streets.nodeLat[near]! * 2 + streets.nodeLat[far]!) / 3
  }
  return { x, y }
}

/** Upward neighbours of every rank: those in the graph, and those of the tree's children. */
function contract(
  order: Uint32Array,
  rankOf: Uint32Array,
  start: Uint32Array,
  neighbour: Uint32Array,
): { upStart: Uint32Array; upHead: Uint32Array } {
  const count = order.length
  const upStart = new Uint32Array(count + 1)
  let upHead = new Uint32Array(Math.max(16, neighbour.length))
  const firstChild = new Int32Array(count).fill(-1)
  const nextSibling = new Int32Array(count).fill(-1)
  const mark = new Int32Array(count).fill(-1)
  const gathered = new Uint32Array(count)
  let written = 0
  for (let rank = 0; rank < count; rank++) {
    let found = 0
    mark[rank] = rank
    const gather = (other: number): void => {
      if (other <= rank || mark[other] === rank) return
      mark[other] = rank
      gathered[found++] = other
    }
    const state = order[rank]!
    for (let at = start[state]!; at < start[state + 1]!; at++) gather(rankOf[neighbour[at]!]!)
    for (let child = firstChild[rank]!; child >= 0; child = nextSibling[child]!) {
      for (let at = upStart[child]!; at < upStart[child + 1]!; at++) gather(upHead[at]!)
    }
    const up = gathered.subarray(0, found).sort()
    if (written + found > upHead.length) {
      const larger = new Uint32Array(Math.max(upHead.length * 2, written + found))
      larger.set(upHead)
      upHead = larger
    }
    upHead.set(up, written)
    written += found
    upStart[rank + 1] = written
    if (found > 0) {
      nextSibling[rank] = firstChild[up[0]!]!
      firstChild[up[0]!] = rank
    }
  }
  return { upStart, upHead: upHead.slice(0, written) }
}
