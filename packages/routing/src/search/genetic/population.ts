/**
 * Two populations, of feasible and of overfull plans, kept diverse (Vidal et al. 2012, "A hybrid genetic algorithm for multidepot and periodic vehicle
 * routing problems", 4.5; sizes of Vidal 2022).
 */
import type { Random } from '../../random.ts'
import type { Individual } from './tours.ts'

const least = 25
const generation = 40
const elite = 4
const closest = 5

interface Member {
  readonly plan: Individual
  /** Other members by broken pairs distance, closest first. */
  readonly others: { distance: number; member: Member }[]
}

export interface Population {
  /** Takes a plan in, and lets the least fit go where there are too many. */
  add: (plan: Individual) => void
  /** The fitter of two random members, of either population. */
  choose: () => Individual
  /** Orders overfull plans by a new price of overload. */
  reprice: (price: number) => void
  clear: () => void
}

export function createPopulation(n: number, random: Random): Population {
  const feasible: Member[] = []
  const overfull: Member[] = []
  let price = 1

  const costOf = (plan: Individual): number => plan.cost + price * plan.overload

  function add(plan: Individual): void {
    const members = plan.overload === 0 ? feasible : overfull
    const member: Member = { plan, others: [] }
    for (const other of members) {
      const distance = brokenPairs(plan, other.plan, n)
      place(member, distance, other)
      place(other, distance, member)
    }
    let at = members.length
    while (at > 0 && costOf(members[at - 1]!.plan) > costOf(plan)) at--
    members.splice(at, 0, member)
    if (members.length > least + generation) while (members.length > least) dropWorst(members)
  }

  function dropWorst(members: Member[]): void {
    const fitness = biasedFitness(members)
    let worst = -1
    let worstIsTwin = false
    // The best plan stays.
    for (let k = 1; k < members.length; k++) {
      const twin = members[k]!.others.length > 0 && members[k]!.others[0]!.distance < 1e-5
      if (worst < 0 || (twin && !worstIsTwin) || (twin === worstIsTwin && fitness[k]! > fitness[worst]!)) {
        worst = k
        worstIsTwin = twin
      }
    }
    const [gone] = members.splice(worst, 1)
    for (const { others } of members) {
      others.splice(
        others.findIndex(({ member }) => member === gone),
        1,
      )
    }
  }

  function choose(): Individual {
    const [first, second] = [draw(), draw()]
    return first.fitness < second.fitness ? first.plan : second.plan
  }

  let fitnesses: Float64Array[] = []
  let stale = true

  function draw(): { plan: Individual; fitness: number } {
    if (stale) fitnesses = [biasedFitness(feasible), biasedFitness(overfull)]
    stale = false
    const index = random.below(feasible.length + overfull.length)
    return index < feasible.length
      ? { plan: feasible[index]!.plan, fitness: fitnesses[0]![index]! }
      : { plan: overfull[index - feasible.length]!.plan, fitness: fitnesses[1]![index - feasible.length]! }
  }

  return {
    add: (plan) => {
      add(plan)
      stale = true
    },
    choose,
    reprice: (to) => {
      price = to
      overfull.sort((a, b) => costOf(a.plan) - costOf(b.plan))
      stale = true
    },
    clear: () => {
      feasible.length = 0
      overfull.length = 0
      stale = true
    },
  }
}

/** Rank by cost plus, a little less, rank by how far a plan is from its closest ones; in the order of the members. */
function biasedFitness(members: readonly Member[]): Float64Array {
  const fitness = new Float64Array(members.length)
  if (members.length < 2) return fitness
  const spread = members.map(({ others }, index) => {
    const count = Math.min(closest, others.length)
    let sum = 0
    for (let k = 0; k < count; k++) sum += others[k]!.distance
    return { index, mean: sum / count }
  })
  spread.sort((a, b) => b.mean - a.mean)
  const last = members.length - 1
  const weight = members.length <= elite ? 0 : 1 - elite / members.length
  spread.forEach(({ index }, rank) => (fitness[index] = index / last + (weight * rank) / last))
  return fitness
}

function place(member: Member, distance: number, other: Member): void {
  const { others } = member
  let at = others.length
  while (at > 0 && others[at - 1]!.distance > distance) at--
  others.splice(at, 0, { distance, member: other })
}

/** Share of stops whose neighbours in one plan are not neighbours in the other. */
function brokenPairs(a: Individual, b: Individual, n: number): number {
  let broken = 0
  for (let c = 0; c < n; c++) {
    const next = a.next[c]!
    if (next !== b.next[c] && next !== b.previous[c]) broken++
    if (a.previous[c] === -1 && b.previous[c] !== -1 && b.next[c] !== -1) broken++
  }
  return broken / n
}
