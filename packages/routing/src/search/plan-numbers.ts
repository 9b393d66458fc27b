import { createPlan, findFreeRoute, insertReload, insertStop, openRoute, refreshRoute, type Plan } from './plan.ts'
import type { Model } from './model.ts'
import { judgeRoute } from './reloads.ts'
import type { Workspace } from './workspace.ts'

/** A plan as plain numbers, for other threads: for each route its type, its length, then stops as their numbers and a visit to site s as -1 - s. */
export function writeRoutes(m: Model, plan: Plan): Int32Array {
  const numbers: number[] = []
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    const head = numbers.push(plan.routes[r * 4]!, 0)
    const start = m.n + 2 * r
    for (let node = plan.links[start * 4]!; node !== start + 1; node = plan.links[node * 4]!) {
      numbers.push(node < m.n ? node : -1 - plan.site[node - m.n - 2 * m.routes]!)
    }
    numbers[head - 1] = numbers.length - head
  }
  return Int32Array.from(numbers)
}

/** Builds the plan that `writeRoutes` of the same problem wrote, reload for reload. */
export function readRoutes(m: Model, w: Workspace, numbers: Int32Array): Plan {
  const plan = createPlan(m)
  for (let index = 0; index < numbers.length;) {
    const t = numbers[index++]!
    const length = numbers[index++]!
    const r = findFreeRoute(m, plan)
    openRoute(m, plan, r, t)
    let after = m.n + 2 * r
    for (const stopOrSite of numbers.subarray(index, index + length)) {
      if (stopOrSite >= 0) insertStop(m, plan, stopOrSite, after)
      else insertReload(m, plan, -1 - stopOrSite, after)
      after = plan.links[after * 4]!
    }
    index += length
    refreshRoute(m, plan, r)
    if (!judgeRoute(m, plan, w, r)) throw new Error('A plan in numbers breaks a rule')
  }
  return plan
}

/** Stops of each route in use, for problems without reloads. */
export function readStops(m: Model, plan: Plan): number[][] {
  const tours: number[][] = []
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    const stops: number[] = []
    for (let node = plan.links[(m.n + 2 * r) * 4]!; node < m.n; node = plan.links[node * 4]!) stops.push(node)
    tours.push(stops)
  }
  return tours
}
