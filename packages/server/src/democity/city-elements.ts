import type { Block, StreetPlan } from './lay-streets.ts'
import { columns, rows } from './lay-streets.ts'
import { districtAt } from './districts.ts'
import type { District } from './districts.ts'
import { groundM, toDegrees } from './lay-of-land.ts'
import type { LayOfLand, Spot } from './lay-of-land.ts'
import { noise } from './random.ts'

type Tags = Readonly<Record<string, string>>

/** The ground of the city in the shape of OpenStreetMap's elements: what map and street network are made of. Bounds are west, south, east, north in degrees. */
export type CityElements = {
  readonly nodeIds: Float64Array
  readonly nodeLon: Float64Array
  readonly nodeLat: Float64Array
  readonly nodeTags: ReadonlyMap<number, Tags>
  readonly ways: readonly { readonly id: number; readonly nodes: readonly number[]; readonly tags: Tags }[]
  readonly relations: readonly {
    readonly id: number
    readonly members: readonly { readonly type: 'node' | 'way'; readonly ref: number; readonly role: string }[]
    readonly tags: Tags
  }[]
  readonly bounds: readonly [number, number, number, number]
}

const wayBase = 1_000_000
const relationBase = 2_000_000

/** Draws coast, river, streets, parks, buildings and names. */
export function drawCity(seed: number, name: string, land: LayOfLand, districts: readonly District[], plan: StreetPlan): CityElements {
  const spots: Spot[] = [...plan.crossings]
  const nodeTags = new Map<number, Tags>()
  const ways: { id: number; nodes: readonly number[]; tags: Tags }[] = []
  const relations: CityElements['relations'][number][] = []
  const node = (spot: Spot): number => spots.push(spot)
  const way = (nodes: readonly number[], tags: Tags): number => {
    ways.push({ id: wayBase + ways.length, nodes, tags })
    return wayBase + ways.length - 1
  }
  const area = (corners: readonly Spot[], tags: Tags): void => {
    const nodes = corners.map(node)
    way([...nodes, nodes[0] ?? 0], tags)
  }

  drawWater()
  drawStreets()
  drawBlocks()
  for (const { name: part, spot } of districts) nodeTags.set(node(spot), { place: 'suburb', name: part })
  nodeTags.set(node([500, 300]), { place: 'city', name, population: '212000' })

  const degrees = spots.map(toDegrees)
  const [west, south] = toDegrees([-groundM, -groundM])
  const [east, north] = toDegrees([groundM, groundM])
  return {
    nodeIds: Float64Array.from(spots, (_, at) => at + 1),
    nodeLon: Float64Array.from(degrees, ([lon]) => lon),
    nodeLat: Float64Array.from(degrees, ([, lat]) => lat),
    nodeTags,
    ways,
    relations,
    bounds: [west, south, east, north],
  }

  /** The coast has land on its left, so it is drawn southwards. */
  function drawWater(): void {
    const coast: number[] = []
    for (let northM = groundM + 1000; northM >= -groundM - 1000; northM -= Math.abs(northM) < 4000 ? 60 : 400)
      coast.push(node([land.coastAt(northM), northM]))
    way(coast, { natural: 'coastline' })
    const [bank, other]: [Spot[], Spot[]] = [[], []]
    for (let eastM = -1300; eastM <= groundM + 500; eastM += 90) {
      bank.push([eastM, land.riverAt(eastM) + land.riverHalfM(eastM)])
      other.push([eastM, land.riverAt(eastM) - land.riverHalfM(eastM)])
    }
    area([...bank, ...other.toReversed()], { natural: 'water', water: 'river', name: 'Selva' })
  }

  function drawStreets(): void {
    const drawn: { readonly block: Block; readonly way: number }[] = []
    for (let at = 0; at < plan.blocks.length;) {
      const first = plan.blocks[at]
      if (first === undefined) return
      const tags = tagsOf(first)
      const nodes = [first.from + 1, first.to + 1]
      let next = at + 1
      for (
        let block = plan.blocks[next];
        block !== undefined && block.line === first.line && block.from + 1 === nodes.at(-1);
        block = plan.blocks[next]
      ) {
        if (JSON.stringify(tagsOf(block)) !== JSON.stringify(tags) || isGuarded(block.from)) break
        nodes.push(block.to + 1)
        next += 1
      }
      const id = way(nodes, tags)
      for (; at < next; at += 1) {
        const block = plan.blocks[at]
        if (block !== undefined) drawn.push({ block, way: id })
      }
    }
    forbidTurns(drawn)
  }

  function tagsOf({ from, isBridge, line }: Block): Tags {
    const isInner = land.outness(plan.crossings[from] ?? [0, 0]) < 0.6
    return {
      highway: line.highway,
      name: line.name,
      maxspeed: String(line.speedKmh),
      ...(line.oneway === 'no' || !isInner ? {} : { oneway: line.oneway }),
      ...(isBridge ? { bridge: 'yes', layer: '1' } : {}),
    }
  }

  /** Whether turns are forbidden at a crossing: streets are cut there, so that a restriction names whole ways. */
  function isGuarded(crossing: number): boolean {
    return noise(seed, crossing, 31) < 0.125
  }

  /** No left turn at one crossing of wide streets in eight. */
  function forbidTurns(drawn: readonly { readonly block: Block; readonly way: number }[]): void {
    const wide = drawn.filter(({ block }) => block.line.highway === 'primary' || block.line.highway === 'secondary')
    const arriving = new Map(wide.map((piece) => [piece.block.to, piece] as const))
    for (const { block, way: to } of wide) {
      const from = arriving.get(block.from)
      if (from === undefined || from.way === to || !isGuarded(block.from)) continue
      relations.push({
        id: relationBase + relations.length,
        members: [
          { type: 'way', ref: from.way, role: 'from' },
          { type: 'node', ref: block.from + 1, role: 'via' },
          { type: 'way', ref: to, role: 'to' },
        ],
        tags: { type: 'restriction', restriction: 'no_left_turn' },
      })
    }
  }

  /** Fills what lies between the streets: parks, squares and houses. */
  function drawBlocks(): void {
    for (let column = -columns; column < columns; column += 1) {
      for (let row = -rows; row < rows; row += 1) {
        for (const step of [1, 2]) {
          if (step === 2 && (column % 2 !== 0 || row % 2 !== 0)) continue
          const corners = cornersOf(column, row, step)
          if (corners === undefined || land.outness(corners[0]) > 0.62 !== (step === 2)) continue
          fillBlock(corners, column, row, step)
        }
      }
    }
  }

  function cornersOf(column: number, row: number, step: number): readonly [Spot, Spot, Spot, Spot] | undefined {
    const at = (right: number, up: number): Spot | undefined => plan.crossings[plan.crossingAt(column + right, row + up) ?? -1]
    const [a, b, c, d] = [at(0, 0), at(step, 0), at(step, step), at(0, step)]
    if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
    const middle: Spot = [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2]
    const isWet = !land.isLand(middle, 60) || [a, b, c, d].some(([, northM]) => northM < land.riverAt(a[0]) !== a[1] < land.riverAt(a[0]))
    return isWet ? undefined : [a, b, c, d]
  }

  function fillBlock([a, b, c, d]: readonly [Spot, Spot, Spot, Spot], column: number, row: number, step: number): void {
    const inside = (u: number, v: number): Spot => [
      a[0] * (1 - u) * (1 - v) + b[0] * u * (1 - v) + c[0] * u * v + d[0] * (1 - u) * v,
      a[1] * (1 - u) * (1 - v) + b[1] * u * (1 - v) + c[1] * u * v + d[1] * (1 - u) * v,
    ]
    const quad = (u0: number, v0: number, u1: number, v1: number): Spot[] => [inside(u0, v0), inside(u1, v0), inside(u1, v1), inside(u0, v1)]
    const district = districtAt(districts, inside(0.5, 0.5))
    const chance = noise(seed, column, row, 41)
    const isNearMiddle = Math.hypot(district.spot[0] - inside(0.5, 0.5)[0], district.spot[1] - inside(0.5, 0.5)[1]) < 330
    if (chance < 0.04 || (district.character === 'green' && (isNearMiddle || chance < 0.2))) {
      area(quad(0.07, 0.07, 0.93, 0.93), { leisure: 'park', name: `${district.name} Gardens` })
      return
    }
    const isWorks = district.character === 'works'
    const [across, deep] = isWorks ? [step, 2 * step] : [3 * step, 2 * step]
    for (let i = 0; i < across; i += 1) {
      for (let j = 0; j < deep; j += 1) {
        const lot = noise(seed, column, row, 50 + i * 16 + j)
        if (lot < (step === 2 ? 0.3 : 0.1)) continue
        const [u, v, wide, long] = [0.1 + (0.8 * i) / across, 0.1 + (0.8 * j) / deep, 0.8 / across, 0.8 / deep]
        const levels = isWorks ? 2 : 1 + Math.round(district.busyness * 5 * (1 - 0.5 * land.outness(a)) * (0.6 + 0.8 * lot))
        area(quad(u + wide * 0.08, v + long * 0.12, u + wide * (0.7 + 0.2 * lot), v + long * (0.62 + 0.25 * lot)), {
          building: isWorks ? 'industrial' : 'yes',
          'building:levels': String(levels),
        })
      }
    }
  }
}
