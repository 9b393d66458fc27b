/**
 * Fewer vehicles by ejection (Nagata and Bräysy 2009, "A powerful route minimization heuristic for the vehicle routing problem with time windows"):
 * a route is given up and its stops wait in a pool. The last of them takes a feasible place or, where there is none, the place whose ejected stops
 * were hard to place least often; random feasible moves then change the plan. For one kind of vehicle and rules that sums and windows express;
 * `fleet.ts` does the rest. Routes are plain sequences here, with departures and latest arrivals beside them.
 */
import type { Budget } from './anneal.ts'
import type { Model } from './model.ts'
import type { Plan } from './plan.ts'
import { readRoutes, readStops } from './plan-numbers.ts'
import type { Workspace } from './workspace.ts'

interface Tour {
  stops: number[]
  /** Departure from each stop at the earliest; latest arrival at each stop, and at the end. */
  depart: number[]
  late: number[]
  /** Sums by quantity. */
  readonly load: number[]
}

interface Ejection {
  tour: number
  position: number
  /** Positions of the ejected stops in the sequence that holds the new one. */
  out: number[]
  weight: number
}

/** Random moves tried after each ejection; together they take as long as so many steps of ruin and recreate. */
const randomMoves = 600
const stepsWorth = 16

/** Whether ejection knows all rules of the problem. */
export function mayEject(m: Model, w: Workspace): boolean {
  const [type] = m.types
  return (
    m.types.length === 1 &&
    !type!.complex &&
    !m.complex &&
    !m.hasReloads &&
    !m.hasReleases &&
    !m.hasPairs &&
    !m.mixedLoad &&
    m.groups.length === 0 &&
    m.allow === undefined &&
    !w.hasFrozen &&
    !w.hasOptional
  )
}

/** Gives up routes one by one until `least` are left or the budget is spent; returns the last plan that serves every stop. */
export function ejectRoutes(m: Model, plan: Plan, w: Workspace, least: number, budget: Pick<Budget, 'spent' | 'pause'>): Plan {
  const search = createSearch(m, w)
  let kept = search.read(plan)
  let step = 0
  let question = 0
  const goesOn = (): boolean => {
    step += stepsWorth
    if (step < question) return true
    question = step + budget.pause()
    return budget.spent(step) < 1
  }
  let tours = kept.map(copyTour)
  while (tours.length > least && search.giveUpOne(tours, goesOn)) {
    kept = tours
    tours = kept.map(copyTour)
  }
  return readRoutes(m, w, Int32Array.from(kept.flatMap(({ stops }) => [0, stops.length, ...stops])))
}

