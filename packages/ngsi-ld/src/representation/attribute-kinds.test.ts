import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreContext } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, AttributeKind } from '../entity/entity.ts'
import type { Json, JsonObject } from '../json.ts'
import { kindMembers } from './attribute-kinds.ts'
import { testContext } from './entity.arbitrary.ts'
import { parseEntity, parseFragment } from './parse-entity.ts'
import { writeEntity } from './write-entity.ts'
import { writeTemporalEntity } from './write-evolution.ts'

const probe = 'https://uri.etsi.org/ngsi-ld/default-context/probe'

function read(value: Json): readonly Attribute[] {
  return parseEntity({ id: 'urn:a:1', type: 'T', probe: value }, testContext).attributes[probe] ?? []
}

/** What an entity with that attribute is written with, in a format. */
function shown(value: Json, format: 'normalized' | 'concise' | 'simplified'): Json | undefined {
  return writeEntity(parseEntity({ id: 'urn:a:1', type: 'T', probe: value }, testContext), testContext, { format })['probe']
}

/** A kind reads both representations to one thing and writes each of them, and the simplified one. */
function represents(normalized: JsonObject, concise: Json, simplified: Json): void {
  assert.deepEqual(read(normalized), read(concise))
  for (const given of [normalized, concise]) {
    assert.deepEqual(shown(given, 'normalized'), normalized)
    assert.deepEqual(shown(given, 'concise'), concise)
    assert.deepEqual(shown(given, 'simplified'), simplified)
  }
}

/** Everything that holds the value of another kind is refused beside the kind's own, and so are those of `more`. */
function prohibits(normalized: JsonObject, ...more: readonly string[]): void {
  const own = kindMembers[normalized['type'] as AttributeKind]
  const others = Object.values(kindMembers).flatMap(({ previous, value }) => [value, previous])
  for (const member of [...others.filter((name) => name !== own.value), ...more, 'entityIdSealed', 'entityTypeSealed'])
    assert.throws(() => read({ ...normalized, [member]: 'urn:x:1' }), { name: 'NgsiLdError', type: 'BadRequestData' }, member)
}

function refuses(kind: AttributeKind, ...values: readonly Json[]): void {
  for (const value of values)
    assert.throws(
      () => read({ type: kind, [kindMembers[kind].value]: value }),
      { name: 'NgsiLdError', type: 'BadRequestData' },
      `${kind} of ${JSON.stringify(value)}`,
    )
  assert.throws(() => read({ type: kind }), { name: 'NgsiLdError', type: 'BadRequestData' }, `${kind} without a value`)
}

/** What each kind may have beside its value; system attributes that a client states are ignored. */
const common = {
  datasetId: 'urn:d:1',
  observedAt: '2026-01-01T00:00:00Z',
  ngsildproof: { type: 'Property', value: { type: 'DataIntegrityProof' }, entityIdSealed: 'urn:a:1', entityTypeSealed: 'Bus' },
  by: { type: 'Relationship', object: 'urn:x:9' },
  accuracy: { type: 'Property', value: 0.5 },
}
const expiresAt = '2126-01-01T00:00:00Z'
const generated = { createdAt: '2026-01-01T00:00:00Z', modifiedAt: '2026-01-01T00:00:00Z', deletedAt: '2026-01-01T00:00:00Z', instanceId: 'urn:i:1' }

function carries(normalized: JsonObject, members: JsonObject = {}): void {
  const whole = { ...normalized, ...common, ...members }
  assert.deepEqual(shown(whole, 'normalized'), whole)
  assert.deepEqual(shown({ ...whole, ...generated, expiresAt }, 'normalized'), whole)
  assert.deepEqual(read({ ...normalized, ...generated, expiresAt }), [{ ...read(normalized)[0], expiresAt: Date.parse(expiresAt) * 1000 }])
  for (const member of ['datasetId', 'observedAt', 'expiresAt'])
    assert.throws(() => read({ ...normalized, [member]: 'none of that' }), { name: 'NgsiLdError', type: 'BadRequestData' }, member)
}

/** Where an update may remove, NGSI-LD null in the kind's own encoding is read; a deletion in an evolution is written in it. */
function isRemovedBy(kind: AttributeKind, encoded: Json): void {
  const document = { probe: { type: kind, [kindMembers[kind].value]: encoded } }
  const [instance] = parseFragment(document, testContext, 'urn:a:1', { allowNull: 'attributes' }).attributes[probe] ?? []
  assert.deepEqual(instance, { kind, value: ngsiLdNull })
  assert.throws(() => read(document.probe), { name: 'NgsiLdError', type: 'BadRequestData' })
  const gone: Attribute = { kind, value: ngsiLdNull, deletedAt: 1_000_000, instanceId: 'urn:i:1' }
  const { probe: written } = writeTemporalEntity({ id: 'urn:a:1', types: [], attributes: { [probe]: [gone] } }, testContext)
  const deleted = { type: kind, [kindMembers[kind].value]: encoded, instanceId: 'urn:i:1', deletedAt: '1970-01-01T00:00:01Z' }
  assert.deepEqual(written, [deleted])
}

