/**
 * The hybrid genetic search (Vidal et al. 2012; Vidal 2022): ordered crossover of two plans' giant tours, split, local search, a population that is
 * kept diverse, and a price of overload that follows how many plans keep the capacity. For one kind of vehicle, one quantity or none, no times, and
 * edges that cost the same both ways.
 */
import type { Random } from '../../random.ts'
import type { Budget } from '../anneal.ts'
import type { Model } from '../model.ts'
import type { Plan } from '../plan.ts'
import { readRoutes, readStops } from '../plan-numbers.ts'
import type { Workspace } from '../workspace.ts'
import { createDescent } from './descent.ts'
import { layOut } from './layout.ts'
import { createPopulation } from './population.ts'
import { split } from './split.ts'
import { createTours, loadTours, saveTours, shuffle, type Individual, type Tours } from './tours.ts'

const granularity = 20
const firstPlans = 100
const feasibleTarget = 0.2
const restartAfter = 20_000

/** Whether the genetic search knows all rules of the problem. */
export function mayBreed(m: Model, w: Workspace): boolean {
  const [type] = m.types
  return (
    w.lean &&
    !w.hasFrozen &&
    !w.hasOptional &&
    m.n > 2 &&
    m.groups.length === 0 &&
    m.problem.balance === undefined &&
    type!.startRow === type!.endRow &&
    m.cost[type!.costClass] === m.costInto[type!.costClass]
  )
}

/** Searches from `given` until the budget is spent; returns the best plan. */
export function breed(m: Model, given: Plan, w: Workspace, budget: Budget): Plan {
  const { n } = m
  const { random } = w
  const t = createTours(m, tourCount(m, given))
  const { x, y } = layOut(m)
  const population = createPopulation(n, random)
  const descend = createDescent(t, nearStops(m, w), random)
  const angle = (start: number): number => {
    let sumX = 0
    let sumY = 0
    for (let node = t.next[start]!; node < n; node = t.next[node]!) {
      sumX += x[node]!
      sumY += y[node]!
    }
    return Math.atan2(sumY, sumX)
  }
  let price = firstPrice(t)
  let best = given
  let bestCost = 2 * given.cost
  let told = false
  let sinceBest = 0
  let steps = 0
  let question = 0
  const kept: boolean[] = Array.from({ length: 100 }, () => true)
  let generation = 0

  const save = (): Individual => {
    const plan = saveTours(t, angle)
    population.add(plan)
    if (plan.overload === 0 && plan.cost < bestCost - 0.5) {
      best = readRoutes(m, w, Int32Array.from(plan.tours.flatMap((stops) => [0, stops.length, ...stops])))
      bestCost = plan.cost
      told = false
      sinceBest = 0
    } else sinceBest++
    return plan
  }

  /** Local search, and half of the time a second one at a high price where the capacity is not kept. */
  const educate = (tours: readonly (readonly number[])[]): void => {
    loadTours(t, tours)
    descend(price)
    const plan = save()
    kept[generation++ % kept.length] = plan.overload === 0
    if (plan.overload > 0 && random.below(2) === 0) {
      descend(price * 10)
      if (saveTours(t, angle).overload === 0) save()
    }
  }

  const goesOn = (): boolean => {
    steps += n
    if (steps < question) return true
    if (!told) budget.improved(best, steps)
    told = true
    question = steps + budget.pause()
    if (budget.spent(steps) >= 1) return false
    const foreign = budget.foreign(bestCost / 2)
    if (foreign !== undefined) addPlan(foreign)
    return true
  }

  const addPlan = (plan: Plan): void => {
    loadTours(t, readStops(m, plan))
    save()
  }

  const giant = Int32Array.from({ length: n }, (_, c) => c)
  const populate = (): boolean => {
    for (let k = 0; k < firstPlans; k++) {
      shuffle(giant, random)
      educate(split(t, giant, price))
      if (!goesOn()) return false
    }
    return true
  }

  population.reprice(price)
  addPlan(given)
  told = true
  if (!populate()) return best
  for (;;) {
    const [mother, father] = [population.choose(), population.choose()]
    educate(split(t, crossOver(mother, father, n, random), price))
    if (generation % 100 === 0) {
      const share = kept.filter(Boolean).length / kept.length
      if (share < feasibleTarget - 0.05) price = Math.min(1e5, price * 1.2)
      else if (share > feasibleTarget + 0.05) price = Math.max(0.1, price * 0.85)
      population.reprice(price)
    }
    if (!goesOn()) return best
    if (sinceBest >= restartAfter) {
      population.clear()
      sinceBest = 0
      if (!populate()) return best
    }
  }
}

/** Ordered crossover: a random piece of the mother, then what is missing in the father's order (Oliver et al. 1987). */
function crossOver(mother: Individual, father: Individual, n: number, random: Random): Int32Array {
  const from = mother.tours.flat()
  const other = father.tours.flat()
  const child = new Int32Array(n)
  const taken = new Uint8Array(n)
  const start = random.below(n)
  let end = random.below(n)
  while (end === start) end = random.below(n)
  let place = start
  for (; place % n !== (end + 1) % n; place++) {
    const c = from[place % n]!
    child[place % n] = c
    taken[c] = 1
  }
  for (let k = 1; k <= n; k++) {
    const c = other[(end + k) % n]!
    if (taken[c] === 0) child[place++ % n] = c
  }
  return child
}

/** Tours that the search may use: a third more than the loads need, and not fewer than the given plan has. */
function tourCount(m: Model, given: Plan): number {
  const type = m.types[0]!
  let total = 0
  if (m.quantities > 0) for (let c = 0; c < m.n; c++) total += m.demand[c]!
  const needed = m.quantities === 0 ? 1 : total / Math.max(1, type.capacity[0]!)
  return Math.min(type.count, Math.max(given.used[0]!, Math.ceil(1.3 * needed) + 3))
}

function firstPrice(t: Tours): number {
  const largest = t.demand.reduce((most, demand) => Math.max(most, demand), 1)
  const longest = t.edges.reduce((most, edge) => Math.max(most, edge), 0)
  return Math.max(0.1, Math.min(1000, longest / largest))
}

/** The nearest stops of each stop and those that it is near to, nearest first. */
function nearStops(m: Model, w: Workspace): Int32Array[] {
  const sets = Array.from({ length: m.n }, () => new Set<number>())
  for (let c = 0; c < m.n; c++) {
    for (let k = 1; k <= granularity && k < w.adjacentCount; k++) {
      const other = w.adjacent[c * w.adjacentCount + k]!
      sets[c]!.add(other)
      sets[other]!.add(c)
    }
  }
  const cost = m.cost[m.types[0]!.costClass]!
  return sets.map((set, c) => Int32Array.from(set).sort((a, b) => cost[c * m.size + a]! - cost[c * m.size + b]!))
}
