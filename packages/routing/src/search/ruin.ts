/**
 * Adjacent string removal (Christiaens and Vanden Berghe 2020, "Slack Induction by String Removals", 5.1): near a random stop, a few routes each
 * lose a string of consecutive stops, or one with a kept part in its middle. Reload visits stay and are tidied afterwards.
 */
import type { Model } from './model.ts'
import { removeStop, type Plan } from './plan.ts'
import { settleRoute } from './reloads.ts'
import type { Workspace } from './workspace.ts'

export interface RuinSettings {
  /** Mean number of stops taken out. */
  readonly averageRemoved: number
  readonly longestString: number
  readonly splitRate: number
  /** Chance that the kept part of a split string grows by one. */
  readonly splitDepth: number
  /** Share of iterations that begin a new route, where vehicles differ or stops are optional. */
  readonly openRate: number
}

/** Takes strings out of `plan` and lists what is to be inserted again. Returns false when what is left breaks a rule (no triangle inequality). */
export function ruin(m: Model, plan: Plan, w: Workspace, settings: RuinSettings): boolean {
  const { random, adjacent, adjacentCount } = w
  const { links } = plan
  w.touchedCount = 0
  w.absentCount = 0
  w.iteration++
  if (plan.missing > 0) listMissing(m, plan, w)
  let usedRoutes = 0
  for (let t = 0; t < m.types.length; t++) usedRoutes += plan.used[t]!
  const served = m.n - plan.missing
  const longest = Math.min(settings.longestString, Math.max(1, served / Math.max(1, usedRoutes)))
  const removed = m.hasPairs ? settings.averageRemoved * (0.5 + 1.5 * random.unit()) : settings.averageRemoved
  const most = (4 * removed) / (1 + longest) - 1
  const strings = Math.max(1, (random.unit() * most + 1) | 0)
  w.opensRoute = settings.openRate > 0 && random.unit() < settings.openRate
  const seed = w.opensRoute && w.hasOptional ? findUnserved(m, plan, w) : random.below(m.n)
  const grows = w.opensRoute && w.hasOptional && m.required[seed] === 0 && m.group[seed]! < 0 && links[seed * 4 + 2]! < 0
  w.growFrom = grows ? seed : -1
  if (grows) w.opensRoute = false
  let ruined = 0
  let optional = 0
  for (let k = 0; k < adjacentCount && ruined < strings; k++) {
    const c = adjacent[seed * adjacentCount + k]!
    const r = links[c * 4 + 2]!
    if (r < 0) {
      if (m.required[c] === 0 && optional < 12) {
        optional++
        list(m, plan, w, c)
      }
      continue
    }
    if (m.frozen[c] === 1 || w.isTouched(r)) continue
    w.touch(r)
    ruined++
    const size = plan.routes[r * 4 + 1]!
    const length = (random.unit() * Math.min(size, longest) + 1) | 0
    removeString(m, plan, w, c, Math.min(size, length), settings)
  }
  for (let index = 0; index < w.touchedCount; index++) if (!settleRoute(m, plan, w, w.touched[index]!)) return false
  return true
}

/** A random stop that is not served, if a few draws find one. */
function findUnserved(m: Model, plan: Plan, w: Workspace): number {
  let c = 0
  for (let draw = 0; draw < 20; draw++) {
    c = w.random.below(m.n)
    if (plan.links[c * 4 + 2]! < 0) return c
  }
  return c
}

function removeString(m: Model, plan: Plan, w: Workspace, c: number, length: number, settings: RuinSettings): void {
  const { random } = w
  const r = plan.links[c * 4 + 2]!
  const size = plan.routes[r * 4 + 1]!
  let kept = 0
  if (length > 1 && length < size && random.unit() < settings.splitRate) {
    kept = 1
    while (length + kept < size && random.unit() < settings.splitDepth) kept++
  }
  const whole = length + kept
  let before = 0
  let first = c
  const reach = random.below(whole)
  for (let node = stopBefore(m, plan, c); before < reach && node >= 0; node = stopBefore(m, plan, node)) {
    if (m.frozen[node] === 1) break
    first = node
    before++
  }
  // Where the route ends too early the string moves towards its start.
  let behind = 0
  for (let node = stopBehind(m, plan, c); behind < whole - 1 - before && node >= 0; node = stopBehind(m, plan, node)) behind++
  for (let node = stopBefore(m, plan, first); before + behind + 1 < whole && node >= 0 && m.frozen[node] === 0; node = stopBefore(m, plan, first)) {
    first = node
    before++
  }
  const keepFrom = kept === 0 ? whole : 1 + random.below(length - 1)
  let node = first
  for (let position = 0; position < whole && node >= 0; position++) {
    const next = stopBehind(m, plan, node)
    if (position < keepFrom || position >= keepFrom + kept) takeOut(m, plan, w, node)
    // A partner taken out along may have been the next one.
    node = next >= 0 && plan.links[next * 4 + 2]! < 0 ? -1 : next
  }
}

/** Takes a stop out, with the other half of its shipment. */
export function takeOut(m: Model, plan: Plan, w: Workspace, c: number): void {
  if (plan.links[c * 4 + 2]! < 0) return
  removeStop(m, plan, c)
  list(m, plan, w, c)
  const other = m.partner[c]!
  if (other >= 0 && plan.links[other * 4 + 2]! >= 0) {
    removeStop(m, plan, other)
    list(m, plan, w, other)
  }
}

/** Puts a stop, or all of its group, on the list of absent ones. */
export function list(m: Model, plan: Plan, w: Workspace, c: number): void {
  const group = m.group[c]!
  if (group < 0) listOne(w, c)
  else for (const other of m.groups[group]!) if (plan.links[other * 4 + 2]! < 0) listOne(w, other)
}

function listOne(w: Workspace, c: number): void {
  if (w.listed[c] === w.iteration) return
  w.listed[c] = w.iteration
  w.absent[w.absentCount++] = c
}

function listMissing(m: Model, plan: Plan, w: Workspace): void {
  for (let c = 0; c < m.n; c++) if (plan.links[c * 4 + 2]! < 0 && m.required[c] === 1) list(m, plan, w, c)
}

function stopBefore(m: Model, plan: Plan, c: number): number {
  let node = plan.links[c * 4 + 1]!
  while (node >= m.n + 2 * m.routes) node = plan.links[node * 4 + 1]!
  return node < m.n ? node : -1
}

function stopBehind(m: Model, plan: Plan, c: number): number {
  let node = plan.links[c * 4]!
  while (node >= m.n + 2 * m.routes) node = plan.links[node * 4]!
  return node < m.n ? node : -1
}
