/**
 * Nested dissection by inertial flow (Schild and Sommer 2015): project the vertices on a line, let the first and the last share be source and sink,
 * cut between them with as few vertices as possible, take the best of four lines, and go on in both halves. The cut's vertices are contracted last.
 * Layout: `order[begin..end)` holds the vertices of a part; parts are kept on a stack; `partOf` tells which neighbours count. Cost: about
 * (size of the cut) × (edges) for each part and line.
 */

/** An undirected graph with a place for each vertex: neighbours of `v` are `neighbour[start[v]]` to before `start[v + 1]`. */
export interface PlacedGraph {
  readonly start: Uint32Array
  readonly neighbour: Uint32Array
  readonly x: Float64Array
  readonly y: Float64Array
}

const shareAtEnds = 0.3
const leafSize = 4
const lines: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [Math.SQRT1_2, Math.SQRT1_2],
  [Math.SQRT1_2, -Math.SQRT1_2],
]

/** Contraction order: the vertex at position 0 goes first. */
export function dissect(graph: PlacedGraph): Uint32Array {
  const count = graph.x.length
  const order = Uint32Array.from({ length: count }, (_, vertex) => vertex)
  const partOf = new Uint32Array(count)
  const scratch = createScratch(count)
  const stack: [begin: number, end: number][] = [[0, count]]
  let part = 0
  while (stack.length > 0) {
    const [begin, end] = stack.pop()!
    if (end - begin <= leafSize) continue
    part += 1
    for (let at = begin; at < end; at++) partOf[order[at]!] = part
    const pieces = splitComponents(graph, order, begin, end, partOf, part, scratch)
    if (pieces.length > 1) {
      stack.push(...pieces)
      continue
    }
    const cut = bestCut(graph, order.subarray(begin, end), partOf, part, scratch)
    const [left, right, middle] = [
      cut.filter((side) => side === 0).length,
      cut.filter((side) => side === 1).length,
      cut.filter((side) => side === 2).length,
    ]
    if (left === 0 && right === 0) continue
    const to = [begin, begin + left, begin + left + right]
    const members = order.slice(begin, end)
    members.forEach((vertex, index) => (order[to[cut[index]!]!++] = vertex))
    if (middle < end - begin) stack.push([begin, begin + left], [begin + left, begin + left + right])
  }
  return order
}

interface Scratch {
  readonly queue: Int32Array
  readonly seen: Uint8Array
  readonly keys: Float64Array
  readonly end: Uint8Array
  readonly before: Int32Array
  readonly after: Int32Array
  readonly cameFrom: Int32Array
  readonly cameFromOut: Int32Array
  readonly stampIn: Uint32Array
  readonly stampOut: Uint32Array
  /** Vertices on a path that was augmented in this round. */
  readonly isUsed: Uint8Array
}

function createScratch(count: number): Scratch {
  return {
    queue: new Int32Array(2 * count + 2),
    seen: new Uint8Array(count),
    keys: new Float64Array(count),
    end: new Uint8Array(count),
    before: new Int32Array(count),
    after: new Int32Array(count),
    cameFrom: new Int32Array(count),
    cameFromOut: new Int32Array(count),
    stampIn: new Uint32Array(count),
    stampOut: new Uint32Array(count),
    isUsed: new Uint8Array(count),
  }
}

/** Rearranges a part so that its connected components lie one after the other. */
function splitComponents(
  graph: PlacedGraph,
  order: Uint32Array,
  begin: number,
  end: number,
  partOf: Uint32Array,
  part: number,
  scratch: Scratch,
): [number, number][] {
  const { queue, seen } = scratch
  const members = order.slice(begin, end)
  const pieces: [number, number][] = []
  let written = begin
  for (const root of members) {
    if (seen[root]) continue
    const from = written
    let [head, tail] = [0, 0]
    queue[tail++] = root
    seen[root] = 1
    while (head < tail) {
      const vertex = queue[head++]!
      order[written++] = vertex
      for (let at = graph.start[vertex]!; at < graph.start[vertex + 1]!; at++) {
        const next = graph.neighbour[at]!
        if (partOf[next] !== part || seen[next]) continue
        seen[next] = 1
        queue[tail++] = next
      }
    }
    pieces.push([from, written])
  }
  for (const vertex of members) seen[vertex] = 0
  return pieces
}

/** Side of each member in the best cut found: 0 and 1 for the halves, 2 for the cut. */
function bestCut(graph: PlacedGraph, members: Uint32Array, partOf: Uint32Array, part: number, scratch: Scratch): Uint8Array {
  const sides = new Uint8Array(members.length)
  let bestScore = Infinity
  let leastCut = members.length
  for (const [dx, dy] of lines) {
    const sorted = sortAlong(graph, members, dx, dy, scratch)
    const ends = Math.max(1, Math.floor(sorted.length * shareAtEnds))
    for (let at = 0; at < sorted.length; at++) scratch.end[sorted[at]!] = at < ends ? 1 : at >= sorted.length - ends ? 2 : 0
    const cutSize = maximumFlow(graph, members, partOf, part, scratch, Math.ceil(leastCut * 1.3))
    if (cutSize === undefined) continue
    leastCut = Math.min(leastCut, cutSize)
    let [left, right] = [0, 0]
    const sideOf = (vertex: number): number => {
      if (scratch.stampOut[vertex] === reached) return 0
      if (scratch.stampIn[vertex] === reached) return 2
      return scratch.end[vertex] === 1 ? 0 : 1
    }
    for (const vertex of members) {
      const side = sideOf(vertex)
      if (side === 0) left += 1
      else if (side === 1) right += 1
    }
    const score = (cutSize + 0.5) / Math.min(left + 0.5, right + 0.5)
    if (score >= bestScore) continue
    bestScore = score
    members.forEach((vertex, index) => (sides[index] = sideOf(vertex)))
  }
  return sides
}

