import { distanceM, unitsPerDegree } from './geodesy.ts'
import type { Streets } from './network.ts'
import type { StreetElements, WayElement } from './street-elements.ts'
import type { SizeLimits, WayRules } from './way-rules.ts'
import { isImpassable, readSizeLimits, readWayRules, roadClasses } from './way-rules.ts'

/** The streets, and which junction each node id became (none for shape points and impassable barriers). */
export interface CutWays {
  readonly streets: Streets
  readonly junctionOf: ReadonlyMap<number, number>
}

/**
 * Cuts ways into segments at junctions: nodes that several ways (or one way twice) pass, ends of ways, and barriers with a rule. A node with an
 * impassable barrier becomes a separate end for each piece that touches it. Where a way names a node that is not there (a clipped extract), it ends.
 */
export function cutWays(elements: StreetElements): CutWays {
  const place = new Map<number, number>()
  elements.nodeIds.forEach((id, index) => place.set(id, index))
  const drivable: { way: WayElement; rules: WayRules }[] = []
  for (const way of elements.ways) {
    const rules = readWayRules(way.tags)
    if (rules !== undefined) drivable.push({ way, rules })
  }
  const runs = drivable.map(({ way }) => presentRuns(way.nodes, place))
  const uses = countUses(runs)
  const cutter = createCutter(elements, place)
  drivable.forEach(({ way, rules }, index) => {
    const lengthM = rules.durationS === undefined ? 0 : runs[index]!.reduce((sum, run) => sum + runLengthM(elements, place, run), 0)
    const timed = rules.durationS === undefined ? rules : withDuration(rules, lengthM, rules.durationS)
    for (const run of runs[index]!) {
      let from = 0
      for (let at = 1; at < run.length; at++) {
        const mustCut = at === run.length - 1 || uses.get(run[at]!)! > 1 || elements.nodeTags.get(run[at]!)?.barrier !== undefined
        if (!mustCut) continue
        cutter.addSegment(way.id, run.slice(from, at + 1), timed)
        from = at
      }
    }
  })
  return cutter.finish()
}

/** The way's nodes without immediate repeats, split where a node is not there. */
function presentRuns(nodes: readonly number[], place: ReadonlyMap<number, number>): number[][] {
  const runs: number[][] = []
  let run: number[] = []
  for (const node of nodes) {
    if (!place.has(node)) {
      if (run.length > 1) runs.push(run)
      run = []
    } else if (run.at(-1) !== node) run.push(node)
  }
  if (run.length > 1) runs.push(run)
  return runs
}

function countUses(runsOfWays: readonly (readonly (readonly number[])[])[]): Map<number, number> {
  const uses = new Map<number, number>()
  for (const runs of runsOfWays) {
    for (const run of runs) {
      run.forEach((node, index) => {
        const isEnd = index === 0 || index === run.length - 1
        uses.set(node, (uses.get(node) ?? 0) + (isEnd ? 2 : 1))
      })
    }
  }
  return uses
}

function runLengthM(elements: StreetElements, place: ReadonlyMap<number, number>, run: readonly number[]): number {
  let length = 0
  for (let at = 1; at < run.length; at++) {
    const [a, b] = [place.get(run[at - 1]!)!, place.get(run[at]!)!]
    length += distanceM(elements.nodeLon[a]!, elements.nodeLat[a]!, elements.nodeLon[b]!, elements.nodeLat[b]!)
  }
  return length
}

function withDuration(rules: WayRules, lengthM: number, durationS: number): WayRules {
  const kmh = Math.max(0.1, (lengthM / durationS) * 3.6)
  const paced = (speeds: WayRules['forward']): WayRules['forward'] => ({ carKmh: speeds.carKmh && kmh, truckKmh: speeds.truckKmh && kmh })
  return { ...rules, forward: paced(rules.forward), backward: paced(rules.backward) }
}

interface Cutter {
  addSegment(wayId: number, nodes: readonly number[], rules: WayRules): void
  finish(): CutWays
}