test('4.5.2 5.2.5 a Property has any JSON value but null, and a unit', () => {
  const normalized = { type: 'Property', value: { speed: [1, 'two', true] }, unitCode: 'KMH' }
  represents(normalized, { value: { speed: [1, 'two', true] }, unitCode: 'KMH' }, { speed: [1, 'two', true] })
  carries({ type: 'Property', value: 7 }, { unitCode: 'KMH', valueType: 'Length' })
  prohibits({ type: 'Property', value: 7 }, 'objectType')
  refuses('Property', null)
  isRemovedBy('Property', ngsiLdNull)
})

test('4.5.3 5.2.6 a Relationship has the URI of what it points at, or several, and no unit', () => {
  represents({ type: 'Relationship', object: 'urn:x:1' }, { object: 'urn:x:1' }, 'urn:x:1')
  represents({ type: 'Relationship', object: ['urn:x:1', 'urn:x:2'], objectType: 'Bus' }, { object: ['urn:x:1', 'urn:x:2'], objectType: 'Bus' }, [
    'urn:x:1',
    'urn:x:2',
  ])
  carries({ type: 'Relationship', object: 'urn:x:1' }, { objectType: ['Bus', 'Tram'] })
  prohibits({ type: 'Relationship', object: 'urn:x:1' }, 'unitCode', 'entityList', 'valueType')
  refuses('Relationship', null, 7, 'no uri', [], ['urn:x:1', 'no uri'], { id: 'urn:x:1' })
  isRemovedBy('Relationship', ngsiLdNull)
  const bare = parseFragment({ probe: ngsiLdNull }, testContext, 'urn:a:1').attributes[probe]
  assert.deepEqual(bare, [{ kind: 'Property', value: ngsiLdNull }], 'the bare URI removes an attribute of whatever kind')
})

test('4.5.18 4.6.5 5.2.32 a LanguageProperty has strings by language tag, or several of one language', () => {
  const languageMap = { en: 'Tower', 'pt-BR': ['Torre', 'Campanário'], '@none': 'T1' }
  represents({ type: 'LanguageProperty', languageMap }, { languageMap }, { languageMap })
  carries({ type: 'LanguageProperty', languageMap }, { valueType: 'langString' })
  prohibits({ type: 'LanguageProperty', languageMap }, 'unitCode', 'objectType')
  refuses('LanguageProperty', 'Tower', ['Tower'], { '': 'Tower' }, { 'no tag': 'Tower' }, { en: 7 }, { en: ['Tower', 7] }, { en: null })
  isRemovedBy('LanguageProperty', { '@none': ngsiLdNull })
})

test('4.5.20 5.2.35 a VocabProperty has names that the @context expands, and gives them back in the reader’s', () => {
  represents({ type: 'VocabProperty', vocab: 'Bus' }, { vocab: 'Bus' }, { vocab: 'Bus' })
  assert.deepEqual(read({ vocab: ['Bus', 'other'] }), [
    { kind: 'VocabProperty', value: ['https://city.example/ns#Bus', 'https://uri.etsi.org/ngsi-ld/default-context/other'] },
  ])
  const entity = parseEntity({ id: 'urn:a:1', type: 'T', probe: { vocab: 'Bus' } }, testContext)
  assert.deepEqual(writeEntity(entity, coreContext)['probe'], { type: 'VocabProperty', vocab: 'https://city.example/ns#Bus' })
  carries({ type: 'VocabProperty', vocab: 'Bus' }, { valueType: 'Length' })
  prohibits({ type: 'VocabProperty', vocab: 'Bus' }, 'unitCode', 'objectType')
  refuses('VocabProperty', null, 7, '', {}, ['Bus', 7])
  isRemovedBy('VocabProperty', ngsiLdNull)
})

test('4.5.21 5.2.36 a ListProperty keeps its values in their order', () => {
  const valueList = [3, 'two', [1, 2], { a: 1 }]
  represents({ type: 'ListProperty', valueList, unitCode: 'MTR' }, { valueList, unitCode: 'MTR' }, valueList)
  represents({ type: 'ListProperty', valueList: [] }, { valueList: [] }, [])
  carries({ type: 'ListProperty', valueList }, { unitCode: 'MTR', valueType: 'Length' })
  prohibits({ type: 'ListProperty', valueList }, 'objectType')
  refuses('ListProperty', null, 7, 'a', { 0: 'a' })
  isRemovedBy('ListProperty', [ngsiLdNull])
})

