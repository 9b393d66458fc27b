/**
 * The street network in typed arrays. A *segment* is a piece of street between two junctions; directed edge `2 * s` drives segment `s` as drawn,
 * `2 * s + 1` against it, so `edge ^ 1` is the opposite direction. A direction nobody may drive is an edge that is closed to all.
 *
 * A *state* is "at a junction, with this much of the way here still mattering for what is forbidden next". State `v < nodeCount` is junction `v`
 * when nothing matters; further states exist only where a restriction begins (see turn-states.ts). An *arc* leads from state to state by driving
 * one edge; the arcs of an edge lie together. Paths in states and arcs are exactly the permitted drives.
 */
export interface Network {
  /** What the network was made from, for attribution (`© OpenStreetMap contributors`). */
  readonly attribution: string
  readonly streets: Streets
  readonly turns: Turns
  readonly hierarchy: Hierarchy
  /** The Flatbush index over the pieces of all segments, in local metres (see snap.ts). */
  readonly pieceIndex: Uint8Array
}

/** Junctions and segments. */
export interface Streets {
  /** Junctions, in 1e-7 degrees. */
  readonly nodeLon: Int32Array
  readonly nodeLat: Int32Array
  readonly segmentFrom: Uint32Array
  readonly segmentTo: Uint32Array
  readonly lengthDm: Uint32Array
  /** The way a segment was cut from (ids exceed 32 bits). */
  readonly wayId: Float64Array
  /** Index into `roadClasses`. */
  readonly roadClass: Uint8Array
  /** Limits; 0 where there is none. */
  readonly maxWeightKg: Uint32Array
  readonly maxHeightCm: Uint16Array
  readonly maxWidthCm: Uint16Array
  /** By edge, in 0.1 km/h; 0 where closed. */
  readonly carSpeed: Uint16Array
  readonly truckSpeed: Uint16Array
  /** Points of segment `s`, ends included: from `shapeStart[s]` to before `shapeStart[s + 1]`, in 1e-7 degrees. */
  readonly shapeStart: Uint32Array
  readonly shapeLon: Int32Array
  readonly shapeLat: Int32Array
  /** Index of the segment's name; name `n` is the bytes from `nameStart[n]` to before `nameStart[n + 1]`, UTF-8. Name 0 is empty. */
  readonly nameOf: Uint32Array
  readonly nameStart: Uint32Array
  readonly nameBytes: Uint8Array
}

/** Bits of `arcBans`: the turn onto the arc is forbidden to the class, or is a U-turn. */
export const banned = { car: 1, truck: 2, uTurn: 4 } as const

/** States and arcs. */
export interface Turns {
  readonly stateNode: Uint32Array
  /** State after driving an edge from rest. */
  readonly startState: Uint32Array
  /** Arcs of edge `e`: from `edgeArcStart[e]` to before `edgeArcStart[e + 1]`. */
  readonly edgeArcStart: Uint32Array
  readonly arcTail: Uint32Array
  readonly arcHead: Uint32Array
  readonly arcBans: Uint8Array
}

/** The contraction hierarchy's shape, the same for every metric (see hierarchy.ts). Ranks run from the least important state upwards. */
export interface Hierarchy {
  /** State to rank. */
  readonly rankOf: Uint32Array
  /** Upward neighbours (ranks, ascending) of rank `x`: from `upStart[x]` to before `upStart[x + 1]`. The position is the link's id. */
  readonly upStart: Uint32Array
  readonly upHead: Uint32Array
  /** Arc to link: `link * 2` when the arc climbs, `link * 2 + 1` when it descends, -1 when it leads to its own state. */
  readonly linkOf: Int32Array
}

/** How many directed edges some vehicle may drive. */
export function drivableEdgeCount(network: Network): number {
  let count = 0
  for (let edge = 0; edge < network.streets.carSpeed.length; edge++) if (isDrivable(network.streets, edge)) count += 1
  return count
}

/** Whether any class of vehicle may drive an edge. */
export function isDrivable(streets: Streets, edge: number): boolean {
  return streets.carSpeed[edge]! > 0 || streets.truckSpeed[edge]! > 0
}

/** The junction an edge starts from. */
export function tailOf(streets: Streets, edge: number): number {
  return edge & 1 ? streets.segmentTo[edge >> 1]! : streets.segmentFrom[edge >> 1]!
}

/** The junction an edge leads to. */
export function headOf(streets: Streets, edge: number): number {
  return edge & 1 ? streets.segmentFrom[edge >> 1]! : streets.segmentTo[edge >> 1]!
}

const decoder = new TextDecoder()

/** The street name of an edge; empty where it has none. */
export function nameOfEdge(streets: Streets, edge: number): string {
  const name = streets.nameOf[edge >> 1]!
  return decoder.decode(streets.nameBytes.subarray(streets.nameStart[name], streets.nameStart[name + 1]))
}

/** The edges cut from a way, both directions of each segment. Linear in the segments. */
export function edgesOfWay(streets: Streets, wayId: number): number[] {
  const edges: number[] = []
  for (let segment = 0; segment < streets.wayId.length; segment++) if (streets.wayId[segment] === wayId) edges.push(segment * 2, segment * 2 + 1)
  return edges
}
