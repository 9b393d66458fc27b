import type { PlannedRoute } from './schedule.ts'
import type { Progress } from './solve.ts'
import type { Solution } from './solution.ts'

export interface SolveOptions {
  /** Any integer; 1 unless given. */
  readonly seed?: number
  /** In the unit of `now`; 10 000 unless a limit is given. Set-up is included. */
  readonly timeLimitMs?: number
  /** Ruin and recreate steps. */
  readonly iterations?: number
  /** Routes to begin from instead of an empty plan; stops that they leave out are inserted. */
  readonly start?: readonly PlannedRoute[]
  /** Fewest vehicles before least cost. */
  readonly vehiclesFirst?: boolean
  /** Milliseconds of any clock; wall time unless given. */
  readonly now?: () => number
  /** Asked every 64 steps. */
  readonly cancelled?: () => boolean
  /** Called with the first plan and each better one; `solution` makes the plan itself on demand. */
  readonly onProgress?: (progress: Progress, solution: () => Solution) => void
}

export interface ParsedOptions extends SolveOptions {
  readonly seed: number
  readonly vehiclesFirst: boolean
  readonly now: () => number
}

/** Checks the options and fills in defaults. Throws `RangeError` on a limit that is no positive number. */
export function parseOptions(options: SolveOptions): ParsedOptions {
  for (const name of ['timeLimitMs', 'iterations'] as const) {
    const limit = options[name]
    if (limit !== undefined && !(limit > 0)) throw new RangeError(`${name} must be above 0, not ${limit}`)
  }
  if (options.seed !== undefined && !Number.isSafeInteger(options.seed)) throw new RangeError(`seed must be an integer, not ${options.seed}`)
  const timeLimitMs = options.timeLimitMs ?? (options.iterations === undefined ? 10_000 : undefined)
  return {
    ...options,
    timeLimitMs,
    seed: options.seed ?? 1,
    vehiclesFirst: options.vehiclesFirst ?? false,
    now: options.now ?? (() => performance.now()),
  }
}