test('4.5.22 5.2.37 a ListRelationship keeps its objects in their order, each an object of its own or, concise, a URI', () => {
  const objectList = [{ object: 'urn:x:2' }, { object: 'urn:x:1' }, { object: 'urn:x:2' }]
  const uris = ['urn:x:2', 'urn:x:1', 'urn:x:2']
  represents({ type: 'ListRelationship', objectList }, { objectList: uris }, uris)
  carries({ type: 'ListRelationship', objectList }, { objectType: 'Bus' })
  prohibits({ type: 'ListRelationship', objectList }, 'unitCode', 'entity', 'valueType')
  refuses('ListRelationship', null, 'urn:x:1', [7], ['no uri'], [{ object: 'no uri' }], [{ object: 'urn:x:1', more: 1 }], [{}])
  isRemovedBy('ListRelationship', [ngsiLdNull])
})

test('4.5.24 5.2.38 a JsonProperty has an object or an array that no @context expands', () => {
  const json = { Bus: { '@type': 'Bus' }, id: null, list: [null, 1] }
  represents({ type: 'JsonProperty', json }, { json }, { json })
  assert.deepEqual(read({ json }), [{ kind: 'JsonProperty', value: json }])
  carries({ type: 'JsonProperty', json }, { valueType: 'Length' })
  prohibits({ type: 'JsonProperty', json }, 'unitCode', 'objectType')
  refuses('JsonProperty', null, 7, 'x', true)
  isRemovedBy('JsonProperty', ngsiLdNull)
})

test('4.7 5.2.7 a GeoProperty has a geometry, which may come as a string or, concise, alone', () => {
  const point = { type: 'Point', coordinates: [13.4, 52.5] }
  represents({ type: 'GeoProperty', value: point }, point, point)
  represents({ type: 'GeoProperty', value: point, observedAt: '2026-01-01T00:00:00Z' }, { value: point, observedAt: '2026-01-01T00:00:00Z' }, point)
  assert.deepEqual(shown({ type: 'GeoProperty', value: JSON.stringify(point) }, 'normalized'), { type: 'GeoProperty', value: point })
  carries({ type: 'GeoProperty', value: point }, { valueType: 'Length' })
  prohibits({ type: 'GeoProperty', value: point }, 'objectType')
  refuses('GeoProperty', null, 7, 'Berlin', '{"type": "Point"', { type: 'Point' }, { type: 'Sphere', coordinates: [0, 0] })
  refuses('GeoProperty', { type: 'GeometryCollection', geometries: [point] }, JSON.stringify({ type: 'Point', coordinates: [0] }))
  isRemovedBy('GeoProperty', ngsiLdNull)
  for (const name of ['location', 'observationSpace', 'operationSpace']) {
    const { [name]: written } = writeEntity(parseEntity({ id: 'urn:a:1', type: 'T', [name]: point }, testContext), testContext)
    assert.deepEqual(written, { type: 'GeoProperty', value: point })
    assert.throws(() => parseEntity({ id: 'urn:a:1', type: 'T', [name]: { type: 'Property', value: 7 } }, testContext), /must be a GeoProperty/)
  }
})

test('4.5.8 an evolution of a Relationship is an array of instances with their ids, a deletion its object set to NGSI-LD null', () => {
  const evolution: readonly Attribute[] = [
    { kind: 'Relationship', value: 'urn:x:1', observedAt: 1_000_000, instanceId: 'urn:i:1' },
    { kind: 'Relationship', value: ['urn:x:1', 'urn:x:2'], observedAt: 2_000_000, instanceId: 'urn:i:2', datasetId: 'urn:d:1' },
    { kind: 'Relationship', value: ngsiLdNull, deletedAt: 3_000_000, instanceId: 'urn:i:3' },
  ]
  const written = writeTemporalEntity({ id: 'urn:a:1', types: [], attributes: { [probe]: evolution } }, testContext)
  assert.deepEqual(written['probe'], [
    { type: 'Relationship', object: 'urn:x:1', observedAt: '1970-01-01T00:00:01Z', instanceId: 'urn:i:1' },
    { type: 'Relationship', object: ['urn:x:1', 'urn:x:2'], datasetId: 'urn:d:1', observedAt: '1970-01-01T00:00:02Z', instanceId: 'urn:i:2' },
    { type: 'Relationship', object: ngsiLdNull, instanceId: 'urn:i:3', deletedAt: '1970-01-01T00:00:03Z' },
  ])
  const simplified = writeTemporalEntity({ id: 'urn:a:1', types: [], attributes: { [probe]: evolution.slice(0, 1) } }, testContext, {
    format: 'temporalValues',
  })
  assert.deepEqual(simplified['probe'], { type: 'Relationship', objects: [['urn:x:1', '1970-01-01T00:00:01Z']] })
})
