import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution } from '../check.ts'
import { createProblem, createStop, createVehicle } from '../problem.ts'
import { Random } from '../random.ts'
import { solve } from '../solve.ts'

test('with vehicles first, tight windows and loads, plans keep every rule and need no more vehicles than a hidden plan', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = new Random(seed)
    const points: [number, number][] = [[500, 500]]
    const distance = (a: readonly number[], b: readonly number[]): number => Math.round(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!))
    const stops = []
    // Four tours of ten stops that fill a vehicle, each stop open for a while around its time in the tour.
    for (let tour = 0; tour < 4; tour++) {
      let now = 0
      let at = points[0]!
      for (let k = 0; k < 10; k++) {
        const next: [number, number] = [random.below(1000), random.below(1000)]
        now += distance(at, next)
        points.push(next)
        const width = 20 + random.below(200)
        const delivery = [k < 9 ? 5 : 55]
        stops.push(
          createStop({ id: `${tour}-${k}`, place: points.length - 1, delivery, service: 10, windows: [[Math.max(0, now - width), now + width]] }),
        )
        now += 10
        at = next
      }
    }
    const distances = Int32Array.from(points.flatMap((a) => points.map((b) => distance(a, b))))
    const problem = createProblem({
      places: points.length,
      profiles: [{ name: 'plane', distances, durations: distances }],
      stops,
      vehicles: [createVehicle({ id: 'v', count: 40, start: 0, end: 0, capacity: [100], shift: [0, 20_000] })],
    })
    const solution = solve(problem, { seed, iterations: 20_000, vehiclesFirst: true })
    const { violations, missing } = checkSolution(problem, solution)
    assert.deepEqual([violations, missing], [[], []])
    assert.ok(solution.routes.length <= 4, `seed ${seed}: ${solution.routes.length} vehicles`)
  }
})
