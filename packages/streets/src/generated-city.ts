import type { RestrictionElement, StreetElements, WayElement } from './street-elements.ts'

/** What the generated city is like. */
export interface CityPlan {
  /** Junctions along each side, at least 3. */
  readonly size: number
  readonly seed: number
  /** South-west corner in degrees. */
  readonly lon?: number
  readonly lat?: number
}

const blockM = 110
const metresPerDegree = 111_195
const turnKinds = ['no_left_turn', 'no_right_turn', 'no_straight_on', 'only_straight_on'] as const

/**
 * A made-up city for benches, tests and examples; the same plan gives the same city. Crooked blocks with gaps, avenues every eighth street, one-way
 * streets in pairs, a river with few bridges, truck limits, and turn restrictions (over ways too) at about one junction in twenty.
 */
export function generateCity({ size, seed, lon = 0, lat = 0 }: CityPlan): StreetElements {
  const random = createRandom(seed)
  const [count, riverRow] = [size * size, Math.floor(size * 0.6)]
  const nodeIds = Float64Array.from({ length: count }, (_, index) => index + 1)
  const [nodeLon, nodeLat] = [new Float64Array(count), new Float64Array(count)]
  for (let index = 0; index < count; index++) {
    const [row, column] = [Math.floor(index / size), index % size]
    nodeLat[index] = lat + ((row + (random() - 0.5) * 0.5) * blockM) / metresPerDegree
    nodeLon[index] = lon + ((column + (random() - 0.5) * 0.5) * blockM) / (metresPerDegree * Math.cos((lat * Math.PI) / 180))
  }
  const ways: WayElement[] = []
  /** Ways at each node, with the direction they leave it in, for the restrictions. */
  const touching: number[][] = Array.from({ length: count }, () => [])
  const addWay = (a: number, b: number, tags: Record<string, string>): void => {
    const id = 100_000_000 + ways.length
    ways.push({ id, nodes: [nodeIds[a]!, nodeIds[b]!], tags })
    touching[a]!.push(ways.length - 1)
    touching[b]!.push(ways.length - 1)
  }
  const streetTags = (line: number, kind: 'Street' | 'Avenue'): Record<string, string> => {
    const tags: Record<string, string> = { name: `${kind} ${line + 1}` }
    if (line % 16 === 8) Object.assign(tags, { highway: 'primary', maxspeed: '60' })
    else if (line % 8 === 0) tags.highway = 'tertiary'
    else {
      tags.highway = 'residential'
      if (line % 4 === 1) tags.oneway = 'yes'
      if (line % 4 === 2) tags.oneway = '-1'
    }
    const limit = random()
    if (limit < 0.01) tags.maxweight = '7.5'
    else if (limit < 0.015) tags.maxheight = '3.2'
    else if (limit < 0.018) tags.maxwidth = '2.2'
    else if (limit < 0.021) tags.hgv = 'no'
    return tags
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const index = row * size + column
      if (column + 1 < size && (row % 8 === 0 || random() > 0.07)) addWay(index, index + 1, streetTags(row, 'Street'))
      const crossesRiver = row === riverRow
      if (row + 1 < size && (crossesRiver ? column % 16 === 8 : column % 8 === 0 || random() > 0.07))
        addWay(index, index + size, streetTags(column, 'Avenue'))
    }
  }
  const restrictions: RestrictionElement[] = []
  touching.forEach((near, index) => {
    if (near.length < 3 || random() > 0.06) return
    const from = near[Math.floor(random() * near.length)]!
    const to = near[Math.floor(random() * near.length)]!
    if (from === to) return
    const id = 200_000_000 + restrictions.length
    const restriction = turnKinds[Math.floor(random() * turnKinds.length)]!
    const overWay = random() < 0.15
    const far = ways[to]!.nodes.find((node) => node !== nodeIds[index]!)!
    const beyond = touching[far - 1]!.find((way) => way !== to)
    const tags: Record<string, string> = { type: 'restriction', restriction }
    if (random() < 0.1) tags.except = 'hgv'
    if (overWay && beyond !== undefined) restrictions.push({ id, from: [ways[from]!.id], viaWays: [ways[to]!.id], to: [ways[beyond]!.id], tags })
    else restrictions.push({ id, from: [ways[from]!.id], viaNode: nodeIds[index]!, to: [ways[to]!.id], tags })
  })
  return { nodeIds, nodeLon, nodeLat, nodeTags: new Map(), ways, restrictions }
}

/** Numbers from 0 to below 1 (mulberry32); the same seed gives the same row. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
