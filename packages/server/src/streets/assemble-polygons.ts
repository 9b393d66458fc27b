import type { OsmExtract, OsmRelation } from './osm-extract.ts'

/** A point in degrees. */
export type LonLat = readonly [number, number]

/** An outer ring, counterclockwise, then its holes, clockwise; rings are closed. */
export type Polygon = readonly (readonly LonLat[])[]

/** Looks up the line of a way: its nodes' places, those that are there. */
export type LineOf = (nodes: readonly number[]) => LonLat[]

/** Makes a look-up of node places. */
export function createLineOf(extract: OsmExtract): LineOf {
  const index = new Map<number, number>()
  extract.nodeIds.forEach((id, at) => index.set(id, at))
  return (nodes) =>
    nodes
      .map((node) => index.get(node))
      .filter((at) => at !== undefined)
      .map((at): LonLat => [extract.nodeLon[at]!, extract.nodeLat[at]!])
}

/** The polygon of a closed way, or undefined if it is none or some of it lies beyond the extract. */
export function polygonOfWay(nodes: readonly number[], lineOf: LineOf): Polygon | undefined {
  if (nodes.length < 4 || nodes[0] !== nodes.at(-1)) return undefined
  const ring = lineOf(nodes)
  return ring.length === nodes.length ? [turned(ring, true)] : undefined
}

/**
 * The polygons of a multipolygon relation: its ways joined end to end into rings, inner rings given to the outer ring around them. Rings that stay
 * open, as at the edge of an extract, are left out.
 */
export function polygonsOfRelation(relation: OsmRelation, wayNodes: ReadonlyMap<number, readonly number[]>, lineOf: LineOf): Polygon[] {
  const rings = (isInner: boolean): LonLat[][] => {
    const lines = relation.members
      .filter((member) => member.type === 'way' && (member.role === 'inner') === isInner)
      .map((member) => wayNodes.get(member.ref))
      .filter((nodes) => nodes !== undefined)
    return joinEnds(lines)
      .filter((nodes) => nodes.length > 3 && nodes[0] === nodes.at(-1))
      .map(lineOf)
  }
  const polygons = rings(false).map((ring) => [turned(ring, true)])
  for (const inner of rings(true)) {
    const owner = polygons.filter(([outer]) => isInside(inner[0]!, outer!)).toSorted((a, b) => Math.abs(areaOf(a[0]!)) - Math.abs(areaOf(b[0]!)))[0]
    owner?.push(turned(inner, false))
  }
  return polygons
}

/** Joins lines at their ends, turning them where needed, until none fits another. */
export function joinEnds(lines: readonly (readonly number[])[]): number[][] {
  const joined: number[][] = []
  const byEnd = new Map<number, Set<readonly number[]>>()
  const remember = (end: number, line: readonly number[]): void => void (byEnd.get(end) ?? byEnd.set(end, new Set()).get(end)!).add(line)
  for (const line of lines) {
    remember(line[0]!, line)
    remember(line.at(-1)!, line)
  }
  const used = new Set<readonly number[]>()
  const takeAt = (end: number): readonly number[] | undefined => [...(byEnd.get(end) ?? [])].find((line) => !used.has(line))
  for (const first of lines) {
    if (used.has(first)) continue
    used.add(first)
    const chain = [...first]
    const extend = (): void => {
      while (chain[0] !== chain.at(-1)) {
        const next = takeAt(chain.at(-1)!)
        if (next === undefined) return
        used.add(next)
        chain.push(...(next[0] === chain.at(-1) ? next.slice(1) : next.slice(0, -1).toReversed()))
      }
    }
    extend()
    chain.reverse()
    extend()
    joined.push(chain.toReversed())
  }
  return joined
}

/** Twice the area in square degrees, positive when counterclockwise. */
export function areaOf(ring: readonly LonLat[]): number {
  let area = 0
  for (let at = 0; at + 1 < ring.length; at++) area += ring[at]![0] * ring[at + 1]![1] - ring[at + 1]![0] * ring[at]![1]
  return area
}

function turned(ring: readonly LonLat[], counterclockwise: boolean): readonly LonLat[] {
  return areaOf(ring) > 0 === counterclockwise ? ring : ring.toReversed()
}

/** Whether a point lies in a ring, by the crossings of a ray to the east. */
export function isInside([x, y]: LonLat, ring: readonly LonLat[]): boolean {
  let inside = false
  for (let at = 0; at + 1 < ring.length; at++) {
    const [[ax, ay], [bx, by]] = [ring[at]!, ring[at + 1]!]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}
