import { parseOptions, type SolveOptions } from './options.ts'
import type { Problem } from './problem.ts'
import { breed, mayBreed } from './search/genetic/genetic.ts'
import { anneal, type Budget } from './search/anneal.ts'
import { reduceFleet } from './search/fleet.ts'
import { compileModel, type Model } from './search/model.ts'
import { createPlan, type Plan } from './search/plan.ts'
import { maySearchLocally, polish } from './search/polish.ts'
import { recreate } from './search/recreate.ts'
import { toSolution } from './search/report.ts'
import { startFrozen } from './search/frozen.ts'
import { startFrom } from './search/given-start.ts'
import { readRoutes, writeRoutes } from './search/plan-numbers.ts'
import { createWorkspace, type Workspace } from './search/workspace.ts'
import { list } from './search/ruin.ts'
import { validateProblem } from './validate.ts'
import { settingsFor, type SearchSettings } from './search/settings.ts'
import type { Solution } from './solution.ts'

/** How solvers in several threads share their best plan. Plans travel as plain numbers. */
export interface Exchange {
  /** Offers a plan that beats all of this solver's former ones. */
  readonly offer: (cost: number, routes: Int32Array) => void
  /** A plan of others that is cheaper than `cost`, or undefined. */
  readonly take: (cost: number) => Int32Array | undefined
}

/** Above so many stops annealing alone was the better (X-n459-k26, 10 s). */
const mostToBreed = 400
/** Part of the budget that annealing gets before the genetic search. */
const annealedFirst = 0.3

export interface Progress {
  readonly iteration: number
  /** Part of the budget that is spent, 0 to 1. */
  readonly spent: number
  readonly cost: number
  readonly missing: number
}

/**
 * Plans the routes. Throws `ProblemError` on a problem that contradicts itself, and on given routes that break a rule. Runs on the calling thread until
 * the time or the iterations are used up, or `cancelled` says so, and returns the best plan; the same seed and iteration limit give the same plan.
 */
export function solve(problem: Problem, options: SolveOptions = {}, exchange?: Exchange): Solution {
  const { now, timeLimitMs, iterations, seed, cancelled, onProgress, start, vehiclesFirst } = parseOptions(options)
  const started = now()
  const m = compileModel(validateProblem(problem), start?.length)
  const settings = settingsFor(m, vehiclesFirst)
  const w = createWorkspace(m, seed, settings)
  const plan = createPlan(m)
  if (start === undefined) startFrozen(m, plan, w)
  else startFrom(m, plan, w, start)
  // Optional stops come in too: the search drops those that do not pay, whereas it would hardly open a route for one. Beside given routes they must pay.
  buildFirstPlan(m, plan, w, start === undefined)
  const pause = iterations === undefined ? createPacer(now) : () => 64
  let iteration = 0
  let ended = false
  const share = (limit: number) => (count: number) => {
    if (ended || cancelled?.() === true) ended = true
    if (ended) return 1
    const byTime = timeLimitMs === undefined ? 0 : (now() - started) / (timeLimitMs * limit)
    const byCount = iterations === undefined ? 0 : count / (iterations * limit)
    return Math.min(1, Math.max(byTime, byCount))
  }
  const tell = (best: Plan, count: number): void => {
    iteration = count
    onProgress?.({ iteration, spent: share(1)(count), cost: best.cost, missing: best.missing }, () => toSolution(m, best, w))
    exchange?.offer(best.cost, writeRoutes(m, best))
  }
  tell(plan, 0)
  const reduced = vehiclesFirst ? reduceFleet(m, plan, w, settings, { pause, spent: share(settings.fleetShare) }) : plan
  const polishes = maySearchLocally(m, w)
  let spent = 0
  // Threads that always follow the best one search the same place; a few late hand-overs keep them apart and together.
  let nextTake = 0.5
  const budget: Budget = {
    pause,
    spent: (count) => (spent = share(polishes ? 0.985 : 1)(count)),
    improved: tell,
    foreign: (cost) => {
      if (exchange === undefined || spent < nextTake) return undefined
      nextTake = spent + 0.1
      const routes = exchange.take(cost)
      return routes === undefined ? undefined : readRoutes(m, w, routes)
    },
  }
  const annealed = m.n === 0 ? reduced : searchFrom(m, reduced, w, settings, budget, vehiclesFirst)
  // Where iterations alone limit the search, the descent ends by itself and the answer stays the same on every machine.
  const timeIsUp = (): number => (timeLimitMs === undefined || ended ? 0 : share(1)(0))
  const best = polishes && !ended ? polish(m, annealed, w, timeIsUp) : annealed
  return toSolution(m, best, w)
}

/** Annealing; where the genetic search knows all rules and the stops are few enough for it, that begins from what a shorter annealing found. */
function searchFrom(m: Model, plan: Plan, w: Workspace, settings: SearchSettings, budget: Budget, vehiclesFirst: boolean): Plan {
  if (vehiclesFirst || m.n > mostToBreed || !mayBreed(m, w)) return anneal(m, plan, w, settings, budget)
  const first: Budget = { ...budget, spent: (count) => Math.min(1, budget.spent(count) / annealedFirst) }
  const annealed = anneal(m, plan, w, settings, first)
  if (budget.spent(0) >= 1) return annealed
  // Which stops to leave out is a question that the genetic search does not ask.
  return annealed.missing > 0 ? anneal(m, annealed, w, settings, budget) : breed(m, annealed, w, budget)
}

/** Steps between two looks at the clock: rare enough to be free, often enough to stop within some milliseconds. */
function createPacer(now: () => number): () => number {
  let steps = 16
  let last = now()
  return () => {
    const clock = now()
    if (clock - last < 4) steps = Math.min(4096, steps * 2)
    else if (clock - last > 12) steps = Math.max(1, steps >> 1)
    last = clock
    return steps
  }
}

function buildFirstPlan(m: Model, plan: Plan, w: Workspace, withAll: boolean): void {
  w.iteration++
  w.absentCount = 0
  w.touchedCount = 0
  for (let c = 0; c < m.n; c++) if (plan.links[c * 4 + 2]! < 0) list(m, plan, w, c)
  recreate(m, plan, w, withAll)
}
