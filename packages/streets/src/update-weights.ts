/**
 * Brings a metric's weights up to changed arc costs without filling the whole hierarchy again. First upwards: a link is worked out anew only if what
 * its weight came from has become dearer, or takes a cheaper way at once. Then downwards: a row's true distances are worked out anew only if one of
 * its links changed, or a distance it rested on did, or a shorter one offers itself. The result is exactly that of `customize` (a test holds them
 * against each other). Cost: copying the weights, and the rows touched.
 */
import type { LinkWeights, Weights } from './customize.ts'
import { createRowRoom, renewRows, settleRow } from './customize.ts'
import { findLink } from './hierarchy.ts'
import type { Hierarchy } from './network.ts'

/** Flags of a link, up and down. */
const flag = { recomputeUp: 1, recomputeDown: 2, changedUp: 4, changedDown: 8 } as const
const lookUpFactor = 12
const changed = flag.changedUp | flag.changedDown

/** Weights for `arcCost`, given those for `formerCost`; the former are left as they are. */
export function updateWeights(hierarchy: Hierarchy, former: Weights, formerCost: Float64Array, arcCost: Float64Array): Weights {
  const weights: LinkWeights = {
    up: former.up.slice(),
    down: former.down.slice(),
    upVia: former.upVia.slice(),
    downVia: former.downVia.slice(),
    upDistance: former.upDistance.slice(),
    downDistance: former.downDistance.slice(),
    links: former.links,
  }
  const flags = new Uint8Array(hierarchy.upHead.length)
  const isRowTouched = climb(hierarchy, weights, flags, formerCost, arcCost)
  const isRowChanged = descend(hierarchy, weights, flags, isRowTouched)
  return {
    ...weights,
    climbing: renewRows(hierarchy, former.climbing, isRowChanged, weights.up, weights.upDistance),
    descending: renewRows(hierarchy, former.descending, isRowChanged, weights.down, weights.downDistance),
  }
}

/** The pass upwards. Returns which ranks have changed links. */
function climb(hierarchy: Hierarchy, weights: LinkWeights, flags: Uint8Array, formerCost: Float64Array, arcCost: Float64Array): Uint8Array {
  const { upStart, upHead, linkOf } = hierarchy
  const count = upStart.length - 1
  const isTouched = new Uint8Array(count)
  for (let arc = 0; arc < arcCost.length; arc++) {
    const isSame = !(arcCost[arc]! < formerCost[arc]!) && !(arcCost[arc]! > formerCost[arc]!)
    if (isSame || linkOf[arc]! < 0) continue
    const link = linkOf[arc]! >> 1
    flags[link]! |= linkOf[arc]! & 1 ? flag.recomputeDown : flag.recomputeUp
    isTouched[lowEndOf(upStart, link)] = 1
  }
  /** Offers an upper link the way over `low`, whose cost may have changed either way. */
  const offer = (low: number, from: number, to: number, sum: number): void => {
    const rises = from < to
    const link = findLink(upStart, upHead, rises ? from : to, rises ? to : from)
    const [weight, via] = rises ? [weights.up, weights.upVia] : [weights.down, weights.downVia]
    if (sum < weight[link]!) {
      weight[link] = sum
      via[link] = low
      flags[link]! |= rises ? flag.changedUp : flag.changedDown
    } else if (via[link] === low && sum > weight[link]!) flags[link]! |= rises ? flag.recomputeUp : flag.recomputeDown
    else return
    isTouched[rises ? from : to] = 1
  }
  for (let low = 0; low < count; low++) {
    if (isTouched[low] === 0) continue
    const [begin, end] = [upStart[low]!, upStart[low + 1]!]
    for (let link = begin; link < end; link++) {
      if (flags[link]! & flag.recomputeUp && recompute(hierarchy, weights, arcCost, link, low, true)) flags[link]! |= flag.changedUp
      if (flags[link]! & flag.recomputeDown && recompute(hierarchy, weights, arcCost, link, low, false)) flags[link]! |= flag.changedDown
    }
    for (let link = begin; link < end; link++) {
      if ((flags[link]! & changed) === 0) continue
      const high = upHead[link]!
      for (let other = begin; other < end; other++) {
        if (other === link) continue
        if (flags[link]! & flag.changedUp) offer(low, upHead[other]!, high, weights.down[other]! + weights.up[link]!)
        if (flags[link]! & flag.changedDown) offer(low, high, upHead[other]!, weights.down[link]! + weights.up[other]!)
      }
    }
  }
  return isTouched
}

/** The rank whose upward links a link is among. */
function lowEndOf(upStart: Uint32Array, link: number): number {
  let [from, to] = [0, upStart.length - 2]
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if (upStart[middle]! <= link) from = middle
    else to = middle - 1
  }
  return from
}

