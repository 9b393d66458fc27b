/**
 * The local search of the hybrid genetic search (Vidal 2022, "Hybrid genetic search for the CVRP: open-source implementation and SWAP* neighborhood",
 * 3.3): relocation and exchange of one or two stops, 2-opt, exchange of tails, each between a stop and one of its nearest ones, then SWAP* between
 * tours that touch. The first move that pays is taken; what was tried and has not changed since is not tried again.
 */
import type { Random } from '../../random.ts'
import { createSwapStar } from './swap-star.ts'
import { findEmpty, insertBehind, refreshTour, setTour, shuffle, type Tours } from './tours.ts'

const tiny = 1e-5

/** Makes the descent; it leaves `t` where no move pays at the given price of overload. */
export function createDescent(t: Tours, near: readonly Int32Array[], random: Random): (price: number) => void {
  const { n, count, edges, row, demand, capacity, next, previous, tour, position, upTo, load, penalty, changed, buffer } = t
  const width = n + 1
  const order = Int32Array.from({ length: n }, (_, c) => c)
  const tested = new Int32Array(n)
  const swapStar = createSwapStar(t, near, random)

  function swapNodes(u: number, v: number): void {
    const uBefore = previous[u]!
    const uAfter = next[u]!
    const vBefore = previous[v]!
    const vAfter = next[v]!
    next[uBefore] = v
    previous[uAfter] = v
    next[vBefore] = u
    previous[vAfter] = u
    previous[u] = vBefore
    next[u] = vAfter
    previous[v] = uBefore
    next[v] = uAfter
  }

  function done(a: number, b: number): true {
    t.moves++
    changed[a] = t.moves
    refreshTour(t, a)
    if (b !== a) {
      changed[b] = t.moves
      refreshTour(t, b)
    }
    findEmpty(t)
    return true
  }

  function overloadCost(amount: number): number {
    return amount > capacity ? (amount - capacity) * t.price : 0
  }

  /** Tries all moves of `u` with `v` in front of its new place; `v` may be the start of a tour. */
  function improve(u: number, v: number): boolean {
    const a = tour[u]!
    const b = tour[v]!
    const x = next[u]!
    const y = next[v]!
    const uBefore = previous[u]!
    const xAfter = x < n ? next[x]! : x
    const U = row[u]! * width
    const V = row[v]! * width
    const X = row[x]! * width
    const rowU = row[u]!
    const rowV = row[v]!
    const rowX = row[x]!
    const rowY = row[y]!
    const rowBefore = row[uBefore]!
    const Before = rowBefore * width
    const rowXAfter = row[xAfter]!
    const ux = edges[U + rowX]!
    const vy = edges[V + rowY]!
    const fromU = edges[Before + rowU]!
    const same = a === b
    const demandU = demand[u]!
    const demandX = demand[x]!
    const present = same ? 0 : penalty[a]! + penalty[b]!
    const loadA = load[a]!
    const loadB = load[b]!

    if (u !== y) {
      let change = edges[Before + rowX]! - fromU - ux + edges[V + rowU]! + edges[U + rowY]! - vy
      if (!same) change += overloadCost(loadA - demandU) + overloadCost(loadB + demandU) - present
      if (change < -tiny) {
        insertBehind(t, u, v)
        return done(a, b)
      }
      if (x < n && v !== x) {
        const pair = demandU + demandX
        const load = same ? 0 : overloadCost(loadA - pair) + overloadCost(loadB + pair) - present
        const out = edges[Before + rowXAfter]! - fromU - edges[X + rowXAfter]! + load - vy
        if (out + edges[V + rowU]! + edges[X + rowY]! < -tiny) {
          insertBehind(t, u, v)
          insertBehind(t, x, u)
          return done(a, b)
        }
        if (out + edges[V + rowX]! + edges[U + rowY]! < -tiny) {
          insertBehind(t, x, v)
          insertBehind(t, u, x)
          return done(a, b)
        }
      }
    }
    if (v < n) {
      const vBefore = previous[v]!
      const rowVBefore = row[vBefore]!
      const VBefore = rowVBefore * width
      const fromV = edges[VBefore + rowV]!
      const demandV = demand[v]!
      if (u <= v && u !== vBefore && u !== y) {
        let change = edges[Before + rowV]! + edges[V + rowX]! - fromU - ux + edges[VBefore + rowU]! + edges[U + rowY]! - fromV - vy
        if (!same) change += overloadCost(loadA + demandV - demandU) + overloadCost(loadB + demandU - demandV) - present
        if (change < -tiny) {
          swapNodes(u, v)
          return done(a, b)
        }
      }
      if (x < n && u !== vBefore && x !== vBefore && u !== y) {
        const out = -fromU - edges[X + rowXAfter]! - fromV
        let change = out - vy + edges[Before + rowV]! + edges[V + rowXAfter]! + edges[VBefore + rowU]! + edges[X + rowY]!
        const moved = demandV - demandU - demandX
        if (!same) change += overloadCost(loadA + moved) + overloadCost(loadB - moved) - present
        if (change < -tiny) {
          swapNodes(u, v)
          insertBehind(t, x, u)
          return done(a, b)
        }
        if (y < n && u <= v && y !== uBefore && x !== v && v !== xAfter) {
          const rowYAfter = row[next[y]!]!
          const Y = rowY * width
          change = out - edges[Y + rowYAfter]! + edges[Before + rowV]! + edges[Y + rowXAfter]! + edges[VBefore + rowU]! + edges[X + rowYAfter]!
          if (!same) change += overloadCost(loadA + moved + demand[y]!) + overloadCost(loadB - moved - demand[y]!) - present
          if (change < -tiny) {
            swapNodes(u, v)
            swapNodes(x, y)
            return done(a, b)
          }
        }
      }
      if (same) {
        if (position[u]! > position[v]! || x === v) return false
        if (edges[U + rowV]! + edges[X + rowY]! - ux - vy >= -tiny) return false
        turn(x, v, u, y)
        return done(a, b)
      }
    }
    if (same) return false
    const headU = upTo[u]!
    const headV = v < n ? upTo[v]! : 0
    if (v < n) {
      const change =
        edges[U + rowV]! + edges[X + rowY]! - ux - vy + overloadCost(headU + headV) + overloadCost(loadA + loadB - headU - headV) - present
      if (change < -tiny) {
        joinTurned(a, b, u, v)
        return done(a, b)
      }
    }
    const change = edges[U + rowY]! + edges[V + rowX]! - ux - vy + overloadCost(headU + loadB - headV) + overloadCost(headV + loadA - headU) - present
    if (change >= -tiny) return false
    exchangeTails(u, v, x, y, a, b)
    return done(a, b)
  }

  /** Turns the stops from `x` to `v` around, which stand between `u` and `y`. */
  function turn(x: number, v: number, u: number, y: number): void {
    let node = x
    let behind = y
    while (node !== y) {
      const following = next[node]!
      next[node] = behind
      previous[behind] = node
      behind = node
      node = following
    }
    next[u] = v
    previous[v] = u
  }

  /** The head of one tour takes the head of the other, turned; the turned tail takes the other tail. */
  function joinTurned(a: number, b: number, u: number, v: number): void {
    let length = 0
    for (let node = next[n + a]!; ; node = next[node]!) {
      buffer[length++] = node
      if (node === u) break
    }
    for (let node = v; node < n; node = previous[node]!) buffer[length++] = node
    const first = length
    for (let node = previous[n + count + a]!; node !== u; node = previous[node]!) buffer[length++] = node
    for (let node = next[v]!; node < n; node = next[node]!) buffer[length++] = node
    setTour(t, a, 0, first)
    setTour(t, b, first, length - first)
  }

  function exchangeTails(u: number, v: number, x: number, y: number, a: number, b: number): void {
    const endA = n + count + a
    const endB = n + count + b
    const lastA = previous[endA]!
    const lastB = previous[endB]!
    if (y === endB) {
      next[u] = endA
      previous[endA] = u
    } else {
      next[u] = y
      previous[y] = u
      next[lastB] = endA
      previous[endA] = lastB
    }
    if (x === endA) {
      next[v] = endB
      previous[endB] = v
    } else {
      next[v] = x
      previous[x] = v
      next[lastA] = endB
      previous[endB] = lastA
    }
  }

  function improveAround(u: number, all: boolean, last: number): boolean {
    let improved = false
    const list = near[u]!
    for (let k = 0; k < list.length; k++) {
      const v = list[k]!
      const a = tour[u]!
      const b = tour[v]!
      if (!all && changed[a]! <= last && changed[b]! <= last) continue
      if (improve(u, v)) {
        improved = true
        continue
      }
      const start = previous[v]!
      if (start >= n && improve(u, start)) improved = true
    }
    return improved
  }

  return (price) => {
    t.price = price
    for (let r = 0; r < count; r++) refreshTour(t, r)
    tested.fill(-1)
    swapStar.reset()
    shuffle(order, random)
    for (let c = 0; c < n; c++) if (random.below(near[c]!.length + 1) === 0) shuffle(near[c]!, random)
    for (let round = 0, improved = true; improved || round < 2; round++) {
      improved = false
      for (let k = 0; k < n; k++) {
        const u = order[k]!
        const last = tested[u]!
        tested[u] = t.moves
        if (improveAround(u, round === 0, last)) improved = true
        if (round > 0 && t.empty >= 0 && improve(u, n + t.empty)) improved = true
      }
      if (swapStar.run(round === 0)) improved = true
    }
  }
}
