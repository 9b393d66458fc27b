import { evaluateRoute } from './evaluate.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import { sequenceOf } from './sequence.ts'
import type { Workspace } from './workspace.ts'

/** Cost of the difference between the busiest and the least busy used vehicle; O(routes) for stops, O(stops) for duty. */
export function balanceCost(m: Model, plan: Plan, w: Workspace): number {
  const { balance } = m.problem
  if (balance === undefined) return 0
  let least = Infinity
  let most = -Infinity
  for (let r = 0; r < m.routes; r++) {
    const stops = plan.routes[r * 4 + 1]!
    if (stops === 0) continue
    let measured = stops
    if (balance.measure === 'duty') {
      sequenceOf(m, plan, w.evaluator, r)
      evaluateRoute(m, w.evaluator, plan.routes[r * 4]!)
      measured = w.evaluator.duty
    }
    least = Math.min(least, measured)
    most = Math.max(most, measured)
  }
  return most > least ? Math.round(balance.weight * (most - least)) : 0
}
