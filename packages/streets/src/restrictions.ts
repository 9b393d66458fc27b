import type { Streets } from './network.ts'
import { banned, headOf, isDrivable, tailOf } from './network.ts'
import type { RestrictionElement, Tags } from './street-elements.ts'

/** A run of edges that must not be driven in a row, and the classes of vehicle it is forbidden to (bits of `banned`). */
export interface ForbiddenRun {
  readonly edges: readonly number[]
  readonly bans: number
}

/** Restrictions that could not be applied, by reason, with their ids. */
export interface IgnoredRestrictions {
  /** A member is no drivable way of the network. */
  readonly missingMember: readonly number[]
  /** The ways do not meet at the via member. */
  readonly disconnected: readonly number[]
  /** A way passes the via node on both sides, so that it is not said which side is meant. */
  readonly ambiguous: readonly number[]
}

type Outcome = readonly ForbiddenRun[] | keyof IgnoredRestrictions

/**
 * Turns restriction relations into forbidden runs of edges. `no_*` forbids the run itself; `only_*` forbids every other edge out of each place
 * on the run, once its first edge has been driven. Vehicle classes named in `except` are free. Conditional restrictions are not read.
 */
export function resolveRestrictions(
  streets: Streets,
  junctionOf: ReadonlyMap<number, number>,
  restrictions: readonly RestrictionElement[],
): { readonly runs: ForbiddenRun[]; readonly ignored: IgnoredRestrictions } {
  const ignored = { missingMember: [] as number[], disconnected: [] as number[], ambiguous: [] as number[] }
  const runs: ForbiddenRun[] = []
  const map = createEdgeMap(streets)
  for (const restriction of restrictions) {
    for (const { kind, bans } of meaningsOf(restriction.tags)) {
      const outcome =
        restriction.viaNode === undefined
          ? acrossWays(map, restriction, kind, bans)
          : atNode(map, junctionOf, restriction, restriction.viaNode, kind, bans)
      if (typeof outcome === 'string') ignored[outcome].push(restriction.id)
      else runs.push(...outcome)
    }
  }
  return { runs, ignored }
}

interface EdgeMap {
  readonly streets: Streets
  /** Drivable edges of a way. */
  edgesOf(wayId: number): readonly number[]
  /** Drivable edges that leave a junction. */
  leaving(node: number): readonly number[]
}

function createEdgeMap(streets: Streets): EdgeMap {
  const [byWay, byTail] = [new Map<number, number[]>(), new Map<number, number[]>()]
  for (let edge = 0; edge < streets.carSpeed.length; edge++) {
    if (!isDrivable(streets, edge)) continue
    append(byWay, streets.wayId[edge >> 1]!, edge)
    append(byTail, tailOf(streets, edge), edge)
  }
  return { streets, edgesOf: (wayId) => byWay.get(wayId) ?? [], leaving: (node) => byTail.get(node) ?? [] }
}

function append(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** What the tags say, for which classes; empty for kinds we do not know (and for those of other vehicles). */
function meaningsOf(tags: Tags): { readonly kind: 'no' | 'only'; readonly bans: number }[] {
  const except = new Set((tags.except ?? '').split(';').map((each) => each.trim()))
  let free = 0
  if (except.has('motor_vehicle') || except.has('vehicle')) free = banned.car | banned.truck
  if (except.has('motorcar')) free |= banned.car
  if (except.has('hgv') || except.has('goods')) free |= banned.truck
  const meanings: { kind: 'no' | 'only'; bans: number }[] = []
  const add = (value: string | undefined, bans: number): void => {
    const kind = value?.startsWith('no_') ? 'no' : value?.startsWith('only_') ? 'only' : undefined
    if (kind !== undefined && (bans & ~free) !== 0) meanings.push({ kind, bans: bans & ~free })
  }
  add(tags.restriction ?? tags['restriction:motor_vehicle'], banned.car | banned.truck)
  add(tags['restriction:motorcar'], banned.car)
  add(tags['restriction:hgv'], banned.truck)
  return meanings
}

function atNode(
  map: EdgeMap,
  junctionOf: ReadonlyMap<number, number>,
  restriction: RestrictionElement,
  viaNode: number,
  kind: 'no' | 'only',
  bans: number,
): Outcome {
  const node = junctionOf.get(viaNode)
  const fromEdges = restriction.from.flatMap((way) => map.edgesOf(way))
  const toEdges = restriction.to.flatMap((way) => map.edgesOf(way))
  if (node === undefined || fromEdges.length === 0 || toEdges.length === 0) return 'missingMember'
  const arriving = fromEdges.filter((edge) => headOf(map.streets, edge) === node)
  const departing = toEdges.filter((edge) => tailOf(map.streets, edge) === node)
  if (arriving.length === 0 || departing.length === 0) return 'disconnected'
  const isUTurn = restriction.tags.restriction === 'no_u_turn' && restriction.from[0] === restriction.to[0]
  if (isUTurn) return arriving.filter((edge) => departing.includes(edge ^ 1)).map((edge) => ({ edges: [edge, edge ^ 1], bans }))
  const severalMembers = restriction.from.length > 1 || restriction.to.length > 1
  if (!severalMembers && (arriving.length > 1 || departing.length > 1)) return 'ambiguous'
  return arriving.flatMap((from) => {
    if (kind === 'no') return departing.map((to) => ({ edges: [from, to], bans }))
    return map
      .leaving(node)
      .filter((edge) => !departing.includes(edge))
      .map((edge) => ({ edges: [from, edge], bans }))
  })
}

function acrossWays(map: EdgeMap, restriction: RestrictionElement, kind: 'no' | 'only', bans: number): Outcome {
  const fromEdges = restriction.from.flatMap((way) => map.edgesOf(way))
  const toEdges = restriction.to.flatMap((way) => map.edgesOf(way))
  const viaEdges = new Set((restriction.viaWays ?? []).flatMap((way) => map.edgesOf(way)))
  if (fromEdges.length === 0 || toEdges.length === 0 || viaEdges.size === 0) return 'missingMember'
  const runs: ForbiddenRun[] = []
  for (const from of fromEdges) {
    for (const path of pathsThrough(map, viaEdges, headOf(map.streets, from))) {
      const end = headOf(map.streets, path.at(-1)!)
      for (const to of toEdges.filter((edge) => tailOf(map.streets, edge) === end)) {
        const run = [from, ...path, to]
        if (kind === 'no') runs.push({ edges: run, bans })
        else runs.push(...everyOtherWay(map, run, bans))
      }
    }
  }
  return runs.length === 0 ? 'disconnected' : runs
}

/** Paths of via edges from a junction, never meeting a junction twice; each prefix is a path too. */
function pathsThrough(map: EdgeMap, viaEdges: ReadonlySet<number>, start: number): number[][] {
  const found: number[][] = []
  const walk = (path: readonly number[], node: number, seen: readonly number[]): void => {
    for (const edge of map.leaving(node)) {
      const next = headOf(map.streets, edge)
      if (!viaEdges.has(edge) || seen.includes(next)) continue
      found.push([...path, edge])
      walk([...path, edge], next, [...seen, next])
    }
  }
  walk([], start, [start])
  return found
}

/** For `only_*` over ways: having driven the first via edge, each step must be the run's next. */
function everyOtherWay(map: EdgeMap, run: readonly number[], bans: number): ForbiddenRun[] {
  const runs: ForbiddenRun[] = []
  for (let step = 2; step < run.length; step++) {
    for (const edge of map.leaving(tailOf(map.streets, run[step]!))) if (edge !== run[step]) runs.push({ edges: [...run.slice(0, step), edge], bans })
  }
  return runs
}
