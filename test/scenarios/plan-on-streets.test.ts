import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { OsmExtract } from '../../packages/server/src/streets/osm-extract.ts'
import { followStreets } from './follow-streets.ts'
import type { Point } from './plain-streets.ts'
import { readPlainStreets } from './plain-streets.ts'
import { planOnStreets } from './plan-on-streets.ts'

const data = process.env['TEST_DATA']

void test(
  'a plan on the streets of Helsinki keeps every rule, ends empty and is driven along streets',
  { skip: data === undefined && 'TEST_DATA is not set' },
  async () => {
    const plan = await planOnStreets(join(data!, 'osm', 'helsinki-centre.osm.pbf'), 'Helsinki', { stops: 60, seconds: 1, seed: 2 })
    assert.deepEqual(plan.faults, [])
    assert.equal(plan.routes, 3)
    assert.equal(plan.served, 60)
    assert.ok(plan.onOneWays > 50 && plan.restrictionsMet > 0, JSON.stringify({ ...plan, picture: '' }))
  },
)

/** A crossing: one-way west to east through node 2, a street north from node 2, no right turn from the south. */
const crossing: OsmExtract = {
  nodeIds: Float64Array.of(1, 2, 3, 4, 5),
  nodeLon: Float64Array.of(0, 0.001, 0.002, 0.001, 0.001),
  nodeLat: Float64Array.of(0, 0, 0, 0.001, -0.001),
  nodeTags: new Map(),
  ways: [
    { id: 10, nodes: [1, 2], tags: { highway: 'residential', oneway: 'yes' } },
    { id: 11, nodes: [2, 3], tags: { highway: 'residential', oneway: 'yes' } },
    { id: 12, nodes: [2, 4], tags: { highway: 'residential' } },
    { id: 13, nodes: [5, 2], tags: { highway: 'residential' } },
  ],
  relations: [
    {
      id: 20,
      tags: { type: 'restriction', restriction: 'no_right_turn' },
      members: [
        { type: 'way', ref: 13, role: 'from' },
        { type: 'node', ref: 2, role: 'via' },
        { type: 'way', ref: 11, role: 'to' },
      ],
    },
  ],
}
const [west, middle, east, north, south]: [Point, Point, Point, Point, Point] = [
  [0, 0],
  [0.001, 0],
  [0.002, 0],
  [0.001, 0.001],
  [0.001, -0.001],
]

void test('a line along streets has no fault, one against a one-way, over open land or a forbidden turn has', () => {
  const streets = readPlainStreets(crossing, new Set())
  assert.deepEqual(followStreets(streets, [west, middle, east]), { pieces: 2, onOneWays: 2, restrictionsMet: 0, faults: [] })
  assert.deepEqual(followStreets(streets, [[0.0004, 0], middle, [0.001, 0.0005]]).faults, [])
  assert.deepEqual(followStreets(streets, [south, middle, north]), { pieces: 2, onOneWays: 0, restrictionsMet: 1, faults: [] })
  assert.match(followStreets(streets, [middle, west]).faults.join(), /no street leads from 0.001,0 to 0,0/)
  assert.match(
    followStreets(streets, [
      [0.0006, 0],
      [0.0004, 0],
    ]).faults.join(),
    /no street/,
  )
  assert.match(followStreets(streets, [west, north]).faults.join(), /no street/)
  assert.match(followStreets(streets, [south, middle, east]).faults.join(), /restriction 20 is broken at node 2/)
  assert.deepEqual(followStreets(readPlainStreets(crossing, new Set([20])), [south, middle, east]).faults, [])
})
