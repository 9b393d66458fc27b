import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildNetwork } from './build-network.ts'
import { createRandom, generateCity } from './generated-city.ts'
import { createMetric, withOverrides } from './metric.ts'
import type { Metric } from './metric.ts'

void test('closing, opening, slowing and speeding up streets one after the other leaves what a metric made from nothing has', () => {
  for (const [size, uTurns] of [
    [12, true],
    [18, false],
    [16, true],
  ] as const) {
    // prettier-ignore
    const { network } = buildNetwork(generateCity({ size, seed: size }), { attribution: '', uTurns })
    const random = createRandom(size)
    const edgeCount = network.streets.carSpeed.length
    let overrides = new Map<number, number>()
    let metric = createMetric(network, { kind: 'truck', weightKg: 9000 })
    for (let round = 0; round < 25; round++) {
      overrides = new Map(overrides)
      for (let change = 0; change < 1 + round; change++) {
        const edge = Math.floor(random() * edgeCount)
        const kind = random()
        if (kind < 0.5) overrides.set(edge, 0)
        else if (kind < 0.7) overrides.delete([...overrides.keys()][Math.floor(random() * overrides.size)] ?? -1)
        else overrides.set(edge, 3 + random() * 120)
      }
      metric = withOverrides(metric, overrides)
      assert.deepEqual(costsOf(metric), costsOf(createMetric(network, metric.profile, overrides)), `round ${round}`)
    }
  }
})

void test('the former metric stays as it was', () => {
  const { network } = buildNetwork(generateCity({ size: 10, seed: 4 }), { attribution: '' })
  const open = createMetric(network, { kind: 'car' })
  const before = structuredClone(costsOf(open))
  const closed = withOverrides(open, new Map([[10, 0], [11, 0], [40, 0]])) // prettier-ignore
  assert.notDeepEqual(costsOf(closed), before)
  assert.deepEqual(costsOf(open), before)
  assert.deepEqual(costsOf(withOverrides(closed, new Map())), before)
})

/** All of a metric but where weights came from, of which several may be equally good. */
function costsOf({ edgeCost, arcCost, isMain, weights }: Metric) {
  const { upVia: _up, downVia: _down, links: _links, ...costs } = weights
  return { edgeCost, arcCost, isMain, costs }
}
