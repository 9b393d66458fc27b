import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProblem, createStop, createVehicle, type Problem, type Stop } from '../problem.ts'
import { createRandomProblem } from '../random-problem.ts'
import { Random } from '../random.ts'
import { createEvaluator, evaluateRoute } from './evaluate.ts'
import { applyInsertion, findInsertion } from './insert.ts'
import { compileModel, type Model } from './model.ts'
import { createPlan, insertStop, openRoute, refreshRoute, type Plan } from './plan.ts'
import { readRoutes, writeRoutes } from './plan-numbers.ts'
import { recreate } from './recreate.ts'
import { list, ruin } from './ruin.ts'
import { sequenceOf } from './sequence.ts'
import { settingsFor } from './settings.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** Stops in the plane with a load each; `change` adds rules. */
function plane(
  seed: number,
  count: number,
  change: (stop: Stop, random: Random) => Partial<Stop> = () => ({}),
  more: Partial<Problem> = {},
): Problem {
  const random = new Random(seed)
  const points = Array.from({ length: count + 1 }, () => [random.below(1000), random.below(1000)] as const)
  const distances = Int32Array.from({ length: points.length ** 2 }, (_, cell) => {
    const [a, b] = [points[Math.floor(cell / points.length)]!, points[cell % points.length]!]
    return Math.round(Math.hypot(a[0] - b[0], a[1] - b[1]))
  })
  const stops = Array.from({ length: count }, (_, index) => {
    const stop = createStop({ id: String(index), place: index + 1, delivery: [1 + random.below(9)], service: 10 })
    return { ...stop, ...change(stop, random) }
  })
  const vehicles = [createVehicle({ id: 'v', count: 30, start: 0, end: 0, capacity: [40] })]
  return createProblem({ places: points.length, profiles: [{ name: 'plane', distances, durations: distances }], stops, vehicles, ...more })
}

function begin(problem: Problem, seed: number, blinkRate = 0): { m: Model; plan: Plan; w: Workspace } {
  const m = compileModel(problem)
  const w = createWorkspace(m, seed, { ...settingsFor(m, false), blinkRate })
  const plan = createPlan(m)
  w.iteration++
  for (let c = 0; c < m.n; c++) list(m, plan, w, c)
  recreate(m, plan, w, true)
  return { m, plan, w }
}

/** Goes through ruin and recreate and hands every plan to `look`. */
function churn(problem: Problem, seed: number, steps: number, look: (m: Model, plan: Plan, w: Workspace) => void): void {
  const { m, plan, w } = begin(problem, seed, 0.01)
  for (let step = 0; step < steps; step++) {
    if (!ruin(m, plan, w, settingsFor(m, false))) return
    recreate(m, plan, w)
    look(m, plan, w)
  }
}

test('the books of a plan equal what the exact evaluator finds, after every step, whatever the rules', () => {
  for (let seed = 0; seed < 120; seed++) {
    churn(createRandomProblem(seed, 25), seed, 12, (m, plan, w) => {
      let total = 0
      for (let r = 0; r < m.routes; r++) {
        if (plan.routes[r * 4 + 1] === 0) continue
        sequenceOf(m, plan, w.evaluator, r)
        const exact = evaluateRoute(m, w.evaluator, plan.routes[r * 4]!)
        assert.equal(plan.routeCost[r], exact, `route cost, problem ${seed}`)
        total += exact
      }
      for (let c = 0; c < m.n; c++) if (plan.links[c * 4 + 2]! < 0) total += m.forgone[c]!
      assert.ok(Math.abs(total - plan.cost) < 1e-6 * total + 1e-6, `plan cost, problem ${seed}`)
    })
  }
})

test('times that are refreshed around an insertion equal those of a full refresh', () => {
  const problem = plane(3, 60, (_, random) => {
    const opens = random.below(3000)
    return { windows: [[opens, opens + 200 + random.below(1500)]] }
  })
  churn(problem, 5, 60, (m, plan) => {
    for (let r = 0; r < m.routes; r++) {
      if (plan.routes[r * 4 + 1] === 0) continue
      const before = plan.times.slice()
      refreshRoute(m, plan, r)
      assert.deepEqual(plan.times, before)
    }
  })
})

