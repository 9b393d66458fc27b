/**
 * Fewer vehicles first, in two ways one after the other: ruin and recreate with stops left out, which is good at few long routes, and ejection
 * (`ejection.ts`), which is good at many short ones.
 */
import type { Budget } from './anneal.ts'
import { ejectRoutes, mayEject } from './ejection.ts'
import type { Model } from './model.ts'
import { copyPlan, createPlan, type Plan } from './plan.ts'
import { recreate } from './recreate.ts'
import { settleRoute } from './reloads.ts'
import { ruin, takeOut, type RuinSettings } from './ruin.ts'
import type { Workspace } from './workspace.ts'

type FleetBudget = Pick<Budget, 'spent' | 'pause'>

/** Reduces the routes in use as far as the budget lets it; returns the plan, and sets its count as the workspace's route limit. Uses `current` up. */
export function reduceFleet(m: Model, current: Plan, w: Workspace, settings: RuinSettings, budget: FleetBudget): Plan {
  const ejects = mayEject(m, w)
  const part: FleetBudget = { pause: budget.pause, spent: (count) => Math.min(1, 5 * budget.spent(count)) }
  const least = fewestVehicles(m)
  leaveStopsOut(m, current, w, settings, least, ejects ? part : budget)
  const plan = ejects && current.missing === 0 ? ejectRoutes(m, current, w, least, budget) : current
  w.routeLimit = usedRoutes(m, plan)
  return plan
}

/**
 * Christiaens and Vanden Berghe 2020, 5.4: the route whose stops were hardest to place least often is given up; ruin and recreate then goes on with
 * stops left out until all fit again. Plans are compared by how often their left-out stops were left out before.
 */
function leaveStopsOut(m: Model, current: Plan, w: Workspace, settings: RuinSettings, least: number, budget: FleetBudget): void {
  const best = createPlan(m)
  const trial = createPlan(m)
  copyPlan(best, current)
  const leftOut = new Float64Array(m.n).fill(1)
  let target = usedRoutes(m, current)
  let sum = sumLeftOut(m, current, leftOut)
  const temperature = Math.max(1, (current.cost - unserved(m, current)) / (m.n + m.routes)) * 0.1
  let question = 0
  for (let iteration = 0; ; iteration++) {
    if (current.missing === 0) {
      copyPlan(best, current)
      target = usedRoutes(m, current)
      if (target <= least) break
      w.routeLimit = target - 1
      giveUpRoute(m, current, w, leftOut)
      copyPlan(trial, current)
      sum = sumLeftOut(m, current, leftOut)
    }
    if (iteration === question) {
      if (budget.spent(iteration) >= 1) break
      question = iteration + budget.pause()
    }
    if (!ruin(m, trial, w, settings)) {
      copyPlan(trial, current)
      continue
    }
    recreate(m, trial, w)
    const trialSum = trial.missing === 0 ? 0 : sumLeftOut(m, trial, leftOut)
    const sameCount = trial.missing <= current.missing
    const cheaper = trial.cost - unserved(m, trial) < current.cost - unserved(m, current) - temperature * Math.log(w.random.unit() + 1e-12)
    if (trial.missing > 0) for (let c = 0; c < m.n; c++) if (trial.links[c * 4 + 2]! < 0 && m.required[c] === 1) leftOut[c] = leftOut[c]! + 1
    if (trial.missing === 0 || trialSum < sum || (sameCount && cheaper)) {
      copyPlan(current, trial)
      sum = sumLeftOut(m, current, leftOut)
    } else copyPlan(trial, current)
  }
  copyPlan(current, best)
}

/** Vehicles that the load alone needs. */
function fewestVehicles(m: Model): number {
  let least = 1
  for (let q = 0; q < m.quantities; q++) {
    let total = 0
    for (let c = 0; c < m.n; c++) total += m.demand[c * m.quantities + q]!
    const largest = Math.max(1, ...m.types.map((type) => type.capacity[q]!))
    if (!m.hasReloads) least = Math.max(least, Math.ceil(total / largest))
  }
  return least
}

function giveUpRoute(m: Model, plan: Plan, w: Workspace, leftOut: Float64Array): void {
  let chosen = -1
  let lowest = Infinity
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    let sum = 0
    for (let node = plan.links[(m.n + 2 * r) * 4]!; node !== m.n + 2 * r + 1; node = plan.links[node * 4]!) if (node < m.n) sum += leftOut[node]!
    if (sum < lowest) {
      lowest = sum
      chosen = r
    }
  }
  w.iteration++
  w.absentCount = 0
  w.touchedCount = 0
  for (let c = 0; c < m.n; c++) if (plan.links[c * 4 + 2] === chosen && m.frozen[c] === 0) takeOut(m, plan, w, c)
  settleRoute(m, plan, w, chosen)
}

function sumLeftOut(m: Model, plan: Plan, leftOut: Float64Array): number {
  if (plan.missing === 0) return 0
  let sum = 0
  for (let c = 0; c < m.n; c++) if (plan.links[c * 4 + 2]! < 0 && m.required[c] === 1) sum += leftOut[c]!
  return sum
}

function unserved(m: Model, plan: Plan): number {
  if (plan.missing === 0) return 0
  let sum = 0
  for (let c = 0; c < m.n; c++) if (plan.links[c * 4 + 2]! < 0) sum += m.forgone[c]!
  return sum
}

/** Routes in use. */
export function usedRoutes(m: Model, plan: Plan): number {
  let used = 0
  for (let t = 0; t < m.types.length; t++) used += plan.used[t]!
  return used
}
