import type { Network } from './network.ts'

/**
 * Marks the directed edges of the largest strongly connected part: those that can be reached from it and lead back into it. Islands (a clipped
 * street, a yard behind a gate, what a closure cuts off) stay 0. Tarjan's algorithm, without recursion.
 */
export function findMainEdges(network: Network, arcCost: Float64Array): Uint8Array {
  const { turns } = network
  const component = strongComponents(network, arcCost)
  const sizes = new Map<number, number>()
  for (const each of component) sizes.set(each, (sizes.get(each) ?? 0) + 1)
  let [main, mainSize] = [-1, 0]
  for (const [each, size] of sizes) if (size > mainSize) [main, mainSize] = [each, size]
  const edgeCount = turns.startState.length
  const isMain = new Uint8Array(edgeCount)
  for (let edge = 0; edge < edgeCount; edge++) {
    if (component[turns.startState[edge]!] !== main) continue
    for (let arc = turns.edgeArcStart[edge]!; arc < turns.edgeArcStart[edge + 1]!; arc++) {
      if (arcCost[arc]! < Infinity && component[turns.arcTail[arc]!] === main) isMain[edge] = 1
    }
  }
  return isMain
}

function strongComponents({ turns }: Network, arcCost: Float64Array): Int32Array {
  const count = turns.stateNode.length
  const { start, head } = openArcs(turns, arcCost)
  const component = new Int32Array(count).fill(-1)
  const index = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const next = start.slice(0, count)
  const [path, open] = [new Int32Array(count), new Int32Array(count)]
  let [opened, made, numbered] = [0, 0, 0]
  for (let root = 0; root < count; root++) {
    if (index[root] !== -1) continue
    let depth = 0
    path[depth++] = root
    while (depth > 0) {
      const state = path[depth - 1]!
      if (index[state] === -1) {
        index[state] = low[state] = numbered++
        open[opened++] = state
      }
      if (next[state]! < start[state + 1]!) {
        const other = head[next[state]!++]!
        if (index[other] === -1) path[depth++] = other
        else if (component[other] === -1) low[state] = Math.min(low[state]!, index[other]!)
        continue
      }
      depth -= 1
      if (depth > 0) low[path[depth - 1]!] = Math.min(low[path[depth - 1]!]!, low[state]!)
      if (low[state] !== index[state]) continue
      for (let member = -1; member !== state;) {
        member = open[--opened]!
        component[member] = made
      }
      made += 1
    }
  }
  return component
}

function openArcs(turns: Network['turns'], arcCost: Float64Array): { start: Uint32Array; head: Uint32Array } {
  const start = new Uint32Array(turns.stateNode.length + 1)
  for (let arc = 0; arc < arcCost.length; arc++) if (arcCost[arc]! < Infinity) start[turns.arcTail[arc]! + 1]! += 1
  for (let state = 0; state < turns.stateNode.length; state++) start[state + 1]! += start[state]!
  const fill = start.slice()
  const head = new Uint32Array(start.at(-1)!)
  for (let arc = 0; arc < arcCost.length; arc++) if (arcCost[arc]! < Infinity) head[fill[turns.arcTail[arc]!]!++] = turns.arcHead[arc]!
  return { start, head }
}
