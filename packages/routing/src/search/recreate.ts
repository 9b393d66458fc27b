/** Greedy insertion with blinks (Christiaens and Vanden Berghe 2020, 5.2) in one of several orders. */
import { applyInsertion, findInsertion, findNewRoute } from './insert.ts'
import { growRoute } from './grow-route.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import { insertShipment } from './shipments.ts'
import type { Workspace } from './workspace.ts'

/** Inserts the listed stops one by one where they cost least; one that costs more than it is worth stays out, unless `all` are wanted. */
export function recreate(m: Model, plan: Plan, w: Workspace, all = false): void {
  sortAbsent(m, w)
  const { absent } = w
  let opening = w.opensRoute
  if (w.growFrom >= 0 && mayOpen(m, plan, w)) growRoute(m, plan, w, w.growFrom)
  for (let index = 0; index < w.absentCount; index++) {
    const c = absent[index]!
    if (plan.links[c * 4 + 2]! >= 0) continue
    if (m.group[c]! >= 0 && isGroupServed(m, plan, c)) continue
    if (m.partner[c]! >= 0) {
      if (m.isPickup[c] === 1) insertShipment(m, plan, w, c, mayOpen(m, plan, w))
      continue
    }
    if (opening && mayOpen(m, plan, w)) findNewRoute(m, plan, w, c)
    else findInsertion(m, plan, w, c, mayOpen(m, plan, w))
    if (w.pick.delta < worth(m, w, c, all || opening)) {
      applyInsertion(m, plan, w, c)
      opening = false
    }
  }
}

function worth(m: Model, w: Workspace, c: number, all: boolean): number {
  if (all) return Infinity
  if (m.required[c] === 1) return m.forgone[c]!
  return m.forgone[c]! - w.temperature * Math.log(w.random.unit() + 1e-12)
}

function mayOpen(m: Model, plan: Plan, w: Workspace): boolean {
  let used = 0
  for (let t = 0; t < m.types.length; t++) used += plan.used[t]!
  return used < w.routeLimit
}

function isGroupServed(m: Model, plan: Plan, c: number): boolean {
  for (const other of m.groups[m.group[c]!]!) if (plan.links[other * 4 + 2]! >= 0) return true
  return false
}

/** Orders: random, largest load, farthest, closest; with windows also shortest, earliest opening, latest closing; with prizes dearest. */
function sortAbsent(m: Model, w: Workspace): void {
  const { random, absent, absentCount, rank, farness } = w
  const { quantities, demand, opens, closes } = m
  const draw = w.hasOptional && random.unit() < 0.25 ? -1 : random.below(m.timed ? 17 : 11)
  for (let index = 0; index < absentCount; index++) {
    const c = absent[index]!
    let key: number
    if (draw < 0) key = -m.forgone[c]!
    else if (draw < 4) key = random.unit()
    else if (draw < 8) key = quantities === 0 ? random.unit() : -demand[c * quantities]!
    else if (draw < 10) key = -farness[c]!
    else if (draw < 11) key = farness[c]!
    else if (draw < 13) key = closes[c]! - opens[c]!
    else if (draw < 15) key = opens[c]!
    else key = -closes[c]!
    rank[c] = key
  }
  for (let index = 1; index < absentCount; index++) {
    const c = absent[index]!
    const key = rank[c]!
    let place = index - 1
    while (place >= 0 && rank[absent[place]!]! > key) {
      absent[place + 1] = absent[place]!
      place--
    }
    absent[place + 1] = c
  }
}
