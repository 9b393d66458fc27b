import { createProblem, createStop, createVehicle } from '../problem.ts'
import { euclidean, FormatError, parseNumbers, type Benchmark } from './benchmark.ts'

/** Reads Cordeau's text for several depots (type 2), whose customers come first and depots last; distances keep four decimals. Throws `FormatError`. */
export function readCordeau(text: string): Benchmark {
  const factor = 10_000
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const [type, perDepot, customers, depots] = parseNumbers(lines[0] ?? '', 4, 'The first line')
  if (type !== 2) throw new FormatError(`The problem type must be 2 (several depots), not ${type}`)
  const limits = lines.slice(1, 1 + depots!).map((line) => parseNumbers(line, 2, 'A depot limit'))
  const rows = lines.slice(1 + depots!, 1 + 2 * depots! + customers!).map((line) => parseNumbers(line, 5, 'A node'))
  if (rows.length !== customers! + depots!) throw new FormatError(`There must be ${customers! + depots!} nodes, not ${rows.length}`)
  const coordinates = rows.map((row): [number, number] => [row[1]!, row[2]!])
  const matrix = euclidean(coordinates, factor, false)
  const problem = createProblem({
    places: rows.length,
    coordinates,
    profiles: [{ name: 'plane', distances: matrix, durations: matrix }],
    stops: rows
      .slice(0, customers)
      .map((row, index) => createStop({ id: String(row[0]), place: index, service: row[3]! * factor, delivery: [row[4]!] })),
    vehicles: limits.map(([duty, capacity], depot) =>
      createVehicle({
        id: `depot ${depot + 1}`,
        count: perDepot,
        start: customers! + depot,
        end: customers! + depot,
        capacity: [capacity!],
        maxDuty: duty === 0 ? undefined : duty! * factor,
      }),
    ),
  })
  return { name: 'Cordeau', problem, scale: factor, depots: 0, vehiclesFirst: false }
}
