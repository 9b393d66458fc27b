import { readBest, readInstance } from './routing/instances.ts'
import { meanWithInterval } from './routing/table.ts'
import { join } from 'node:path'
import { loadavg } from 'node:os'
import { checkSolution } from '../packages/routing/src/check.ts'
import { solveInThreads } from '../packages/routing/src/node.ts'

/** X157-HD and p11 are in the panel too, and X-n186-k15 was used for settings. */
const instances = [
  'cvrp-X/X-n186-k15.vrp',
  'cvrp-X/X-n280-k17.vrp',
  'cvrp-X/X-n401-k29.vrp',
  'cvrp-X/X-n548-k50.vrp',
  'cvrp-X/X-n627-k43.vrp',
  'hfvrp/X157-HD.vrp',
  'mtvrptwr/C203R0.25.vrp',
  'mdvrp-cordeau/p11.txt',
]

/**
 * `npm run bench -- threads [--seconds 5] [--seeds 1,2] [--clock cpu]` solves each instance with one thread and with two, for the same wall time and one after the other, and
 * prints the paired difference of the gaps to the best known. Needs TEST_DATA, and two idle
 * cores to say anything; on busy ones `--clock cpu` gives each thread the same CPU time, which is wall time where cores are idle.
 */
export async function bench(args: string[]): Promise<void> {
  const option = (name: string, otherwise: string): string => args[args.indexOf(`--${name}`) + 1 || args.length] ?? otherwise
  const data = process.env['TEST_DATA']
  if (data === undefined) throw new Error('TEST_DATA is not set')
  const clock = option('clock', 'wall') === 'cpu' ? 'cpu' : 'wall'
  const seconds = Number(option('seconds', '5'))
  const differences: number[] = []
  for (const seed of option('seeds', '1,2').split(',').map(Number)) {
    for (const [index, instance] of instances.entries()) {
      const path = join(data, 'vrp', instance)
      const { problem, scale } = readInstance(path)
      const best = readBest(path)!
      const gapWith = async (threads: number): Promise<number> => {
        // Seeds far apart, so that the first of two threads does not repeat the search of the one.
        const solution = await solveInThreads(problem, { threads, seed: 1000 * seed + 10 * threads, timeLimitMs: 1000 * seconds, clock })
        const { violations, missing, cost } = checkSolution(problem, solution)
        if (violations.length + missing.length > 0)
          throw new Error(`${instance} with ${threads} threads: ${violations[0]?.detail ?? 'stops are missing'}`)
        return (100 * (cost / scale - best.cost)) / best.cost
      }
      // Which goes first alternates, so that a machine that slows down hurts both.
      const order = (index + seed) % 2 === 0 ? [1, 2] : [2, 1]
      const gaps = new Map<number, number>()
      for (const threads of order) gaps.set(threads, await gapWith(threads))
      const [one, two] = [gaps.get(1)!, gaps.get(2)!]
      differences.push(two - one)
      console.log(`${instance} seed ${seed}: one ${one.toFixed(2)} %, two ${two.toFixed(2)} %, load ${loadavg()[0]!.toFixed(1)}`)
    }
  }
  const { mean, half } = meanWithInterval(differences)
  const better = differences.filter((difference) => difference < 0).length
  const interval = `${(mean - half).toFixed(2)} to ${(mean + half).toFixed(2)}`
  console.log(`two less one, ${seconds} s (${clock}): ${mean.toFixed(2)} points (${interval}; ${differences.length} pairs, ${better} better)`)
}
