import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dissect } from './dissection.ts'

/** A plain grid with its rows and columns as places. */
function grid(side: number) {
  const lists = Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side]
    return [row > 0 && at - side, row + 1 < side && at + side, column > 0 && at - 1, column + 1 < side && at + 1].filter((each) => each !== false)
  })
  const start = new Uint32Array(lists.length + 1)
  lists.forEach((list, at) => (start[at + 1] = start[at]! + list.length))
  return {
    start,
    neighbour: Uint32Array.from(lists.flat()),
    x: Float64Array.from(lists, (_, at) => at % side),
    y: Float64Array.from(lists, (_, at) => Math.floor(at / side)),
  }
}

void test('the order holds each vertex once, and the last ones are a smallest cut that halves a grid', () => {
  const side = 21
  const order = dissect(grid(side))
  assert.deepEqual(
    order.toSorted(),
    Uint32Array.from({ length: side * side }, (_, at) => at),
  )
  const cut = new Set(order.slice(-side))
  const graph = grid(side)
  const sizes: number[] = []
  const seen = new Set<number>(cut)
  for (let root = 0; root < side * side; root++) {
    if (seen.has(root)) continue
    const queue = [root]
    seen.add(root)
    for (const vertex of queue) {
      for (const next of graph.neighbour.slice(graph.start[vertex], graph.start[vertex + 1])) {
        if (seen.has(next)) continue
        seen.add(next)
        queue.push(next)
      }
    }
    sizes.push(queue.length)
  }
  assert.ok(sizes.length >= 2, 'the cut parts the grid')
  assert.ok(Math.max(...sizes) <= 0.75 * side * side, `parts of ${sizes.join(' and ')}`)
})

void test('disconnected pieces and single vertices are ordered too', () => {
  const order = dissect({
    start: Uint32Array.from([0, 1, 2, 2]),
    neighbour: Uint32Array.from([1, 0]),
    x: new Float64Array(3),
    y: new Float64Array(3),
  })
  assert.deepEqual(order.toSorted(), Uint32Array.from([0, 1, 2]))
})
