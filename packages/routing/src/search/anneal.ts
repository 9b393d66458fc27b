/**
 * Simulated annealing over ruin and recreate (Schrimpf et al. 2000), with strings taken out as in Christiaens and Vanden Berghe 2020. The
 * temperature falls from a share of the mean edge to a small share of it, by the part of the budget that is spent.
 */
import type { Model } from './model.ts'
import { balanceCost } from './balance.ts'
import { copyPlan, createPlan, type Plan } from './plan.ts'
import { recreate } from './recreate.ts'
import { ruin, type RuinSettings } from './ruin.ts'
import { chooseVehicles } from './vehicles.ts'
import type { Workspace } from './workspace.ts'

export interface AnnealSettings extends RuinSettings {
  /** First and last temperature as shares of the mean edge of the first plan. */
  readonly hot: number
  readonly cold: number
}

/** What the search asks its owner every few iterations. */
export interface Budget {
  /** Part of the budget that is spent, 0 to 1; at 1 the search ends. */
  spent: (iteration: number) => number
  /** How many steps later to ask again; asked once after each `spent`. */
  pause: () => number
  /** Called with each plan that beats all former ones, at most once every few iterations. */
  improved: (best: Plan, iteration: number) => void
  /** A plan of another worker that beats ours, or undefined. */
  foreign: (cost: number) => Plan | undefined
}

/** Improves `current`, and returns the best plan found. `current` is the scratch plan of the search afterwards. */
export function anneal(m: Model, current: Plan, w: Workspace, settings: AnnealSettings, budget: Budget): Plan {
  const trial = createPlan(m)
  const best = createPlan(m)
  copyPlan(trial, current)
  copyPlan(best, current)
  const balanced = m.problem.balance !== undefined
  let currentCost = current.cost + (balanced ? balanceCost(m, current, w) : 0)
  let bestCost = currentCost
  const edge = meanEdge(m, current)
  const hot = settings.hot * edge
  const fall = Math.log(settings.cold / settings.hot)
  let temperature = hot
  let told = bestCost
  let question = 0
  for (let iteration = 0; ; iteration++) {
    if (iteration === question) {
      if (bestCost < told) {
        told = bestCost
        budget.improved(best, iteration)
      }
      const spent = budget.spent(iteration)
      if (spent >= 1) return best
      question = iteration + budget.pause()
      temperature = hot * Math.exp(fall * spent)
      w.temperature = temperature
      const foreign = budget.foreign(bestCost)
      if (foreign !== undefined) {
        for (const plan of [current, trial, best]) copyPlan(plan, foreign)
        currentCost = current.cost + (balanced ? balanceCost(m, current, w) : 0)
        bestCost = Math.min(bestCost, currentCost)
        told = bestCost
      }
    }
    if (!ruin(m, trial, w, settings)) {
      copyPlan(trial, current)
      continue
    }
    // A smaller vehicle for what is left makes the insertion pay for the larger one again.
    if (w.exchangeable) chooseVehicles(m, trial, w)
    recreate(m, trial, w)
    if (m.types.length > 1) chooseVehicles(m, trial, w)
    const cost = trial.cost + (balanced ? balanceCost(m, trial, w) : 0)
    if (cost < currentCost - temperature * Math.log(w.random.unit() + 1e-12)) {
      copyPlan(current, trial)
      currentCost = cost
      if (cost < bestCost - 1e-6) {
        copyPlan(best, trial)
        bestCost = cost
      }
    } else copyPlan(trial, current)
  }
}

/** Mean cost of an edge, the use of vehicles spread over them. */
function meanEdge(m: Model, plan: Plan): number {
  let total = 0
  let edges = 0
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    total += plan.routeCost[r]!
    edges += plan.routes[r * 4 + 1]! + 1
  }
  return edges === 0 ? 1 : Math.max(1e-3, total / edges)
}
