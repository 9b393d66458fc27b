import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution } from '../check.ts'
import { scheduleRoutes } from '../schedule.ts'
import { solve } from '../solve.ts'
import type { Solution } from '../solution.ts'
import { FormatError } from './benchmark.ts'
import { writeGeoJson } from './geojson.ts'
import { writePicture } from './picture.ts'
import { readVroom, type VroomInput } from './vroom-in.ts'
import { readVroomRoutes, writeVroom } from './vroom-out.ts'

/** The kind of document VROOM's API page shows: points, skills, windows, a break, a shipment. */
const withPoints = {
  vehicles: [
    {
      id: 1,
      start: [2.35, 48.71],
      end: [2.35, 48.71],
      capacity: [4],
      skills: [1, 14],
      time_window: [28_800, 43_200],
      breaks: [{ id: 1, service: 300, time_windows: [[32_400, 34_200]] }],
    },
    { id: 2, start: [2.35, 48.71], end: [2.35, 48.71], capacity: [4], skills: [2, 14], time_window: [28_800, 43_200], description: 'second' },
  ],
  jobs: [
    { id: 1, service: 300, delivery: [1], location: [2.03, 48.61], skills: [1], time_windows: [[32_400, 36_000]] },
    { id: 2, service: 300, pickup: [1], location: [2.39, 48.87], skills: [1] },
    { id: 3, service: 300, delivery: [1], location: [2.41, 48.92], skills: [2] },
    { id: 4, service: 300, delivery: [1], location: [2.28, 48.59], skills: [14] },
    { id: 5, service: 300, delivery: [1], location: [2.59, 48.75], skills: [14], priority: 10 },
  ],
  shipments: [
    {
      amount: [1],
      skills: [2],
      pickup: { id: 4, service: 300, location: [2.41, 48.92] },
      delivery: { id: 6, service: 300, location: [2.39, 48.87] },
    },
  ],
}

const durations = [
  [0, 2104, 197, 1299],
  [2103, 0, 2255, 3152],
  [197, 2256, 0, 1102],
  [1299, 3153, 1102, 0],
]
/** And the kind with a matrix by profile and indices into it. */
const withMatrix = {
  vehicles: [{ id: 0, start_index: 0, end_index: 3 }],
  jobs: [
    { id: 1414, location_index: 1 },
    { id: 1515, location_index: 2 },
  ],
  matrices: { car: { durations } },
}

interface VroomStep {
  readonly type: string
  readonly id?: number
  readonly location_index: number
  readonly duration: number
  readonly arrival: number
  readonly waiting_time: number
  readonly setup: number
  readonly service: number
  readonly load: number[]
}

interface VroomAnswer {
  readonly code: number
  readonly summary: { readonly cost: number; readonly duration: number; readonly service: number; readonly unassigned: number }
  readonly routes: { readonly description?: string; readonly steps: VroomStep[] }[]
  readonly unassigned: { readonly id: number; readonly cityloop: { readonly reason: string } }[]
}

function answer(document: unknown): { input: VroomInput; solution: Solution; output: VroomAnswer } {
  const input = readVroom(document)
  const solution = solve(input.problem, { iterations: 600 })
  assert.deepEqual(checkSolution(input.problem, solution).violations, [])
  return { input, solution, output: writeVroom(input, solution, 1) as unknown as VroomAnswer }
}

test('a document with a matrix is answered with the least travel time', () => {
  const { output } = answer(withMatrix)
  assert.equal(output.code, 0)
  assert.equal(output.summary.cost, 2104 + 2255 + 1102)
  assert.equal(output.summary.duration, 2104 + 2255 + 1102)
  assert.deepEqual(
    output.routes[0]!.steps.map((step) => [step.type, step.id, step.location_index, step.duration]),
    [
      ['start', undefined, 0, 0],
      ['job', 1414, 1, 2104],
      ['job', 1515, 2, 4359],
      ['end', undefined, 3, 5461],
    ],
  )
})

test('a document with points, skills, windows, a break and a shipment keeps their meaning', () => {
  const { input, solution, output } = answer(withPoints)
  assert.equal(output.summary.unassigned, 0)
  const [first, second] = output.routes
  assert.equal(second!.description, 'second')
  // Deliveries are on board from the start, pickups stay to the end.
  assert.deepEqual(first!.steps[0]!.load, [first!.steps.filter((step) => step.type === 'job' && step.id !== 2).length])
  assert.equal(first!.steps.filter((step) => step.type === 'break').length, 1)
  const pause = first!.steps.find((step) => step.type === 'break')!
  assert.ok(pause.arrival + pause.waiting_time >= 32_400 && pause.arrival + pause.waiting_time <= 34_200)
  const ofSecond = second!.steps.map((step) => `${step.type} ${step.id}`)
  assert.ok(ofSecond.includes('pickup 4') && ofSecond.indexOf('pickup 4') < ofSecond.indexOf('delivery 6'))
  const again = scheduleRoutes(input.problem, readVroomRoutes(input, JSON.parse(JSON.stringify(output))))
  assert.equal(again.cost, solution.cost)
})

