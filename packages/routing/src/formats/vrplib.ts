import { createProblem, createStop, createVehicle, type Vehicle } from '../problem.ts'
import { euclidean, factorOf, FormatError, parseNumbers, type Benchmark, type Rounding } from './benchmark.ts'

/**
 * Reads an instance in VRPLIB text, with the sections PyVRP added: time windows, releases, prizes, groups, several depots, capacities and costs by
 * vehicle, reload depots, longest duty. Unless given, distances are rounded as the instance's type is published: to integers for CVRP, cut at one
 * decimal for windows, prizes and reloads, to three decimals for mixed fleets and several depots. Throws `FormatError`.
 */
export function readVrplib(text: string, rounding?: Rounding): Benchmark {
  const { keys, sections } = split(text)
  const type = keys.get('TYPE') ?? 'CVRP'
  const rule = rounding ?? roundingOf(type)
  const factor = factorOf[rule]
  const dimension = Number(keys.get('DIMENSION'))
  if (!Number.isInteger(dimension) || dimension < 1) throw new FormatError(`DIMENSION must be a positive integer, not ${keys.get('DIMENSION')}`)
  for (const name of sections.keys()) if (!known.has(name)) throw new FormatError(`Section ${name} is not known`)
  const depots = (sections.get('DEPOT_SECTION') ?? ['1']).map((line) => parseNumbers(line, 1, 'DEPOT_SECTION')[0]!).filter((depot) => depot > 0)
  depots.forEach((depot, index) => {
    if (depot !== index + 1) throw new FormatError(`DEPOT_SECTION must list the first nodes, not ${depot}`)
  })
  const scaled = (value: number): number => Math.floor(value * factor + (rule === 'dimacs' ? 1e-9 : 0.5))
  const column = (section: string, index: number, fallback: number): number[] => {
    const lines = sections.get(section)
    const values = Array.from({ length: dimension }, () => fallback)
    for (const line of lines ?? []) {
      const numbers = parseNumbers(line, index + 2, section)
      values[nodeIndex(numbers[0]!, dimension, section)] = numbers[index + 1]!
    }
    return values
  }
  const coordinates = Array.from({ length: dimension }, (): [number, number] => [0, 0])
  for (const line of sections.get('NODE_COORD_SECTION') ?? []) {
    const [node, x, y] = parseNumbers(line, 3, 'NODE_COORD_SECTION')
    coordinates[nodeIndex(node!, dimension, 'NODE_COORD_SECTION')] = [x!, y!]
  }
  const matrix = sections.has('EDGE_WEIGHT_SECTION')
    ? explicit(sections.get('EDGE_WEIGHT_SECTION')!, keys.get('EDGE_WEIGHT_FORMAT') ?? '', dimension, factor)
    : euclidean(coordinates, factor, rule === 'dimacs')
  const demand = column('DEMAND_SECTION', 0, 0)
  const service = column('SERVICE_TIME_SECTION', 0, Number(keys.get('SERVICE_TIME') ?? 0))
  const opens = column('TIME_WINDOW_SECTION', 0, 0)
  const closes = column('TIME_WINDOW_SECTION', 1, 0)
  const releases = column('RELEASE_TIME_SECTION', 0, 0)
  const prizes = column('PRIZE_SECTION', 0, 0)
  const hasWindows = sections.has('TIME_WINDOW_SECTION')
  const groupOf = new Map<number, string>()
  for (const line of sections.get('MUTUALLY_EXCLUSIVE_GROUP_SECTION') ?? []) {
    const [group, ...members] = parseNumbers(line, 2, 'MUTUALLY_EXCLUSIVE_GROUP_SECTION')
    if (members.length > 1) for (const member of members) groupOf.set(member - 1, `group ${group}`)
  }
  const stops = []
  for (let node = depots.length; node < dimension; node++) {
    stops.push(
      createStop({
        id: String(node),
        place: node,
        service: scaled(service[node]!),
        windows: hasWindows ? [[scaled(opens[node]!), scaled(closes[node]!)]] : [],
        delivery: [demand[node]!],
        release: scaled(releases[node]!),
        prize: sections.has('PRIZE_SECTION') && prizes[node]! > 0 ? scaled(prizes[node]!) : undefined,
        group: groupOf.get(node),
      }),
    )
  }
  const vehicleCount = Number(keys.get('VEHICLES') ?? dimension - depots.length)
  const ofVehicle = (key: string, index: number): number | undefined => {
    const line = sections.get(`${key}_SECTION`)?.[index]
    const value = line === undefined ? keys.get(key) : line.trim().split(/\s+/)[1]
    return value === undefined ? undefined : Number(value)
  }
  const reloads = sections.get('VEHICLES_RELOAD_DEPOT_SECTION')
  const sites =
    reloads === undefined ? [] : depots.map((_, depot) => ({ id: `depot ${depot + 1}`, place: depot, service: 0, windows: windowOf(depot) }))
  function windowOf(node: number): [number, number][] {
    return hasWindows ? [[scaled(opens[node]!), scaled(closes[node]!)]] : []
  }
  const vehicles: Vehicle[] = []
  const alike = ![...sections.keys()].some((name) => name.startsWith('VEHICLES_') || name === 'CAPACITY_SECTION')
  for (let index = 0; index < (alike ? 1 : vehicleCount); index++) {
    const depot = (ofVehicle('VEHICLES_DEPOT', index) ?? 1) - 1
    const maxDuty = ofVehicle('VEHICLES_MAX_DURATION', index)
    const maxDistance = ofVehicle('VEHICLES_MAX_DISTANCE', index)
    const maxReloads = ofVehicle('VEHICLES_MAX_RELOADS', index)
    vehicles.push(
      createVehicle({
        id: String(index + 1),
        count: alike ? vehicleCount : 1,
        start: depot,
        end: depot,
        capacity: [ofVehicle('CAPACITY', index) ?? 0x1fffffff],
        shift: windowOf(depot)[0],
        fixed: scaled(ofVehicle('VEHICLES_FIXED_COST', index) ?? 0),
        perDistance: ofVehicle('VEHICLES_UNIT_DISTANCE_COST', index) ?? 1,
        maxDuty: maxDuty === undefined ? undefined : scaled(maxDuty),
        maxDistance: maxDistance === undefined ? undefined : scaled(maxDistance),
        sites:
          reloads === undefined
            ? []
            : parseNumbers(reloads[index]!, 2, 'VEHICLES_RELOAD_DEPOT_SECTION')
                .slice(1)
                .map((site) => site - 1),
        maxTrips: maxReloads === undefined ? undefined : maxReloads + 1,
      }),
    )
  }
  const problem = createProblem({
    places: dimension,
    coordinates,
    profiles: [{ name: 'plane', distances: matrix, durations: matrix }],
    stops,
    sites,
    vehicles,
  })
  return { name: keys.get('NAME') ?? '', problem, scale: publishedScale(type, factor), depots: depots.length, vehiclesFirst: false }
}

