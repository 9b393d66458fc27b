import { Worker } from 'node:worker_threads'
import type { SolveOptions } from './options.ts'
import type { Problem } from './problem.ts'
import { createSharedBest, readShared } from './shared-best.ts'
import type { Progress } from './solve.ts'
import type { Solution } from './solution.ts'
import { validateProblem } from './validate.ts'

export interface PortfolioOptions extends Omit<SolveOptions, 'now' | 'cancelled' | 'onProgress'> {
  /** Worker threads; 1 unless given. Each has a seed of its own, counted up from the given one. */
  readonly threads?: number
  /** What `timeLimitMs` counts: wall time unless `cpu` is given, each thread's own CPU time, which other jobs on the machine leave alone. */
  readonly clock?: 'wall' | 'cpu'
  readonly signal?: AbortSignal
  /** Called at most ten times a second and thread. */
  readonly onProgress?: (progress: Progress) => void
}

interface WorkerAnswer {
  readonly kind: 'progress' | 'solution' | 'error'
  readonly progress?: Progress
  readonly solution?: Solution
  readonly error?: Error
}

/**
 * Solves in worker threads, so that the caller's thread stays free, and gives the best plan of all. In the later half of the budget the threads take over
 * each other's best plan now and then. One thread with an iteration limit gives the same plan as `solve`; several depend on timing. An aborted signal ends
 * the search within some milliseconds with the best plan so far. Rejects with the `ProblemError` of a bad problem.
 */
export async function solveInThreads(problem: Problem, options: PortfolioOptions = {}): Promise<Solution> {
  const { threads = 1, clock = 'wall', signal, onProgress, ...plain } = options
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) throw new RangeError(`threads must be from 1 to 64, not ${threads}`)
  const shared = createSharedBest(validateProblem(problem))
  const abort = (): void => void Atomics.store(readShared(shared).flags, 2, 1)
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort)
  try {
    const seed = plain.seed ?? 1
    const runs = Array.from({ length: threads }, (_, index) =>
      runWorker({ problem, options: { ...plain, seed: seed + index }, shared, alone: threads === 1, clock }, onProgress),
    )
    const solutions = await Promise.all(runs)
    return solutions.reduce((best, other) => (isBetter(problem, other, best) ? other : best))
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function isBetter(problem: Problem, a: Solution, b: Solution): boolean {
  const missing = (solution: Solution): number => solution.unassigned.filter(({ stop }) => problem.stops[stop]!.prize === undefined).length
  return missing(a) < missing(b) || (missing(a) === missing(b) && a.cost < b.cost)
}

async function runWorker(workerData: object, onProgress?: (progress: Progress) => void): Promise<Solution> {
  // Packed copies of this package hold JavaScript only.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./portfolio-worker.${extension}`, import.meta.url), { workerData })
  return await new Promise<Solution>((resolve, reject) => {
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'progress') onProgress?.(answer.progress!)
      else if (answer.kind === 'solution') resolve(answer.solution!)
      else reject(answer.error!)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`A worker of the solver ended with code ${code} before it answered`)))
  })
}
