import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Benchmark } from '../../packages/routing/src/formats/benchmark.ts'
import { readBenchmark } from '../../packages/routing/src/formats/read-benchmark.ts'
import { parseSol } from '../../packages/routing/src/formats/sol.ts'

/** What is best known: cost in published units, and for vehicles-first sets the vehicles too. */
export interface Best {
  readonly cost: number
  readonly vehicles?: number
}

/** Path of a panel instance: `shared/` lies in TEST_DATA/vrp, `public/` in the checkout named by BENCH_INSTANCES. Undefined when it is not here. */
export function findInstance(file: string): string | undefined {
  const [root, rest] = file.startsWith('shared/')
    ? [process.env['TEST_DATA'], join('vrp', file.slice(7))]
    : [process.env['BENCH_INSTANCES'], file.slice(7)]
  if (root === undefined) return undefined
  const path = join(root, rest)
  return existsSync(path) ? path : undefined
}

/** Reads an instance of the panel; the Homberger sets of 1000 in DIMACS rounding. */
export function readInstance(path: string): Benchmark {
  return readBenchmark(readFileSync(path, 'utf8'), { dimacs: /homberger-1000/.test(path) })
}

/** Best known value of an instance, from the solution file beside it or the set's best_known.json. */
export function readBest(path: string): Best | undefined {
  const name = basename(path).replace(/\.\w+$/, '')
  const inSet = join(dirname(path), 'best_known.json')
  const solution = [join(dirname(path), `${name}.sol`), join(dirname(path), `${name.toUpperCase()}.sol`)].find((file) => existsSync(file))
  if (solution !== undefined) {
    const { cost } = parseSol(readFileSync(solution, 'utf8'))
    // Half of the mixed-fleet files state the cost in the solver's own integers, the others a hundred-thousandth of it.
    return cost === undefined ? undefined : { cost: /hfvrp/i.test(path) && cost > 1e8 ? cost / 1e5 : cost }
  }
  if (!existsSync(inSet)) return undefined
  const entry = (JSON.parse(readFileSync(inSet, 'utf8')) as Record<string, Entry>)[name]
  const listed = entry?.best_known_vehicles_first ?? entry?.hierarchical
  if (listed !== undefined) return { cost: listed.distance, vehicles: listed.vehicles }
  return entry?.best_known_cost === undefined ? undefined : { cost: entry.best_known_cost, vehicles: entry.solved_with_vehicles }
}

interface Entry {
  readonly best_known_vehicles_first?: { readonly distance: number; readonly vehicles: number }
  readonly hierarchical?: { readonly distance: number; readonly vehicles: number }
  readonly best_known_cost?: number
  readonly solved_with_vehicles?: number
}