test('the insertion of plain stops finds the best position that trying them all finds', () => {
  const { m, plan, w } = begin(plane(11, 40), 1)
  const wide = { ...w, neighbours: w.neighbours, lean: true }
  for (let c = 0; c < 10; c++) {
    ruin(m, plan, w, settingsFor(m, false))
    const absent = [...w.absent.subarray(0, w.absentCount)]
    for (const stop of absent) {
      findInsertion(m, plan, wide, stop, true)
      const fast = wide.pick.delta
      const slow = cheapest(m, plan, stop)
      assert.ok(fast >= slow, 'never cheaper than the best')
      if (m.n - 1 <= w.neighbourCount) assert.equal(fast, slow)
      applyInsertion(m, plan, wide, stop)
    }
  }
})

test('with all stops as neighbours, plain and windowed scans both agree with trying every position', () => {
  for (const windows of [false, true]) {
    const problem = plane(17, 28, (_, random) => (windows ? { windows: [[0, 1500 + random.below(2000)]] } : {}))
    const { m, plan, w } = begin(problem, 2)
    assert.equal(w.lean, !windows)
    for (let step = 0; step < 40; step++) {
      ruin(m, plan, w, settingsFor(m, false))
      const absent = [...w.absent.subarray(0, w.absentCount)]
      for (const stop of absent) {
        findInsertion(m, plan, w, stop, true)
        assert.equal(w.pick.delta, cheapest(m, plan, stop))
        applyInsertion(m, plan, w, stop)
      }
    }
  }
})

test('a plan survives the way to another thread as numbers', () => {
  for (let seed = 0; seed < 60; seed++) {
    churn(createRandomProblem(seed, 25), seed, 3, (m, plan, w) => {
      const copy = readRoutes(m, w, writeRoutes(m, plan))
      assert.deepEqual(writeRoutes(m, copy), writeRoutes(m, plan))
      assert.ok(Math.abs(copy.cost - plan.cost) < 1e-6 * plan.cost + 1e-6)
      assert.equal(copy.missing, plan.missing)
    })
  }
})

test('the plain walk of the evaluator agrees with the full one', () => {
  const problem = plane(23, 30, (_, random) => ({ windows: [[0, 800 + random.below(4000)]], release: random.below(300) }), {
    vehicles: [createVehicle({ id: 'v', count: 30, start: 0, end: 0, capacity: [60], perDuty: 0.5, maxDuty: 3000 })],
  })
  const m = compileModel(problem)
  assert.ok(m.types[0]!.plain)
  const full: Model = { ...m, types: m.types.map((type) => ({ ...type, plain: false })) }
  const e = createEvaluator(m)
  const random = new Random(4)
  let feasible = 0
  for (let round = 0; round < 3000; round++) {
    e.length = 1 + random.below(6)
    for (let i = 0; i < e.length; i++) e.sequence[i] = (round + 7 * i + random.below(3)) % m.n
    const quick = evaluateRoute(m, e, 0)
    const delay = e.delay
    assert.equal(evaluateRoute(full, e, 0), quick)
    if (quick === Infinity) continue
    feasible++
    assert.equal(e.delay, delay)
  }
  assert.ok(feasible > 300 && feasible < 2900, `${feasible} were feasible`)
})

/** The slow twin: every position of every route, and a new route, each judged by the evaluator on its own. */
function cheapest(m: Model, plan: Plan, c: number): number {
  const e = createEvaluator(m)
  let best = Infinity
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    sequenceOf(m, plan, e, r)
    const stops = [...e.sequence.subarray(0, e.length)]
    for (let position = 0; position <= stops.length; position++) {
      const longer = stops.toSpliced(position, 0, c)
      e.sequence.set(longer)
      e.length = longer.length
      best = Math.min(best, evaluateRoute(m, e, plan.routes[r * 4]!) - plan.routeCost[r]!)
    }
  }
  e.sequence[0] = c
  e.length = 1
  return Math.min(best, evaluateRoute(m, e, 0))
}

test('a route that loses its last stop costs nothing and frees its vehicle', () => {
  const m = compileModel(plane(1, 3))
  const w = createWorkspace(m, 1, settingsFor(m, false))
  const plan = createPlan(m)
  const empty = plan.cost
  openRoute(m, plan, 0, 0)
  insertStop(m, plan, 1, m.n)
  assert.equal(plan.used[0], 1)
  ruin(m, plan, w, settingsFor(m, false))
  assert.equal(plan.used[0], 0)
  assert.equal(plan.cost, empty)
})