/** Works a weight out from its arcs and lower triangles. Returns whether it changed. */
function recompute(
  { upStart, upHead, linkOf }: Hierarchy,
  weights: LinkWeights,
  arcCost: Float64Array,
  link: number,
  low: number,
  rises: boolean,
): boolean {
  const high = upHead[link]!
  let [best, via] = [Infinity, 0]
  const { links } = weights
  const place = link * 2 + (rises ? 0 : 1)
  for (let at = links.arcStart[link]!; at < links.arcStart[link + 1]!; at++) {
    const arc = links.arc[at]!
    if (linkOf[arc] === place && arcCost[arc]! < best) [best, via] = [arcCost[arc]!, ~arc]
  }
  const [first, second] = rises ? [weights.down, weights.up] : [weights.up, weights.down]
  const end = links.start[low + 1]!
  const endHigh = links.start[high + 1]!
  let at = links.start[low]!
  let atHigh = links.start[high]!
  // Two lists of about one length are walked together; in a much longer one the few are looked up.
  const walksBoth = endHigh - atHigh < (end - at) * lookUpFactor
  for (; at < end; at++) {
    const leg = first[links.link[at]!]!
    if (leg >= best) continue
    const below = links.low[at]!
    let other = -1
    if (walksBoth) {
      while (atHigh < endHigh && links.low[atHigh]! < below) atHigh += 1
      if (atHigh < endHigh && links.low[atHigh] === below) other = links.link[atHigh]!
    } else other = findLink(upStart, upHead, below, high)
    if (other >= 0 && leg + second[other]! < best) {
      best = leg + second[other]!
      via = below
    }
  }
  const [weight, vias] = rises ? [weights.up, weights.upVia] : [weights.down, weights.downVia]
  const isChanged = best < weight[link]! || best > weight[link]!
  weight[link] = best
  vias[link] = via
  return isChanged
}

/** The pass downwards. Returns which rows it settled anew, those with changed links among them. */
function descend(hierarchy: Hierarchy, weights: LinkWeights, flags: Uint8Array, isRowTouched: Uint8Array): Uint8Array {
  const { upStart, upHead } = hierarchy
  const room = createRowRoom(hierarchy)
  const isStale = new Uint8Array(upStart.length - 1)
  for (let low = isStale.length - 1; low >= 0; low--) {
    const [begin, end] = [upStart[low]!, upStart[low + 1]!]
    let mustSettle = isStale[low] === 1
    if (isRowTouched[low] === 1) for (let link = begin; link < end && !mustSettle; link++) mustSettle = (flags[link]! & changed) !== 0
    if (!mustSettle) continue
    isStale[low] = 1
    const formerUp = weights.upDistance.slice(begin, end)
    const formerDown = weights.downDistance.slice(begin, end)
    settleRow(hierarchy, weights, room, low)
    for (let link = begin; link < end; link++) {
      const [wasUp, wasDown] = [formerUp[link - begin]!, formerDown[link - begin]!]
      const [isUp, isDown] = [weights.upDistance[link]!, weights.downDistance[link]!]
      const isSame = (was: number, is: number): boolean => !(was < is) && !(was > is)
      if (isSame(wasUp, isUp) && isSame(wasDown, isDown)) continue
      markBelow(weights, isStale, low, upHead[link]!, wasUp, isUp, wasDown, isDown)
    }
  }
  return isStale
}

/**
 * Marks the rows below a link (`middle`, `top`) whose distances rested on its former distance or gain by its new one. A distance rests on it when a
 * link's own weight and the former distance add up to it.
 */
function markBelow(
  { up, down, upDistance, downDistance, links }: LinkWeights,
  isStale: Uint8Array,
  middle: number,
  top: number,
  wasUp: number,
  isUp: number,
  wasDown: number,
  isDown: number,
): void {
  const { start, link: linkAt, low: lowAt } = links
  const [middleEnd, topEnd] = [start[middle + 1]!, start[top + 1]!]
  let at = start[middle]!
  let other = start[top]!
  while (at < middleEnd && other < topEnd) {
    const low = lowAt[at]!
    const lowOther = lowAt[other]!
    if (low < lowOther) at += 1
    else if (lowOther < low) other += 1
    else {
      if (isStale[low] === 0) {
        const toMiddle = linkAt[at]!
        const toTop = linkAt[other]!
        if (
          rests(up[toMiddle]!, wasUp, isUp, upDistance[toTop]!) ||
          rests(down[toTop]!, wasUp, isUp, downDistance[toMiddle]!) ||
          rests(up[toTop]!, wasDown, isDown, upDistance[toMiddle]!) ||
          rests(down[toMiddle]!, wasDown, isDown, downDistance[toTop]!)
        ) {
          isStale[low] = 1
        }
      }
      at += 1
      other += 1
    }
  }
}

function rests(own: number, was: number, is: number, distance: number): boolean {
  if (own === Infinity) return false
  return own + is < distance || (was < is && own + was <= distance && was < Infinity)
}
