import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution } from './check.ts'
import { createProblem, createStop, createVehicle } from './problem.ts'
import { Random } from './random.ts'
import { createRandomProblem } from './random-problem.ts'
import type { PlannedRoute } from './schedule.ts'
import { solve } from './solve.ts'

test('10,000 random problems: no crash, no violation, and every stop left out has its reason', () => {
  for (let seed = 0; seed < 10_000; seed++) {
    const problem = createRandomProblem(seed, 10)
    const solution = solve(problem, { iterations: 8, seed })
    const { violations, missing } = checkSolution(problem, solution)
    assert.deepEqual(violations, [], `problem ${seed}`)
    for (const { detail } of solution.unassigned) assert.match(detail, /^Stop stop \d+ \w/)
    const explained = new Set(solution.unassigned.map(({ stop }) => stop))
    for (const stop of missing) assert.ok(explained.has(stop), `problem ${seed} leaves out stop ${stop} without a word`)
  }
})

test('trips hold their capacity where nothing has a time: their sums are up to date after each insertion', () => {
  for (const seed of [2005, 15_481]) {
    const problem = createRandomProblem(seed, 25)
    assert.deepEqual(checkSolution(problem, solve(problem, { iterations: 8, seed })).violations, [], `problem ${seed}`)
  }
})

test('longer searches on larger random problems keep every rule', () => {
  for (let seed = 0; seed < 60; seed++) {
    const problem = createRandomProblem(seed, 40)
    assert.deepEqual(checkSolution(problem, solve(problem, { iterations: 128, seed })).violations, [], `problem ${seed}`)
  }
})

test('the goods of a shipment do not count as brought to a disposal site, neither in the search nor in the check', () => {
  const { places, profiles } = grid(5)
  const problem = createProblem({
    places,
    profiles,
    sites: [{ id: 'tip', place: 5, service: 0, windows: [], maxLoad: [5] }],
    stops: [
      createStop({ id: 'bin', place: 1, pickup: [5] }),
      createStop({ id: 'from', place: 2, pickup: [6], partner: 2, part: 'pickup' }),
      createStop({ id: 'to', place: 3, delivery: [6], partner: 1, part: 'delivery' }),
    ],
    vehicles: [createVehicle({ id: 'truck', start: 0, end: 0, capacity: [12], sites: [0], unloadBeforeEnd: true })],
  })
  const solution = solve(problem, { iterations: 50, seed: 1 })
  const { missing, violations } = checkSolution(problem, solution)
  assert.deepEqual([missing, violations, solution.unassigned], [[], [], []])
  const bins = { ...problem, stops: [...problem.stops, createStop({ id: 'second bin', place: 4, pickup: [1] })] }
  assert.equal(solve(bins, { iterations: 50, seed: 1 }).unassigned.length, 1, 'the site takes 5, not 6')
})

test('the same seed and iteration limit give the same bytes; another seed may not', () => {
  for (let seed = 0; seed < 20; seed++) {
    const problem = createRandomProblem(seed, 30)
    assert.equal(JSON.stringify(solve(problem, { iterations: 200, seed: 7 })), JSON.stringify(solve(problem, { iterations: 200, seed: 7 })))
  }
})

test('the search begins from given routes and never ends above them', () => {
  for (let seed = 0; seed < 400; seed++) {
    const problem = createRandomProblem(seed, 20)
    const given = solve(problem, { iterations: 8, seed })
    const start = given.routes.map(({ vehicle, copy, steps }) => ({
      vehicle,
      copy,
      visits: steps.flatMap(({ kind, index }): PlannedRoute['visits'] =>
        kind === 'stop' ? [{ stop: index! }] : kind === 'site' ? [{ site: index! }] : [],
      ),
    }))
    const solution = solve(problem, { iterations: 16, seed: seed + 1, start })
    const [before, after] = [checkSolution(problem, given), checkSolution(problem, solution)]
    assert.deepEqual(after.violations, [], `problem ${seed}`)
    assert.ok(after.missing.length <= before.missing.length, `problem ${seed}`)
    // Where a stop of a higher priority has taken the place of another, the plan may cost more.
    const isSame = after.missing.join() === before.missing.join() && problem.stops.every((stop) => stop.group === undefined)
    if (isSame) assert.ok(solution.cost <= given.cost, `problem ${seed}: ${solution.cost}, not ${given.cost}`)
  }
})

