import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution } from '../check.ts'
import { solve } from '../solve.ts'
import { FormatError } from './benchmark.ts'
import { readBenchmark } from './read-benchmark.ts'
import { parseSol, readSol, writeSol } from './sol.ts'

const vrplib = `NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 0 3
3 4 3
4 4 0
DEMAND_SECTION
1 0
2 5
3 5
4 5
DEPOT_SECTION
1
-1
EOF
`

test('VRPLIB text is read, solved and written back as a solution that reads to the same plan', () => {
  const benchmark = readBenchmark(vrplib)
  assert.equal(benchmark.problem.stops.length, 3)
  assert.equal(benchmark.problem.vehicles[0]!.capacity[0], 10)
  const solution = solve(benchmark.problem, { iterations: 200 })
  // Two routes: two stops around the triangle of 3, 4, 5, and one stop there and back.
  assert.equal(solution.cost, 18)
  const again = readSol(writeSol(solution, benchmark), benchmark)
  assert.equal(again.cost, solution.cost)
  assert.deepEqual(checkSolution(benchmark.problem, again).violations, [])
})

test('the dialect with windows, releases, prizes, groups, costs and reloads by vehicle is read', () => {
  const { problem } = readBenchmark(
    [
      'NAME: rich|TYPE: MTVRPTWR|DIMENSION: 3|VEHICLES: 2|EDGE_WEIGHT_TYPE: EUC_2D|SERVICE_TIME: 7',
      'NODE_COORD_SECTION|1 0 0|2 1 1|3 2 2',
      'DEMAND_SECTION|1 0|2 5|3 6',
      'TIME_WINDOW_SECTION|1 0 100|2 10 20|3 30 40',
      'RELEASE_TIME_SECTION|1 0|2 3|3 4',
      'PRIZE_SECTION|1 0|2 0|3 12.5',
      'CAPACITY_SECTION|1 10|2 20',
      'VEHICLES_FIXED_COST_SECTION|1 50|2 60',
      'VEHICLES_RELOAD_DEPOT_SECTION|1 1|2 1',
      'VEHICLES_MAX_RELOADS_SECTION|1 2|2 0',
      'MUTUALLY_EXCLUSIVE_GROUP_SECTION|1 2 3',
      'DEPOT_SECTION|1|EOF',
    ]
      .join('|')
      .replaceAll('|', '\n'),
  )
  assert.deepEqual(
    problem.stops.map(({ windows, service, release, prize, group }) => ({ windows, service, release, prize, group })),
    [
      { windows: [[100, 200]], service: 70, release: 30, prize: undefined, group: 'group 1' },
      { windows: [[300, 400]], service: 70, release: 40, prize: 125, group: 'group 1' },
    ],
  )
  assert.deepEqual(
    problem.vehicles.map(({ capacity, fixed, sites, maxTrips, shift }) => ({ capacity, fixed, sites, maxTrips, shift })),
    [
      { capacity: [10], fixed: 500, sites: [0], maxTrips: 3, shift: [0, 1000] },
      { capacity: [20], fixed: 600, sites: [0], maxTrips: 1, shift: [0, 1000] },
    ],
  )
  // The diagonal is 1.414...: cut at one decimal.
  assert.equal(problem.profiles[0]!.distances[1], 14)
})

test("Solomon's text keeps four decimals and counts vehicles first, or is cut at one decimal for DIMACS", () => {
  const text = `R\n\nVEHICLE\nNUMBER     CAPACITY\n  25         200\n\nCUSTOMER\nCUST NO.\n\n 0 0 0 0 0 230 0\n 1 1 1 10 161 171 10\n`
  const plain = readBenchmark(text)
  assert.equal(plain.vehiclesFirst, true)
  assert.equal(plain.problem.profiles[0]!.distances[1], 14_142)
  assert.deepEqual(plain.problem.stops[0]!.windows, [[1_610_000, 1_710_000]])
  const dimacs = readBenchmark(text, { dimacs: true })
  assert.equal(dimacs.problem.profiles[0]!.distances[1], 14)
})

test("Li and Lim's tasks become pickups and deliveries that name each other", () => {
  const { problem } = readBenchmark('25 200 1\n0 40 50 0 0 1236 0 0 0\n1 45 68 -10 912 967 90 2 0\n2 45 70 10 825 870 90 0 1\n')
  assert.deepEqual(
    problem.stops.map(({ part, partner, pickup, delivery }) => ({ part, partner, pickup, delivery })),
    [
      { part: 'delivery', partner: 1, pickup: [], delivery: [10] },
      { part: 'pickup', partner: 0, pickup: [10], delivery: [] },
    ],
  )
})

test("Cordeau's depots come last and limit duty", () => {
  const { problem } = readBenchmark('2 3 2 2\n100 80\n0 90\n1 0 0 1 7 1 2 1 2\n2 5 5 2 9 1 2 1 2\n3 1 1 0 0 0\n4 9 9 0 0 0\n')
  assert.deepEqual(
    problem.vehicles.map(({ count, start, capacity, maxDuty }) => ({ count, start, capacity, maxDuty })),
    [
      { count: 3, start: 2, capacity: [80], maxDuty: 1_000_000 },
      { count: 3, start: 3, capacity: [90], maxDuty: undefined },
    ],
  )
  assert.deepEqual(
    problem.stops.map(({ delivery }) => delivery),
    [[7], [9]],
  )
})

test('damaged text is refused with what is wrong', () => {
  const refused: [string, RegExp][] = [
    ['hello', /none of VRPLIB/],
    [vrplib.replace('DIMENSION : 4', 'DIMENSION : x'), /DIMENSION/],
    [vrplib.replace('2 0 3', '2 0'), /NODE_COORD_SECTION needs 3 numbers/],
    [vrplib.replace('4 5\nDEPOT', '9 5\nDEPOT'), /names node 9/],
    [vrplib.replace('DEMAND_SECTION', 'FOO_SECTION'), /FOO_SECTION is not known/],
    ['VEHICLE\nNUMBER CAPACITY\n 25 x\n', /needs 2 numbers/],
  ]
  for (const [text, message] of refused) {
    assert.throws(
      () => readBenchmark(text),
      (error) => error instanceof FormatError && message.test(error.message),
    )
  }
  assert.throws(() => parseSol('Route #1: 1 two 3'), FormatError)
  assert.throws(() => readSol('Route #1: 1 2 9', readBenchmark(vrplib)), /names 9, which is no stop/)
  assert.throws(() => readSol('Route #1: 1 2 3', readBenchmark(vrplib)), /breaks a rule: capacity/)
})
