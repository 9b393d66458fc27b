import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attribute, Entity } from '@cityloop/ngsi-ld'
import { toMapRow, toMapText } from './map-row.ts'

const text = (value: string): Attribute[] => [{ kind: 'Property', value }]
const choice = { values: ['v'], labels: ['name'], statuses: [], providers: ['dataProvider', 'source'], licenses: ['license'] }
const location = 'https://uri.etsi.org/ngsi-ld/location'

test('every provider of a layer is named once, then every licence', () => {
  const of = (id: string, provider: string, license: string): Entity => ({
    id,
    types: ['T'],
    attributes: { dataProvider: text(provider), license: text(license) },
  })
  const entities = [
    of('urn:1', 'Wyndham City Council', 'CC BY 4.0'),
    of('urn:2', 'City of Edinburgh Council', 'OGL v2'),
    of('urn:3', 'City of Edinburgh Council', 'OGL v3'),
  ]
  const { attribution, rows } = JSON.parse(toMapText(entities, choice)) as { attribution: string[]; rows: unknown[] }
  assert.deepEqual(attribution, ['Wyndham City Council', 'City of Edinburgh Council', 'CC BY 4.0', 'OGL v2', 'OGL v3'])
  assert.equal(rows.length, 3)
})

test('a row has the middle of an outline, the value with its time, and no impossible place', () => {
  const value: Attribute[] = [{ kind: 'Property', value: 4, observedAt: 0 }]
  const at = (coordinates: Attribute['value'], type = 'LineString'): Attribute[] => [{ kind: 'GeoProperty', value: { type, coordinates } }]
  const row = (where: Attribute[]): readonly unknown[] =>
    toMapRow({ id: 'urn:1', types: ['T'], attributes: { v: value, name: text('Quay'), [location]: where } }, choice)
  assert.deepEqual(
    row(
      at([
        [1, 2],
        [3, 4],
      ]),
    ),
    ['urn:1', 2, 3, 'Quay', 4, '1970-01-01T00:00:00.000Z', null],
  )
  assert.deepEqual(row(at([1e9, 0], 'Point')).slice(0, 3), ['urn:1', null, null])
})
