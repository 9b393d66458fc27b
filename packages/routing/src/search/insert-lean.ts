/**
 * The neighbour scan for problems with one kind of vehicle, one quantity (or none) and no times: the hottest loop of the package. Reads one row of the
 * cost matrix, and per neighbour one record of `links` and one load. Agrees with `scanNeighbours` position by position; a test holds them together.
 */
import type { Model } from './model.ts'
import { FAR } from './model.ts'
import type { Plan } from './plan.ts'
import type { Workspace } from './workspace.ts'

/** Whether the problem is of the kind this scan is for. */
export function isLean(m: Model): boolean {
  return (
    m.types.length === 1 &&
    m.quantities <= 1 &&
    !m.timed &&
    !m.hasReloads &&
    !m.complex &&
    !m.types[0]!.complex &&
    m.serve === undefined &&
    m.allow === undefined
  )
}

/** Sets `w.pick` to the best position beside the nearest neighbours of `c`. */
export function scanLean(m: Model, plan: Plan, w: Workspace, c: number): void {
  const { links, row, loads } = plan
  const { n, size, quantities } = m
  const { neighbours, neighbourCount, pick } = w
  const type = m.types[0]!
  const out = m.cost[type.costClass]!
  const into = m.costInto[type.costClass]!
  const room = quantities === 0 ? FAR : type.capacity[0]! - m.demand[c]!
  const limited = quantities !== 0
  const own = c * size
  const from = c * neighbourCount
  const to = from + neighbourCount
  let best = Infinity
  let bestAfter = -1
  let skip = w.skip
  for (let k = from; k < to; k++) {
    const v = neighbours[k]!
    const at = v << 2
    const r = links[at + 2]!
    if (r < 0 || (limited && loads[r]! > room)) continue
    if (skip-- > 0) {
      const next = links[at]!
      const delta = into[own + v]! + out[own + (next < n ? next : row[next - n]!)]! - links[at + 3]!
      if (delta < best) {
        best = delta
        bestAfter = v
      }
    } else skip = w.nextSkip()
    if (skip-- > 0) {
      const previous = links[at + 1]!
      const delta = into[own + (previous < n ? previous : row[previous - n]!)]! + out[own + v]! - links[(previous << 2) + 3]!
      if (delta < best) {
        best = delta
        bestAfter = previous
      }
    } else skip = w.nextSkip()
  }
  w.skip = skip
  pick.delta = best
  pick.after = bestAfter
  pick.type = -1
  pick.mode = 0
}
