import type { Route, Solution, Step } from '../solution.ts'
import { balanceCost } from './balance.ts'
import { evaluateRoute, keepTimes, leaveLater, type Evaluator } from './evaluate.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import { explainUnassigned } from './reasons.ts'
import { sequenceOf } from './sequence.ts'
import type { Workspace } from './workspace.ts'

/** Writes a plan out: vehicles, times (leaving as late as the finish allows), loads, costs, and a reason for every stop left out. */
export function toSolution(m: Model, plan: Plan, w: Workspace): Solution {
  const routes: Route[] = []
  const nextMember = m.types.map(() => 0)
  for (let r = 0; r < m.routes; r++) {
    if (plan.routes[r * 4 + 1] === 0) continue
    const t = plan.routes[r * 4]!
    const [vehicle, copy] = m.types[t]!.members[nextMember[t]!]!
    nextMember[t] = nextMember[t]! + 1
    sequenceOf(m, plan, w.evaluator, r)
    routes.push(writeRoute(m, w.evaluator, t, vehicle, copy))
  }
  routes.sort((a, b) => a.vehicle - b.vehicle || a.copy - b.copy)
  const cost = routes.reduce((sum, route) => sum + route.cost, 0) + forgonePrizes(m, plan) + balanceCost(m, plan, w)
  return { cost, routes, unassigned: explainUnassigned(m, plan, w) }
}

/** Prizes of optional stops left out; of a group, the best one less the one that was served. */
export function forgonePrizes(m: Model, plan: Plan): number {
  let total = 0
  const groupPrize = m.groups.map(() => 0)
  for (let c = 0; c < m.n; c++) {
    const prize = m.problem.stops[c]!.prize ?? 0
    const group = m.group[c]!
    const served = plan.links[c * 4 + 2]! >= 0
    if (group < 0) total += served ? 0 : prize
    else groupPrize[group] = Math.max(groupPrize[group]!, prize)
  }
  m.groups.forEach((members, group) => {
    const served = members.find((c) => plan.links[c * 4 + 2]! >= 0)
    total += groupPrize[group]! - (served === undefined ? 0 : (m.problem.stops[served]!.prize ?? 0))
  })
  return total
}

/** Writes the evaluator's sequence out as the route of one vehicle. Throws when it breaks a rule. */
export function writeRoute(m: Model, e: Evaluator, t: number, vehicle: number, copy: number): Route {
  const type = m.types[t]!
  const cost = evaluateRoute(m, e, t)
  if (cost === Infinity) throw new Error(`A route of vehicle ${type.vehicle.id} breaks a rule: ${e.refusal}`)
  if (!keepTimes(m, e, type, 'late')) keepTimes(m, e, type, 'early')
  leaveLater(m, e, type)
  const steps: Step[] = []
  const add = (step: Omit<Step, 'load'>, load: readonly number[]): void => {
    steps.push({ ...step, arrival: step.arrival + m.base, start: step.start + m.base, departure: step.departure + m.base, load: [...load] })
  }
  const load = tripLoad(m, e, 0)
  let distance = 0
  let travel = 0
  const profile = m.problem.profiles[type.vehicle.profile]!
  let from = type.vehicle.start
  const move = (to: number | undefined, row: number, fromRow: number): void => {
    if (from !== undefined && to !== undefined) {
      distance += profile.distances[from * m.problem.places + to]!
      travel += m.time[type.timeClass]![fromRow * m.size + row]!
    }
    from = to
  }
  add({ kind: 'start', place: type.vehicle.start, arrival: e.startTime, start: e.startTime, departure: e.startTime }, load)
  let row = type.startRow
  for (let i = 0; i <= e.length; i++) {
    type.vehicle.breaks.forEach((pause, index) => {
      const begin = e.pauseBegin[index]!
      if (e.pauseBefore[index] === i) add({ kind: 'break', index, arrival: begin, start: begin, departure: begin + pause.service }, load)
    })
    if (i === e.length) {
      move(type.vehicle.end, type.endRow, row)
      load.fill(0)
      add({ kind: 'end', place: type.vehicle.end, arrival: e.arrival[i]!, start: e.arrival[i]!, departure: e.arrival[i]! }, load)
      break
    }
    const node = e.sequence[i]!
    const place = node >= 0 ? m.problem.stops[node]!.place : m.problem.sites[-1 - node]!.place
    const nodeRow = node >= 0 ? node : m.sites[-1 - node]!.row
    move(place, nodeRow, row)
    row = nodeRow
    if (node >= 0) {
      const stop = m.problem.stops[node]!
      for (let d = 0; d < load.length; d++) load[d] = load[d]! + (stop.pickup[d] ?? 0) - (stop.delivery[d] ?? 0)
    } else load.splice(0, load.length, ...tripLoad(m, e, i + 1))
    add(
      {
        kind: node >= 0 ? 'stop' : 'site',
        index: node >= 0 ? node : -1 - node,
        place,
        arrival: e.arrival[i]!,
        start: e.begin[i]!,
        departure: e.depart[i]!,
      },
      load,
    )
  }
  return { vehicle, copy, steps, cost, distance, travel }
}

/** What is on board when the trip that begins at `position` begins. */
function tripLoad(m: Model, e: Evaluator, position: number): number[] {
  const load = Array.from({ length: m.problem.dimensions }, () => 0)
  for (let i = position; i < e.length && e.sequence[i]! >= 0; i++) {
    const stop = m.problem.stops[e.sequence[i]!]!
    if (stop.partner === undefined) for (let d = 0; d < load.length; d++) load[d] = load[d]! + (stop.delivery[d] ?? 0)
  }
  return load
}
