import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildNetwork } from './build-network.ts'
import { createMetric } from './metric.ts'
import { edgesOfWay, nameOfEdge } from './network.ts'
import { createPathFinder } from './path.ts'
import type { Profile } from './profile.ts'
import { createSnapper } from './snap.ts'
import type { RestrictionElement, StreetElements, Tags } from './street-elements.ts'
import { drawTown, nodeId } from './town.fixture.ts'

/*   F---G---H
 *   |   |   |
 *   A---B---C---D      streets 1 ABCD, 2 FGH, 3 FA, 4 GB, 5 HC
 */
const places = { A: [0, 0], B: [1, 0], C: [2, 0], D: [3, 0], F: [0, 1], G: [1, 1], H: [2, 1] } as const
const streets: [string, Tags][] = [
  ['AB', { name: 'Low Street' }],
  ['BC', { name: 'Low Street' }],
  ['CD', { name: 'East Street' }],
  ['FG', { name: 'High Street' }],
  ['GH', { name: 'High Street' }],
  ['FA', {}],
  ['GB', {}],
  ['HC', {}],
]
const car: Profile = { kind: 'car' }

/** Drives from near A (on AB) to near D (on CD), as names of junctions passed. */
function drive(
  elements: StreetElements,
  profile: Profile,
  from: readonly [number, number] = [0.2, 0],
  to: readonly [number, number] = [2.9, 0],
): string {
  const { network } = buildNetwork(elements, { attribution: 'drawn' })
  const metric = createMetric(network, profile)
  const snapper = createSnapper(network)
  const place = ([x, y]: readonly [number, number]) => snapper.snap(metric, x / 1000, y / 1000, { islands: true, maxDistanceM: 10 })!
  const [start, end] = [place(from), place(to)]
  if (start === undefined || end === undefined) return 'nowhere near'
  const path = createPathFinder(metric).findPath(start, end)
  if (path === undefined) return 'no way'
  const passed = path.line.map(
    ([lon, lat]) => Object.entries(places).find(([, [x, y]]) => Math.hypot(lon * 1000 - x, lat * 1000 - y) < 1e-6)?.[0] ?? '',
  )
  return passed.join('')
}

function town(restrictions: RestrictionElement[] = [], tags: Record<number, Tags> = {}, nodeTags: Record<string, Tags> = {}): StreetElements {
  return drawTown(
    places,
    streets.map(([word, own], index) => [word, { ...own, ...tags[index + 1] }]),
    restrictions,
    nodeTags,
  )
}

function restriction(kind: string, from: number, via: string | number[], to: number, tags: Tags = {}): RestrictionElement {
  const place = typeof via === 'string' ? { viaNode: nodeId(via) } : { viaWays: via }
  return { id: 900, from: [from], to: [to], ...place, tags: { type: 'restriction', restriction: kind, ...tags } }
}

void test('the straight way is taken, named and measured', () => {
  assert.equal(drive(town(), car), 'BC')
  const { network } = buildNetwork(town(), { attribution: 'drawn' })
  const metric = createMetric(network, car)
  const snapper = createSnapper(network)
  const path = createPathFinder(metric).findPath(snapper.snap(metric, 0, 0)!, snapper.snap(metric, 0.003, 0)!)!
  assert.deepEqual(
    path.steps.map((step) => step.name),
    ['Low Street', 'East Street'],
  )
  assert.equal(path.distanceDm, 3336)
  assert.equal(path.durationMs, path.steps[0]!.durationMs + path.steps[1]!.durationMs)
  assert.equal(path.line.length, 4)
  assert.equal(nameOfEdge(network.streets, edgesOfWay(network.streets, 3)[0]!), 'East Street')
})

void test('a no_straight_on restriction sends the drive round the block, without a U-turn behind it', () => {
  assert.equal(drive(town([restriction('no_straight_on', 1, 'B', 2)]), car), 'BGHC')
})

void test('an only_ restriction forbids every other way out', () => {
  assert.equal(drive(town([restriction('only_left_turn', 1, 'B', 7)]), car), 'BGHC')
})

void test('a restriction over a way forbids the whole run only', () => {
  assert.equal(drive(town([restriction('no_straight_on', 1, [2], 3)]), car), 'BGHC')
  assert.equal(drive(town([restriction('no_straight_on', 1, [2], 3)]), car, [1, 0.4], [2.9, 0]), 'BC')
  assert.equal(drive(town([restriction('only_left_turn', 1, [2], 8)]), car), 'BGHC')
})

