/**
 * SWAP* (Vidal 2022, 4): two stops of two tours change tours, each to its best place there, which need not be the other's. For each stop and tour the
 * three best places are kept until the tour changes.
 */
import type { Random } from '../../random.ts'
import { findEmpty, insertBehind, refreshTour, shuffle, type Tours } from './tours.ts'

const tiny = 1e-5
/** Two tours touch when a stop of one is among so many nearest ones of a stop of the other. */
const touching = 5

export interface SwapStar {
  /** Forgets what was tried. */
  reset: () => void
  /** Takes the best exchange of each pair of touching tours, of all pairs or of those that changed; says whether there was one. */
  run: (all: boolean) => boolean
}

export function createSwapStar(t: Tours, near: readonly Int32Array[], random: Random): SwapStar {
  const { n, count, edges, row, demand, capacity, next, previous, tour, load, penalty, changed } = t
  const width = n + 1
  const places = new Int32Array(count * n * 3)
  const costs = new Float64Array(count * n * 3)
  const known = new Int32Array(count * n)
  const tried = new Int32Array(count)
  const order = Int32Array.from({ length: count }, (_, r) => r)
  const touched = new Int32Array(count)
  /** What taking each stop out of its tour changes. */
  const gone = new Int32Array(n)
  let mark = 0
  const nearest = near.map((list) => list.slice(0, touching))

  /** Best three places of `u` in tour `r`, each named by the node in front of it, and what leaving its own tour changes. */
  function findPlaces(u: number, r: number): void {
    const before = row[previous[u]!]!
    const behind = row[next[u]!]!
    gone[u] = edges[before * width + behind]! - edges[before * width + u]! - edges[u * width + behind]!
    const cell = r * n + u
    if (known[cell]! > changed[r]!) return
    known[cell] = t.moves + 1
    const own = u * width
    let first = Infinity
    let second = Infinity
    let third = Infinity
    let firstAt = -1
    let secondAt = -1
    let thirdAt = -1
    const end = n + count + r
    for (let node = n + r; node !== end; node = next[node]!) {
      const after = next[node]!
      const cost = edges[own + row[node]!]! + edges[own + row[after]!]! - edges[row[node]! * width + row[after]!]!
      if (cost >= third) continue
      if (cost < first) {
        third = second
        thirdAt = secondAt
        second = first
        secondAt = firstAt
        first = cost
        firstAt = node
      } else if (cost < second) {
        third = second
        thirdAt = secondAt
        second = cost
        secondAt = node
      } else {
        third = cost
        thirdAt = node
      }
    }
    const at = cell * 3
    costs[at] = first
    costs[at + 1] = second
    costs[at + 2] = third
    places[at] = firstAt
    places[at + 1] = secondAt
    places[at + 2] = thirdAt
  }

  let chosenPlace = -1

  /** Least cost of `u` in the tour of `v` once `v` has left it; sets `chosenPlace`. */
  function insertionWithout(u: number, v: number): number {
    const at = (tour[v]! * n + u) * 3
    let best = Infinity
    chosenPlace = -1
    for (let k = at; k < at + 3; k++) {
      const place = places[k]!
      if (place < 0) break
      if (place === v || next[place] === v) continue
      best = costs[k]!
      chosenPlace = place
      break
    }
    const before = row[previous[v]!]!
    const after = row[next[v]!]!
    const instead = edges[before * width + u]! + edges[u * width + after]! - edges[before * width + after]!
    if (instead < best) {
      best = instead
      chosenPlace = previous[v]!
    }
    return best
  }

  function exchange(a: number, b: number): boolean {
    let best = -tiny
    let bestU = -1
    let bestV = -1
    let placeU = -1
    let placeV = -1
    const endA = n + count + a
    const endB = n + count + b
    const present = penalty[a]! + penalty[b]!
    const loadA = load[a]!
    const loadB = load[b]!
    const price = t.price
    for (let u = next[n + a]!; u !== endA; u = next[u]!) findPlaces(u, b)
    for (let v = next[n + b]!; v !== endB; v = next[v]!) findPlaces(v, a)
    for (let u = next[n + a]!; u !== endA; u = next[u]!) {
      const goneU = gone[u]!
      const demandU = demand[u]!
      for (let v = next[n + b]!; v !== endB; v = next[v]!) {
        const moved = demand[v]! - demandU
        const overA = loadA + moved - capacity
        const overB = loadB - moved - capacity
        const pay = (overA > 0 ? overA * price : 0) + (overB > 0 ? overB * price : 0) - present
        const out = goneU + gone[v]! + pay
        if (out >= best) continue
        const intoB = insertionWithout(u, v)
        const place = chosenPlace
        if (out + intoB >= best) continue
        const total = out + intoB + insertionWithout(v, u)
        if (total >= best) continue
        best = total
        bestU = u
        bestV = v
        placeU = place
        placeV = chosenPlace
      }
    }
    // A stop may also go alone.
    for (let side = 0; side < 2; side++) {
      const from = side === 0 ? a : b
      const to = side === 0 ? b : a
      const end = n + count + from
      for (let u = next[n + from]!; u !== end; u = next[u]!) {
        const overFrom = load[from]! - demand[u]! - capacity
        const overTo = load[to]! + demand[u]! - capacity
        const pay = (overFrom > 0 ? overFrom * price : 0) + (overTo > 0 ? overTo * price : 0) - present
        const total = gone[u]! + costs[(to * n + u) * 3]! + pay
        if (total >= best) continue
        best = total
        bestU = u
        bestV = -1
        placeU = places[(to * n + u) * 3]!
      }
    }
    if (bestU < 0) return false
    // A place may be the node in front of the stop that is about to leave.
    insertBehind(t, bestU, placeU)
    if (bestV >= 0) insertBehind(t, bestV, placeV)
    t.moves++
    changed[a] = changed[b] = t.moves
    refreshTour(t, a)
    refreshTour(t, b)
    findEmpty(t)
    return true
  }

  return {
    reset: () => {
      known.fill(0)
      tried.fill(-1)
    },
    run: (all) => {
      let improved = false
      shuffle(order, random)
      for (let index = 0; index < count; index++) {
        const a = order[index]!
        const last = tried[a]!
        tried[a] = t.moves
        if (t.stops[a] === 0) continue
        mark++
        const end = n + count + a
        for (let u = next[n + a]!; u !== end; u = next[u]!) for (const v of nearest[u]!) touched[tour[v]!] = mark
        for (let b = 0; b < count; b++) {
          if (b <= a || touched[b] !== mark || t.stops[b] === 0 || t.stops[a] === 0) continue
          if (!all && changed[a]! <= last && changed[b]! <= last) continue
          if (exchange(a, b)) improved = true
        }
      }
      return improved
    },
  }
}
