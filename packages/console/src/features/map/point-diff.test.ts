import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LayerRows } from '../../layer/layer-rows.ts'
import { drawnOf, toDiff, toPoints } from './point-diff.ts'
import type { PointProperties } from './point-diff.ts'
import type { Feature, Point } from 'geojson'

const answer = {
  type: 'T',
  columns: ['id', 'lon', 'lat', 'value'],
  rows: [
    ['a', 1, 2, 10],
    ['b', 3, 4, 20],
    ['c', 1e9, 4, 20],
    ['d', null, null, 1],
  ],
  attributes: ['level'],
}
const entityOf = (id: string, lon: number | null, level: number | null) => ({
  id,
  type: 'T',
  ...(level === null ? {} : { level: { type: 'Property', value: level } }),
  ...(lon === null ? {} : { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, 0] } } }),
})

test('what has no place on the earth is not drawn', () => {
  const points = toPoints(new LayerRows(answer, answer.attributes[0] ?? null, 'en'))
  assert.deepEqual(
    points.map((point) => point.properties.id),
    ['a', 'b'],
  )
})

test('a new value alone sends no geometry', () => {
  const rows = new LayerRows(
    {
      ...answer,
      rows: [
        ['a', 1, 0, 10],
        ['b', 3, 0, 20],
      ],
    },
    null,
    'en',
  )
  const drawn = drawnOf(toPoints(rows))
  rows.apply([{ id: 'a', type: 'T', entity: entityOf('a', 1, 20) }])
  const diff = toDiff(rows, ['a'], drawn)
  assert.deepEqual(diff.add, [])
  assert.deepEqual(diff.remove, [])
  assert.equal(diff.update?.length, 1)
  assert.equal(diff.update[0]?.newGeometry, undefined)
})

test('after any changes a source kept by differences holds what the rows give', () => {
  const change = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    lon: fc.option(fc.constantFrom(1, 2, 3, 500), { nil: null }),
    level: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null }),
    isGone: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 6 }), (rounds) => {
      const rows = new LayerRows(answer, answer.attributes[0] ?? null, 'en')
      const source = new Map(toPoints(rows).map((point) => [point.properties.id, structuredClone(point)]))
      const drawn = drawnOf(toPoints(rows))
      for (const round of rounds) {
        const changed = new Set<string>()
        const stop = rows.onChange((ids) => ids.forEach((id) => changed.add(id)))
        rows.apply(round.map(({ id, lon, level, isGone }) => ({ id, type: 'T', entity: isGone ? null : entityOf(id, lon, level) })))
        stop()
        applyDiff(source, toDiff(rows, changed, drawn))
      }
      const expected = new Map(toPoints(rows).map((point) => [point.properties.id, point]))
      assert.deepEqual(new Map([...source].toSorted()), new Map([...expected].toSorted()))
    }),
    { seed: 6, numRuns: 500 },
  )
})

/** MapLibre's meaning of a difference; adding what is there or changing what is not is a mistake here. */
function applyDiff(source: Map<string, Feature<Point, PointProperties>>, diff: ReturnType<typeof toDiff>): void {
  for (const id of diff.remove ?? []) assert.ok(source.delete(String(id)))
  for (const feature of diff.add ?? []) {
    const point = feature as Feature<Point, PointProperties>
    assert.ok(!source.has(point.properties.id))
    source.set(point.properties.id, point)
  }
  for (const { id, newGeometry, addOrUpdateProperties = [] } of diff.update ?? []) {
    const point = source.get(String(id))!
    const properties = { ...point.properties, ...Object.fromEntries(addOrUpdateProperties.map(({ key, value }) => [key, value as unknown])) }
    source.set(String(id), { ...point, properties, geometry: (newGeometry as Point | undefined) ?? point.geometry })
  }
}
