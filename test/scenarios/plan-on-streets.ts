/**
 * Plans a day of collection on the streets of three cities by the product's own commands and HTTP: the extract is imported, the matrix asked for, 200
 * stops planned for three trucks with one disposal site. Plan and drives are then held against the extract itself.
 *
 *   TEST_DATA=FOLDER node test/scenarios/plan-on-streets.ts [--stops 200] [--seconds 5] [--seed 1] [--pictures FOLDER]
 */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { checkSolution, readVroom, readVroomRoutes, scheduleRoutes, writePicture } from '@cityloop/routing'
import type { Route, VroomInput } from '@cityloop/routing'
import type { ImportReport } from '../../packages/server/src/streets/import-extract.ts'
import { readExtract } from '../../packages/server/src/streets/read-extract.ts'
import type { MatrixAnswer, RouteAnswer } from '../../packages/server/src/streets/street-service.ts'
import { createRandom } from '../../packages/streets/src/generated-city.ts'
import { distanceM } from '../../packages/streets/src/geodesy.ts'
import { startServer } from '../e2e/running-server.ts'
import { followStreets } from './follow-streets.ts'
import type { Piece, PlainStreets, Point } from './plain-streets.ts'
import { readPlainStreets, truck } from './plain-streets.ts'

/** What a day of collection came to. */
export interface PlanOnStreets {
  readonly directedEdges: number
  readonly restrictions: number
  readonly matrixMs: number
  readonly routes: number
  readonly served: number
  readonly left: number
  readonly unloadings: number
  readonly distanceM: number
  readonly travelS: number
  readonly drives: number
  readonly pieces: number
  readonly onOneWays: number
  readonly restrictionsMet: number
  /** Anything that is not as it must be, a sentence each. */
  readonly faults: readonly string[]
  /** The plan as a web page. */
  readonly picture: string
}

interface Settings {
  readonly stops: number
  readonly seconds: number
  readonly seed: number
}

const main = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url))
const profile = new URLSearchParams({ profile: 'truck', ...Object.fromEntries(Object.entries(truck).map(([key, value]) => [key, String(value)])) })

