/**
 * A last descent on the best plan, with the moves of the hybrid genetic search (Vidal 2022): 2-opt, or-opt, relocation, exchange of two stops, and
 * exchange of tails, each between a stop and one of its nearest ones. Routes are plain sequences here and every gain is judged by the exact evaluator;
 * the annealing has done the work, so that few moves are left and clarity costs nothing.
 */
import { evaluateRoute } from './evaluate.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import { readRoutes } from './plan-numbers.ts'
import type { Workspace } from './workspace.ts'

interface Tour {
  readonly type: number
  /** Stops, and visits to site s as -1 - s. */
  sequence: number[]
  cost: number
}

const nearest = 15
const longestSegment = 3

/** Whether the moves keep all rules of the problem: they know nothing of shipments, quotas over all routes, balance, and stops that are under way. */
export function maySearchLocally(m: Model, w: Workspace): boolean {
  return m.n > 0 && !m.hasPairs && !m.quotas && m.problem.balance === undefined && !w.hasFrozen
}

/** Returns a plan that no such move improves, or the best reached when `spent` says 1. */
export function polish(m: Model, plan: Plan, w: Workspace, spent: () => number): Plan {
  const tours = readTours(m, plan)
  const tourOf = new Int32Array(m.n).fill(-1)
  const mark = (index: number): void => {
    for (const node of tours[index]!.sequence) if (node >= 0) tourOf[node] = index
  }
  tours.forEach((_, index) => mark(index))

  function judge(type: number, sequence: readonly number[]): number {
    if (sequence.every((node) => node < 0)) return sequence.length === 0 ? 0 : Infinity
    w.evaluator.sequence.set(sequence)
    w.evaluator.length = sequence.length
    return evaluateRoute(m, w.evaluator, type)
  }

  /** Takes a change of one or two tours if it pays. */
  function accept(changes: readonly (readonly [tour: number, sequence: number[]])[]): boolean {
    let before = 0
    let least = 0
    for (const [index, sequence] of changes) {
      before += tours[index]!.cost
      least += edgeCost(m, tours[index]!.type, sequence)
    }
    if (least >= before - 0.5) return false
    const costs = changes.map(([index, sequence]) => judge(tours[index]!.type, sequence))
    if (costs.reduce((sum, cost) => sum + cost, 0) >= before - 0.5) return false
    changes.forEach(([index, sequence], position) => {
      tours[index]!.sequence = sequence
      tours[index]!.cost = costs[position]!
      mark(index)
    })
    return true
  }

  function improve(u: number): boolean {
    for (let k = 1; k < Math.min(nearest, w.adjacentCount); k++) {
      const v = w.adjacent[u * w.adjacentCount + k]!
      if (tourOf[v]! < 0) continue
      const candidates =
        tourOf[u] === tourOf[v] ? movesWithin(tours[tourOf[u]!]!.sequence, tourOf[u]!, u, v) : movesBetween(tours, tourOf[u]!, tourOf[v]!, u, v)
      for (const changes of candidates) if (accept(changes)) return true
    }
    return false
  }

  for (let improved = true; improved;) {
    improved = false
    for (let u = 0; u < m.n; u++) {
      if (spent() >= 1) return writeTours(m, w, tours, plan)
      while (tourOf[u]! >= 0 && improve(u)) improved = true
    }
  }
  return writeTours(m, w, tours, plan)
}

function* movesWithin(sequence: readonly number[], tour: number, u: number, v: number): Generator<[number, number[]][]> {
  const i = sequence.indexOf(u)
  const j = sequence.indexOf(v)
  const [low, high] = i < j ? [i, j] : [j, i]
  const turned = (from: number, to: number): number[] => [...sequence.slice(0, from), ...sequence.slice(from, to).toReversed(), ...sequence.slice(to)]
  yield [[tour, turned(low + 1, high + 1)]]
  yield [[tour, turned(low, high)]]
  for (let length = 1; length <= longestSegment; length++) {
    if (j >= i && j < i + length) continue
    const segment = sequence.slice(i, i + length)
    if (segment.some((node) => node < 0)) break
    const rest = [...sequence.slice(0, i), ...sequence.slice(i + length)]
    const at = rest.indexOf(v)
    yield [[tour, rest.toSpliced(at + 1, 0, ...segment)]]
    yield [[tour, rest.toSpliced(at, 0, ...segment)]]
  }
}

function* movesBetween(tours: readonly Tour[], a: number, b: number, u: number, v: number): Generator<[number, number[]][]> {
  const from = tours[a]!.sequence
  const to = tours[b]!.sequence
  const i = from.indexOf(u)
  const j = to.indexOf(v)
  for (let length = 1; length <= longestSegment; length++) {
    const segment = from.slice(i, i + length)
    if (segment.some((node) => node < 0)) break
    const rest = [...from.slice(0, i), ...from.slice(i + length)]
    const left = rest.some((node) => node >= 0) ? rest : []
    yield [
      [a, left],
      [b, to.toSpliced(j + 1, 0, ...segment)],
    ]
    yield [
      [a, left],
      [b, to.toSpliced(j, 0, ...segment.toReversed())],
    ]
  }
  yield [
    [a, from.with(i, v)],
    [b, to.with(j, u)],
  ]
  yield [
    [a, [...from.slice(0, i + 1), ...to.slice(j)]],
    [b, [...to.slice(0, j), ...from.slice(i + 1)]],
  ]
}

/** Use, edges and service costs: the least that a tour can cost. */
function edgeCost(m: Model, t: number, sequence: readonly number[]): number {
  if (sequence.length === 0) return 0
  const type = m.types[t]!
  const cost = m.cost[type.costClass]!
  let total = type.fixed
  let before = type.startRow
  for (const node of sequence) {
    const row = node >= 0 ? node : m.sites[-1 - node]!.row
    total += cost[before * m.size + row]!
    if (m.serve !== undefined && node >= 0) total += m.serve[node * m.types.length + t]!
    before = row
  }
  return total + cost[before * m.size + type.endRow]!
}

function readTours(m: Model, plan: Plan): Tour[] {
  const tours: Tour[] = []
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    const sequence: number[] = []
    const start = m.n + 2 * r
    for (let node = plan.links[start * 4]!; node !== start + 1; node = plan.links[node * 4]!) {
      sequence.push(node < m.n ? node : -1 - plan.site[node - m.n - 2 * m.routes]!)
    }
    tours.push({ type: plan.routes[r * 4]!, sequence, cost: plan.routeCost[r]! })
  }
  return tours
}

/** The tours as a plan; the former one when that is no better, which rounding of duty costs can bring about. */
function writeTours(m: Model, w: Workspace, tours: readonly Tour[], former: Plan): Plan {
  const numbers = tours.flatMap(({ type, sequence }) => (sequence.length === 0 ? [] : [type, sequence.length, ...sequence]))
  const plan = readRoutes(m, w, Int32Array.from(numbers))
  return plan.cost < former.cost && plan.missing <= former.missing ? plan : former
}
