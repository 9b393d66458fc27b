import type { Evaluator } from './evaluate.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'

/** Writes route `r` into the evaluator, with `c` behind node `after`: alone (mode 0), behind a visit to `site` (1), before one (2). */
export function sequenceWith(m: Model, plan: Plan, e: Evaluator, r: number, after: number, c: number, site: number, mode: 0 | 1 | 2): void {
  const { sequence } = e
  const { links } = plan
  const firstReload = m.n + 2 * m.routes
  const start = m.n + 2 * r
  let length = 0
  for (let node = start; node !== start + 1; node = links[node * 4]!) {
    if (node < m.n) sequence[length++] = node
    else if (node >= firstReload) sequence[length++] = -1 - plan.site[node - firstReload]!
    if (node !== after) continue
    if (mode === 1) sequence[length++] = -1 - site
    sequence[length++] = c
    if (mode === 2) sequence[length++] = -1 - site
  }
  e.length = length
  if (m.quotas) othersLoad(m, plan, e, r)
}

/** Writes route `r` as it is into the evaluator. */
export function sequenceOf(m: Model, plan: Plan, e: Evaluator, r: number): void {
  sequenceWith(m, plan, e, r, -1, 0, 0, 0)
}

/** Sets what the other routes bring to each site. */
export function othersLoad(m: Model, plan: Plan, e: Evaluator, except: number): void {
  const { dimensions, stops } = m.problem
  const firstReload = m.n + 2 * m.routes
  e.othersLoad.fill(0)
  const carried = new Float64Array(dimensions)
  for (let r = 0; r < m.routes; r++) {
    if (r === except || plan.routes[r * 4 + 2] === 0) continue
    carried.fill(0)
    const start = m.n + 2 * r
    for (let node = plan.links[start * 4]!; node !== start + 1; node = plan.links[node * 4]!) {
      for (let d = 0; d < dimensions; d++) {
        if (node < m.n) carried[d] = carried[d]! + (m.partner[node]! < 0 ? (stops[node]!.pickup[d] ?? 0) : 0)
        else {
          const cell = plan.site[node - firstReload]! * dimensions + d
          e.othersLoad[cell] = e.othersLoad[cell]! + carried[d]!
          carried[d] = 0
        }
      }
    }
  }
}
