/** One thread of the portfolio: gets the problem as worker data, posts progress and in the end the plan. */
import { parentPort, workerData } from 'node:worker_threads'
import type { SolveOptions } from './options.ts'
import type { Problem } from './problem.ts'
import { createSharedExchange, readShared, type SharedBest } from './shared-best.ts'
import { solve } from './solve.ts'

interface Work {
  readonly problem: Problem
  readonly options: SolveOptions
  readonly shared: SharedBest
  readonly alone: boolean
  readonly clock: 'wall' | 'cpu'
}

const { problem, options, shared, alone, clock } = workerData as Work
const { flags } = readShared(shared)
let told = 0
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
try {
  const solution = solve(
    problem,
    {
      ...options,
      now: clock === 'cpu' ? cpuMs : undefined,
      cancelled: () => Atomics.load(flags, 2) === 1,
      onProgress: (progress) => {
        if (performance.now() - told < 100) return
        told = performance.now()
        parentPort!.postMessage({ kind: 'progress', progress })
      },
    },
    alone ? undefined : createSharedExchange(shared),
  )
  parentPort!.postMessage({ kind: 'solution', solution })
} catch (error) {
  parentPort!.postMessage({ kind: 'error', error })
}
