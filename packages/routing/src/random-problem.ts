/** Random problems with every rule switched on now and then; for the property tests and for trying the search on what no benchmark covers. */
import { createProblem, createStop, createVehicle, type Break, type Problem, type Site, type Stop, type Vehicle, type Window } from './problem.ts'
import { Random } from './random.ts'

const kinds = ['glass', 'paper', 'rest']
const skills = ['crane', 'side loader']

/** A problem of up to `most` stops; the same seed gives the same problem. Many of them cannot be served wholly, and say so in their answer. */
export function createRandomProblem(seed: number, most: number): Problem {
  const random = new Random(seed)
  const chance = (share: number): boolean => random.unit() < share
  const between = (low: number, high: number): number => low + random.below(high - low + 1)
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!
  const windows = (): Window[] => {
    const start = between(0, 700)
    const first: Window = [start, start + between(0, 300)]
    return chance(0.3) ? [first, [first[1] + between(1, 100), first[1] + between(100, 300)]] : [first]
  }

  const rule = {
    windows: chance(0.5),
    shipments: chance(0.25),
    kinds: chance(0.25),
    prizes: chance(0.4),
    groups: chance(0.2),
    sites: chance(0.5),
    duty: chance(0.3),
    mixed: chance(0.2),
  }
  // A stream of their own, so that the rest of a seed's problem stays what it was before there were types.
  const typeRandom = new Random(seed + 1_000_000)
  const typeChance = (share: number): boolean => typeRandom.unit() < share
  const hasTypes = typeChance(0.3)
  const dimensions = between(0, 2)
  const count = between(0, most)
  const places = count + between(1, 3)
  const coordinates = Array.from({ length: places }, (): [number, number] => [between(0, 100), between(0, 100)])
  const durations = matrix(random, coordinates, chance(0.3))
  const profiles = [
    {
      name: 'truck',
      distances: chance(0.5) ? durations : matrix(random, coordinates, chance(0.3)),
      durations,
      periods: chance(0.15) ? [{ from: 300, durations: durations.map((value) => (value < 0 ? value : Math.round(value * 1.5))) }] : undefined,
    },
  ]
  const amounts = (high: number): number[] => Array.from({ length: dimensions }, () => between(0, high))
  const stops: Stop[] = []
  while (stops.length < count) {
    const index = stops.length
    const common = (): Partial<Stop> & Pick<Stop, 'id' | 'place'> => ({
      id: `stop ${stops.length}`,
      place: chance(0.1) ? between(0, places - 1) : stops.length,
      service: between(0, 20),
      setup: chance(0.1) ? between(0, 10) : 0,
      servicePerType: hasTypes && typeChance(0.5) ? { small: typeRandom.below(31) } : undefined,
      setupPerType: hasTypes && typeChance(0.2) ? { small: typeRandom.below(31) } : undefined,
      windows: rule.windows && chance(0.6) ? windows() : [],
      priority: chance(0.2) ? between(0, 100) : 0,
      skills: chance(0.15) ? [pick(skills)] : [],
      kind: rule.kinds ? pick(kinds) : undefined,
      territory: chance(0.2) ? pick(['north', 'south']) : undefined,
      formerVehicle: chance(0.2) ? pick(['truck 0', 'truck 1']) : undefined,
    })
    if (rule.shipments && chance(0.4) && index + 2 <= count) {
      const load = amounts(8)
      stops.push(createStop({ ...common(), partner: index + 1, part: 'pickup', pickup: load }))
      stops.push(createStop({ ...common(), partner: index, part: 'delivery', delivery: load }))
      continue
    }
    const carries = rule.mixed && chance(0.5) ? { delivery: amounts(8) } : { pickup: amounts(8) }
    stops.push(
      createStop({
        ...common(),
        ...carries,
        release: chance(0.05) ? between(0, 300) : 0,
        prize: rule.prizes && chance(0.5) ? between(0, 150) : undefined,
        group: rule.groups && chance(0.4) ? pick(['a', 'b']) : undefined,
      }),
    )
  }
  const sites: Site[] = rule.sites
    ? Array.from({ length: between(1, 3) }, (_, index) => ({
        id: `site ${index}`,
        place: between(0, places - 1),
        service: between(0, 30),
        windows: chance(0.3) ? windows() : [],
        kinds: chance(0.2) ? [pick(kinds), pick(kinds)] : undefined,
        maxVisits: chance(0.15) ? between(0, 3) : undefined,
        maxLoad: chance(0.15) ? amounts(60) : undefined,
      }))
    : []
  const pauses = (): Break[] => {
    const start = between(100, 500)
    return [{ id: 'lunch', service: between(10, 45), windows: [[start, start + between(0, 300)]], maxLoad: chance(0.2) ? amounts(30) : undefined }]
  }
  const vehicles: Vehicle[] = Array.from({ length: between(1, 4) }, (_, index) =>
    createVehicle({
      id: `truck ${index}`,
      count: chance(0.3) ? between(1, 3) : 1,
      start: chance(0.9) ? between(0, places - 1) : undefined,
      end: chance(0.9) ? between(0, places - 1) : undefined,
      capacity: amounts(40),
      skills: skills.filter(() => chance(0.7)),
      shift: chance(0.6) ? [between(0, 200), between(400, 1400)] : undefined,
      fixed: chance(0.4) ? between(0, 200) : 0,
      perTravel: chance(0.3) ? 0.5 : 0,
      perTask: typeChance(0.2) ? 1.3 : 0,
      type: hasTypes && typeChance(0.5) ? 'small' : undefined,
      perDuty: rule.duty && chance(0.5) ? 0.25 : 0,
      perOvertime: rule.duty && chance(0.5) ? 2 : 0,
      regularDuty: rule.duty ? between(100, 500) : undefined,
      maxDuty: rule.duty && chance(0.3) ? between(200, 800) : undefined,
      maxTravel: chance(0.1) ? between(100, 600) : undefined,
      maxDistance: chance(0.1) ? between(100, 600) : undefined,
      maxStops: chance(0.1) ? between(1, 8) : undefined,
      speed: chance(0.2) ? 1.5 : 1,
      sites: sites.map((_, site) => site).filter(() => chance(0.8)),
      maxTrips: chance(0.3) ? between(1, 3) : undefined,
      breaks: chance(0.2) ? pauses() : [],
      territory: chance(0.3) ? pick(['north', 'south']) : undefined,
    }),
  ).map((vehicle) => ({ ...vehicle, unloadBeforeEnd: vehicle.sites.length > 0 && chance(0.5) }))
  return createProblem({
    places,
    coordinates,
    profiles,
    dimensions,
    stops,
    sites,
    vehicles,
    incompatible: rule.kinds && chance(0.5) ? [['glass', 'paper']] : [],
    territoryCost: chance(0.3) ? 30 : 0,
    changeCost: chance(0.2) ? 20 : 0,
    balance: chance(0.1) ? { measure: chance(0.5) ? 'duty' : 'stops', weight: 2 } : undefined,
  })
}

/** Distances in the plane; with `rough`, asymmetric, without triangle inequality, and with places that cannot be reached from some others. */
function matrix(random: Random, coordinates: readonly (readonly [number, number])[], rough: boolean): Int32Array {
  const n = coordinates.length
  const values = new Int32Array(n * n)
  coordinates.forEach(([ax, ay], a) =>
    coordinates.forEach(([bx, by], b) => {
      if (a === b) return
      const plain = Math.round(Math.hypot(ax - bx, ay - by))
      values[a * n + b] = rough ? (random.unit() < 0.03 ? -1 : Math.round(plain * (0.7 + 0.6 * random.unit()))) : plain
    }),
  )
  return values
}
