import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution } from '../../check.ts'
import { createProblem, createStop, createVehicle, type Problem } from '../../problem.ts'
import { Random } from '../../random.ts'
import { solve } from '../../solve.ts'
import { compileModel } from '../model.ts'
import { settingsFor } from '../settings.ts'
import { createWorkspace } from '../workspace.ts'
import { createDescent } from './descent.ts'
import { mayBreed } from './genetic.ts'
import { split } from './split.ts'
import { createTours, loadTours, saveTours, shuffle } from './tours.ts'

function plane(seed: number, count: number, vehicles: number, capacity: number, fixed = 0): Problem {
  const random = new Random(seed)
  const points = Array.from({ length: count + 1 }, () => [random.below(1000), random.below(1000)] as const)
  const distances = Int32Array.from({ length: points.length ** 2 }, (_, cell) => {
    const [a, b] = [points[Math.floor(cell / points.length)]!, points[cell % points.length]!]
    return Math.round(Math.hypot(a[0] - b[0], a[1] - b[1]))
  })
  return createProblem({
    places: points.length,
    profiles: [{ name: 'plane', distances, durations: distances }],
    stops: Array.from({ length: count }, (_, index) => createStop({ id: String(index), place: index + 1, delivery: [1 + random.below(9)] })),
    vehicles: [createVehicle({ id: 'v', count: vehicles, start: 0, end: 0, capacity: [capacity], fixed, perDistance: 1, perTravel: 0 })],
  })
}

test('the descent keeps every stop once, and its tours cost what their edges and overload come to', () => {
  for (let seed = 0; seed < 60; seed++) {
    const m = compileModel(plane(seed, 40, 12, 30, seed % 2 === 0 ? 0 : 77))
    const random = new Random(seed)
    const t = createTours(m, 12)
    const near = Array.from({ length: m.n }, (_, c) => Int32Array.from({ length: m.n }, (__, v) => v).filter((v) => v !== c))
    const descend = createDescent(t, near, random)
    const giant = Int32Array.from({ length: m.n }, (_, c) => c)
    shuffle(giant, random)
    loadTours(t, split(t, giant, 20))
    const before = saveTours(t, () => 0)
    for (const price of [20, 500]) {
      descend(price)
      const after = saveTours(t, () => 0)
      const stops = after.tours.flat().toSorted((a, b) => a - b)
      assert.deepEqual(
        stops,
        Array.from({ length: m.n }, (_, c) => c),
      )
      const type = m.types[0]!
      let cost = 0
      let overload = 0
      for (const tour of after.tours) {
        const rows = [type.startRow, ...tour, type.endRow]
        cost += 2 * type.fixed
        for (let k = 1; k < rows.length; k++) cost += 2 * m.cost[type.costClass]![rows[k - 1]! * m.size + rows[k]!]!
        const load = tour.reduce((sum, c) => sum + m.demand[c]!, 0)
        overload += Math.max(0, load - 30)
      }
      assert.equal(after.cost, cost)
      assert.equal(after.overload, overload)
      if (price === 20) assert.ok(after.cost + 20 * after.overload < before.cost + 20 * before.overload)
    }
  }
})

test('the genetic search finds the best plan of seven stops, as trying all orders shows', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const problem = plane(seed, 7, 3, 20, 50)
    const m = compileModel(problem)
    assert.ok(mayBreed(m, createWorkspace(m, seed, settingsFor(m, false))))
    const solution = solve(problem, { seed, iterations: 3000 })
    const { violations, missing, cost } = checkSolution(problem, solution)
    assert.deepEqual([violations, missing], [[], []])
    assert.equal(cost, leastCost(problem))
  }
})

/** Least cost over all partitions into tours, by the best tour of every set of stops that a vehicle can take. */
function leastCost(problem: Problem): number {
  const n = problem.stops.length
  const { capacity, fixed, count } = problem.vehicles[0]!
  const distance = (a: number, b: number): number => problem.profiles[0]!.distances[a * problem.places + b]!
  const all = (1 << n) - 1
  const open = new Map<string, number>()
  const tour = new Float64Array(all + 1).fill(Infinity)
  const reach = (set: number, last: number): number => {
    const key = `${set} ${last}`
    const known = open.get(key)
    if (known !== undefined) return known
    const rest = set & ~(1 << last)
    let least = rest === 0 ? distance(0, last + 1) : Infinity
    for (let c = 0; c < n; c++) if ((rest & (1 << c)) !== 0) least = Math.min(least, reach(rest, c) + distance(c + 1, last + 1))
    open.set(key, least)
    return least
  }
  for (let set = 1; set <= all; set++) {
    let load = 0
    for (let c = 0; c < n; c++) if ((set & (1 << c)) !== 0) load += problem.stops[c]!.delivery[0]!
    if (load > capacity[0]!) continue
    for (let c = 0; c < n; c++) if ((set & (1 << c)) !== 0) tour[set] = Math.min(tour[set]!, fixed + reach(set, c) + distance(c + 1, 0))
  }
  let best = new Float64Array(all + 1).fill(Infinity)
  best[0] = 0
  for (let k = 0; k < count; k++) {
    const more = best.slice()
    for (let set = 1; set <= all; set++) {
      for (let part = set; part > 0; part = (part - 1) & set) more[set] = Math.min(more[set]!, best[set & ~part]! + tour[part]!)
    }
    best = more
  }
  return best[all]!
}

test('the same seed and iterations give the same plan, and too few vehicles leave stops out by name', () => {
  const problem = plane(5, 80, 30, 40)
  const [first, second] = [solve(problem, { seed: 3, iterations: 20_000 }), solve(problem, { seed: 3, iterations: 20_000 })]
  assert.deepEqual(first, second)
  const short = solve(plane(5, 30, 2, 20), { seed: 3, iterations: 2000 })
  assert.ok(short.unassigned.length > 0)
  for (const { reason } of short.unassigned) assert.equal(typeof reason, 'string')
})
