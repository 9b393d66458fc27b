import { createProblem, createStop, createVehicle } from '../problem.ts'
import { euclidean, FormatError, parseNumbers, type Benchmark } from './benchmark.ts'

/**
 * Reads Solomon's text (also Gehring and Homberger's). Unless `dimacs` is set, distances keep four decimals and vehicles count first, as in the lists
 * of best known solutions; with it, distances are cut at one decimal and only distance counts. Throws `FormatError`.
 */
export function readSolomon(text: string, dimacs = false): Benchmark {
  const factor = dimacs ? 10 : 10_000
  const lines = text.split(/\r?\n/)
  const fleetLine = lines.findIndex((line) => /NUMBER\s+CAPACITY/i.test(line))
  if (fleetLine < 0) throw new FormatError('Solomon text needs a line "NUMBER CAPACITY"')
  const [count, capacity] = parseNumbers(lines[fleetLine + 1] ?? '', 2, 'The line under NUMBER CAPACITY')
  const rows = lines
    .slice(fleetLine + 2)
    .filter((line) => /^\s*\d/.test(line))
    .map((line) => parseNumbers(line, 7, 'A customer'))
  if (rows.length < 1) throw new FormatError('Solomon text has no depot')
  const scaled = (value: number): number => Math.round(value * factor)
  const coordinates = rows.map((row): [number, number] => [row[1]!, row[2]!])
  const matrix = euclidean(coordinates, factor, dimacs)
  const problem = createProblem({
    places: rows.length,
    coordinates,
    profiles: [{ name: 'plane', distances: matrix, durations: matrix }],
    stops: rows.slice(1).map((row, index) =>
      createStop({
        id: String(row[0]),
        place: index + 1,
        delivery: [row[3]!],
        windows: [[scaled(row[4]!), scaled(row[5]!)]],
        service: scaled(row[6]!),
      }),
    ),
    vehicles: [createVehicle({ id: 'truck', count, start: 0, end: 0, capacity: [capacity!], shift: [scaled(rows[0]![4]!), scaled(rows[0]![5]!)] })],
  })
  return { name: (lines[0] ?? '').trim(), problem, scale: factor, depots: 1, vehiclesFirst: !dimacs }
}