const known = new Set(
  'NODE_COORD DEMAND DEPOT EDGE_WEIGHT TIME_WINDOW SERVICE_TIME RELEASE_TIME PRIZE MUTUALLY_EXCLUSIVE_GROUP CAPACITY VEHICLES_DEPOT VEHICLES_FIXED_COST VEHICLES_UNIT_DISTANCE_COST VEHICLES_MAX_DURATION VEHICLES_MAX_DISTANCE VEHICLES_RELOAD_DEPOT VEHICLES_MAX_RELOADS'
    .split(' ')
    .map((name) => `${name}_SECTION`),
)

function roundingOf(type: string): Rounding {
  if (type === 'VRPTW' || type === 'PCVRPTW' || type === 'MTVRPTWR') return 'dimacs'
  return type === 'HFVRP' || type === 'MDVRPTW' ? 'exact' : 'round'
}

/** Published costs of mixed fleets are per hundred of the unit costs in the files; the others are in the problem's own integers. */
function publishedScale(type: string, factor: number): number {
  if (type === 'HFVRP') return factor * 100
  return type === 'VRPTW' ? factor : 1
}

function split(text: string): { keys: Map<string, string>; sections: Map<string, string[]> } {
  const keys = new Map<string, string>()
  const sections = new Map<string, string[]>()
  let section: string[] | undefined
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed === 'EOF') continue
    const key = /^([A-Z][A-Z_]+)\s*(:(.*))?$/.exec(trimmed)
    if (key === null) {
      if (section === undefined) throw new FormatError(`"${trimmed.slice(0, 40)}" is neither a key nor in a section`)
      section.push(trimmed)
    } else if (key[1]!.endsWith('_SECTION')) {
      section = []
      sections.set(key[1]!, section)
    } else {
      section = undefined
      keys.set(key[1]!, (key[3] ?? '').trim())
    }
  }
  return { keys, sections }
}

function nodeIndex(node: number, dimension: number, section: string): number {
  if (!Number.isInteger(node) || node < 1 || node > dimension)
    throw new FormatError(`${section} names node ${node}, but nodes go from 1 to ${dimension}`)
  return node - 1
}

function explicit(lines: readonly string[], format: string, dimension: number, factor: number): Int32Array {
  const values = lines.flatMap((line) => parseNumbers(line, 1, 'EDGE_WEIGHT_SECTION'))
  const matrix = new Int32Array(dimension * dimension)
  const full = format === 'FULL_MATRIX'
  if (!full && format !== 'LOWER_ROW') throw new FormatError(`EDGE_WEIGHT_FORMAT must be FULL_MATRIX or LOWER_ROW, not ${format}`)
  const expected = full ? dimension * dimension : (dimension * (dimension - 1)) / 2
  if (values.length !== expected) throw new FormatError(`EDGE_WEIGHT_SECTION must hold ${expected} figures, not ${values.length}`)
  let next = 0
  for (let a = 0; a < dimension; a++) {
    for (let b = 0; b < (full ? dimension : a); b++) {
      const value = Math.round(values[next++]! * factor)
      matrix[a * dimension + b] = value
      if (!full) matrix[b * dimension + a] = value
    }
  }
  return matrix
}