test('what cannot be served is left out with its reason, and a higher priority goes first', () => {
  const { output } = answer({
    ...withMatrix,
    vehicles: [{ id: 0, start_index: 0, end_index: 0, capacity: [1] }],
    jobs: [
      { id: 1, location_index: 1, delivery: [1], priority: 5 },
      { id: 2, location_index: 2, delivery: [1] },
      { id: 3, location_index: 2, delivery: [0], skills: [9] },
    ],
  })
  assert.deepEqual(
    output.unassigned.map((task) => [task.id, task.cityloop.reason]),
    [
      [2, 'fleet'],
      [3, 'skills'],
    ],
  )
})

test('costs by hour, kilometre and use, custom costs, speed and open routes count as in VROOM', () => {
  const distances = durations.map((row) => row.map((value) => value * 10))
  const matrices = { car: { durations, distances } }
  const vehicle = { id: 0, start_index: 0, end_index: 3, costs: { fixed: 100, per_hour: 7200, per_km: 1000 } }
  assert.equal(answer({ ...withMatrix, vehicles: [vehicle], matrices }).solution.cost, 100 + 5461 * 2 + 54_610)
  const costs = durations.map((row) => row.map(() => 5))
  assert.equal(answer({ ...withMatrix, matrices: { car: { durations, costs } } }).solution.cost, 15)
  assert.equal(answer({ ...withMatrix, vehicles: [{ id: 0, start_index: 0 }] }).solution.cost, 197 + 2256)
  assert.equal(answer({ ...withMatrix, vehicles: [{ id: 0, start_index: 0, speed_factor: 2 }] }).output.summary.duration, 99 + 1128)
})

test('our extension: the truck unloads between trips and before its end, and unpaid stops stay out', () => {
  const { output } = answer({
    vehicles: [
      {
        id: 7,
        start_index: 0,
        end_index: 0,
        capacity: [10],
        cityloop: {
          reloads: [{ location_index: 3, duration: 60, tag: 'plant', times: [[0, 90_000]] }],
          must_unload_before_end: true,
          max_trips: 3,
        },
      },
    ],
    jobs: [
      { id: 1, location_index: 1, pickup: [8], cityloop: { kind: 'rest', side: 'left', last_served: '2026-01-01' } },
      { id: 2, location_index: 2, pickup: [8], cityloop: { kind: 'rest', forbid_windows: [[0, 100]] } },
      { id: 3, location_index: 2, pickup: [1], cityloop: { prize: 100_000 } },
      { id: 4, location_index: 1, pickup: [8], cityloop: { prize: 1 } },
    ],
    matrices: { car: { durations } },
    cityloop: { seed: 3, incompatible: [['rest', 'glass']] },
  })
  const steps = output.routes[0]!.steps.map((step) => step.type)
  assert.equal(steps.filter((step) => step === 'reload').length, 2)
  assert.deepEqual(steps.slice(-2), ['reload', 'end'])
  assert.deepEqual(
    output.unassigned.map((task) => [task.id, task.cityloop.reason]),
    [[4, 'prize']],
  )
})

test('setup and service take as long as the type of the vehicle says, and an hour of them costs per_task_hour', () => {
  const document = {
    ...withMatrix,
    vehicles: [{ id: 1, start_index: 0, end_index: 0, type: 'small', costs: { per_task_hour: 7200 } }],
    jobs: [
      { id: 1, location_index: 1, service: 100, setup: 40, service_per_type: { small: 250, large: 5 }, setup_per_type: { small: 60 } },
      { id: 2, location_index: 1, service: 30, setup: 500, service_per_type: { large: 9 } },
    ],
  }
  const { routes, summary } = answer(document).output
  const [, first, second] = routes[0]!.steps
  // The second job is at the same place, so it needs no setup: the cheaper order sets up for 60 s.
  assert.deepEqual([first!.id, first!.setup, first!.service], [1, 60, 250])
  assert.deepEqual([second!.id, second!.setup, second!.service], [2, 0, 30])
  const [there, back] = [withMatrix.matrices.car.durations[0]![1]!, withMatrix.matrices.car.durations[1]![0]!]
  assert.equal(summary.cost, there + back + 2 * (60 + 250 + 30))
  const { output: large } = answer({ ...document, vehicles: [{ ...document.vehicles[0], type: 'large', costs: {} }] })
  assert.deepEqual([large.summary.cost, large.summary.service], [there + back, 14])
  const { output: odd } = answer({ ...document, vehicles: [{ ...document.vehicles[0], type: 'constructor', costs: {} }] })
  assert.equal(odd.summary.service, 130, 'a type is a free word')
  assert.throws(() => readVroom({ ...document, jobs: [{ id: 1, location_index: 1, service_per_type: { small: 'long' } }] }), FormatError)
})

