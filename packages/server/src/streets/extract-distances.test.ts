import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Place, Profile } from '@cityloop/streets'
import { buildNetwork, computeMatrix, createMetric, unreachable } from '@cityloop/streets'
import { cutWays } from '../../../streets/src/cut-ways.ts'
import { createRandom } from '../../../streets/src/generated-city.ts'
import { plainDrives } from '../../../streets/src/plain-dijkstra.fixture.ts'
import { resolveRestrictions } from '../../../streets/src/restrictions.ts'
import { readExtract } from './read-extract.ts'
import { toStreetElements } from './to-street-elements.ts'

const data = process.env.TEST_DATA
const profiles: readonly Profile[] = [{ kind: 'car' }, { kind: 'truck', weightKg: 18_000, heightM: 3.5, widthM: 2.5 }]

void test(
  'distances on extracts with restrictions, truck limits and closures are those of plain turn-aware Dijkstra',
  { skip: data === undefined && 'TEST_DATA is not set' },
  async () => {
    for (const name of ['helsinki-centre.osm.pbf', 'herrenberg-minimal.osm.pbf', 'monaco-planetiler.osm.pbf']) {
      const elements = toStreetElements(await readExtract(await readFile(join(data!, 'osm', name))))
      const { network } = buildNetwork(elements, { attribution: '' })
      const { streets, junctionOf } = cutWays(elements)
      const { runs: forbidden } = resolveRestrictions(streets, junctionOf, elements.restrictions)
      assert.ok(forbidden.length > 30, `${name} has ${forbidden.length} forbidden runs`)
      const edgeCount = network.streets.carSpeed.length
      for (const profile of profiles) {
        const random = createRandom(edgeCount)
        const overrides = new Map(Array.from({ length: 60 }, () => [Math.floor(random() * edgeCount), random() < 0.7 ? 0 : 5 + random() * 60]))
        const metric = createMetric(network, profile, overrides)
        const place = (): Place => {
          let edge = -1
          while (edge < 0 || metric.edgeCost[edge] === Infinity) edge = Math.floor(random() * edgeCount)
          return { lon: 0, lat: 0, options: [{ edge, share: random() }] }
        }
        const [sources, targets] = [Array.from({ length: 8 }, place), Array.from({ length: 50 }, place)]
        const matrix = computeMatrix(metric, sources, targets)
        sources.forEach((source, row) => {
          const plain = plainDrives({ network, forbidden, uTurns: true }, profile, overrides, source.options)
          targets.forEach((target, column) => {
            const expected = plain(target.options)
            const at = row * targets.length + column
            const found = matrix.durationMs[at] === unreachable ? undefined : { timeMs: matrix.durationMs[at], lengthDm: matrix.distanceDm[at] }
            assert.deepEqual(found, expected, `${name}, from edge ${source.options[0]!.edge} to ${target.options[0]!.edge}`)
          })
        })
      }
    }
  },
)
