import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution, type ViolationKind } from './check.ts'
import { createProblem, createStop, createVehicle, type Problem } from './problem.ts'
import { scheduleRoutes } from './schedule.ts'
import type { Route, Solution, Step } from './solution.ts'

// Six places in a row, ten apart: the depot is 0, the tip is 5.
const row = (): Int32Array => Int32Array.from({ length: 36 }, (_, cell) => 10 * Math.abs(Math.floor(cell / 6) - (cell % 6)))

function yard(changes: Partial<Problem> = {}): Problem {
  const distances = row()
  return createProblem({
    places: 6,
    profiles: [{ name: 'truck', distances, durations: distances }],
    stops: [
      createStop({ id: 'a', place: 1, service: 5, pickup: [4], windows: [[0, 100]], skills: ['crane'], kind: 'glass', group: 'g' }),
      createStop({ id: 'b', place: 2, service: 5, pickup: [4], kind: 'paper', release: 0 }),
      createStop({ id: 'c', place: 3, pickup: [2], partner: 3, part: 'pickup' }),
      createStop({ id: 'd', place: 4, delivery: [2], partner: 2, part: 'delivery' }),
      createStop({ id: 'e', place: 4, prize: 70, group: 'g' }),
    ],
    sites: [{ id: 'tip', place: 5, service: 10, windows: [[0, 500]], maxVisits: 5, maxLoad: [100] }],
    vehicles: [
      createVehicle({
        id: 'truck',
        start: 0,
        end: 0,
        capacity: [8],
        skills: ['crane'],
        shift: [0, 1000],
        sites: [0],
        unloadBeforeEnd: true,
        breaks: [{ id: 'lunch', service: 20, windows: [[0, 300]], maxLoad: [8] }],
      }),
      createVehicle({ id: 'van', start: 0, end: 0, capacity: [8], shift: [0, 1000], sites: [0] }),
    ],
    ...changes,
  })
}

const planned = [
  {
    vehicle: 0,
    copy: 0,
    visits: [{ stop: 0 }, { site: 0 }, { stop: 2 }, { stop: 3 }, { stop: 1 }, { site: 0 }],
  },
]

/** Problem and plan that keep every rule, with a change planted in either. */
function kindsFound(changes: Partial<Problem>, plant: (solution: Solution) => Solution = (solution) => solution): ViolationKind[] {
  const solution = plant(scheduleRoutes(yard(), planned))
  return [...new Set(checkSolution(yard(changes), solution).violations.map(({ kind }) => kind))]
}

function changeRoute(change: (route: Route) => Partial<Route>): (solution: Solution) => Solution {
  return (solution) => ({ ...solution, routes: solution.routes.map((route) => ({ ...route, ...change(route) })) })
}

function changeStep(position: number, change: (step: Step) => Partial<Step>): (solution: Solution) => Solution {
  return changeRoute((route) => ({ steps: route.steps.map((step, index) => (index === position ? { ...step, ...change(step) } : step)) }))
}

const positionOf = (kind: Step['kind'], index?: number): number =>
  scheduleRoutes(yard(), planned).routes[0]!.steps.findIndex((step) => step.kind === kind && (index === undefined || step.index === index))

function changeVehicle(change: object): Partial<Problem> {
  return { vehicles: yard().vehicles.map((vehicle) => ({ ...vehicle, ...change })) }
}

function changeStop(stop: number, change: object): Partial<Problem> {
  return { stops: yard().stops.map((other, index) => (index === stop ? { ...other, ...change } : other)) }
}

test('a plan that keeps every rule has no violation and its stated cost', () => {
  const solution = scheduleRoutes(yard(), planned)
  const check = checkSolution(yard(), solution)
  assert.deepEqual(check.violations, [])
  assert.equal(check.cost, solution.cost)
  assert.deepEqual(check.missing, [])
})

