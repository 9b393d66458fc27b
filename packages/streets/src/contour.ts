/** A point in grid coordinates: column and row, with fractions. */
export type GridPoint = readonly [number, number]

/**
 * Outlines of where a grid's values lie below a level (marching squares, row-major, `columns × rows`), as polygons: an outer ring, counterclockwise
 * with rows running north, then its holes. Rings are closed. Values on the grid's border must not lie below the level.
 */
export function contourRings(values: Float32Array, columns: number, rows: number, level: number): GridPoint[][][] {
  const rings = followCrossings(values, columns, rows, level)
  const outers = rings.filter((ring) => signedArea(ring) > 0).map((ring) => [ring])
  for (const hole of rings) {
    if (signedArea(hole) >= 0) continue
    const owners = outers.filter(([outer]) => contains(outer!, hole[0]!)).toSorted((a, b) => signedArea(a[0]!) - signedArea(b[0]!))
    owners[0]?.push(hole)
  }
  return outers
}

/** Twice the area; positive when counterclockwise. */
function signedArea(ring: readonly GridPoint[]): number {
  let area = 0
  for (let at = 0; at + 1 < ring.length; at++) area += ring[at]![0] * ring[at + 1]![1] - ring[at + 1]![0] * ring[at]![1]
  return area
}

function contains(ring: readonly GridPoint[], [x, y]: GridPoint): boolean {
  let inside = false
  for (let at = 0; at + 1 < ring.length; at++) {
    const [[ax, ay], [bx, by]] = [ring[at]!, ring[at + 1]!]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}

/** Grid edges are numbered `2 * cell` (to the east) and `2 * cell + 1` (to the north). The inside stays on the left of every step. */
function followCrossings(values: Float32Array, columns: number, rows: number, level: number): GridPoint[][] {
  const next = new Map<number, number>()
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const cell = row * columns + column
      const inside = [cell, cell + 1, cell + columns + 1, cell + columns].map((corner) => values[corner]! < level)
      // Sides of the square counterclockwise from the south: each runs from corner `side` to the next corner.
      const sides = [2 * cell, 2 * (cell + 1) + 1, 2 * (cell + columns), 2 * cell + 1]
      const leaves = [0, 1, 2, 3].filter((side) => inside[side]! && !inside[(side + 1) % 4]!)
      // Walking round the square, the outline goes from where we leave the inside to where we next enter it, which keeps saddles apart.
      for (const leave of leaves) {
        const enter = [1, 2, 3].map((step) => (leave + step) % 4).find((side) => !inside[side]! && inside[(side + 1) % 4]!)!
        next.set(sides[leave]!, sides[enter]!)
      }
    }
  }
  const rings: GridPoint[][] = []
  for (const first of next.keys()) {
    const ring: GridPoint[] = []
    for (let edge = first; next.has(edge);) {
      ring.push(crossing(values, columns, level, edge))
      const following = next.get(edge)!
      next.delete(edge)
      edge = following
    }
    ring.push(ring[0]!)
    rings.push(ring)
  }
  return rings
}

function crossing(values: Float32Array, columns: number, level: number, edge: number): GridPoint {
  const from = edge >> 1
  const to = edge & 1 ? from + columns : from + 1
  const share = (level - values[from]!) / (values[to]! - values[from]!)
  const [column, row] = [from % columns, Math.floor(from / columns)]
  return edge & 1 ? [column, row + share] : [column + share, row]
}
