/**
 * Forbidden runs of edges become states by the automaton of Aho and Corasick (1975): a state is the longest tail of the drive so far that begins
 * a forbidden run. Only edges on which a run begins get states of their own; all other ways into a junction share its plain state, so the graph
 * stays nearly as small as one without restrictions. Every permitted drive is a path here and every path a permitted drive, runs over several
 * ways included.
 */
import type { Streets, Turns } from './network.ts'
import { banned, headOf, isDrivable, tailOf } from './network.ts'
import type { ForbiddenRun } from './restrictions.ts'

interface Trie {
  readonly edge: number[]
  readonly parent: number[]
  readonly bans: number[]
  readonly children: (Map<number, number> | undefined)[]
  readonly fallback: number[]
}

/** Builds states and arcs. With `uTurns` every two-way edge gets a state, so that turning back can be charged. */
export function buildTurns(streets: Streets, forbidden: readonly ForbiddenRun[], uTurns: boolean): Turns {
  const trie = buildTrie(uTurns ? [...forbidden, ...uTurnRuns(streets)] : forbidden)
  const nodeCount = streets.nodeLon.length
  const statesAt = new Map<number, number[]>()
  const stateOfTrie: number[] = [0]
  const stateNode: number[] = Array.from({ length: nodeCount }, (_, node) => node)
  for (let node = 1; node < trie.edge.length; node++) {
    if (trie.children[node] === undefined) {
      stateOfTrie.push(-1)
      continue
    }
    const at = headOf(streets, trie.edge[node]!)
    stateOfTrie.push(stateNode.length)
    stateNode.push(at)
    const list = statesAt.get(at)
    if (list === undefined) statesAt.set(at, [node])
    else list.push(node)
  }
  const stateAfter = (node: number, edge: number): number => {
    let kept = node
    while (kept !== 0 && trie.children[kept] === undefined) kept = trie.fallback[kept]!
    return kept === 0 ? headOf(streets, edge) : stateOfTrie[kept]!
  }
  const edgeCount = streets.carSpeed.length
  const startState = new Uint32Array(edgeCount)
  const edgeArcStart = new Uint32Array(edgeCount + 1)
  const [arcTail, arcHead, arcBans]: [number[], number[], number[]] = [[], [], []]
  for (let edge = 0; edge < edgeCount; edge++) {
    startState[edge] = stateAfter(step(trie, 0, edge), edge)
    if (isDrivable(streets, edge)) {
      const tail = tailOf(streets, edge)
      for (const from of [0, ...(statesAt.get(tail) ?? [])]) {
        const next = step(trie, from, edge)
        const bans = trie.bans[next]!
        if ((bans & banned.car) !== 0 && (bans & banned.truck) !== 0) continue
        arcTail.push(from === 0 ? tail : stateOfTrie[from]!)
        arcHead.push(stateAfter(next, edge))
        arcBans.push(bans)
      }
    }
    edgeArcStart[edge + 1] = arcTail.length
  }
  return {
    stateNode: Uint32Array.from(stateNode),
    startState,
    edgeArcStart,
    arcTail: Uint32Array.from(arcTail),
    arcHead: Uint32Array.from(arcHead),
    arcBans: Uint8Array.from(arcBans),
  }
}

function uTurnRuns(streets: Streets): ForbiddenRun[] {
  const runs: ForbiddenRun[] = []
  for (let edge = 0; edge < streets.carSpeed.length; edge++) {
    if (isDrivable(streets, edge) && isDrivable(streets, edge ^ 1)) runs.push({ edges: [edge, edge ^ 1], bans: banned.uTurn })
  }
  return runs
}

function buildTrie(runs: readonly ForbiddenRun[]): Trie {
  const trie: Trie = { edge: [-1], parent: [0], bans: [0], children: [undefined], fallback: [0] }
  for (const run of runs) {
    let node = 0
    for (const edge of run.edges) {
      const children = (trie.children[node] ??= new Map())
      let child = children.get(edge)
      if (child === undefined) {
        child = trie.edge.push(edge) - 1
        trie.parent.push(node)
        trie.bans.push(0)
        trie.children.push(undefined)
        trie.fallback.push(0)
        children.set(edge, child)
      }
      node = child
    }
    trie.bans[node]! |= run.bans
  }
  const queue = [...(trie.children[0]?.values() ?? [])]
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at]!
    const parent = trie.parent[node]!
    trie.fallback[node] = parent === 0 ? 0 : step(trie, trie.fallback[parent]!, trie.edge[node]!)
    trie.bans[node]! |= trie.bans[trie.fallback[node]]!
    if (trie.children[node] !== undefined) queue.push(...trie.children[node].values())
  }
  return trie
}

function step(trie: Trie, from: number, edge: number): number {
  for (let node = from; ; node = trie.fallback[node]!) {
    const child = trie.children[node]?.get(edge)
    if (child !== undefined) return child
    if (node === 0) return 0
  }
}
