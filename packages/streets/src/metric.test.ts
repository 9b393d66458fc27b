import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutWays } from './cut-ways.ts'
import { createRandom, generateCity } from './generated-city.ts'
import { buildHierarchy } from './hierarchy.ts'
import { computeMatrix, unreachable } from './matrix.ts'
import { createMetric } from './metric.ts'
import type { Network } from './network.ts'
import { createPathFinder } from './path.ts'
import type { Place } from './place.ts'
import type { PlainStreets } from './plain-dijkstra.fixture.ts'
import { plainDrives } from './plain-dijkstra.fixture.ts'
import type { Profile } from './profile.ts'
import type { ForbiddenRun } from './restrictions.ts'
import { resolveRestrictions } from './restrictions.ts'
import { indexPieces } from './snap.ts'
import type { StreetElements } from './street-elements.ts'
import { buildTurns } from './turn-states.ts'

const profiles: readonly Profile[] = [
  { kind: 'car' },
  { kind: 'truck', weightKg: 18_000, heightM: 3.6, widthM: 2.5 },
  { kind: 'truck', weightKg: 7000, heightM: 2.9, uTurnS: 300 },
]

void test('10,000 random distances with restrictions, truck limits and closures are those of plain turn-aware Dijkstra, by matrix and by path', () => {
  const tally = { compared: 0, unreachable: 0, sameEdge: 0 }
  for (let round = 0; round < 20; round++) {
    const random = createRandom(1000 + round)
    const streets = assemble(generateCity({ size: 9 + (round % 4), seed: round }), round % 4 !== 3, extraRuns(random, 60))
    compareRound(streets, profiles[round % 3]!, random, 25, 20, tally)
  }
  assert.equal(tally.compared, 10_000)
  assert.ok(tally.unreachable > 20 && tally.unreachable < 3000, `${tally.unreachable} unreachable pairs`)
  assert.ok(tally.sameEdge > 20, `${tally.sameEdge} pairs on one edge`)
})

void test('a larger city agrees with plain Dijkstra too, where separators have many states', () => {
  const tally = { compared: 0, unreachable: 0, sameEdge: 0 }
  const random = createRandom(7)
  const streets = assemble(generateCity({ size: 40, seed: 77 }), true, () => [])
  for (const profile of profiles) compareRound(streets, profile, random, 4, 60, tally)
  assert.equal(tally.compared, 720)
})

function assemble(elements: StreetElements, uTurns: boolean, extra: (streets: Network['streets']) => readonly ForbiddenRun[]): PlainStreets {
  const { streets, junctionOf } = cutWays(elements)
  const { runs } = resolveRestrictions(streets, junctionOf, elements.restrictions)
  const forbidden = [...runs, ...extra(streets)]
  const turns = buildTurns(streets, forbidden, uTurns)
  const network = { attribution: '', streets, turns, hierarchy: buildHierarchy(streets, turns), pieceIndex: indexPieces(streets) }
  return { network, forbidden, uTurns }
}

/** Random drives of two to four edges, forbidden: overlapping ones among them, which relations rarely have. */
function extraRuns(random: () => number, count: number): (streets: Network['streets']) => ForbiddenRun[] {
  return (streets) =>
    Array.from({ length: count }, () => {
      const edges = [Math.floor(random() * streets.carSpeed.length)]
      const wanted = 2 + Math.floor(random() * 3)
      while (edges.length < wanted) {
        const at = edges.at(-1)! & 1 ? streets.segmentFrom[edges.at(-1)! >> 1]! : streets.segmentTo[edges.at(-1)! >> 1]!
        const next = [...streets.carSpeed.keys()].filter((edge) => (edge & 1 ? streets.segmentTo : streets.segmentFrom)[edge >> 1] === at)
        edges.push(next[Math.floor(random() * next.length)]!)
      }
      return { edges, bans: 1 + Math.floor(random() * 3) }
    })
}

function compareRound(
  streets: PlainStreets,
  profile: Profile,
  random: () => number,
  sourceCount: number,
  targetCount: number,
  tally: { compared: number; unreachable: number; sameEdge: number },
): void {
  const edgeCount = streets.network.streets.carSpeed.length
  const overrides = new Map<number, number>()
  for (let index = 0; index < edgeCount / 25; index++) overrides.set(Math.floor(random() * edgeCount), random() < 0.6 ? 0 : 2 + random() * 100)
  const metric = createMetric(streets.network, profile, overrides)
  const paths = createPathFinder(metric)
  const place = (): Place => {
    let edge = Math.floor(random() * edgeCount)
    while (metric.edgeCost[edge] === Infinity && random() < 0.95) edge = Math.floor(random() * edgeCount)
    const share = random() < 0.1 ? Math.round(random()) : random()
    const both = random() < 0.5
    return { lon: 0, lat: 0, options: both ? [{ edge, share }, { edge: edge ^ 1, share: 1 - share }] : [{ edge, share }] } // prettier-ignore
  }
  const sources = Array.from({ length: sourceCount }, place)
  const targets = Array.from({ length: targetCount }, (_, index) => {
    const made = place()
    if (index !== 0) return made
    const near = sources[Math.floor(random() * sourceCount)]!.options[0]!
    return { ...made, options: [{ edge: near.edge, share: random() }] }
  })
  const matrix = computeMatrix(metric, sources, targets)
  sources.forEach((source, row) => {
    const plain = plainDrives(streets, profile, overrides, source.options)
    targets.forEach((target, column) => {
      const expected = plain(target.options)
      const at = row * targetCount + column
      const path = paths.findPath(source, target)
      tally.compared += 1
      if (source.options.some((a) => target.options.some((b) => a.edge === b.edge))) tally.sameEdge += 1
      if (expected === undefined) {
        tally.unreachable += 1
        assert.equal(matrix.durationMs[at], unreachable)
        assert.equal(path, undefined)
        return
      }
      assert.deepEqual({ timeMs: matrix.durationMs[at], lengthDm: matrix.distanceDm[at] }, expected)
      assert.deepEqual({ timeMs: path?.durationMs, lengthDm: path?.distanceDm }, expected)
    })
  })
}
