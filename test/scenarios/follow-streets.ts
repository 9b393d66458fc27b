import type { Piece, PlainStreets, Point } from './plain-streets.ts'
import { keyOf } from './plain-streets.ts'

/** What one drive along a line came upon. */
export interface Followed {
  /** Straight pieces of the line, each laid on a street. */
  readonly pieces: number
  readonly onOneWays: number
  /** Turn restrictions whose first way was driven up to their place, so that they had a say. */
  readonly restrictionsMet: number
  readonly faults: readonly string[]
}

const toleranceM = 0.5

/** Lays a line, as the product answers it, on the pieces of street that the tags permit, and holds it against every turn restriction. */
export function followStreets(streets: PlainStreets, line: readonly Point[]): Followed {
  const faults: string[] = []
  const driven: Piece[][] = []
  for (let at = 0; at + 1 < line.length; at++) {
    const [p, q] = [line[at]!, line[at + 1]!]
    if (keyOf(p) === keyOf(q)) continue
    const candidates = piecesOver(streets, p, q)
    if (candidates.length === 0) faults.push(`no street leads from ${p.join(',')} to ${q.join(',')}`)
    else driven.push(candidates)
  }
  const met = streets.restrictions.filter((rule) => meets(rule, driven, faults)).length
  const onOneWays = driven.filter((candidates) => candidates.every(({ way }) => streets.oneWays.has(way))).length
  return { pieces: driven.length, onOneWays, restrictionsMet: met, faults }
}

/** The permitted pieces on which a straight stretch may lie: between two nodes, or a part of one at the ends of a drive. */
function piecesOver(streets: PlainStreets, p: Point, q: Point): Piece[] {
  const [starts, ends] = [streets.nodesAt.get(keyOf(p)) ?? [], streets.nodesAt.get(keyOf(q)) ?? []]
  const whole = starts.flatMap((node) => streets.piecesFrom.get(node) ?? []).filter(({ to }) => ends.includes(to))
  if (whole.length > 0) return whole
  const near = [...starts.flatMap((node) => streets.piecesFrom.get(node) ?? []), ...ends.flatMap((node) => streets.piecesTo.get(node) ?? [])]
  const parts = near.filter((piece) => holds(streets, piece, p, q))
  return parts.length > 0 ? parts : streets.pieces.filter((piece) => holds(streets, piece, p, q))
}

/** Whether a piece passes both points, in this order. */
function holds(streets: PlainStreets, { from, to }: Piece, p: Point, q: Point): boolean {
  const [a, b] = [streets.places.get(from)!, streets.places.get(to)!]
  const shrink = Math.cos((a[1] * Math.PI) / 180)
  const metres = ([lon, lat]: Point): [number, number] => [(lon - a[0]) * shrink * 111_195, (lat - a[1]) * 111_195]
  const [bx, by] = metres(b)
  const length = Math.hypot(bx, by)
  if (length === 0) return false
  const along = (point: Point): { at: number; off: number } => {
    const [x, y] = metres(point)
    return { at: (x * bx + y * by) / length, off: Math.abs(x * by - y * bx) / length }
  }
  const [first, second] = [along(p), along(q)]
  const isWithin = (where: { at: number; off: number }): boolean =>
    where.off <= toleranceM && where.at >= -toleranceM && where.at <= length + toleranceM
  return isWithin(first) && isWithin(second) && second.at > first.at
}

/** Whether a restriction had a say in a drive; what breaks it goes to the faults. */
function meets(rule: PlainStreets['restrictions'][number], driven: readonly (readonly Piece[])[], faults: string[]): boolean {
  const isOn = (candidates: readonly Piece[] | undefined, ways: ReadonlySet<number>): boolean =>
    candidates !== undefined && candidates.every(({ way }) => ways.has(way))
  let met = false
  for (let at = 0; at + 1 < driven.length; at++) {
    if (!isOn(driven[at], rule.from)) continue
    if (rule.viaNode !== undefined) {
      if (!driven[at]!.every(({ to }) => to === rule.viaNode)) continue
      met = true
      const isTo = isOn(driven[at + 1], rule.to)
      if (rule.isOnly !== isTo) faults.push(`restriction ${rule.id} is broken at node ${rule.viaNode}`)
      continue
    }
    let next = at + 1
    while (isOn(driven[next], rule.viaWays)) next += 1
    if (next === at + 1) continue
    met = true
    if (!rule.isOnly && isOn(driven[next], rule.to)) faults.push(`restriction ${rule.id} is broken over its ways`)
  }
  return met
}
