/**
 * The slow, obvious twin: Dijkstra over edges with the last few edges driven as its label, straight from the rules. It knows nothing of states,
 * automata, hierarchies or combined costs.
 */
import type { Network } from './network.ts'
import { headOf, tailOf } from './network.ts'
import type { PlaceOption } from './place.ts'
import type { Profile } from './profile.ts'
import type { ForbiddenRun } from './restrictions.ts'

/** What the twin needs of a network: its streets, and the forbidden runs as they were resolved. */
export interface PlainStreets {
  readonly network: Network
  readonly forbidden: readonly ForbiddenRun[]
  readonly uTurns: boolean
}

/** Time and length of a drive. */
export interface PlainCost {
  readonly timeMs: number
  readonly lengthDm: number
}

/** Fastest (then shortest) drives from options to every directed edge's tail, as a function of the target's options. */
export function plainDrives(
  streets: PlainStreets,
  profile: Profile,
  overrides: ReadonlyMap<number, number>,
  from: readonly PlaceOption[],
): (to: readonly PlaceOption[]) => PlainCost | undefined {
  const edgeCount = streets.network.streets.carSpeed.length
  const cost = Array.from({ length: edgeCount }, (_, edge) => plainCost(streets.network, profile, overrides, edge))
  const leaving = Map.groupBy(
    cost.keys().filter((edge) => cost[edge] !== undefined),
    (edge) => tailOf(streets.network.streets, edge),
  )
  const bit = profile.kind === 'car' ? 1 : 2
  const forbidden = streets.forbidden.filter((run) => run.bans & bit).map((run) => run.edges)
  const startingWith = Map.groupBy(forbidden, (run) => run.at(-1)!)
  const memory = Math.max(1, ...forbidden.map((run) => run.length - 1))
  const turnBackMs = (profile.uTurnS ?? (profile.kind === 'car' ? 20 : 60)) * 1000
  const settled = new Map<string, { recent: number[]; at: PlainCost }>()
  const heap: { recent: number[]; at: PlainCost }[] = []
  for (const { edge, share } of from) {
    const whole = cost[edge]
    if (whole === undefined) continue
    const driven = { timeMs: Math.floor(whole.timeMs * share), lengthDm: Math.floor(whole.lengthDm * share) }
    push(heap, { recent: [edge], at: { timeMs: whole.timeMs - driven.timeMs, lengthDm: whole.lengthDm - driven.lengthDm } })
  }
  /** Cost of entering `edge` after `recent`, or undefined if that is forbidden. */
  const entering = (recent: readonly number[], edge: number): number | undefined => {
    const whole = [...recent, edge]
    for (const run of startingWith.get(edge) ?? []) if (run.every((each, at) => each === whole[whole.length - run.length + at])) return undefined
    const last = recent.at(-1)!
    const turnsBack = streets.uTurns && edge === (last ^ 1)
    return turnsBack ? turnBackMs : 0
  }
  while (heap.length > 0) {
    const item = pop(heap)
    const key = item.recent.join(',')
    if (settled.has(key)) continue
    settled.set(key, item)
    for (const edge of leaving.get(headOf(streets.network.streets, item.recent.at(-1)!)) ?? []) {
      const turnMs = entering(item.recent, edge)
      if (turnMs === undefined) continue
      const whole = cost[edge]!
      push(heap, {
        recent: [...item.recent, edge].slice(-memory),
        at: { timeMs: item.at.timeMs + turnMs + whole.timeMs, lengthDm: item.at.lengthDm + whole.lengthDm },
      })
    }
  }
  const settledAt = Map.groupBy(settled.values(), (item) => headOf(streets.network.streets, item.recent.at(-1)!))
  return (to) => {
    let best: PlainCost | undefined
    const offer = (candidate: PlainCost): void => {
      if (best === undefined || isLess(candidate, best)) best = candidate
    }
    for (const { edge, share } of to) {
      const whole = cost[edge]
      if (whole === undefined) continue
      const part = { timeMs: Math.floor(whole.timeMs * share), lengthDm: Math.floor(whole.lengthDm * share) }
      for (const start of from) {
        if (start.edge !== edge || start.share > share) continue
        offer({
          timeMs: part.timeMs - Math.floor(whole.timeMs * start.share),
          lengthDm: part.lengthDm - Math.floor(whole.lengthDm * start.share),
        })
      }
      for (const { recent, at } of settledAt.get(tailOf(streets.network.streets, edge)) ?? []) {
        const turnMs = entering(recent, edge)
        if (turnMs !== undefined) offer({ timeMs: at.timeMs + turnMs + part.timeMs, lengthDm: at.lengthDm + part.lengthDm })
      }
    }
    return best
  }
}

function plainCost(network: Network, profile: Profile, overrides: ReadonlyMap<number, number>, edge: number): PlainCost | undefined {
  const { carSpeed, truckSpeed, lengthDm, maxWeightKg, maxHeightCm, maxWidthCm } = network.streets
  const segment = edge >> 1
  const ownKmh = (profile.kind === 'car' ? carSpeed : truckSpeed)[edge]! / 10
  const kmh = ownKmh === 0 ? 0 : (overrides.get(edge) ?? ownKmh)
  if (kmh === 0) return undefined
  if (profile.kind === 'truck') {
    if (maxWeightKg[segment]! > 0 && (profile.weightKg ?? 0) > maxWeightKg[segment]!) return undefined
    if (maxHeightCm[segment]! > 0 && (profile.heightM ?? 0) * 100 > maxHeightCm[segment]!) return undefined
    if (maxWidthCm[segment]! > 0 && (profile.widthM ?? 0) * 100 > maxWidthCm[segment]!) return undefined
  }
  return { timeMs: Math.max(1, Math.round((lengthDm[segment]! * 360) / kmh)), lengthDm: lengthDm[segment]! }
}

interface Item {
  recent: number[]
  at: PlainCost
}

function isLess(a: PlainCost, b: PlainCost): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.lengthDm < b.lengthDm)
}

function push(heap: Item[], item: Item): void {
  let at = heap.push(item) - 1
  while (at > 0 && isLess(item.at, heap[(at - 1) >> 1]!.at)) {
    heap[at] = heap[(at - 1) >> 1]!
    at = (at - 1) >> 1
  }
  heap[at] = item
}

function pop(heap: Item[]): Item {
  const top = heap[0]!
  const item = heap.pop()!
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isLess(heap[child + 1]!.at, heap[child]!.at)) child += 1
    if (!isLess(heap[child]!.at, item.at)) break
    heap[at] = heap[child]!
    at = child
  }
  if (heap.length > 0) heap[at] = item
  return top
}
