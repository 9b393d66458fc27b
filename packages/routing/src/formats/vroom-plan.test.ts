import assert from 'node:assert/strict'
import { test } from 'node:test'
import { solve } from '../solve.ts'
import { FormatError } from './benchmark.ts'
import { readVroom } from './vroom-in.ts'
import { writeVroom } from './vroom-out.ts'
import { planVroom } from './vroom-plan.ts'

interface Planned {
  readonly summary: { readonly cost: number; readonly unassigned: number; readonly violations: readonly object[] }
  readonly unassigned: readonly { readonly id: number }[]
  readonly routes: readonly {
    readonly vehicle: number
    readonly cost: number
    readonly violations: readonly object[]
    readonly steps: readonly {
      readonly type: string
      readonly id?: number
      readonly arrival: number
      readonly waiting_time: number
      readonly violations: readonly object[]
    }[]
  }[]
}

function plan(document: object): Planned {
  return planVroom(document) as unknown as Planned
}

const durations = [
  [0, 100, 200],
  [100, 0, 100],
  [200, 100, 0],
]
const job = (id: number, more: object = {}): object => ({ id, location_index: id, service: 10, ...more })
const vehicle = { id: 1, start_index: 0, end_index: 0, time_window: [1000, 2000] }
const steps = [{ type: 'start' }, { type: 'job', id: 1 }, { type: 'job', id: 2 }, { type: 'end' }]
const document = { vehicles: [{ ...vehicle, steps }], jobs: [job(1), job(2)], matrices: { car: { durations } } }

test('a route that keeps every rule is timed without violations, a job in no step is unassigned', () => {
  const { summary, routes, unassigned } = plan({ ...document, jobs: [job(1), job(2), { id: 3, location_index: 2 }] })
  assert.deepEqual(summary.violations, [])
  assert.equal(summary.cost, 400)
  assert.deepEqual([summary.unassigned, unassigned[0]!.id], [1, 3])
  const [start, first, second, end] = routes[0]!.steps
  assert.deepEqual(
    [first, second, end].map((step) => step!.arrival - start!.arrival),
    [100, 210, 420],
  )
  assert.ok(start!.arrival >= 1000 && end!.arrival <= 2000)
})

test('earliness and lateness add up to the least: leaving before the shift begins when that keeps a window', () => {
  const { summary, routes } = plan({ ...document, jobs: [job(1, { time_windows: [[0, 1050]] }), job(2, { time_windows: [[1300, 1900]] })] })
  // 50 s too early at the start or too late at the first job: either way 50 in all, and the second job is waited for.
  const total = summary.violations.reduce((sum, violation) => sum + (violation as { duration: number }).duration, 0)
  assert.equal(total, 50)
  assert.ok(routes[0]!.steps[2]!.waiting_time > 0)
})

test('loads, skills, tasks, travel, precedence, breaks: each cause is named at its step and once for the route', () => {
  const shipment = { amount: [1], pickup: { id: 7, location_index: 1 }, delivery: { id: 8, location_index: 2 } }
  const { summary, routes } = plan({
    vehicles: [
      {
        ...vehicle,
        capacity: [4],
        max_tasks: 2,
        max_travel_time: 250,
        breaks: [{ id: 5, service: 30, time_windows: [[1000, 2000]] }],
        steps: [
          { type: 'job', id: 1 },
          { type: 'delivery', id: 8 },
          { type: 'pickup', id: 7 },
        ],
      },
    ],
    jobs: [job(1, { delivery: [5], skills: [3] })],
    shipments: [shipment],
    matrices: document.matrices,
  })
  const causes = summary.violations.map((violation) => (violation as { cause: string }).cause)
  assert.deepEqual(causes.toSorted(), ['load', 'max_tasks', 'max_travel_time', 'missing_break', 'precedence', 'skills'])
  assert.deepEqual(routes[0]!.steps[0]!.violations, [{ cause: 'load' }])
  assert.deepEqual(routes[0]!.steps[1]!.violations, [{ cause: 'skills' }])
  assert.deepEqual(routes[0]!.steps[2]!.violations, [{ cause: 'precedence' }])
})

test('service_at, service_after and service_before are kept whatever the windows say', () => {
  const timed = (second: object): object => ({
    ...document,
    vehicles: [{ ...vehicle, steps: [steps[0], { ...steps[1], service_at: 1700 }, { ...steps[2], ...second }] }],
  })
  const { routes, summary } = plan(timed({ service_after: 1950 }))
  const [, first, second] = routes[0]!.steps
  assert.deepEqual([first!.arrival + first!.waiting_time, second!.arrival + second!.waiting_time], [1700, 1950])
  assert.deepEqual(summary.violations, [{ cause: 'delay', duration: 1950 + 10 + 200 - 2000 }])
  assert.throws(() => plan(timed({ service_before: 1750 })), /service_\* keys in the steps of vehicle 1 contradict/)
  assert.throws(() => plan({ ...document, vehicles: [{ ...vehicle, steps: [steps[1], steps[1]] }] }), FormatError)
})

test('what the solver answers is planned again without violations and at the same cost', () => {
  const problem = {
    vehicles: [1, 2].map((id) => ({
      id,
      start: [2.35, 48.71],
      end: [2.35, 48.71],
      capacity: [3],
      type: id === 1 ? 'van' : 'truck',
      costs: { fixed: 50, per_task_hour: 1800 },
      time_window: [28_800, 43_200],
      breaks: [{ id: 1, service: 300, time_windows: [[32_400, 34_200]] }],
    })),
    jobs: Array.from({ length: 5 }, (_, index) => ({
      id: index,
      service: 300,
      setup: 60,
      service_per_type: { van: 200 + index },
      delivery: [1],
      location: [2.2 + 0.07 * index, 48.6 + 0.05 * ((index * 3) % 5)],
      time_windows: index % 2 === 0 ? [[30_000, 40_000]] : [],
    })),
  }
  const input = readVroom(problem)
  const answer = writeVroom(input, solve(input.problem, { iterations: 300 }), 0) as unknown as Planned
  const ordered = problem.vehicles.map((each) => ({
    ...each,
    steps: (answer.routes.find((route) => route.vehicle === each.id)?.steps ?? []).map(({ type, id }) => ({ type, id })),
  }))
  const planned = plan({ ...problem, vehicles: ordered })
  assert.deepEqual(planned.summary.violations, [])
  assert.equal(planned.summary.cost, answer.summary.cost)
  assert.equal(planned.summary.unassigned, 0)
})
