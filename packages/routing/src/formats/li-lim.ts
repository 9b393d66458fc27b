import { createProblem, createStop, createVehicle } from '../problem.ts'
import { euclidean, FormatError, parseNumbers, type Benchmark } from './benchmark.ts'

/** Reads Li and Lim's text for pickup and delivery with windows; distances keep four decimals, vehicles count first. Throws `FormatError`. */
export function readLiLim(text: string): Benchmark {
  const factor = 10_000
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const [count, capacity] = parseNumbers(lines[0] ?? '', 3, 'The first line')
  const rows = lines.slice(1).map((line) => parseNumbers(line, 9, 'A line of a task'))
  if (rows.length < 1) throw new FormatError('Li and Lim text has no depot')
  const scaled = (value: number): number => Math.round(value * factor)
  const coordinates = rows.map((row): [number, number] => [row[1]!, row[2]!])
  const matrix = euclidean(coordinates, factor, false)
  const stops = rows.slice(1).map((row, index) => {
    const isPickup = row[7] === 0
    const partner = (isPickup ? row[8]! : row[7]!) - 1
    if (partner < 0 || partner >= rows.length - 1) throw new FormatError(`Task ${row[0]} names no other half`)
    return createStop({
      id: String(row[0]),
      place: index + 1,
      service: scaled(row[6]!),
      windows: [[scaled(row[4]!), scaled(row[5]!)]],
      partner,
      part: isPickup ? 'pickup' : 'delivery',
      ...(isPickup ? { pickup: [row[3]!] } : { delivery: [-row[3]!] }),
    })
  })
  const vehicles = [
    createVehicle({ id: 'truck', count, start: 0, end: 0, capacity: [capacity!], shift: [scaled(rows[0]![4]!), scaled(rows[0]![5]!)] }),
  ]
  const problem = createProblem({
    places: rows.length,
    coordinates,
    profiles: [{ name: 'plane', distances: matrix, durations: matrix }],
    stops,
    vehicles,
  })
  return { name: 'Li and Lim', problem, scale: factor, depots: 1, vehiclesFirst: true }
}