function createCutter(elements: StreetElements, place: ReadonlyMap<number, number>): Cutter {
  const junctionOf = new Map<number, number>()
  const [nodeLon, nodeLat]: [number[], number[]] = [[], []]
  const [segmentFrom, segmentTo, lengthDm, wayIds]: [number[], number[], number[], number[]] = [[], [], [], []]
  const [classes, weights, heights, widths]: [number[], number[], number[], number[]] = [[], [], [], []]
  const [carSpeed, truckSpeed]: [number[], number[]] = [[], []]
  const [shapeStart, shapeLon, shapeLat]: [number[], number[], number[]] = [[0], [], []]
  const names = createNames()
  const nameOf: number[] = []

  function junction(node: number): number {
    const known = junctionOf.get(node)
    if (known !== undefined) return known
    const index = place.get(node)!
    const made = nodeLon.push(toUnits(elements.nodeLon[index]!)) - 1
    nodeLat.push(toUnits(elements.nodeLat[index]!))
    const tags = elements.nodeTags.get(node)
    if (tags === undefined || !isImpassable(tags)) junctionOf.set(node, made)
    return made
  }

  return {
    addSegment(wayId, nodes, rules) {
      segmentFrom.push(junction(nodes[0]!))
      segmentTo.push(junction(nodes.at(-1)!))
      lengthDm.push(Math.max(1, Math.round(runLengthM(elements, place, nodes) * 10)))
      wayIds.push(wayId)
      classes.push(roadClasses.indexOf(rules.roadClass))
      const limits = [rules, ...[nodes[0]!, nodes.at(-1)!].map((node) => barrierLimits(elements, node))]
      weights.push(strictest(limits.map((each) => each.maxWeightKg)))
      heights.push(Math.min(0xffff, strictest(limits.map((each) => each.maxHeightCm))))
      widths.push(Math.min(0xffff, strictest(limits.map((each) => each.maxWidthCm))))
      carSpeed.push(toTenths(rules.forward.carKmh), toTenths(rules.backward.carKmh))
      truckSpeed.push(toTenths(rules.forward.truckKmh), toTenths(rules.backward.truckKmh))
      nameOf.push(names.indexOf(rules.name))
      for (const node of nodes) {
        const index = place.get(node)!
        shapeLon.push(toUnits(elements.nodeLon[index]!))
        shapeLat.push(toUnits(elements.nodeLat[index]!))
      }
      shapeStart.push(shapeLon.length)
    },
    finish() {
      const streets: Streets = {
        nodeLon: Int32Array.from(nodeLon),
        nodeLat: Int32Array.from(nodeLat),
        segmentFrom: Uint32Array.from(segmentFrom),
        segmentTo: Uint32Array.from(segmentTo),
        lengthDm: Uint32Array.from(lengthDm),
        wayId: Float64Array.from(wayIds),
        roadClass: Uint8Array.from(classes),
        maxWeightKg: Uint32Array.from(weights),
        maxHeightCm: Uint16Array.from(heights),
        maxWidthCm: Uint16Array.from(widths),
        carSpeed: Uint16Array.from(carSpeed),
        truckSpeed: Uint16Array.from(truckSpeed),
        shapeStart: Uint32Array.from(shapeStart),
        shapeLon: Int32Array.from(shapeLon),
        shapeLat: Int32Array.from(shapeLat),
        nameOf: Uint32Array.from(nameOf),
        ...names.finish(),
      }
      return { streets, junctionOf }
    },
  }
}

function barrierLimits(elements: StreetElements, node: number): SizeLimits {
  const tags = elements.nodeTags.get(node)
  return tags?.barrier === undefined ? {} : readSizeLimits(tags)
}

/** The smallest limit given, or 0 for none. */
function strictest(limits: readonly (number | undefined)[]): number {
  const given = limits.filter((limit) => limit !== undefined)
  return given.length === 0 ? 0 : Math.min(...given)
}

function toUnits(degrees: number): number {
  return Math.round(degrees * unitsPerDegree)
}

/** Speeds are kept in 0.1 km/h; one that is not zero stays at least that. */
function toTenths(kmh: number): number {
  return kmh === 0 ? 0 : Math.max(1, Math.round(kmh * 10))
}

function createNames(): { indexOf(name: string): number; finish(): Pick<Streets, 'nameStart' | 'nameBytes'> } {
  const indices = new Map<string, number>([['', 0]])
  return {
    indexOf(name) {
      const known = indices.get(name)
      if (known !== undefined) return known
      indices.set(name, indices.size)
      return indices.size - 1
    },
    finish() {
      const encoder = new TextEncoder()
      const encoded = [...indices.keys()].map((name) => encoder.encode(name))
      const nameStart = new Uint32Array(encoded.length + 1)
      encoded.forEach((bytes, index) => (nameStart[index + 1] = nameStart[index]! + bytes.length))
      const nameBytes = new Uint8Array(nameStart[encoded.length]!)
      encoded.forEach((bytes, index) => nameBytes.set(bytes, nameStart[index]))
      return { nameStart, nameBytes }
    },
  }
}