test('progress starts with a first plan and never gets worse', () => {
  const costs: number[] = []
  solve(grid(60), { iterations: 3000, onProgress: ({ cost }) => costs.push(cost) })
  assert.ok(costs.length > 2)
  for (let i = 1; i < costs.length; i++) assert.ok(costs[i]! < costs[i - 1]!)
})

test('a cancelled search still answers with a whole plan', () => {
  const problem = grid(60)
  const solution = solve(problem, { iterations: 1_000_000_000, cancelled: () => true })
  const check = checkSolution(problem, solution)
  assert.deepEqual(check.violations, [])
  assert.deepEqual(check.missing, [])
})

test('a problem without stops has a plan without routes', () => {
  assert.deepEqual(solve(grid(0), { iterations: 10 }), { cost: 0, routes: [], unassigned: [] })
})

test('an optimum that is plain to see is found: a ring of stops is driven around once', () => {
  const n = 24
  const angle = (index: number): number => (2 * Math.PI * index) / n
  const distances = Int32Array.from({ length: n * n }, (_, cell) => {
    const [a, b] = [Math.floor(cell / n), cell % n]
    return Math.round(1000 * Math.hypot(Math.cos(angle(a)) - Math.cos(angle(b)), Math.sin(angle(a)) - Math.sin(angle(b))))
  })
  const problem = createProblem({
    places: n,
    profiles: [{ name: 'ring', distances, durations: distances }],
    stops: Array.from({ length: n - 1 }, (_, index) => createStop({ id: String(index), place: index + 1 })),
    vehicles: [createVehicle({ id: 'v', start: 0, end: 0 })],
  })
  assert.equal(solve(problem, { iterations: 2000 }).cost, n * distances[1]!)
})

test('an exchange is offered every better plan and its plans are taken over', () => {
  const problem = scattered(90)
  let plan: Int32Array | undefined
  let cost = Infinity
  solve(problem, { iterations: 8000, seed: 1 }, { offer: (offered, routes) => void ([cost, plan] = [offered, routes]), take: () => undefined })
  assert.ok(plan !== undefined)
  let taken = 0
  const other = solve(problem, { iterations: 640, seed: 2 }, { offer: () => {}, take: (own) => (own > cost ? (taken++, plan) : undefined) })
  assert.ok(taken > 0)
  assert.ok(other.cost <= cost)
})

function scattered(count: number): ReturnType<typeof createProblem> {
  const random = new Random(5)
  const points = Array.from({ length: count + 1 }, () => [random.below(1000), random.below(1000)] as const)
  const distances = Int32Array.from({ length: points.length ** 2 }, (_, cell) => {
    const [a, b] = [points[Math.floor(cell / points.length)]!, points[cell % points.length]!]
    return Math.round(Math.hypot(a[0] - b[0], a[1] - b[1]))
  })
  return createProblem({
    places: points.length,
    profiles: [{ name: 'plane', distances, durations: distances }],
    stops: Array.from({ length: count }, (_, index) => createStop({ id: String(index), place: index + 1, delivery: [1 + random.below(9)] })),
    vehicles: [createVehicle({ id: 'v', count, start: 0, end: 0, capacity: [50] })],
  })
}

function grid(count: number): ReturnType<typeof createProblem> {
  const side = 10
  const places = count + 1
  const distances = Int32Array.from({ length: places * places }, (_, cell) => {
    const [a, b] = [Math.floor(cell / places), cell % places]
    return 10 * (Math.abs((a % side) - (b % side)) + Math.abs(Math.floor(a / side) - Math.floor(b / side)))
  })
  return createProblem({
    places,
    profiles: [{ name: 'grid', distances, durations: distances }],
    stops: Array.from({ length: count }, (_, index) => createStop({ id: String(index), place: index + 1, delivery: [1 + (index % 3)] })),
    vehicles: [createVehicle({ id: 'v', count: 20, start: 0, end: 0, capacity: [12] })],
  })
}