void test('restrictions keep to their vehicles', () => {
  const truck: Profile = { kind: 'truck' }
  const except = town([restriction('no_straight_on', 1, 'B', 2, { except: 'hgv;psv' })])
  assert.equal(drive(except, car), 'BGHC')
  assert.equal(drive(except, truck), 'BC')
  const trucksOnly = town([{ ...restriction('x', 1, 'B', 2), tags: { 'restriction:hgv': 'no_straight_on' } }])
  assert.equal(drive(trucksOnly, car), 'BC')
  assert.equal(drive(trucksOnly, truck), 'BGHC')
})

void test('restrictions that cannot be applied are named with their reason', () => {
  const unknownWay = restriction('no_left_turn', 77, 'B', 2)
  const apart = { ...restriction('no_left_turn', 1, 'H', 2), id: 901 }
  const longWay = drawTown({ A: [0, 0], B: [1, 0], C: [2, 0], D: [1, 1] }, [
    ['ABC', {}],
    ['BD', {}],
  ])
  const passing = { ...restriction('no_left_turn', 1, 'B', 2), id: 902 }
  assert.deepEqual(buildNetwork(town([unknownWay, apart]), { attribution: '' }).ignored, { missingMember: [900], disconnected: [901], ambiguous: [] })
  assert.deepEqual(buildNetwork({ ...longWay, restrictions: [passing] }, { attribution: '' }).ignored.ambiguous, [902])
})

void test('one-ways, truck limits and bollards are kept', () => {
  assert.equal(drive(town([], { 2: { oneway: '-1' } }), car), 'BGHC')
  const bridge = town([], { 2: { maxweight: '7.5', maxheight: '3.2', maxwidth: '2.3' } })
  assert.equal(drive(bridge, { kind: 'truck', weightKg: 7500, heightM: 3.2, widthM: 2.3 }), 'BC')
  assert.equal(drive(bridge, { kind: 'truck', weightKg: 7501 }), 'BGHC')
  assert.equal(drive(bridge, { kind: 'truck', heightM: 3.21 }), 'BGHC')
  assert.equal(drive(bridge, { kind: 'truck', widthM: 2.31 }), 'BGHC')
  assert.equal(drive(bridge, car), 'BC')
  assert.equal(drive(town([], {}, { C: { barrier: 'bollard' } }), car, [0.2, 0], [1.9, 0]), 'B')
  assert.equal(drive(town([], {}, { C: { barrier: 'bollard' } }), car), 'no way')
})

void test('a U-turn has its price, at a dead end too', () => {
  const { network } = buildNetwork(town(), { attribution: '' })
  const place = (edge: number, share: number) => ({ lon: 0, lat: 0, options: [{ edge, share }] })
  const secondsOf = (uTurnS: number, edge: number): number => {
    const metric = createMetric(network, { kind: 'car', uTurnS })
    return createPathFinder(metric).findPath(place(edge, 0.5), place(edge ^ 1, 0.5))!.durationMs / 1000
  }
  const [toDeadEnd] = edgesOfWay(network.streets, 3) as [number]
  const [toJunction] = edgesOfWay(network.streets, 1) as [number]
  assert.equal(secondsOf(30, toDeadEnd), secondsOf(0, toDeadEnd) + 30)
  assert.equal(secondsOf(5, toJunction), secondsOf(0, toJunction) + 5)
  assert.ok(secondsOf(1000, toJunction) < secondsOf(0, toJunction) + 1000, 'round the block is cheaper than a dear U-turn')
})

void test('a way whose nodes are missing is kept where they are there', () => {
  const elements = drawTown({ A: [0, 0], B: [1, 0], D: [3, 0], E: [4, 0] }, [['ABCDE', {}]])
  const { network } = buildNetwork(elements, { attribution: '' })
  assert.equal(network.streets.lengthDm.length, 2)
  assert.deepEqual([...network.streets.lengthDm], [1112, 1112])
})

void test('a ferry takes its stated time, to what speeds in 0.1 km/h can say', () => {
  const elements = drawTown({ A: [0, 0], B: [1, 0], C: [2, 0], D: [3, 0] }, [
    ['AB', {}],
    ['BC', { route: 'ferry', motor_vehicle: 'yes', duration: '1' }],
    ['CD', {}],
  ])
  const { network } = buildNetwork(elements, { attribution: '' })
  const [crossing] = edgesOfWay(network.streets, 2) as [number]
  const end = (share: number) => ({ lon: 0, lat: 0, options: [{ edge: crossing, share }] })
  const path = createPathFinder(createMetric(network, car)).findPath(end(0), end(1))!
  assert.ok(Math.abs(path.durationMs - 60_000) < 500, `${path.durationMs} ms`)
})
