/**
 * Streets: preparation, matrix, paths and closures on a generated city and on OpenStreetMap extracts. `npm run bench -- streets [--size N]
 * [--extracts DIR] [--keep]`; the extracts are taken from `$TEST_DATA/osm` when no directory is given. `--keep` appends the rows to
 * bench/streets/results.jsonl with machine and commit.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Metric, Network, Profile, StreetElements } from '../packages/streets/src/index.ts'
import {
  buildNetwork,
  computeMatrix,
  createMetric,
  createPathFinder,
  createSnapper,
  drivableEdgeCount,
  generateCity,
  openNetwork,
  storeNetwork,
  withOverrides,
} from '../packages/streets/src/index.ts'
import { readExtract } from '../packages/server/src/streets/read-extract.ts'
import { toStreetElements } from '../packages/server/src/streets/to-street-elements.ts'

const truck: Profile = { kind: 'truck', weightKg: 18_000, heightM: 3.5, widthM: 2.5 }
const seed = 1

/** Time taken, on the wall and of the processor (this thread and the collector's). */
interface Taken {
  readonly wallMs: number
  readonly cpuMs: number
}

interface Row {
  readonly network: string
  readonly directedEdges: number
  readonly states: number
  readonly restrictions: number
  readonly links: number
  readonly prepare: Taken
  /** Largest resident memory of the process up to the end of preparation. */
  readonly peakMiB: number
  readonly storedMiB: number
  readonly open: Taken
  readonly metric: Taken
  readonly places: number
  readonly snap: Taken
  readonly matrix: Taken
  readonly matrixUnreachable: number
  /** Mean of 1,000 drives, geometry and names included. */
  readonly path: Taken
  readonly closures: number
  readonly closureMedian: Taken
  readonly closureWorst: Taken
}

/** Runs the bench and prints a line a network. */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { size: { type: 'string', default: '275' }, extracts: { type: 'string' }, keep: { type: 'boolean', default: false } },
  })
  const rows: Row[] = []
  const add = (row: Row): void => {
    rows.push(row)
    console.log(format(row))
  }
  console.log(`${cpus()[0]?.model}, Node ${process.version}, ${commit()}; times are wall / processor`)
  const size = Number(values.size)
  for (const uTurns of [true, false]) add(measure(`generated ${size}${uTurns ? '' : ', U-turns free'}`, generateCity({ size, seed }), uTurns))
  const folder = values.extracts ?? (process.env.TEST_DATA === undefined ? undefined : join(process.env.TEST_DATA, 'osm'))
  if (folder === undefined || !existsSync(folder)) console.log('extracts skipped: neither --extracts nor TEST_DATA names a folder')
  else {
    for (const name of readdirSync(folder).filter((each) => /\.osm\.(pbf|gz)$/.test(each))) {
      add(measure(name, toStreetElements(await readExtract(readFileSync(join(folder, name)))), true))
    }
  }
  if (values.keep) {
    mkdirSync('bench/streets', { recursive: true })
    const stamp = { machine: cpus()[0]?.model, node: process.version, commit: commit(), at: new Date().toISOString() }
    for (const row of rows) appendFileSync('bench/streets/results.jsonl', `${JSON.stringify({ ...stamp, ...row })}\n`)
  }
}