function createSearch(m: Model, w: Workspace) {
  const { n, size, quantities, demand, opens, closes } = m
  const type = m.types[0]!
  const time = m.time[type.timeClass]!
  const { random } = w
  const hardness = new Float64Array(n).fill(1)
  const tourOf = new Int32Array(n).fill(-1)

  function refresh(tour: Tour): void {
    const { stops, depart, late, load } = tour
    depart.length = stops.length
    late.length = stops.length + 1
    load.fill(0)
    let now = type.opens
    let before = type.startRow
    for (let k = 0; k < stops.length; k++) {
      const c = stops[k]!
      now = leave(c, now + time[before * size + c]!)
      depart[k] = now
      before = c
      for (let q = 0; q < quantities; q++) load[q] = load[q]! + demand[c * quantities + q]!
    }
    let latest = type.closes
    let after = type.endRow
    late[stops.length] = latest
    for (let k = stops.length - 1; k >= 0; k--) {
      const c = stops[k]!
      latest = Math.min(closes[c]!, latest - time[c * size + after]! - type.service[c]!)
      late[k] = latest
      after = c
    }
  }

  function leave(c: number, arrival: number): number {
    return (arrival > opens[c]! ? arrival : opens[c]!) + type.service[c]!
  }

  function departAt(tour: Tour, k: number): number {
    return k < 0 ? type.opens : tour.depart[k]!
  }

  function rowAt(tour: Tour, k: number): number {
    return k < 0 ? type.startRow : k < tour.stops.length ? tour.stops[k]! : type.endRow
  }

  function holds(tour: Tour, c: number, instead = -1): boolean {
    for (let q = 0; q < quantities; q++) {
      const freed = instead < 0 ? 0 : demand[instead * quantities + q]!
      if (tour.load[q]! - freed + demand[c * quantities + q]! > type.capacity[q]!) return false
    }
    return true
  }

  /** Whether `c` may stand between positions `before` and `behind` of a tour, whose loads are not looked at. */
  function inTime(tour: Tour, c: number, before: number, behind: number): boolean {
    const arrival = departAt(tour, before) + time[rowAt(tour, before) * size + c]!
    return arrival <= closes[c]! && leave(c, arrival) + time[c * size + rowAt(tour, behind)]! <= tour.late[behind]!
  }

  function change(tours: readonly Tour[], index: number, stops: number[]): void {
    const tour = tours[index]!
    tour.stops = stops
    refresh(tour)
    for (const c of stops) tourOf[c] = index
  }

  /** Puts `c` into a random one of its feasible places. */
  function insert(tours: readonly Tour[], c: number): boolean {
    let found = 0
    let chosen = -1
    let place = -1
    for (let index = 0; index < tours.length; index++) {
      const tour = tours[index]!
      if (!holds(tour, c)) continue
      for (let k = 0; k <= tour.stops.length; k++) {
        if (!inTime(tour, c, k - 1, k) || random.below(++found) !== 0) continue
        chosen = index
        place = k
      }
    }
    if (chosen >= 0) change(tours, chosen, tours[chosen]!.stops.toSpliced(place, 0, c))
    return chosen >= 0
  }

  const sequence = new Int32Array(n + 1)
  const late = new Float64Array(n + 2)
  const excess = new Float64Array(quantities)
  const out: number[] = []

  /** The place for `c` whose ejected stops were hard to place least often, all places of all tours considered. */
  function findEjection(tours: readonly Tour[], c: number): Ejection {
    const best: Ejection = { tour: -1, position: 0, out: [], weight: Infinity }
    const first = random.below(tours.length)
    for (let turn = 0; turn < tours.length; turn++) {
      const index = (first + turn) % tours.length
      const tour = tours[index]!
      const length = tour.stops.length
      const most = length <= 30 ? 4 : 2
      for (let position = 0; position <= length; position++) {
        layOut(tour, c, position)
        for (let q = 0; q < quantities; q++) excess[q] = tour.load[q]! + demand[c * quantities + q]! - type.capacity[q]!
        tryFrom(best, index, position, 0, length + 1, type.startRow, type.opens, 0, most)
      }
    }
    return best
  }

  /** Writes the tour with `c` at a position, and its latest arrivals: -Infinity where what follows cannot be kept whole. */
  function layOut(tour: Tour, c: number, position: number): void {
    const length = tour.stops.length + 1
    for (let k = 0; k < position; k++) sequence[k] = tour.stops[k]!
    sequence[position] = c
    for (let k = position + 1; k < length; k++) sequence[k] = tour.stops[k - 1]!
    for (let k = position + 1; k <= length; k++) late[k] = tour.late[k - 1]!
    for (let k = position; k >= 0; k--) {
      const stop = sequence[k]!
      const after = k + 1 < length ? sequence[k + 1]! : type.endRow
      const latest = Math.min(closes[stop]!, late[k + 1]! - time[stop * size + after]! - type.service[stop]!)
      late[k] = latest < opens[stop]! ? -Infinity : latest
    }
  }

  function overfull(): boolean {
    for (let q = 0; q < quantities; q++) if (excess[q]! > 0) return true
    return false
  }

  /** Ejects in lexicographic order from position `k` on, and gives up where the weight cannot beat the best. */
  function tryFrom(
    best: Ejection,
    tour: number,
    position: number,
    k: number,
    length: number,
    row: number,
    now: number,
    weight: number,
    left: number,
  ): void {
    for (let at = k; ; at++) {
      const stop = at < length ? sequence[at]! : type.endRow
      const arrival = now + time[row * size + stop]!
      if (arrival <= late[at]! && !overfull()) {
        best.tour = tour
        best.position = position
        best.out = out.slice()
        best.weight = weight
        return
      }
      if (at === length) return
      if (left > 0 && at !== position && weight + hardness[stop]! < best.weight) {
        for (let q = 0; q < quantities; q++) excess[q] = excess[q]! - demand[stop * quantities + q]!
        out.push(at)
        tryFrom(best, tour, position, at + 1, length, row, now, weight + hardness[stop]!, left - 1)
        out.pop()
        for (let q = 0; q < quantities; q++) excess[q] = excess[q]! + demand[stop * quantities + q]!
      }
      if (arrival > closes[stop]!) return
      now = leave(stop, arrival)
      row = stop
    }
  }

  /** Random relocations, exchanges and exchanges of tails that keep every rule. */
  function shuffle(tours: readonly Tour[]): void {
    for (let move = 0; move < randomMoves; move++) {
      const u = random.below(n)
      const v = w.neighbours[u * w.neighbourCount + random.below(w.neighbourCount)]!
      const a = tourOf[u]!
      const b = tourOf[v]!
      if (a < 0 || b < 0 || a === b) continue
      const from = tours[a]!
      const to = tours[b]!
      const i = from.stops.indexOf(u)
      const j = to.stops.indexOf(v)
      const kind = random.below(3)
      if (kind === 0) relocate(tours, a, i, b, j + random.below(2))
      else if (kind === 1) exchange(tours, a, i, b, j)
      else exchangeTails(tours, a, i, b, j)
    }
  }

  function relocate(tours: readonly Tour[], a: number, i: number, b: number, place: number): void {
    const from = tours[a]!
    const to = tours[b]!
    const u = from.stops[i]!
    if (from.stops.length === 1 || !holds(to, u) || !inTime(to, u, place - 1, place)) return
    if (departAt(from, i - 1) + time[rowAt(from, i - 1) * size + rowAt(from, i + 1)]! > from.late[i + 1]!) return
    change(tours, a, from.stops.toSpliced(i, 1))
    change(tours, b, to.stops.toSpliced(place, 0, u))
  }

  function exchange(tours: readonly Tour[], a: number, i: number, b: number, j: number): void {
    const from = tours[a]!
    const to = tours[b]!
    const u = from.stops[i]!
    const v = to.stops[j]!
    if (!holds(to, u, v) || !holds(from, v, u) || !inTime(to, u, j - 1, j + 1) || !inTime(from, v, i - 1, i + 1)) return
    change(tours, a, from.stops.with(i, v))
    change(tours, b, to.stops.with(j, u))
  }

  /** What stands behind `i` changes places with `j` and what stands behind it. */
  function exchangeTails(tours: readonly Tour[], a: number, i: number, b: number, j: number): void {
    const from = tours[a]!
    const to = tours[b]!
    if (departAt(from, i) + time[rowAt(from, i) * size + rowAt(to, j)]! > to.late[j]!) return
    if (j === 0 && i === from.stops.length - 1) return
    if (departAt(to, j - 1) + time[rowAt(to, j - 1) * size + rowAt(from, i + 1)]! > from.late[i + 1]!) return
    for (let q = 0; q < quantities; q++) {
      let head = 0
      for (let k = 0; k <= i; k++) head += demand[from.stops[k]! * quantities + q]!
      let other = 0
      for (let k = 0; k < j; k++) other += demand[to.stops[k]! * quantities + q]!
      if (head + to.load[q]! - other > type.capacity[q]! || other + from.load[q]! - head > type.capacity[q]!) return
    }
    const first = [...from.stops.slice(0, i + 1), ...to.stops.slice(j)]
    const second = [...to.stops.slice(0, j), ...from.stops.slice(i + 1)]
    change(tours, a, first)
    change(tours, b, second)
  }

  function read(plan: Plan): Tour[] {
    return readStops(m, plan).map((stops) => {
      const tour: Tour = { stops, depart: [], late: [], load: Array.from({ length: quantities }, () => 0) }
      refresh(tour)
      return tour
    })
  }

  /** Removes one tour and places its stops elsewhere; false when the budget ends before all are placed. */
  function giveUpOne(tours: Tour[], goesOn: () => boolean): boolean {
    const [given] = tours.splice(random.below(tours.length), 1)
    const pool = given!.stops.slice()
    tourOf.fill(-1)
    tours.forEach((tour, index) => {
      for (const c of tour.stops) tourOf[c] = index
    })
    for (let c = pool.pop(); c !== undefined; c = pool.pop()) {
      if (insert(tours, c)) continue
      if (!goesOn()) return false
      hardness[c] = hardness[c]! + 1
      const found = findEjection(tours, c)
      if (found.tour < 0) {
        pool.push(c)
        shuffle(tours)
        continue
      }
      const stops = tours[found.tour]!.stops.toSpliced(found.position, 0, c)
      for (const position of found.out) {
        pool.push(stops[position]!)
        tourOf[stops[position]!] = -1
      }
      change(
        tours,
        found.tour,
        stops.filter((_, position) => !found.out.includes(position)),
      )
      shuffle(tours)
    }
    return true
  }

  return { read, giveUpOne }
}

function copyTour(tour: Tour): Tour {
  return { stops: tour.stops.slice(), depart: tour.depart.slice(), late: tour.late.slice(), load: tour.load.slice() }
}
