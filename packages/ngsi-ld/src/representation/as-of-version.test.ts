import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../json.ts'
import { asOfVersion } from './as-of-version.ts'
import { attributeAsOfVersion, documentAsOfVersion } from './document-as-of-version.ts'
import { entityArbitrary, testContext } from './entity.arbitrary.ts'
import { writeEntity } from './write-entity.ts'

test('4.3.6.8 an entity written as an earlier version has it is its document as that version has it', () => {
  const property = fc.property(entityArbitrary(false), fc.integer({ min: 3, max: 9 }), (entity, minor) => {
    const document = writeEntity(entity, testContext, { sysAttrs: true })
    assert.deepEqual(documentAsOfVersion(document, minor), writeEntity(asOfVersion(entity, minor, testContext), testContext, { sysAttrs: true }))
  })
  fc.assert(property, { numRuns: 2000, seed: 4368 })
})

test('4.3.6.8 a fragment keeps what it does not state, and what it removes', () => {
  const older: readonly [JsonObject, JsonObject][] = [
    [{ probe: { vocab: 'Red' } }, { probe: { value: 'Red' } }],
    [{ probe: { observedAt: '2026-01-01T00:00:00Z', valueType: 'Place' } }, { probe: { observedAt: '2026-01-01T00:00:00Z' } }],
    [
      { probe: 'urn:ngsi-ld:null', other: { vocab: [] } },
      { probe: 'urn:ngsi-ld:null', other: { value: [] } },
    ],
    [{ probe: { type: 'Property', value: { vocab: 'data' } } }, { probe: { type: 'Property', value: { vocab: 'data' } } }],
    [{ probe: { value: 1, by: { objectList: ['urn:x:1'] } } }, { probe: { value: 1, by: { object: ['urn:x:1'] } } }],
    [
      { type: ['A', 'B'], scope: '/a', expiresAt: '2027-01-01T00:00:00Z' },
      { type: ['A', 'B'], scope: '/a' },
    ],
  ]
  for (const [document, expected] of older) assert.deepEqual(documentAsOfVersion(document, 5), expected)
  assert.deepEqual(documentAsOfVersion({ type: ['A', 'B'], scope: '/a' }, 2), { type: 'A' })
  const nulls: readonly Json[] = [{ valueList: ['urn:ngsi-ld:null'] }, { languageMap: { '@none': 'urn:ngsi-ld:null' } }, { json: 'urn:ngsi-ld:null' }]
  for (const one of nulls) assert.deepEqual(attributeAsOfVersion(one, 3), { value: 'urn:ngsi-ld:null' })
  assert.deepEqual(attributeAsOfVersion([{ objectList: [{ object: 'urn:ngsi-ld:null' }] }], 7), [{ object: 'urn:ngsi-ld:null' }])
})