function measure(name: string, elements: StreetElements, uTurns: boolean): Row {
  const [prepare, { network }] = timed(() => buildNetwork(elements, { attribution: 'bench', uTurns }))
  const peakMiB = process.resourceUsage().maxRSS / 1024
  const stored = storeNetwork(network)
  const [open, opened] = timed(() => openNetwork(stored))
  const [metricTime, metric] = timed(() => createMetric(opened, truck))
  const random = createNumbers(seed)
  const snapper = createSnapper(opened)
  const points = randomPoints(opened, random, 1000)
  const [snap, snapped] = timed(() => points.map(([lon, lat]) => snapper.snap(metric, lon, lat)))
  const places = snapped.filter((place) => place !== undefined)
  const [matrix, result] = timed(() => computeMatrix(metric, places, places))
  const finder = createPathFinder(metric)
  const [paths] = timed(() => {
    for (let at = 0; at < 1000; at++) finder.findPath(anyOf(places, random), anyOf(places, random))
  })
  const closures = closeStreets(metric, random, 12)
  return {
    network: name,
    directedEdges: drivableEdgeCount(opened),
    states: opened.turns.stateNode.length,
    restrictions: elements.restrictions.length,
    links: opened.hierarchy.upHead.length,
    prepare,
    peakMiB,
    storedMiB: stored.byteLength / 2 ** 20,
    open,
    metric: metricTime,
    places: places.length,
    snap,
    matrix,
    matrixUnreachable: result.durationMs.filter((ms) => ms === 0xffff_ffff).length,
    path: { wallMs: paths.wallMs / 1000, cpuMs: paths.cpuMs / 1000 },
    closures: closures.length,
    closureMedian: closures[closures.length >> 1]!,
    closureWorst: closures.at(-1)!,
  }
}

/** Both directions of a street closed, half of the time one of the two best classes there are; sorted by processor time. */
function closeStreets(metric: Metric, random: () => number, count: number): Taken[] {
  const { roadClass } = metric.network.streets
  const mainClass = [...new Set(roadClass)].toSorted((a, b) => a - b)[1] ?? 0
  const main = [...roadClass.keys()].filter((segment) => roadClass[segment]! <= mainClass)
  return Array.from({ length: count }, (_, at) => {
    const segment = at % 2 === 0 ? anyOf(main, random) : Math.floor(random() * roadClass.length)
    return timed(() => withOverrides(metric, new Map([[segment * 2, 0], [segment * 2 + 1, 0]])))[0] // prettier-ignore
  }).toSorted((a, b) => a.cpuMs - b.cpuMs)
}

function anyOf<T>(items: readonly T[], random: () => number): T & {} {
  return items[Math.floor(random() * items.length)]!
}

function timed<T>(work: () => T): [Taken, T] {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const result = work()
  const { user, system } = process.cpuUsage(cpu)
  return [{ wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 }, result]
}

/** Points within the middle four fifths of the network. */
function randomPoints({ streets }: Network, random: () => number, count: number): [number, number][] {
  const range = (values: Int32Array): [number, number] => {
    let [least, most] = [Infinity, -Infinity]
    for (const value of values) {
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
    return [least / 1e7, most / 1e7]
  }
  const [[west, east], [south, north]] = [range(streets.nodeLon), range(streets.nodeLat)]
  const between = (low: number, high: number): number => low + (high - low) * (0.1 + 0.8 * random())
  return Array.from({ length: count }, () => [between(west, east), between(south, north)])
}

function createNumbers(start: number): () => number {
  let state = start
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'no commit'
  }
}

function format(row: Row): string {
  const time = ({ wallMs, cpuMs }: Taken, digits = 0): string => `${wallMs.toFixed(digits)} / ${cpuMs.toFixed(digits)} ms`
  return [
    `${row.network}: ${row.directedEdges} directed edges, ${row.restrictions} restrictions, ${row.states} states, ${row.links} links`,
    `  prepare ${time(row.prepare)}, peak ${row.peakMiB.toFixed(0)} MiB, stored ${row.storedMiB.toFixed(1)} MiB, open ${time(row.open, 1)}, metric ${time(row.metric)}`,
    `  snap ${row.places} places ${time(row.snap)}, matrix ${row.places} x ${row.places} ${time(row.matrix)} (${row.matrixUnreachable} without a way), path ${time(row.path, 2)}`,
    `  closure in effect: median ${time(row.closureMedian)}, worst of ${row.closures} ${time(row.closureWorst)}`,
  ].join('\n')
}
