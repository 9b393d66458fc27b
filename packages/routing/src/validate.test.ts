import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProblem, createStop, createVehicle, type Problem, type Stop, type Vehicle } from './problem.ts'
import { solve } from './solve.ts'
import { ProblemError, validateProblem } from './validate.ts'

const distances = Int32Array.from([0, 5, 5, 0])

function small(stop: Partial<Stop> = {}, vehicle: Partial<Vehicle> = {}, problem: Partial<Problem> = {}): Problem {
  return createProblem({
    places: 2,
    profiles: [{ name: 'truck', distances, durations: distances }],
    stops: [createStop({ id: 'a', place: 1, delivery: [2], ...stop }), createStop({ id: 'b', place: 1 })],
    vehicles: [createVehicle({ id: 'v', start: 0, end: 0, capacity: [5], ...vehicle })],
    ...problem,
  })
}

const contradictions: [string, Problem, RegExp][] = [
  ['a window that ends before it starts', small({ windows: [[9, 3]] }), /^Stop a has the window 9 to 3/],
  [
    'windows that overlap',
    small({
      windows: [
        [0, 5],
        [5, 9],
      ],
    }),
    /^Stop a has windows that overlap/,
  ],
  ['a place that is not there', small({ place: 7 }), /^Stop a is at place 7/],
  ['a load below nothing', small({ delivery: [-1] }), /^Stop a has delivery -1/],
  ['a load in too many dimensions', small({ delivery: [1, 1] }, {}, { dimensions: 1 }), /^Stop a has 2 figures of delivery/],
  ['an unknown key', small({ colour: 'red' } as Partial<Stop>), /^Stop a has the unknown key colour/],
  ['an id that is there twice', small({ id: 'b' }), /^Stop b is there twice/],
  ['half a shipment', small({ partner: 1, part: 'pickup' }), /^Stop a names a partner that does not name it back/],
  [
    'a matrix of the wrong size',
    small({}, {}, { profiles: [{ name: 'truck', distances, durations: distances.slice(1) }] }),
    /^Profile truck has a matrix of 3 cells/,
  ],
  ['a vehicle that must unload nowhere', small({}, { unloadBeforeEnd: true }), /^Vehicle v must unload before its end, but has no site/],
  ['a shift that ends before it starts', small({}, { shift: [10, 5] }), /^Vehicle v has the window 10 to 5/],
  ['a frozen stop that lacks a skill', small({ skills: ['crane'] }, { frozen: [0] }), /^Stop a is frozen in vehicle v, which lacks the skill crane/],
  ['frozen stops of several vehicles', small({}, { frozen: [0], count: 2 }), /^Vehicle v has frozen stops and stands for 2 vehicles/],
  ['no vehicle', small({}, {}, { vehicles: [] }), /^The problem has no vehicle/],
]

for (const [what, problem, message] of contradictions) {
  test(`refused by name: ${what}`, () => {
    assert.throws(
      () => validateProblem(problem),
      (error) => error instanceof ProblemError && message.test(error.message),
    )
  })
}

const impossible: [string, Problem, string, RegExp][] = [
  [
    'an island',
    small({}, {}, { profiles: [{ name: 'truck', distances: Int32Array.from([0, 5, -1, 0]), durations: distances }] }),
    'unreachable',
    /^Stop a cannot be reached/,
  ],
  ['a skill that nobody has', small({ skills: ['crane'] }), 'skills', /^Stop a needs the skills crane/],
  ['a load that fits nowhere', small({ delivery: [6] }), 'capacity', /^Stop a brings more load/],
  ['a window before anybody can come', small({ windows: [[0, 3]] }, { shift: [0, 99] }), 'window', /^Stop a cannot be served in time/],
  ['a way beyond the limit', small({}, { maxDistance: 9 }), 'limits', /^Stop a is beyond the limits/],
  ['a room for one only', small({ delivery: [5] }, { maxStops: 1 }), 'fleet', /has no room left/],
  [
    'a prize that does not pay',
    small({ prize: 3, place: 1 }, {}, { stops: [createStop({ id: 'a', place: 1, prize: 3 })] }),
    'prize',
    /^Stop a costs more to serve than its prize of 3/,
  ],
]

