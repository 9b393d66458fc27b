import type { LonLat, Polygon } from './assemble-polygons.ts'
import { areaOf } from './assemble-polygons.ts'
import type { Bounds } from './osm-extract.ts'

/** Land and sea within bounds. */
export interface LandAndSea {
  readonly land: readonly Polygon[]
  readonly sea: readonly Polygon[]
}

/**
 * Parts a rectangle into land and sea by coastlines (OpenStreetMap draws them with land on the left). Lines are cut at the rectangle; from where one
 * leaves it, the land's outline follows the rectangle counterclockwise to where the next one enters, the sea's the other way. Closed coastlines
 * inside are islands (counterclockwise) or inlets. A line that ends inside, because the extract was cut to another shape, is led on straight to the
 * nearest side: there land and sea are a guess, and
 * what contradicts the rest is left out, the shortest lines first.
 */
export function partByCoastline(lines: readonly (readonly LonLat[])[], bounds: Bounds): LandAndSea {
  const rings = lines.filter((line) => isClosed(line) && line.every((point) => contains(bounds, point)))
  const clipped = lines
    .filter((line) => !rings.includes(line))
    .flatMap((line) => clip(ledOut(line, bounds), bounds))
    .filter((piece) => [piece[0]!, piece.at(-1)!].every((end) => edgePosition(end, bounds) !== undefined))
  const pieces = consistent(clipped, bounds)
  const islands = rings.filter((ring) => areaOf(ring) > 0)
  const inlets = rings.filter((ring) => areaOf(ring) < 0)
  const land = pieces.length > 0 ? outlines(pieces, bounds) : islands.length > 0 && inlets.length === 0 ? [] : [rectangle(bounds)]
  const seaPieces = pieces.map((piece) => piece.toReversed())
  const sea = pieces.length > 0 ? outlines(seaPieces, bounds) : islands.length > 0 && inlets.length === 0 ? [rectangle(bounds)] : []
  return {
    land: [...land.map((ring) => [ring, ...inlets]), ...islands.map((ring) => [ring])],
    sea: [...sea.map((ring) => [ring, ...islands.map((island) => island.toReversed())]), ...inlets.map((ring) => [ring.toReversed()])],
  }
}

function rectangle([west, south, east, north]: Bounds): LonLat[] {
  return [[west, south], [east, south], [east, north], [west, north], [west, south]] // prettier-ignore
}

function isClosed(line: readonly LonLat[]): boolean {
  const [first, last] = [line[0]!, line.at(-1)!]
  return line.length > 3 && first[0] === last[0] && first[1] === last[1]
}

function contains([west, south, east, north]: Bounds, [lon, lat]: LonLat): boolean {
  return lon >= west && lon <= east && lat >= south && lat <= north
}

/** The line with loose ends inside the rectangle led on to its nearest side. */
function ledOut(line: readonly LonLat[], bounds: Bounds): LonLat[] {
  const [first, last] = [line[0]!, line.at(-1)!]
  const onSide = ([lon, lat]: LonLat): LonLat => {
    const [west, south, east, north] = bounds
    const sides: (readonly [number, LonLat])[] = [
      [lon - west, [west, lat]],
      [east - lon, [east, lat]],
      [lat - south, [lon, south]],
      [north - lat, [lon, north]],
    ]
    return sides.reduce((best, side) => (side[0] < best[0] ? side : best))[1]
  }
  return [...(contains(bounds, first) ? [onSide(first)] : []), ...line, ...(contains(bounds, last) ? [onSide(last)] : [])]
}

/** The parts of a line within bounds (each leg by Liang and Barsky). */
function clip(line: readonly LonLat[], bounds: Bounds): LonLat[][] {
  const parts: LonLat[][] = []
  let part: LonLat[] = []
  const close = (): void => {
    if (part.length > 1) parts.push(part)
    part = []
  }
  for (let at = 0; at + 1 < line.length; at++) {
    const leg = clipLeg(line[at]!, line[at + 1]!, bounds)
    if (leg === undefined) {
      close()
      continue
    }
    if (part.length === 0) part.push(leg.from)
    part.push(leg.to)
    if (leg.leaves) close()
  }
  close()
  return parts
}

