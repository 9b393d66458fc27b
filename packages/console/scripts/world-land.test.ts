import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWorldLand, toPlanarLand } from './world-land.ts'
import type { LandDetail } from './world-land.ts'
import type { MultiPolygon, Position } from 'geojson'

const details: readonly LandDetail[] = ['50m', '10m']

for (const detail of details) {
  test(`no ring of the ${detail} land spans more than 180° of longitude`, () => {
    const land = readWorldLand(detail)
    assert.ok(land.coordinates.length > 1000, 'the world has more than a thousand pieces of land')
    for (const [outer = []] of land.coordinates) {
      const longitudes = outer.map((position) => position[0]!)
      assert.ok(Math.max(...longitudes) - Math.min(...longitudes) <= 180)
    }
  })

  test(`the ${detail} land covers 29 percent of the earth, Madrid and both sides of 180°, and no ocean`, () => {
    const land = readWorldLand(detail)
    assert.ok(Math.abs(shareOfSphere(land) - 0.29) < 0.01, `land covers ${shareOfSphere(land)} of the sphere`)
    for (const dry of [
      [-3.7, 40.4],
      [139.69, 35.69],
      [10.2, 56.15],
      [-175.5, 66.5],
      [175, 67],
      [0, -80],
      [179, -85],
    ] as Position[]) {
      assert.ok(covers(land, dry), `${dry.join(', ')} is land`)
    }
    for (const wet of [
      [-30, 40],
      [179, 75],
      [-170, 75],
      [0, 80],
      [170, 1],
      [-5, 1],
    ] as Position[]) {
      assert.ok(!covers(land, wet), `${wet.join(', ')} is sea`)
    }
  })
}

test('a ring wound the wrong way stays the small island it is', () => {
  const backward: MultiPolygon = {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [10, 10],
          [11, 10],
          [11, 11],
          [10, 11],
          [10, 10],
        ],
      ],
    ],
  }
  const forward: MultiPolygon = { type: 'MultiPolygon', coordinates: [[backward.coordinates[0]![0]!.toReversed()]] }
  for (const island of [backward, forward]) {
    assert.ok(covers(toPlanarLand(island), [10.5, 10.5]))
    assert.ok(!covers(toPlanarLand(island), [50, 50]))
  }
})

/** Even-odd rule over all rings. */
function covers(land: MultiPolygon, [x = 0, y = 0]: Position): boolean {
  let inside = false
  for (const ring of land.coordinates.flat()) {
    for (let at = 1; at < ring.length; at++) {
      const [ax = 0, ay = 0] = ring[at - 1]!
      const [bx = 0, by = 0] = ring[at]!
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
    }
  }
  return inside
}

/** Area on the sphere by the sum over edges of Δλ · (sin φ₁ + sin φ₂) / 2. */
function shareOfSphere(land: MultiPolygon): number {
  let area = 0
  for (const ring of land.coordinates.flat()) {
    for (let at = 1; at < ring.length; at++) {
      const [ax = 0, ay = 0] = ring[at - 1]!
      const [bx = 0, by = 0] = ring[at]!
      area += (((bx - ax) * Math.PI) / 180) * ((Math.sin((ay * Math.PI) / 180) + Math.sin((by * Math.PI) / 180)) / 2)
    }
  }
  return Math.abs(area) / (4 * Math.PI)
}
