import type { OsmExtract, OsmRelation } from '../../packages/server/src/streets/osm-extract.ts'

/** Degrees. */
export type Point = readonly [number, number]

/** A straight piece of a way between two of its nodes, in a direction in which the truck may drive it. */
export interface Piece {
  readonly way: number
  readonly from: number
  readonly to: number
}

/** The streets of an extract as their tags say it, read apart from the product's network: nodes, permitted pieces, restrictions. */
export interface PlainStreets {
  readonly places: ReadonlyMap<number, Point>
  readonly pieces: readonly Piece[]
  readonly piecesFrom: ReadonlyMap<number, readonly Piece[]>
  readonly piecesTo: ReadonlyMap<number, readonly Piece[]>
  readonly nodesAt: ReadonlyMap<string, readonly number[]>
  /** Both directions of streets with a way forbidden, for telling a wrong way from no street. */
  readonly oneWays: ReadonlySet<number>
  readonly restrictions: readonly TurnRule[]
}

interface TurnRule {
  readonly id: number
  readonly isOnly: boolean
  readonly from: ReadonlySet<number>
  readonly to: ReadonlySet<number>
  readonly viaNode: number | undefined
  readonly viaWays: ReadonlySet<number>
}

/** The truck of the scenario. */
export const truck = { weightKg: 12_000, heightM: 3.5, widthM: 2.5 } as const

const notForMotors = new Set('footway cycleway path steps bridleway corridor platform construction proposed elevator'.split(' '))

/** Reads streets and restrictions; restrictions in `ignored` (ids the import says it could not apply) are left out. */
export function readPlainStreets(extract: OsmExtract, ignored: ReadonlySet<number>): PlainStreets {
  const places = new Map<number, Point>()
  const nodesAt = new Map<string, number[]>()
  extract.nodeIds.forEach((id, at) => {
    const point: Point = [extract.nodeLon[at]!, extract.nodeLat[at]!]
    places.set(id, point)
    push(nodesAt, keyOf(point), id)
  })
  const [piecesFrom, piecesTo] = [new Map<number, Piece[]>(), new Map<number, Piece[]>()]
  const pieces: Piece[] = []
  const oneWays = new Set<number>()
  for (const { id: way, nodes, tags } of extract.ways) {
    if (!mayDrive(tags)) continue
    const direction = directionOf(tags)
    if (direction !== 'both') oneWays.add(way)
    for (let at = 0; at + 1 < nodes.length; at++) {
      const [a, b] = [nodes[at]!, nodes[at + 1]!]
      if (!places.has(a) || !places.has(b)) continue
      if (direction !== 'backward') pieces.push({ way, from: a, to: b })
      if (direction !== 'forward') pieces.push({ way, from: b, to: a })
    }
  }
  for (const piece of pieces) {
    push(piecesFrom, piece.from, piece)
    push(piecesTo, piece.to, piece)
  }
  const restrictions = extract.relations.filter(({ id }) => !ignored.has(id)).flatMap(toRules)
  return { places, pieces, piecesFrom, piecesTo, nodesAt, oneWays, restrictions }
}

/** Nodes are known by their place to 1e-7 degrees, as the file states it. */
export function keyOf([lon, lat]: Point): string {
  return `${Math.round(lon * 1e7)} ${Math.round(lat * 1e7)}`
}

type Tags = Readonly<Record<string, string>>

function mayDrive(tags: Tags): boolean {
  if (tags.route !== 'ferry' && (tags.highway === undefined || notForMotors.has(tags.highway))) return false
  if ((tags.hgv ?? tags.goods) === 'no') return false
  const over = (text: string | undefined, figure: number): boolean => text !== undefined && Number(text) < figure
  return !over(tags.maxweight, truck.weightKg / 1000) && !over(tags.maxheight, truck.heightM) && !over(tags.maxwidth, truck.widthM)
}

function directionOf(tags: Tags): 'forward' | 'backward' | 'both' {
  const stated = tags['oneway:motor_vehicle'] ?? tags['oneway:vehicle'] ?? tags.oneway
  if (stated === 'yes' || stated === 'true' || stated === '1') return 'forward'
  if (stated === '-1' || stated === 'reverse') return 'backward'
  if (stated !== undefined) return 'both'
  return tags.highway === 'motorway' || tags.junction === 'roundabout' || tags.junction === 'circular' ? 'forward' : 'both'
}

function toRules({ id, members, tags }: OsmRelation): TurnRule[] {
  const stated = tags['restriction:hgv'] ?? tags.restriction ?? tags['restriction:motor_vehicle']
  const isFree = (tags.except ?? '').split(';').some((who) => ['motor_vehicle', 'vehicle', 'hgv', 'goods'].includes(who.trim()))
  if (stated === undefined || isFree || !/^(?:no|only)_/.test(stated) || stated === 'no_u_turn') return []
  const ways = (role: string): Set<number> => new Set(members.filter((member) => member.type === 'way' && member.role === role).map(({ ref }) => ref))
  const viaNode = members.find((member) => member.type === 'node' && member.role === 'via')?.ref
  return [{ id, isOnly: stated.startsWith('only_'), from: ways('from'), to: ways('to'), viaNode, viaWays: ways('via') }]
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
