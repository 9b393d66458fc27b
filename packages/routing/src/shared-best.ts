import type { Problem } from './problem.ts'
import type { Exchange } from './solve.ts'

/** The best plan of several threads in shared memory. */
export interface SharedBest {
  readonly memory: SharedArrayBuffer
}

interface Views {
  /** Lock, length of the plan, cancel flag, unused. */
  readonly flags: Int32Array
  readonly cost: Float64Array
  readonly routes: Int32Array
}

/** Makes room for one plan of the problem. */
export function createSharedBest(problem: Problem): SharedBest {
  // Type and length a route, and no more routes or reloads than stops and vehicles can ask for.
  const vehicles = problem.vehicles.reduce((sum, vehicle) => sum + Math.min(vehicle.count, problem.stops.length), 0)
  const numbers = 5 * problem.stops.length + 3 * vehicles + 16
  const shared = { memory: new SharedArrayBuffer(24 + 4 * numbers) }
  readShared(shared).cost[0] = Infinity
  return shared
}

/** The parts of the shared memory. */
export function readShared(shared: SharedBest): Views {
  const { memory } = shared
  return { flags: new Int32Array(memory, 0, 4), cost: new Float64Array(memory, 16, 1), routes: new Int32Array(memory, 24) }
}

/** The exchange of one thread: a short lock around one copy. */
export function createSharedExchange(shared: SharedBest): Exchange {
  const { flags, cost, routes } = readShared(shared)
  const locked = <T>(work: () => T): T => {
    while (Atomics.compareExchange(flags, 0, 0, 1) !== 0) Atomics.wait(flags, 0, 1, 1)
    try {
      return work()
    } finally {
      Atomics.store(flags, 0, 0)
      Atomics.notify(flags, 0, 1)
    }
  }
  return {
    offer: (offered, plan) =>
      locked(() => {
        if (offered >= cost[0]! || plan.length > routes.length) return
        cost[0] = offered
        flags[1] = plan.length
        routes.set(plan)
      }),
    take: (own) => (cost[0]! < own - 1e-6 ? locked(() => routes.slice(0, flags[1])) : undefined),
  }
}
