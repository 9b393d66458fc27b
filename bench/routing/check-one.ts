/** Judges the routes of another solver: `node check-one.ts FILE < routes.json` prints the cost that our checker finds for them. */
import { readFileSync } from 'node:fs'
import { checkSolution } from '../../packages/routing/src/check.ts'
import { scheduleRoutes, type PlannedRoute } from '../../packages/routing/src/schedule.ts'
import { readInstance } from './instances.ts'

const benchmark = readInstance(process.argv[2]!)
const routes = JSON.parse(readFileSync(0, 'utf8')) as PlannedRoute[]
const alike = benchmark.problem.vehicles.length === 1
const solution = scheduleRoutes(benchmark.problem, alike ? routes.map((route, copy) => ({ ...route, vehicle: 0, copy })) : routes)
const { violations, cost, missing } = checkSolution(benchmark.problem, solution)
console.log(
  JSON.stringify({
    cost: Number((cost / benchmark.scale).toFixed(2)),
    vehicles: solution.routes.length,
    violations: violations.length,
    missing: missing.length,
  }),
)
