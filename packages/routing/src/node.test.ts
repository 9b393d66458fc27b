import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSolution } from './check.ts'
import { solveInThreads } from './node.ts'
import { createRandomProblem } from './random-problem.ts'
import { solve } from './solve.ts'
import { ProblemError } from './validate.ts'

// Seed 12 makes a problem of a few dozen stops with several rules.
const problem = createRandomProblem(12, 40)

test('one thread with an iteration limit gives the plan of the plain solver', async () => {
  const options = { iterations: 300, seed: 5 }
  assert.deepEqual(await solveInThreads(problem, options), solve(problem, options))
})

test('several threads give a plan that keeps every rule and is no worse than the first thread alone', async () => {
  const solution = await solveInThreads(problem, { iterations: 300, seed: 5, threads: 2 })
  const alone = solve(problem, { iterations: 300, seed: 5 })
  assert.deepEqual(checkSolution(problem, solution).violations, [])
  const missing = (plan: typeof solution): number => checkSolution(problem, plan).missing.length
  assert.ok(missing(solution) <= missing(alone))
})

test('a limit of CPU time is kept however busy the machine is', async () => {
  const before = process.cpuUsage()
  const solution = await solveInThreads(problem, { timeLimitMs: 300, clock: 'cpu' })
  const { user, system } = process.cpuUsage(before)
  assert.deepEqual(checkSolution(problem, solution).violations, [])
  assert.ok(user + system >= 300_000, `${user + system} µs`)
})

test('an abort ends the search with a plan', async () => {
  const controller = new AbortController()
  let told = 0
  const solution = await solveInThreads(problem, {
    iterations: 1_000_000_000,
    signal: controller.signal,
    onProgress: () => {
      told++
      controller.abort()
    },
  })
  assert.ok(told > 0)
  assert.deepEqual(checkSolution(problem, solution).violations, [])
})

test('a bad problem rejects with its error, a bad number of threads with another', async () => {
  await assert.rejects(
    solveInThreads({ ...problem, vehicles: [] }, { iterations: 1 }),
    (error) => error instanceof ProblemError && /has no vehicle/.test(error.message),
  )
  await assert.rejects(solveInThreads(problem, { iterations: 1, threads: 0 }), RangeError)
})