const planted: Record<ViolationKind, [Partial<Problem>, ((solution: Solution) => Solution)?]> = {
  vehicle: [{}, changeRoute(() => ({ copy: 3 }))],
  step: [{}, changeStep(1, () => ({ place: 2 }))],
  'stop served twice': [{}, (solution) => ({ ...solution, unassigned: [...solution.unassigned, { stop: 0, reason: 'fleet', detail: '' }] })],
  'stop lost': [{}, (solution) => ({ ...solution, unassigned: [] })],
  group: [changeStop(1, { group: 'g' })],
  shipment: [
    {},
    changeRoute((route) => ({
      steps: route.steps.map((step) =>
        step.kind === 'stop' && step.index === 2
          ? { ...step, index: 3, place: 4 }
          : step.kind === 'stop' && step.index === 3
            ? { ...step, index: 2, place: 3 }
            : step,
      ),
    })),
  ],
  skills: [changeVehicle({ skills: [] })],
  frozen: [{ vehicles: yard().vehicles.map((vehicle, index) => (index === 0 ? { ...vehicle, frozen: [1] } : vehicle)) }],
  unreachable: [{ profiles: [{ name: 'truck', distances: row(), durations: row().map((value, cell) => (cell === 1 ? -1 : value)) }] }],
  'travel time': [{}, changeStep(positionOf('site'), (step) => ({ arrival: step.arrival - 1 }))],
  'service time': [{}, changeStep(positionOf('stop', 0), (step) => ({ departure: step.departure - 1 }))],
  window: [changeStop(0, { windows: [[900, 901]] })],
  shift: [changeVehicle({ shift: [0, 50] })],
  release: [changeStop(1, { release: 900 })],
  break: [changeVehicle({ breaks: [{ id: 'lunch', service: 20, windows: [[950, 960]] }] })],
  capacity: [changeVehicle({ capacity: [3] })],
  load: [{}, changeStep(2, () => ({ load: [77] }))],
  kind: [{ sites: [{ ...yard().sites[0]!, kinds: ['paper'] }] }],
  site: [changeVehicle({ sites: [] })],
  trips: [changeVehicle({ maxTrips: 1 })],
  unload: [
    {},
    changeRoute((route) => ({
      steps: route.steps.toSpliced(
        route.steps.findLastIndex((step) => step.kind === 'site'),
        1,
      ),
    })),
  ],
  quota: [{ sites: [{ ...yard().sites[0]!, maxVisits: 1 }] }],
  duty: [changeVehicle({ maxDuty: 10 })],
  'travel limit': [changeVehicle({ maxTravel: 10 })],
  'distance limit': [changeVehicle({ maxDistance: 10 })],
  'stop limit': [changeVehicle({ maxStops: 1 })],
  cost: [{}, (solution) => ({ ...solution, cost: solution.cost - 1 })],
}

for (const [kind, [changes, plant]] of Object.entries(planted)) {
  test(`a planted violation is found: ${kind}`, () => {
    const found = kindsFound(changes, plant)
    assert.ok(found.includes(kind as ViolationKind), `found only ${found.join(', ')}`)
  })
}

test('quotas of load, kinds on one trip and a missing break are found too', () => {
  assert.ok(kindsFound({ sites: [{ ...yard().sites[0]!, maxLoad: [5] }] }).includes('quota'))
  const together = scheduleRoutes(yard(), [{ vehicle: 0, copy: 0, visits: [{ stop: 0 }, { stop: 1 }, { site: 0 }] }])
  assert.deepEqual(checkSolution(yard(), together).violations, [])
  assert.ok(checkSolution(yard({ incompatible: [['glass', 'paper']] }), together).violations.some(({ kind }) => kind === 'kind'))
  assert.ok(
    kindsFound(
      {},
      changeRoute((route) => ({ steps: route.steps.filter((step) => step.kind !== 'break') })),
    ).includes('break'),
  )
})

test('a required stop that is not served is missing, an optional one costs its prize', () => {
  const solution = scheduleRoutes(yard(), [])
  const check = checkSolution(yard(), solution)
  assert.deepEqual(check.missing, [0, 1, 2, 3])
  assert.equal(check.cost, 70)
})