function clipLeg(a: LonLat, b: LonLat, [west, south, east, north]: Bounds): { from: LonLat; to: LonLat; leaves: boolean } | undefined {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  let [begin, end] = [0, 1]
  for (const [step, room] of [
    [-dx, a[0] - west],
    [dx, east - a[0]],
    [-dy, a[1] - south],
    [dy, north - a[1]],
  ] as const) {
    if (step === 0) {
      if (room < 0) return undefined
    } else if (step < 0) begin = Math.max(begin, room / step)
    else end = Math.min(end, room / step)
  }
  if (begin >= end) return undefined
  const inBounds = (lon: number, lat: number): LonLat => [Math.min(east, Math.max(west, lon)), Math.min(north, Math.max(south, lat))]
  const at = (share: number): LonLat => inBounds(a[0] + dx * share, a[1] + dy * share)
  return { from: begin === 0 ? a : at(begin), to: end === 1 ? b : at(end), leaves: end < 1 }
}

/** How far round the rectangle a point on it lies, counterclockwise from the south-west, 0 to 4; undefined for a point inside. */
function edgePosition([lon, lat]: LonLat, [west, south, east, north]: Bounds): number | undefined {
  const tolerance = 1e-9
  if (Math.abs(lat - south) < tolerance) return (lon - west) / (east - west)
  if (Math.abs(lon - east) < tolerance) return 1 + (lat - south) / (north - south)
  if (Math.abs(lat - north) < tolerance) return 2 + (east - lon) / (east - west)
  if (Math.abs(lon - west) < tolerance) return 3 + (north - lat) / (north - south)
  return undefined
}

/** Round the rectangle, lines must leave and enter by turns; the shortest are dropped until they do. */
function consistent(pieces: readonly LonLat[][], bounds: Bounds): LonLat[][] {
  const kept = pieces.toSorted((a, b) => lengthOf(b) - lengthOf(a))
  for (; kept.length > 0; kept.pop()) {
    const ends = kept
      .flatMap((piece) => [
        { at: edgePosition(piece[0]!, bounds)!, enters: true },
        { at: edgePosition(piece.at(-1)!, bounds)!, enters: false },
      ])
      .toSorted((a, b) => a.at - b.at)
    if (ends.every((end, index) => end.enters !== ends[(index + 1) % ends.length]!.enters)) break
  }
  return kept
}

function lengthOf(line: readonly LonLat[]): number {
  return line.slice(1).reduce((sum, point, at) => sum + Math.hypot(point[0] - line[at]![0], point[1] - line[at]![1]), 0)
}

/** Rings that keep each piece's left side inside. */
function outlines(pieces: readonly (readonly LonLat[])[], bounds: Bounds): LonLat[][] {
  const corners = rectangle(bounds).slice(0, 4)
  const entries = pieces.map((piece) => edgePosition(piece[0]!, bounds)!)
  const exits = pieces.map((piece) => edgePosition(piece.at(-1)!, bounds)!)
  const used = new Set<number>()
  const rings: LonLat[][] = []
  for (let first = 0; first < pieces.length; first++) {
    if (used.has(first)) continue
    const ring: LonLat[] = []
    for (let at = first; !used.has(at);) {
      used.add(at)
      ring.push(...pieces[at]!)
      const ahead = (position: number): number => (((position - exits[at]!) % 4) + 4) % 4
      const next = entries.reduce((best, entry, index) => (ahead(entry) < ahead(entries[best]!) ? index : best), 0)
      for (let step = 1; step <= 4; step++) {
        const corner = (Math.floor(exits[at]!) + step) % 4
        if (ahead(corner) > 0 && ahead(corner) < ahead(entries[next]!) && ahead(corner) <= step) ring.push(corners[corner]!)
      }
      at = next
    }
    ring.push(ring[0]!)
    rings.push(ring)
  }
  return rings
}
