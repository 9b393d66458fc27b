import { refuse } from '../refusal.ts'
import type { Expression } from './equation-syntax.ts'
import { walk } from './scalar-model.ts'

/**
 * Orders nodes so that each comes after what it needs. Throws a `Refusal` that names a circle where there is one. Iterative, since a chain of
 * equations may be longer than the stack.
 */
export function evaluationOrder(needs: readonly (readonly number[])[], nameAt: (node: number) => string): number[] {
  const state = new Uint8Array(needs.length) // 0 not seen, 1 under way, 2 done
  const order: number[] = []
  for (let root = 0; root < needs.length; root++) {
    if (state[root] !== 0) continue
    const path: { node: number; next: number }[] = [{ node: root, next: 0 }]
    state[root] = 1
    while (path.length > 0) {
      const top = path.at(-1)!
      const need = needs[top.node]![top.next]
      if (need === undefined) {
        state[top.node] = 2
        order.push(top.node)
        path.pop()
        continue
      }
      top.next += 1
      if (state[need] === 1) {
        const from = path.findIndex((one) => one.node === need)
        const circle = path.slice(from).map((one) => nameAt(one.node))
        refuse(
          'xmile',
          `The equations go in a circle: ${circle.slice(0, 10).join(' needs ')}${circle.length > 10 ? ' ...' : ''} needs ${nameAt(need)}`,
        )
      }
      if (state[need] === 0) {
        state[need] = 1
        path.push({ node: need, next: 0 })
      }
    }
  }
  return order
}

/** The places of the scalars an expression refers to. */
export function placesIn(expressions: readonly (Expression | undefined)[], places: ReadonlyMap<string, number>): number[] {
  const found = new Set<number>()
  for (const expression of expressions) {
    if (expression === undefined) continue
    walk(expression, (part) => {
      const place = part.kind === 'name' ? places.get(part.name) : undefined
      if (place !== undefined) found.add(place)
    })
  }
  return [...found]
}
