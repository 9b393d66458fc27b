import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NgsiLdError } from '../errors.ts'
import type { Json } from '../json.ts'
import { entityArbitrary, json, testContext } from './entity.arbitrary.ts'
import { parseAttributeFragment, parseAttributeInstances, parseEntity, parseFragment, parseTemporalEntity } from './parse-entity.ts'
import { parseGeometry } from './geometry.ts'
import { writeEntity } from './write-entity.ts'
import { writeFeature } from './write-geojson.ts'
import { writeTemporalEntity } from './write-evolution.ts'

const numRuns = 10_000

/** What a client gets and sends back: JSON text, no shared objects. */
function overTheWire(value: Json): unknown {
  return JSON.parse(JSON.stringify(value))
}

for (const format of ['normalized', 'concise'] as const) {
  test(`4.5.1 an entity written ${format} and read again is the same`, () => {
    const property = fc.property(entityArbitrary(false), (entity) => {
      const document = overTheWire(writeEntity(entity, testContext, { format, sysAttrs: true }))
      assert.deepEqual(parseEntity(document, testContext, { sysAttrs: true }), entity)
    })
    fc.assert(property, { numRuns, seed: 4501 })
  })

  test(`4.5.6 a temporal evolution written ${format} and read again is the same`, () => {
    const property = fc.property(entityArbitrary(true), (entity) => {
      const document = overTheWire(writeTemporalEntity(entity, testContext, { format, sysAttrs: true }))
      assert.deepEqual(parseTemporalEntity(document, testContext, { sysAttrs: true, allowNull: 'attributes' }), entity)
    })
    fc.assert(property, { numRuns, seed: 4506 })
  })
}

test('5.5.4 no document makes a parser throw anything but an NgsiLdError', () => {
  const name = fc.constantFrom(
    'id',
    '@id',
    'type',
    'scope',
    'speed',
    'location',
    '@context',
    'expiresAt',
    '__proto__',
    'constructor',
    'a b',
    'https://a.example/b',
  )
  const member = fc.constantFrom(
    'type',
    'value',
    'object',
    'datasetId',
    'observedAt',
    'valueList',
    'languageMap',
    'json',
    'values',
    'x',
    'unitCode',
    '__proto__',
  )
  const value: fc.Arbitrary<Json> = fc.oneof(
    json,
    fc.constantFrom('Property', 'Relationship', 'urn:a:1', 'urn:ngsi-ld:null', '2026-01-01T00:00:00Z', '@none'),
  )
  const attribute = fc.array(fc.tuple(member, value), { maxLength: 4 }).map((members): Json => Object.fromEntries(members))
  const document = fc.oneof(
    json,
    fc
      .array(fc.tuple(name, fc.oneof(value, attribute, fc.array(attribute, { maxLength: 3 }))), { maxLength: 5 })
      .map((members): Json => Object.fromEntries([['id', 'urn:a:1'], ['type', 'T'], ...members])),
  )
  const allowNull = fc.constantFrom('never', 'attributes', 'everywhere')
  let read = 0
  const property = fc.property(document, allowNull, (document, allowNull) => {
    const parsers = [
      () => parseEntity(document, testContext, { allowNull }),
      () => parseFragment(document, testContext, 'urn:a:1', { allowNull }),
      () => parseTemporalEntity(document, testContext, { allowNull, sysAttrs: true }),
      () => parseAttributeFragment(document, testContext, 'https://a.example/b', { allowNull }),
      () => parseAttributeInstances(document, testContext, 'https://a.example/b', { allowNull }),
      () => parseGeometry(document, 'geometry'),
    ]
    for (const parse of parsers) {
      try {
        parse()
        read += 1
      } catch (error) {
        assert.ok(error instanceof NgsiLdError && error.type === 'BadRequestData', String(error))
      }
    }
  })
  fc.assert(property, { numRuns, seed: 554 })
  assert.ok(read > numRuns / 10, `only ${read} documents were read`)
})

test('What the parsers read, every writer writes', () => {
  const property = fc.property(entityArbitrary(false), (entity) => {
    for (const format of ['normalized', 'concise', 'simplified'] as const) {
      const written = writeFeature(entity, testContext, { format, languages: ['en', '*'], withContext: true })
      assert.deepEqual(overTheWire(written), written)
    }
    writeTemporalEntity(entity, testContext, { format: 'temporalValues' })
  })
  fc.assert(property, { numRuns: 1000, seed: 4516 })
})