for (const [what, problem, reason, message] of impossible) {
  test(`left out with its reason: ${what}`, () => {
    const { unassigned } = solve(problem, { iterations: 50 })
    const found = unassigned.find((entry) => entry.reason === reason)
    assert.ok(found !== undefined, JSON.stringify(unassigned))
    assert.match(found.detail, message)
  })
}

test('frozen stops stay first, in their order and in their vehicle, and the rest is planned behind them', () => {
  const line = Int32Array.from({ length: 36 }, (_, cell) => Math.abs(Math.floor(cell / 6) - (cell % 6)))
  const problem = createProblem({
    places: 6,
    profiles: [{ name: 'line', distances: line, durations: line }],
    stops: [1, 2, 3, 4, 5].map((place) => createStop({ id: `s${place}`, place })),
    vehicles: [createVehicle({ id: 'v', start: 0, end: 0, frozen: [4, 0] })],
  })
  const { routes } = solve(problem, { iterations: 300 })
  const order = routes[0]!.steps.filter((step) => step.kind === 'stop').map((step) => step.index)
  assert.deepEqual(order.slice(0, 2), [4, 0])
  assert.equal(order.length, 5)
})

test('frozen stops that a vehicle cannot do are refused by name, and where it must unload a site is found for it', () => {
  const late = small({ windows: [[0, 3]] }, { shift: [0, 99], frozen: [0] })
  assert.throws(() => solve(late, { iterations: 5 }), /^ProblemError: Vehicle v cannot do its frozen stops/)
  const sites = [
    { id: 'closed', place: 1, service: 0, windows: [[0, 1]] as const },
    { id: 'open', place: 1, service: 0, windows: [] },
  ]
  const { routes } = solve(small({}, { shift: [0, 99], frozen: [0], sites: [0, 1], unloadBeforeEnd: true }, { sites }), { iterations: 50 })
  assert.deepEqual(
    routes[0]!.steps.filter((step) => step.kind === 'site').map((step) => step.index),
    [1],
  )
})

test('territories, former vehicles and balance draw the plan their way', () => {
  const line = Int32Array.from({ length: 81 }, (_, cell) => Math.abs(Math.floor(cell / 9) - (cell % 9)))
  const base = {
    places: 9,
    profiles: [{ name: 'line', distances: line, durations: line }],
    stops: [1, 2, 3, 4, 5, 6, 7, 8].map((place) =>
      createStop({ id: `s${place}`, place, territory: place % 2 === 0 ? 'even' : 'odd', formerVehicle: place < 5 ? 'y' : 'x' }),
    ),
    vehicles: ['x', 'y'].map((id) => createVehicle({ id, start: 0, end: 0, territory: id === 'x' ? 'even' : 'odd' })),
  }
  const vehicleOf = (problem: Problem): Map<string, string> => {
    const { routes } = solve(problem, { iterations: 3000 })
    return new Map(
      routes.flatMap((route) =>
        route.steps.flatMap((step) => (step.kind === 'stop' ? [[problem.stops[step.index!]!.id, problem.vehicles[route.vehicle]!.id] as const] : [])),
      ),
    )
  }
  assert.equal(new Set(vehicleOf(createProblem(base)).values()).size, 1)
  const byTerritory = vehicleOf(createProblem({ ...base, territoryCost: 50 }))
  for (const { id, territory } of base.stops) assert.equal(byTerritory.get(id), territory === 'even' ? 'x' : 'y')
  const asBefore = vehicleOf(createProblem({ ...base, changeCost: 50 }))
  for (const { id, formerVehicle } of base.stops) assert.equal(asBefore.get(id), formerVehicle)
  const limited = base.vehicles.map((vehicle) => ({ ...vehicle, maxStops: 7 }))
  const balanced = vehicleOf(createProblem({ ...base, vehicles: limited, balance: { measure: 'stops', weight: 100 } }))
  assert.equal([...balanced.values()].filter((id) => id === 'x').length, 4)
})
