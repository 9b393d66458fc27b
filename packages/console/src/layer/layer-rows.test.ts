import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LayerRows, placementOf } from './layer-rows.ts'
import type { MapAnswer } from './layer-rows.ts'

const answer: MapAnswer = {
  type: 'WasteContainer',
  columns: ['id', 'lon', 'lat', 'label', 'value', 'observedAt', 'status'],
  rows: [
    ['urn:a', 10, 56, 'Bin a', 0.5, '2026-11-25T01:00:00Z', null],
    ['urn:b', null, null, 'Bin b', null, null, null],
    ['urn:c', 1e9, 56, 'Bin c', 0.1, '2026-11-25T01:00:00Z', null],
  ],
  attributes: ['fillingLevel', 'temperature'],
}
const entity = (id: string, type: string, fillingLevel: number) => ({
  id,
  type,
  fillingLevel: { type: 'Property', value: fillingLevel, observedAt: '2026-11-25T02:00:00Z' },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [10, 56] } },
  name: { type: 'Property', value: `Bin ${id}` },
})

test('a longitude of 1e9 flags that item alone', () => {
  const layer = new LayerRows(answer, answer.attributes[0] ?? null, 'en')
  assert.deepEqual([...layer.rows.values()].map(placementOf), ['placed', 'nowhere', 'impossible'])
})

test('a change takes the shown attribute and tells which ids it touched', () => {
  const layer = new LayerRows(answer, 'fillingLevel', 'en')
  const touched: string[] = []
  layer.onChange((ids) => touched.push(...ids))

  layer.apply([
    { id: 'urn:a', type: 'WasteContainer', entity: entity('urn:a', 'WasteContainer', 0.9) },
    { id: 'urn:x', type: 'Vehicle', entity: entity('urn:x', 'Vehicle', 0.9) },
    { id: 'urn:b', type: 'WasteContainer', entity: null },
  ])

  assert.deepEqual(touched, ['urn:a', 'urn:b'])
  assert.equal(layer.rows.get('urn:a')?.value, 0.9)
  assert.equal(layer.rows.get('urn:a')?.observedAt, '2026-11-25T02:00:00Z')
  assert.equal(layer.rows.has('urn:b'), false)
  assert.equal(layer.rows.has('urn:x'), false)
})

test('the same changes again leave the same rows', () => {
  const layer = new LayerRows(answer, answer.attributes[0] ?? null, 'en')
  const changes = [{ id: 'urn:new', type: 'WasteContainer', entity: entity('urn:new', 'WasteContainer', 0.2) }]
  layer.apply(changes)
  const once = structuredClone([...layer.rows])
  layer.apply(changes)
  assert.deepEqual([...layer.rows], once)
  assert.equal(layer.rows.size, 4)
})

test('an entity that loses the type leaves the layer', () => {
  const layer = new LayerRows(answer, answer.attributes[0] ?? null, 'en')
  layer.apply([{ id: 'urn:a', type: 'WasteContainer', entity: entity('urn:a', 'Bench', 0.2) }])
  assert.equal(layer.rows.has('urn:a'), false)
})
