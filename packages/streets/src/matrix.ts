/**
 * Costs from many places to many: labels of the targets lie in buckets by rank, and each source's label is matched with them (Knopp and others 2007).
 * Cost: a label for each place, and the pairs of label entries that share a rank.
 */
import { lengthDmOf, partOfCost, timeMsOf } from './cost.ts'
import type { Metric } from './metric.ts'
import type { Place } from './place.ts'
import type { SearchRoom } from './search.ts'
import { arrivalSeeds, createSearchRoom, departureSeeds, makeLabel } from './search.ts'

/** Fastest drives from each source to each target, row-major: `sources × targets`. */
export interface Matrix {
  readonly sourceCount: number
  readonly targetCount: number
  /** `unreachable` where there is no way. */
  readonly durationMs: Uint32Array
  /** Length of the fastest drive (the shortest of equally fast ones). */
  readonly distanceDm: Uint32Array
}

/** Stands in a matrix for "no way". */
export const unreachable = 0xffff_ffff

/** Computes a matrix. A place without options (nothing near it) is unreachable. */
export function computeMatrix(metric: Metric, sources: readonly Place[], targets: readonly Place[]): Matrix {
  const costs = matrixCosts(metric, sources, targets)
  const [durationMs, distanceDm] = [new Uint32Array(costs.length), new Uint32Array(costs.length)]
  for (let at = 0; at < costs.length; at++) {
    const cost = costs[at]!
    durationMs[at] = cost === Infinity ? unreachable : timeMsOf(cost)
    distanceDm[at] = cost === Infinity ? unreachable : lengthDmOf(cost)
  }
  return { sourceCount: sources.length, targetCount: targets.length, durationMs, distanceDm }
}

function matrixCosts(metric: Metric, sources: readonly Place[], targets: readonly Place[]): Float64Array {
  const { hierarchy } = metric.network
  const { climbing, descending } = metric.weights
  const room = createSearchRoom(hierarchy)
  const buckets = fillBuckets(metric, targets, room)
  const costs = new Float64Array(sources.length * targets.length).fill(Infinity)
  const { start, target, cost } = buckets
  sources.forEach((source, row) => {
    const length = makeLabel(hierarchy, climbing, descending, departureSeeds(metric, source), room)
    const base = row * targets.length
    for (let at = 0; at < length; at++) {
      const rank = room.labelRank[at]!
      const climbed = room.labelCost[at]!
      const end = start[rank + 1]!
      for (let entry = start[rank]!; entry < end; entry++) {
        const sum = climbed + cost[entry]!
        const cell = base + target[entry]!
        if (sum < costs[cell]!) costs[cell] = sum
      }
    }
  })
  enterDrivesAlongEdges(metric, sources, targets, costs)
  return costs
}

interface Buckets {
  readonly start: Uint32Array
  readonly target: Uint32Array
  readonly cost: Float64Array
}

function fillBuckets(metric: Metric, targets: readonly Place[], room: SearchRoom): Buckets {
  const { hierarchy } = metric.network
  const { climbing, descending } = metric.weights
  const labels = targets.map((place) => {
    const length = makeLabel(hierarchy, descending, climbing, arrivalSeeds(metric, place), room)
    return { rank: room.labelRank.slice(0, length), cost: room.labelCost.slice(0, length) }
  })
  const start = new Uint32Array(hierarchy.rankOf.length + 1)
  for (const label of labels) for (const rank of label.rank) start[rank + 1]! += 1
  for (let rank = 0; rank < hierarchy.rankOf.length; rank++) start[rank + 1]! += start[rank]!
  const fill = start.slice()
  const [target, cost] = [new Uint32Array(start.at(-1)!), new Float64Array(start.at(-1)!)]
  labels.forEach((label, index) => {
    label.rank.forEach((rank, at) => {
      const entry = fill[rank]!++
      target[entry] = index
      cost[entry] = label.cost[at]!
    })
  })
  return { start, target, cost }
}

/** Drives that never leave their edge; the labels know only ways over a junction. */
function enterDrivesAlongEdges(metric: Metric, sources: readonly Place[], targets: readonly Place[], costs: Float64Array): void {
  const byEdge = new Map<number, { target: number; share: number }[]>()
  targets.forEach((place, target) => {
    for (const { edge, share } of place.options) {
      const list = byEdge.get(edge)
      if (list === undefined) byEdge.set(edge, [{ target, share }])
      else list.push({ target, share })
    }
  })
  sources.forEach((source, row) => {
    for (const { edge, share } of source.options) {
      const edgeCost = metric.edgeCost[edge]!
      if (edgeCost === Infinity) continue
      for (const end of byEdge.get(edge) ?? []) {
        if (end.share < share) continue
        const cell = row * targets.length + end.target
        costs[cell] = Math.min(costs[cell]!, partOfCost(edgeCost, end.share) - partOfCost(edgeCost, share))
      }
    }
  })
}
