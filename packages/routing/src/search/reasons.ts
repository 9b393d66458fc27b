import type { Reason, Unassigned } from '../solution.ts'
import { evaluateRoute, type Evaluator } from './evaluate.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import type { Workspace } from './workspace.ts'

/** Says for every stop outside the plan what stands in its way, by trying it alone in every vehicle. */
export function explainUnassigned(m: Model, plan: Plan, w: Workspace): Unassigned[] {
  const unassigned: Unassigned[] = []
  for (let c = 0; c < m.n; c++) {
    if (plan.links[c * 4 + 2]! >= 0) continue
    const reason = findReason(m, plan, w, c)
    unassigned.push({ stop: c, reason, detail: sentence(m, c, reason) })
  }
  return unassigned
}

function findReason(m: Model, plan: Plan, w: Workspace, c: number): Reason {
  const group = m.group[c]!
  if (group >= 0 && m.groups[group]!.some((other) => plan.links[other * 4 + 2]! >= 0)) return 'group'
  const alone = refusalAlone(m, w.evaluator, c)
  if (alone !== 'none') return alone
  if (m.partner[c]! >= 0 && refusalAlone(m, w.evaluator, m.partner[c]!) !== 'none') return 'partner'
  return m.required[c] === 1 ? 'fleet' : 'prize'
}

/** The refusal that comes last in a fixed order of how near the vehicles come to serving the stop; `none` when one can. */
function refusalAlone(m: Model, e: Evaluator, c: number): Evaluator['refusal'] {
  const order: readonly Evaluator['refusal'][] = ['skills', 'unreachable', 'capacity', 'kind', 'limits', 'window']
  let nearest = -1
  e.othersLoad.fill(0)
  for (let t = 0; t < m.types.length; t++) {
    const type = m.types[t]!
    for (const site of type.unload ? type.sites : [-1]) {
      const other = m.partner[c]!
      const stops = other < 0 ? [c] : m.isPickup[c] === 1 ? [c, other] : [other, c]
      e.sequence.set(stops)
      e.length = stops.length
      if (site >= 0) e.sequence[e.length++] = -1 - site
      if (evaluateRoute(m, e, t) < Infinity) return 'none'
      nearest = Math.max(nearest, order.indexOf(e.refusal))
    }
  }
  return order[nearest] ?? 'skills'
}

function sentence(m: Model, c: number, reason: Reason): string {
  const stop = m.problem.stops[c]!
  const name = `Stop ${stop.id}`
  switch (reason) {
    case 'unreachable':
      return `${name} cannot be reached: no vehicle has a way to its place and back`
    case 'skills':
      return `${name} needs ${stop.skills.length === 0 ? 'a vehicle and there is none' : `the skills ${stop.skills.join(', ')}, which no vehicle has together`}`
    case 'capacity':
      return `${name} brings more load than any vehicle that may serve it holds`
    case 'window':
      return `${name} cannot be served in time by any vehicle, even alone: its windows, the shifts, breaks and ways do not fit together`
    case 'limits':
      return `${name} is beyond the limits of every vehicle on distance, travel, duty, stops, trips or site quotas, even alone`
    case 'kind':
      return `${name} is of kind ${stop.kind ?? ''}, which no site of any vehicle that may serve it takes`
    case 'group':
      return `${name} is left out because another stop of group ${stop.group ?? ''} is served`
    case 'prize':
      return `${name} costs more to serve than its prize of ${stop.prize ?? 0}, beside the stops that are planned`
    case 'partner':
      return `${name} is left out because the other half of its shipment cannot be served`
    case 'fleet':
      return `${name} has no room left in any vehicle beside the stops that are planned`
  }
}