/** Runs the scenario on one extract. */
export async function planOnStreets(file: string, name: string, settings: Settings): Promise<PlanOnStreets> {
  await using server = await startServer()
  const imported = await promisify(execFile)(process.execPath, [main, 'import', file, '--json'], {
    env: { ...process.env, CITYLOOP_DATA: server.folder },
  })
  const report = JSON.parse(imported.stdout) as ImportReport
  const extract = await readExtract(await readFile(file))
  const streets = readPlainStreets(extract, new Set(Object.values(report.ignoredRestrictions).flat()))
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(server.url + path, body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) })
    if (answer.status !== 200) throw new Error(`${path.slice(0, 60)} answers ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const wanted = settings.stops + 2
  const drawn = drawPoints(streets, Math.ceil(wanted * 1.7), settings.seed)
  const asked = performance.now()
  const all = await ask<MatrixAnswer>(`/api/streets/matrix?${profile.toString()}&points=${listOf(drawn)}`)
  const matrixMs = Math.round(performance.now() - asked)
  const kept = connected(all).slice(0, wanted)
  if (kept.length < wanted) throw new Error(`Only ${kept.length} of ${drawn.length} points can be reached`)
  const points = kept.map((index) => drawn[index]!)
  const document = documentOf(points, pick(all.durationsS, kept), pick(all.distancesM, kept), settings)
  const answer = await ask<Answer>('/api/routes', document)

  const input = readVroom(document)
  const solution = scheduleRoutes(input.problem, readVroomRoutes(input, answer))
  const check = checkSolution(input.problem, solution)
  const faults = check.violations.map(({ kind, detail }) => `${kind}: ${detail}`)
  if (Math.abs(check.cost - answer.summary.cost) > 0.5) faults.push(`the plan costs ${check.cost}, not ${answer.summary.cost}`)
  for (const { vehicle, steps } of answer.routes) {
    const last = steps.at(-1)
    if (last?.type !== 'end' || last.load?.some((amount) => amount !== 0) !== false) faults.push(`truck ${vehicle} does not end empty`)
  }
  const far = points.flatMap((point, place) => (metresBetween(point, input.problem.coordinates![place]!) > 0.1 ? [place] : []))
  if (far.length > 0) faults.push(`places ${far.join(', ')} are drawn elsewhere`)
  const totals = { drives: 0, pieces: 0, onOneWays: 0, restrictionsMet: 0 }
  const ways = new Map<Route, Point[]>()
  for (const route of solution.routes) {
    const places = route.steps.flatMap((step) => (step.place === undefined ? [] : [step.place]))
    const way: Point[] = []
    for (let at = 0; at + 1 < places.length; at++) {
      const [from, to] = [places[at]!, places[at + 1]!]
      const drive = await ask<RouteAnswer>(`/api/streets/route?${profile.toString()}&points=${listOf([points[from]!, points[to]!])}`)
      if (drive.kind !== 'route') throw new Error(`There is no drive from place ${from} to ${to}: ${drive.kind}`)
      const cell = from * points.length + to
      const stated = [input.problem.profiles[0]!.durations[cell]!, input.problem.profiles[0]!.distances[cell]!]
      if (drive.durationS !== stated[0] || drive.distanceM !== stated[1])
        faults.push(`the drive from place ${from} to ${to} is ${drive.durationS} s, ${drive.distanceM} m, and the matrix says ${stated.join(', ')}`)
      const [first, last] = [drive.geometry.coordinates[0]!, drive.geometry.coordinates.at(-1)!]
      if (metresBetween(first, points[from]!) > farthestSnapM + 1 || metresBetween(last, points[to]!) > farthestSnapM + 1)
        faults.push(`the drive from place ${from} to ${to} does not begin and end there`)
      const followed = followStreets(streets, drive.geometry.coordinates)
      totals.drives += 1
      totals.pieces += followed.pieces
      totals.onOneWays += followed.onOneWays
      totals.restrictionsMet += followed.restrictionsMet
      faults.push(...followed.faults)
      way.push(...drive.geometry.coordinates)
    }
    ways.set(route, way)
  }
  return {
    directedEdges: report.directedEdges,
    restrictions: report.restrictions,
    matrixMs,
    routes: solution.routes.length,
    served: settings.stops - solution.unassigned.length,
    left: solution.unassigned.length,
    unloadings: solution.routes.reduce((sum, route) => sum + route.steps.filter(({ kind }) => kind === 'site').length, 0),
    distanceM: solution.routes.reduce((sum, route) => sum + route.distance, 0),
    travelS: solution.routes.reduce((sum, route) => sum + route.travel, 0),
    ...totals,
    faults,
    picture: drawPicture(input, solution, name, streets, (route) => ways.get(route)!, all.attribution),
  }
}

interface Answer {
  readonly summary: { readonly cost: number }
  readonly routes: readonly { readonly vehicle: number; readonly steps: readonly { readonly type: string; readonly load?: readonly number[] }[] }[]
}

/** Points along streets of all sizes, a longer street more often. */
function drawPoints(streets: PlainStreets, count: number, seed: number): Point[] {
  const random = createRandom(seed)
  const ends = ({ from, to }: Piece): [Point, Point] => [streets.places.get(from)!, streets.places.get(to)!]
  const lengths = streets.pieces.map((piece) => metresBetween(...ends(piece)))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  return Array.from({ length: count }, () => {
    let left = random() * total
    const piece = streets.pieces[lengths.findIndex((length) => (left -= length) < 0)] ?? streets.pieces[0]!
    const [a, b] = ends(piece)
    const share = random()
    return [0, 1].map((axis) => Number((a[axis]! + (b[axis]! - a[axis]!) * share).toFixed(5))) as [number, number]
  })
}

function metresBetween(a: Point, b: Point): number {
  return distanceM(a[0], a[1], b[0], b[1])
}

function listOf(points: readonly Point[]): string {
  return points.map((point) => point.join(',')).join(';')
}

/** How far a stop may be from the street the network puts it on; a piece of street cut off at the extract's edge is farther. */
const farthestSnapM = 10

/** Indices of the points that a truck can come to and leave: on a street of the network, with a way to and from most others. */
function connected({ durationsS, sources }: MatrixAnswer): number[] {
  const half = durationsS.length / 2
  const indices = [...durationsS.keys()]
  const isUsable = indices.map(
    (index) => indices.filter((other) => durationsS[index]![other] !== null && durationsS[other]![index] !== null).length > half,
  )
  return indices.filter((index) => isUsable[index] && (sources[index]?.distanceM ?? Infinity) <= farthestSnapM)
}

function pick(matrix: readonly (readonly (number | null)[])[], kept: readonly number[]): (number | null)[][] {
  return kept.map((row) => kept.map((column) => matrix[row]![column]!))
}

/** Place 0 is the depot, place 1 the disposal site; three trucks of 6 t payload, eight hours and about a third of the stops each. */
function documentOf(points: readonly Point[], durations: unknown, distances: unknown, { seconds, seed }: Settings): Record<string, unknown> {
  const random = createRandom(seed + 1)
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1))
  const place = (index: number): object => ({ location: points[index], location_index: index })
  return {
    vehicles: [1, 2, 3].map((id) => ({
      id,
      profile: 'truck',
      start: points[0],
      start_index: 0,
      end: points[0],
      end_index: 0,
      capacity: [6000],
      max_tasks: Math.ceil((points.length - 2) / 3) + 3,
      time_window: [21_600, 50_400],
      cityloop: { reloads: [{ ...place(1), duration: 600, tag: 'disposal' }], must_unload_before_end: true },
    })),
    jobs: points.slice(2).map((_, index) => ({ id: index + 1, ...place(index + 2), service: between(45, 120), pickup: [between(60, 240)] })),
    matrices: { truck: { durations, distances } },
    cityloop: { seed, time_limit_ms: seconds * 1000 },
  }
}

function drawPicture(
  { problem }: VroomInput,
  solution: Parameters<typeof writePicture>[1],
  name: string,
  streets: PlainStreets,
  wayOf: (route: Route) => readonly Point[],
  attribution: string,
): string {
  const shown = problem.coordinates!
  const [low, high] = [Math.min, Math.max].map((most) => [0, 1].map((axis) => most(...shown.map((point) => point[axis]!))))
  const isInside = (point: Point): boolean => [0, 1].every((axis) => point[axis]! >= low![axis]! && point[axis]! <= high![axis]!)
  const background = streets.pieces.map(({ from, to }): [Point, Point] => [streets.places.get(from)!, streets.places.get(to)!])
  return writePicture(problem, solution, `${name}: ${problem.stops.length} stops, three trucks`, {
    wayOf,
    isGeographic: true,
    background: background.filter((line) => line.every(isInside)),
    note: `Streets ${attribution}, ODbL 1.0`,
  })
}

const cities = [
  ['Helsinki', 'helsinki-centre.osm.pbf'],
  ['Monaco', 'monaco-osrm.osm.pbf'],
  ['Porto Alegre', 'porto-alegre-centre.osm.pbf'],
] as const

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      stops: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      pictures: { type: 'string' },
    },
  })
  const data = process.env['TEST_DATA']
  if (data === undefined) throw new Error('TEST_DATA is not set')
  for (const [name, file] of cities) {
    const settings = { stops: Number(values.stops), seconds: Number(values.seconds), seed: Number(values.seed) }
    const { picture, faults, ...figures } = await planOnStreets(join(data, 'osm', file), name, settings)
    console.log(JSON.stringify({ name, ...figures, faults: faults.length }))
    for (const fault of faults.slice(0, 10)) console.log(`  ${fault}`)
    if (faults.length > 0) process.exitCode = 1
    if (values.pictures !== undefined) await writeFile(join(values.pictures, `${file.split('.')[0]}.html`), picture)
  }
}