/** Members in the order of their projection; ties by position in `members`, so that equal input gives equal output. */
function sortAlong(graph: PlacedGraph, members: Uint32Array, dx: number, dy: number, scratch: Scratch): Uint32Array {
  let [low, high] = [Infinity, -Infinity]
  for (const vertex of members) {
    const along = graph.x[vertex]! * dx + graph.y[vertex]! * dy
    low = Math.min(low, along)
    high = Math.max(high, along)
  }
  const scale = high > low ? (2 ** 28 - 1) / (high - low) : 0
  const keys = scratch.keys.subarray(0, members.length)
  members.forEach((vertex, index) => {
    keys[index] = Math.floor((graph.x[vertex]! * dx + graph.y[vertex]! * dy - low) * scale) * 2 ** 24 + index
  })
  keys.sort()
  return Uint32Array.from(keys, (key) => members[key % 2 ** 24]!)
}

const none = -1
const outside = -2
const reached = 1

/**
 * Maximum flow with one unit through each vertex, from end 1 to end 2, by shortest augmenting paths. Returns its size, or undefined once it passes
 * `limit`. Afterwards `stampIn` and `stampOut` mark the vertices whose entry and exit the source still reaches.
 * A vertex on a flow path knows the one `before` and `after`; entering it again is only possible to push its flow back.
 */
function maximumFlow(
  graph: PlacedGraph,
  members: Uint32Array,
  partOf: Uint32Array,
  part: number,
  scratch: Scratch,
  limit: number,
): number | undefined {
  const { start, neighbour } = graph
  const { queue, end, before, after, cameFrom, cameFromOut, stampIn, stampOut, isUsed } = scratch
  const rim: number[] = []
  for (const vertex of members) {
    before[vertex] = none
    after[vertex] = none
    if (end[vertex] !== 1) continue
    for (let at = start[vertex]!; at < start[vertex + 1]!; at++) {
      const next = neighbour[at]!
      if (partOf[next] === part && end[next] !== 1) {
        rim.push(vertex)
        break
      }
    }
  }
  let size = 0
  for (;;) {
    if (size > limit) return undefined
    for (const vertex of members) {
      stampIn[vertex] = 0
      stampOut[vertex] = 0
      isUsed[vertex] = 0
    }
    const ends: number[] = []
    let [head, tail] = [0, 0]
    // The queue holds exits as 2 * vertex + 1 and entries as 2 * vertex.
    for (const vertex of rim) {
      stampIn[vertex] = reached
      cameFrom[vertex] = outside
      queue[tail++] = 2 * vertex
    }
    while (head < tail) {
      const item = queue[head++]!
      const vertex = item >> 1
      if ((item & 1) === 0) {
        const carries = after[vertex] !== none
        if (!carries) {
          if (end[vertex] === 2) ends.push(vertex)
          else if (stampOut[vertex] !== reached) {
            stampOut[vertex] = reached
            cameFromOut[vertex] = none
            queue[tail++] = item + 1
          }
        } else {
          const back = before[vertex]!
          if (back !== outside && stampOut[back] !== reached) {
            stampOut[back] = reached
            cameFromOut[back] = vertex
            queue[tail++] = 2 * back + 1
          }
        }
        continue
      }
      if (after[vertex] !== none && stampIn[vertex] !== reached) {
        stampIn[vertex] = reached
        cameFrom[vertex] = none
        queue[tail++] = item - 1
      }
      if (end[vertex] === 2) continue
      for (let at = start[vertex]!; at < start[vertex + 1]!; at++) {
        const next = neighbour[at]!
        if (partOf[next] !== part || end[next] === 1 || after[vertex] === next || stampIn[next] === reached) continue
        stampIn[next] = reached
        cameFrom[next] = vertex
        queue[tail++] = 2 * next
      }
    }
    if (ends.length === 0) return size
    for (const last of ends) if (augment(last, scratch)) size += 1
  }
}

/**
 * Walks the found path back from its last vertex: flow it runs against is taken away first, then the new flow is entered. A path that shares a vertex
 * with one of the same round is left for the next; returns whether this one was not.
 */
function augment(last: number, scratch: Scratch): boolean {
  const { before, after, cameFrom, cameFromOut, isUsed } = scratch
  const added: number[] = []
  const removed: number[] = []
  const passed: number[] = [last]
  let vertex = last
  for (;;) {
    if (isUsed[vertex]) return false
    const from = cameFrom[vertex]!
    if (from === outside) break
    // The entry of `vertex` was reached from an exit: its own (all its flow is pushed back) or that of a neighbour (flow is added).
    let exit = vertex
    if (from !== none) {
      added.push(from, vertex)
      exit = from
      passed.push(from)
      if (isUsed[from]) return false
    }
    const pushedFrom = cameFromOut[exit]!
    if (pushedFrom === none) {
      vertex = exit
      continue
    }
    removed.push(exit, pushedFrom)
    passed.push(pushedFrom)
    vertex = pushedFrom
  }
  for (const each of passed) isUsed[each] = 1
  for (let at = 0; at < removed.length; at += 2) {
    after[removed[at]!] = none
    before[removed[at + 1]!] = none
  }
  after[last] = outside
  before[vertex] = outside
  for (let at = 0; at < added.length; at += 2) {
    after[added[at]!] = added[at + 1]!
    before[added[at + 1]!] = added[at]!
  }
  return true
}