test('steps of vehicles are the plan to begin from, and one that breaks a rule is refused', () => {
  const document = {
    ...withMatrix,
    vehicles: [1, 2].map((id) => ({
      id,
      start_index: 0,
      end_index: 0,
      capacity: [10 + id],
      steps: [{ type: 'start' }, ...stepsOf(id), { type: 'end' }],
    })),
    jobs: [1, 2, 3].map((id) => ({ id, location_index: id, delivery: [3] })),
  }
  const input = readVroom(document)
  const plans: string[][] = []
  const first = solve(input.problem, {
    start: input.options.start,
    iterations: 1,
    cancelled: () => true,
    onProgress: (_, solution) => plans.push(orderOf(solution())),
  })
  // The first plan has the given order, with the job that no step names put in; it is one vehicle too many, and the search mends that.
  assert.deepEqual(plans[0], ['3,2', '1'])
  assert.equal(first.unassigned.length, 0)
  const better = solve(input.problem, { start: input.options.start, iterations: 500 })
  assert.ok(better.cost < first.cost && better.routes.length === 1)
  assert.deepEqual(checkSolution(input.problem, better).violations, [])
  const overfull = { ...document, jobs: document.jobs.map((job) => ({ ...job, delivery: [12] })) }
  const refused = readVroom(overfull)
  assert.throws(() => solve(refused.problem, { start: refused.options.start }), /Vehicle vehicle 1 has a given route that breaks a rule: capacity/)
  const twice = readVroom({ ...document, vehicles: document.vehicles.map((vehicle) => ({ ...vehicle, steps: [{ type: 'job', id: 1 }] })) })
  assert.throws(() => solve(twice.problem, { start: twice.options.start }), /Stop job 1 is in the given routes twice/)
})

function stepsOf(vehicle: number): object[] {
  return vehicle === 1 ? [{ type: 'job', id: 3, service_at: 5 }] : [{ type: 'job', id: 1 }]
}

function orderOf(solution: Solution): string[] {
  return solution.routes.map((route) => route.steps.flatMap((step) => (step.kind === 'stop' ? [step.index! + 1] : [])).join())
}

test('unknown keys and what is not supported are refused by name', () => {
  const refused: [unknown, RegExp][] = [
    [{ ...withMatrix, foo: 1 }, /has the unknown key foo/],
    [{ ...withMatrix, jobs: [{ id: 1, location_index: 1, colour: 'red' }] }, /jobs\[0\] has the unknown key colour/],
    [{ ...withMatrix, jobs: [{ id: 1, location_index: 9 }] }, /index 9 is used/],
    [{ ...withMatrix, jobs: [{ id: 1 }] }, /neither location nor location_index/],
    [{ ...withMatrix, vehicles: [{ id: 1, start_index: 0, steps: [{ type: 'job', id: 7 }] }] }, /steps\[0\] names the job 7, which is not there/],
    [{ ...withMatrix, matrices: { car: { durations: [[0, 1]] } } }, /must have 1 figures/],
    [
      { ...withMatrix, jobs: [{ id: 1, location_index: 1, time_windows: [[9, 3]] }] },
      /Stop job 1 has the window 9 to 3, which ends before it starts/,
    ],
    [{ ...withMatrix, vehicles: [] }, /has no vehicle/],
    [[], /must be an object/],
  ]
  for (const [document, message] of refused) assert.throws(() => readVroom(document), message)
  assert.throws(() => readVroom({ ...withMatrix, jobs: [{ id: 1, location_index: 1, service: 'long' }] }), FormatError)
})

test('places that have both a point and an index of the matrix are drawn where they are, in whatever order they are named', () => {
  const points = [
    [1, 50],
    [2, 50],
    [3, 51],
  ]
  const durations = points.map(() => points.map(() => 1))
  const place = (index: number): object => ({ location: points[index], location_index: index })
  const jobs = [2, 1].map((index) => ({ id: index, ...place(index) }))
  const { problem, places } = readVroom({ vehicles: [{ id: 1, start: points[0], start_index: 0 }], jobs, matrices: { car: { durations } } })
  assert.deepEqual(problem.coordinates, points)
  assert.deepEqual(
    places.map(({ point }) => point),
    points,
  )
  const page = writePicture(problem, solve(problem, { iterations: 1 }), 'Two', {
    isGeographic: true,
    background: [
      [
        [1, 50],
        [2, 50],
      ],
    ],
    note: '© us',
  })
  assert.match(page, /stroke="#ccc"/)
  assert.match(page, /© us/)
  // Two degrees of longitude at 50.5° north are 1.27 times as wide as one of latitude is high, and the picture is 900 wide.
  assert.match(page, /svg width="900" height="720"/)
})

test('plans with points become GeoJSON and a picture; names are escaped', () => {
  const { input, solution } = answer({ ...withPoints, vehicles: withPoints.vehicles.slice(1) })
  const collection = writeGeoJson(input.problem, solution) as { features: { geometry: { type: string }; properties: { kind?: string } }[] }
  assert.equal(collection.features.filter((feature) => feature.geometry.type === 'LineString').length, 1)
  assert.ok(collection.features.some((feature) => feature.properties.kind === 'unassigned'))
  const page = writePicture(input.problem, solution, '<Paris>')
  assert.match(page, /<polyline/)
  assert.match(page, /&lt;Paris&gt;/)
  assert.doesNotMatch(page, /<script/)
})
