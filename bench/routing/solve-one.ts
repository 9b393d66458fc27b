/** One cell of ours, in a process of its own: `node solve-one.ts FILE LIMIT_S SEED` prints cost, CPU seconds of the solving thread, and the trace. */
import { checkSolution } from '../../packages/routing/src/check.ts'
import { solve } from '../../packages/routing/src/solve.ts'
import { readInstance } from './instances.ts'

const [path, limit, seed] = process.argv.slice(2)
// CPU time of this thread since the process began, so that reading and set-up count.
const now = (): number => {
  const used = process.threadCpuUsage()
  return (used.user + used.system) / 1000
}
const benchmark = readInstance(path!)
const already = now()
const trace: [number, number][] = []
const solution = solve(benchmark.problem, {
  seed: Number(seed),
  timeLimitMs: Number(limit) * 1000 - already,
  now,
  vehiclesFirst: benchmark.vehiclesFirst,
  onProgress: ({ cost }) => trace.push([Math.round(now()) / 1000, cost / benchmark.scale]),
})
const cpu = now() / 1000
const { violations, cost, missing } = checkSolution(benchmark.problem, solution)
const every = Math.max(1, Math.ceil(trace.length / 30))
console.log(
  JSON.stringify({
    cost: Number((cost / benchmark.scale).toFixed(2)),
    vehicles: solution.routes.length,
    cpu: Number(cpu.toFixed(2)),
    violations: violations.length,
    missing: missing.length,
    first: trace[0]?.[0],
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    trace: trace.filter((_, index) => index % every === 0 || index === trace.length - 1),
  }),
)
