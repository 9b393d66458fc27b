import { randomUUID } from 'node:crypto'
import { FormatError, ProblemError, readVroom, writeVroom, type Progress, type Travel, type VroomInput } from '@cityloop/routing'
import { solveInThreads } from '@cityloop/routing/node'

/** Caps on what one caller may ask of the solver. */
export interface RouteLimits {
  readonly maxTimeMs: number
  readonly maxStops: number
  /** Jobs that wait; one more is refused. */
  readonly maxQueue: number
  /** Jobs that run at once, each with `threads` threads. */
  readonly maxRunning: number
  readonly threads: number
  /** Finished jobs that are kept for their callers; the oldest goes first. */
  readonly maxKept: number
}

/** Why a job was not taken. `full` and `tooLarge` are limits of this server, `badInput` is the document's fault. */
export type RouteRefusal = 'badInput' | 'tooLarge' | 'full'

export interface RouteJob {
  readonly id: string
  readonly state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  readonly progress?: Progress
  /** VROOM's answer; of a cancelled job the best plan so far, if it had begun. */
  readonly answer?: Record<string, unknown>
  readonly error?: string
}

export type Submission =
  | { readonly kind: 'accepted'; readonly job: RouteJob }
  | { readonly kind: 'refused'; readonly refusal: RouteRefusal; readonly detail: string }

export interface RouteJobs {
  /** Takes a VROOM document. Never throws for what the document says. */
  readonly submit: (document: unknown) => Submission
  /** The job as it stands; undefined when it is not known or no longer kept. */
  readonly get: (id: string) => RouteJob | undefined
  /** Resolves with the job when it has ended, or as it stands after `timeoutMs`. */
  readonly wait: (id: string, timeoutMs: number) => Promise<RouteJob | undefined>
  /** Ends a job with the best plan so far; false when it has ended or is not known. */
  readonly cancel: (id: string) => boolean
  /** Cancels all jobs and resolves when their threads have ended. */
  readonly close: () => Promise<void>
}

export const defaultRouteLimits: RouteLimits = { maxTimeMs: 60_000, maxStops: 2000, maxQueue: 16, maxRunning: 1, threads: 1, maxKept: 100 }

interface Entry {
  job: RouteJob
  readonly input: VroomInput
  readonly controller: AbortController
  ended: Promise<void>
  end: () => void
}

/** How long a problem is worked on whose document states no limit. */
function usualTimeMs({ problem }: VroomInput): number {
  return 1000 + 20 * problem.stops.length
}

/** Runs route problems in worker threads: a bounded queue in order of arrival, refused when full. `travel` makes matrices for documents without. */
export function createRouteJobs(
  limits: RouteLimits = defaultRouteLimits,
  travel?: (points: [number, number][], profile: string) => Travel,
): RouteJobs {
  const entries = new Map<string, Entry>()
  const waiting: Entry[] = []
  const running = new Set<Entry>()

  function startNext(): void {
    while (running.size < limits.maxRunning) {
      const entry = waiting.shift()
      if (entry === undefined) return
      running.add(entry)
      void run(entry)
    }
  }

  async function run(entry: Entry): Promise<void> {
    const { input, controller } = entry
    const started = performance.now()
    entry.job = { ...entry.job, state: 'running' }
    try {
      const timeLimitMs = Math.min(limits.maxTimeMs, input.options.timeLimitMs ?? usualTimeMs(input))
      const solution = await solveInThreads(input.problem, {
        seed: input.options.seed,
        start: input.options.start,
        timeLimitMs,
        threads: limits.threads,
        signal: controller.signal,
        onProgress: (progress) => {
          entry.job = { ...entry.job, progress }
        },
      })
      const answer = writeVroom(input, solution, performance.now() - started)
      entry.job = { ...entry.job, state: controller.signal.aborted ? 'cancelled' : 'done', answer }
    } catch (error) {
      entry.job = { ...entry.job, state: 'failed', error: error instanceof Error ? error.message : String(error) }
    }
    running.delete(entry)
    finish(entry)
    startNext()
  }

  function finish(entry: Entry): void {
    entry.end()
    const ended = [...entries.values()].filter(({ job }) => job.state !== 'waiting' && job.state !== 'running')
    for (const old of ended.slice(0, Math.max(0, ended.length - limits.maxKept))) entries.delete(old.job.id)
  }

  function cancel(id: string): boolean {
    const entry = entries.get(id)
    if (entry === undefined || (entry.job.state !== 'waiting' && entry.job.state !== 'running')) return false
    entry.controller.abort()
    const place = waiting.indexOf(entry)
    if (place >= 0) {
      waiting.splice(place, 1)
      entry.job = { ...entry.job, state: 'cancelled' }
      finish(entry)
    }
    return true
  }

  return {
    submit: (document) => {
      let input: VroomInput
      try {
        input = readVroom(document, travel)
      } catch (error) {
        if (error instanceof FormatError || error instanceof ProblemError) return { kind: 'refused', refusal: 'badInput', detail: error.message }
        throw error
      }
      const stops = input.problem.stops.length
      if (stops > limits.maxStops)
        return { kind: 'refused', refusal: 'tooLarge', detail: `The document has ${stops} stops, and may have ${limits.maxStops}` }
      if (waiting.length >= limits.maxQueue)
        return { kind: 'refused', refusal: 'full', detail: `${waiting.length} route problems are waiting already` }
      const { promise, resolve } = Promise.withResolvers<void>()
      const entry: Entry = { job: { id: randomUUID(), state: 'waiting' }, input, controller: new AbortController(), ended: promise, end: resolve }
      entries.set(entry.job.id, entry)
      waiting.push(entry)
      startNext()
      return { kind: 'accepted', job: entry.job }
    },
    get: (id) => entries.get(id)?.job,
    wait: async (id, timeoutMs) => {
      const entry = entries.get(id)
      if (entry === undefined) return undefined
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, timeoutMs)
      await Promise.race([entry.ended, promise])
      clearTimeout(timer)
      return entry.job
    },
    cancel,
    close: async () => {
      const open = [...entries.values()].filter(({ job }) => job.state === 'waiting' || job.state === 'running')
      for (const entry of open) cancel(entry.job.id)
      await Promise.all(open.map((entry) => entry.ended))
    },
  }
}
