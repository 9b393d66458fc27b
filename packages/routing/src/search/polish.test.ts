import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProblem, createStop, createVehicle } from '../problem.ts'
import { createRandomProblem } from '../random-problem.ts'
import { evaluateRoute } from './evaluate.ts'
import { compileModel } from './model.ts'
import { createPlan } from './plan.ts'
import { readRoutes, writeRoutes } from './plan-numbers.ts'
import { maySearchLocally, polish } from './polish.ts'
import { recreate } from './recreate.ts'
import { list } from './ruin.ts'
import { sequenceOf } from './sequence.ts'
import { settingsFor } from './settings.ts'
import { createWorkspace } from './workspace.ts'

test('the descent never makes a plan dearer, loses no stop, and leaves books that the evaluator confirms', () => {
  let gained = 0
  let tried = 0
  for (let seed = 0; seed < 150; seed++) {
    const m = compileModel(createRandomProblem(seed, 30))
    const w = createWorkspace(m, seed, settingsFor(m, false))
    if (!maySearchLocally(m, w)) continue
    const plan = createPlan(m)
    w.iteration++
    for (let c = 0; c < m.n; c++) list(m, plan, w, c)
    recreate(m, plan, w, true)
    const better = polish(m, plan, w, () => 0)
    tried++
    assert.ok(better.cost <= plan.cost)
    if (better.cost < plan.cost) gained++
    assert.equal(better.missing, plan.missing)
    for (let r = 0; r < m.routes; r++) {
      if (better.routes[r * 4 + 1] === 0) continue
      sequenceOf(m, better, w.evaluator, r)
      assert.equal(evaluateRoute(m, w.evaluator, better.routes[r * 4]!), better.routeCost[r], `problem ${seed}`)
    }
  }
  assert.ok(tried > 50 && gained > 20, `${gained} of ${tried} plans gained`)
})

test('a crossing is undone by 2-opt, and tails of two routes are exchanged', () => {
  const points = [
    [0, 0],
    [0, 10],
    [10, 10],
    [10, 0],
    [-10, 0],
    [-10, 10],
  ] as const
  const distances = Int32Array.from(points.flatMap(([ax, ay]) => points.map(([bx, by]) => Math.round(100 * Math.hypot(ax - bx, ay - by)))))
  const m = compileModel(
    createProblem({
      places: 6,
      profiles: [{ name: 'plane', distances, durations: distances }],
      stops: [1, 2, 3, 4, 5].map((place) => createStop({ id: String(place), place, delivery: [1] })),
      vehicles: [createVehicle({ id: 'v', count: 2, start: 0, end: 0, capacity: [3], fixed: 1000 })],
    }),
  )
  const w = createWorkspace(m, 1, settingsFor(m, false))
  const crossed = readRoutes(m, w, Int32Array.from([0, 3, 1, 0, 2, 0, 2, 3, 4]))
  assert.equal(polish(m, crossed, w, () => 0).cost, 2000 + 4000 + 1000 + 1000 + 1414)
  const mixed = readRoutes(m, w, Int32Array.from([0, 3, 2, 1, 4, 0, 2, 3, 0]))
  const done = polish(m, mixed, w, () => 0)
  assert.ok(done.cost < mixed.cost)
  assert.deepEqual([...writeRoutes(m, done)].filter((_, index) => index > 1).length, 7)
})
