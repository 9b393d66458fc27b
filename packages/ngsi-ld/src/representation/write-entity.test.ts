import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreContext, withContext } from '../context/context.ts'
import { coreContextIri } from '../context/core-context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Entity } from '../entity/entity.ts'
import { testContext } from './entity.arbitrary.ts'
import { parseLanguages } from './language.ts'
import { parseEntity } from './parse-entity.ts'
import { parseProjection } from './projection.ts'
import { writeEntity } from './write-entity.ts'
import { writeFeature, writeFeatureCollection } from './write-geojson.ts'

const point = { type: 'Point', coordinates: [13.4, 52.5] }
const bus = parseEntity(
  {
    id: 'urn:ngsi-ld:Bus:1',
    type: 'Bus',
    scope: '/Madrid',
    speed: { type: 'Property', value: 42, unitCode: 'KMH', observedAt: '2026-01-01T00:00:00Z', by: { object: 'urn:ngsi-ld:Sensor:1' } },
    name: { type: 'LanguageProperty', languageMap: { fr: 'Grand Place', 'nl-BE': 'Grote Markt' } },
    location: { type: 'GeoProperty', value: point },
    driver: [
      { type: 'Relationship', object: 'urn:ngsi-ld:Person:1' },
      { type: 'Relationship', object: 'urn:ngsi-ld:Person:2', datasetId: 'urn:ngsi-ld:Dataset:night' },
    ],
    kind: { type: 'VocabProperty', vocab: ['Bus', 'Tram'] },
    route: { type: 'ListRelationship', objectList: ['urn:ngsi-ld:Stop:1', 'urn:ngsi-ld:Stop:2'] },
    tickets: { type: 'JsonProperty', json: { id: 'a' } },
    built: { type: 'Property', value: { '@type': 'Date', '@value': '2020-01-01' } },
  },
  testContext,
)

test('4.5.1 the normalized representation has every member, compacted', () => {
  assert.deepEqual(writeEntity(bus, testContext), {
    id: 'urn:ngsi-ld:Bus:1',
    type: 'Bus',
    scope: '/Madrid',
    speed: {
      type: 'Property',
      value: 42,
      observedAt: '2026-01-01T00:00:00Z',
      unitCode: 'KMH',
      by: { type: 'Relationship', object: 'urn:ngsi-ld:Sensor:1' },
    },
    name: { type: 'LanguageProperty', languageMap: { fr: 'Grand Place', 'nl-BE': 'Grote Markt' } },
    location: { type: 'GeoProperty', value: point },
    driver: [
      { type: 'Relationship', object: 'urn:ngsi-ld:Person:1' },
      { type: 'Relationship', object: 'urn:ngsi-ld:Person:2', datasetId: 'urn:ngsi-ld:Dataset:night' },
    ],
    kind: { type: 'VocabProperty', vocab: ['Bus', 'Tram'] },
    route: { type: 'ListRelationship', objectList: [{ object: 'urn:ngsi-ld:Stop:1' }, { object: 'urn:ngsi-ld:Stop:2' }] },
    tickets: { type: 'JsonProperty', json: { id: 'a' } },
    built: { type: 'Property', value: { '@type': 'Date', '@value': '2020-01-01' } },
  })
})

test('4.5.2.3 the concise representation leaves out types and bare values stand alone', () => {
  const { speed, name, location, driver, kind, route, tickets, built } = writeEntity(bus, testContext, { format: 'concise' })
  assert.deepEqual(speed, { value: 42, observedAt: '2026-01-01T00:00:00Z', unitCode: 'KMH', by: { object: 'urn:ngsi-ld:Sensor:1' } })
  assert.deepEqual(name, { languageMap: { fr: 'Grand Place', 'nl-BE': 'Grote Markt' } })
  assert.deepEqual(location, point)
  assert.deepEqual(driver, [{ object: 'urn:ngsi-ld:Person:1' }, { object: 'urn:ngsi-ld:Person:2', datasetId: 'urn:ngsi-ld:Dataset:night' }])
  assert.deepEqual([kind, route], [{ vocab: ['Bus', 'Tram'] }, { objectList: ['urn:ngsi-ld:Stop:1', 'urn:ngsi-ld:Stop:2'] }])
  assert.deepEqual([tickets, built], [{ json: { id: 'a' } }, { '@type': 'Date', '@value': '2020-01-01' }])
})

test('4.5.4 the simplified representation has the values, by dataset id where there are several', () => {
  assert.deepEqual(writeEntity(bus, testContext, { format: 'simplified' }), {
    id: 'urn:ngsi-ld:Bus:1',
    type: 'Bus',
    scope: '/Madrid',
    speed: 42,
    name: { languageMap: { fr: 'Grand Place', 'nl-BE': 'Grote Markt' } },
    location: point,
    driver: { dataset: { '@none': 'urn:ngsi-ld:Person:1', 'urn:ngsi-ld:Dataset:night': 'urn:ngsi-ld:Person:2' } },
    kind: { vocab: ['Bus', 'Tram'] },
    route: ['urn:ngsi-ld:Stop:1', 'urn:ngsi-ld:Stop:2'],
    tickets: { json: { id: 'a' } },
    built: { '@type': 'Date', '@value': '2020-01-01' },
  })
})

test('4.15 a language filter makes a Property of one language, and says which', () => {
  const named = { pick: parseProjection('name', testContext), languages: parseLanguages('nl,fr;q=0.5') }
  assert.deepEqual(writeEntity(bus, testContext, named), { name: { type: 'Property', value: 'Grote Markt', lang: 'nl-BE' } })
  assert.deepEqual(writeEntity(bus, testContext, { ...named, format: 'concise' }), { name: { value: 'Grote Markt', lang: 'nl-BE' } })
  assert.deepEqual(writeEntity(bus, testContext, { ...named, format: 'simplified' }), { name: 'Grote Markt' })
})

test('4.21 pick, omit and attrs choose members; a dataset id chooses instances', () => {
  const keys = (options: Parameters<typeof writeEntity>[2]) => Object.keys(writeEntity(bus, testContext, options))
  assert.deepEqual(keys({ pick: parseProjection('id|speed', testContext) }), ['id', 'speed'])
  assert.deepEqual(keys({ pick: parseProjection('nothing', testContext) }), [])
  assert.deepEqual(keys({ omit: parseProjection('type,scope,speed,name,kind,route,tickets,built', testContext) }), ['id', 'location', 'driver'])
  assert.deepEqual(keys({ attrs: new Set(['https://city.example/ns#speed']) }), ['id', 'type', 'scope', 'speed'])
  assert.deepEqual(keys({ datasetIds: new Set(['urn:ngsi-ld:Dataset:night']) }), ['id', 'type', 'scope', 'driver'])
  assert.deepEqual(
    writeEntity(bus, testContext, { datasetIds: new Set(['urn:ngsi-ld:Dataset:night']), format: 'simplified' })['driver'],
    'urn:ngsi-ld:Person:2',
  )
  assert.ok(!keys({ datasetIds: new Set(['urn:x:none']) }).includes('speed'))
})

test('6.3.11 system attributes are shown only where asked for, and the time of a deletion always', () => {
  const times = { createdAt: 0, modifiedAt: 1_500_000, expiresAt: 2_000_000, deletedAt: 3_000_000 }
  const attributes = { 'https://city.example/ns#speed': [{ kind: 'Property' as const, value: ngsiLdNull, instanceId: 'urn:i:1', ...times }] }
  const entity: Entity = { id: 'urn:a:1', types: ['https://city.example/ns#Bus'], attributes, ...times }
  const shown = {
    createdAt: '1970-01-01T00:00:00Z',
    modifiedAt: '1970-01-01T00:00:01.500Z',
    expiresAt: '1970-01-01T00:00:02Z',
    deletedAt: '1970-01-01T00:00:03Z',
  }
  assert.deepEqual(writeEntity(entity, testContext, { sysAttrs: true }), {
    id: 'urn:a:1',
    type: 'Bus',
    ...shown,
    speed: { type: 'Property', value: ngsiLdNull, ...shown },
  })
  assert.deepEqual(writeEntity(entity, testContext), {
    id: 'urn:a:1',
    type: 'Bus',
    deletedAt: shown.deletedAt,
    speed: { type: 'Property', value: ngsiLdNull },
  })
})

test('5.2.3 the @context of an answer is the user context, or the core where only that holds', () => {
  const entity: Entity = { id: 'urn:a:1', types: [], attributes: {} }
  assert.deepEqual(withContext(writeEntity(entity, testContext), testContext), {
    id: 'urn:a:1',
    '@context': 'https://city.example/context.jsonld',
  })
  assert.deepEqual(withContext([{ id: 'urn:a:1' }, { '@context': 'urn:own' }], coreContext), [
    { id: 'urn:a:1', '@context': coreContextIri },
    { '@context': 'urn:own' },
  ])
})

test('4.5.0 NGSI-LD null is written as the kind asks', () => {
  const written = (kind: Attribute['kind']) => {
    const entity: Entity = { id: 'urn:a:1', types: [], attributes: { 'https://city.example/ns#speed': [{ kind, value: ngsiLdNull }] } }
    return writeEntity(entity, testContext)['speed']
  }
  assert.deepEqual(written('LanguageProperty'), { type: 'LanguageProperty', languageMap: { '@none': ngsiLdNull } })
  assert.deepEqual(written('ListRelationship'), { type: 'ListRelationship', objectList: [ngsiLdNull] })
  assert.deepEqual(written('JsonProperty'), { type: 'JsonProperty', json: ngsiLdNull })
  assert.deepEqual(written('Relationship'), { type: 'Relationship', object: ngsiLdNull })
})

test('5.8.6 a notification shows the instance before the change beside the present one', () => {
  const before: Attribute = { kind: 'VocabProperty', value: 'https://city.example/ns#Bus' }
  const previous = (name: string) => (name.endsWith('/kind') ? before : undefined)
  const { kind, speed } = writeEntity(bus, testContext, { previous })
  assert.deepEqual(kind, { type: 'VocabProperty', vocab: ['Bus', 'Tram'], previousVocab: 'Bus' })
  assert.ok(!('previousValue' in (speed as object)))
})

test('4.5.23.2 linked entities stand in their relationships, as many levels as asked for', () => {
  const person = parseEntity({ id: 'urn:ngsi-ld:Person:1', type: 'Person', age: 40, friend: { object: 'urn:ngsi-ld:Person:1' } }, testContext)
  const linked = (id: string) => (id === person.id ? person : undefined)
  const { driver } = writeEntity(bus, testContext, { linked, pick: parseProjection('driver{age}', testContext) })
  assert.deepEqual(driver, [
    { type: 'Relationship', object: 'urn:ngsi-ld:Person:1', entity: { age: { type: 'Property', value: 40 } } },
    { type: 'Relationship', object: 'urn:ngsi-ld:Person:2', datasetId: 'urn:ngsi-ld:Dataset:night' },
  ])
  const simple = writeEntity(bus, testContext, { linked, joinLevel: 2, format: 'simplified', omit: parseProjection('driver{age}', testContext) })
  assert.deepEqual(simple['driver'], {
    dataset: {
      '@none': {
        id: 'urn:ngsi-ld:Person:1',
        type: 'Person',
        friend: { id: 'urn:ngsi-ld:Person:1', type: 'Person', age: 40, friend: 'urn:ngsi-ld:Person:1' },
      },
      'urn:ngsi-ld:Dataset:night': 'urn:ngsi-ld:Person:2',
    },
  })
})

test('4.5.2.2 the sealed members of a proof are bare strings', () => {
  const ngsildproof = { type: 'Property', value: { type: 'DataIntegrityProof' }, entityIdSealed: 'urn:a:1', entityTypeSealed: 'Bus' }
  const entity = parseEntity({ id: 'urn:a:1', type: 'Bus', ngsildproof, speed: { type: 'Property', value: 1, ngsildproof } }, testContext)
  assert.deepEqual(writeEntity(entity, testContext), { id: 'urn:a:1', type: 'Bus', ngsildproof, speed: { type: 'Property', value: 1, ngsildproof } })
})

test('4.5.16 a Feature has the geometry of the property asked for, or none', () => {
  const pick = parseProjection('speed', testContext)
  assert.deepEqual(writeFeature(bus, testContext, { pick, format: 'simplified', withContext: true }), {
    id: 'urn:ngsi-ld:Bus:1',
    type: 'Feature',
    geometry: point,
    properties: { speed: 42 },
    '@context': 'https://city.example/context.jsonld',
  })
  const absent = writeFeature(bus, testContext, { geometryProperty: 'https://uri.etsi.org/ngsi-ld/operationSpace' })
  assert.equal(absent['geometry'], null)
  assert.equal((absent['properties'] as Record<string, unknown>)['type'], 'Bus')
})

test('4.5.17 5.2.29 5.2.31 a simplified Feature has every attribute as the simplified representation has it, the chosen geometry too', () => {
  assert.deepEqual(writeFeature(bus, testContext, { format: 'simplified', pick: parseProjection('type,speed,location,driver,route', testContext) }), {
    id: 'urn:ngsi-ld:Bus:1',
    type: 'Feature',
    geometry: point,
    properties: {
      type: 'Bus',
      speed: 42,
      location: point,
      driver: { dataset: { '@none': 'urn:ngsi-ld:Person:1', 'urn:ngsi-ld:Dataset:night': 'urn:ngsi-ld:Person:2' } },
      route: ['urn:ngsi-ld:Stop:1', 'urn:ngsi-ld:Stop:2'],
    },
  })
  const spaces = parseEntity(
    { id: 'urn:a:1', type: 'Bus', location: point, operationSpace: { type: 'Point', coordinates: [1, 2] }, speed: point },
    testContext,
  )
  assert.deepEqual(
    writeFeature(spaces, testContext, { format: 'simplified', geometryProperty: 'https://uri.etsi.org/ngsi-ld/operationSpace' })['geometry'],
    {
      type: 'Point',
      coordinates: [1, 2],
    },
  )
  const none = parseEntity({ id: 'urn:a:1', type: 'Bus', speed: 42 }, testContext)
  assert.deepEqual(writeFeature(none, testContext, { format: 'simplified' }), {
    id: 'urn:a:1',
    type: 'Feature',
    geometry: null,
    properties: { type: 'Bus', speed: 42 },
  })
})

test('4.5.17 5.2.30 simplified Features of several entities are a FeatureCollection, of none an empty one', () => {
  const collection = writeFeatureCollection([bus], testContext, { format: 'simplified', pick: parseProjection('speed', testContext) })
  const features = [{ id: 'urn:ngsi-ld:Bus:1', type: 'Feature', geometry: point, properties: { speed: 42 } }]
  assert.deepEqual(collection, { type: 'FeatureCollection', features })
  assert.deepEqual(writeFeatureCollection([], testContext, { format: 'simplified' }), { type: 'FeatureCollection', features: [] })
})

test('4.5.16.1 of several instances the default one or the one asked for gives the geometry', () => {
  const other = { type: 'Point', coordinates: [1, 2] }
  const entity = parseEntity({ id: 'urn:a:1', type: 'Bus', location: [{ value: other, datasetId: 'urn:d:1' }, { value: point }] }, testContext)
  assert.deepEqual(writeFeature(entity, testContext)['geometry'], point)
  assert.deepEqual(writeFeature(entity, testContext, { datasetIds: new Set(['urn:d:1']) })['geometry'], other)
})

test('4.5.16.3 a FeatureCollection has the @context once', () => {
  const collection = writeFeatureCollection([bus, bus], testContext, { withContext: true })
  assert.equal(collection['type'], 'FeatureCollection')
  const features = collection['features'] as readonly object[]
  assert.equal(features.length, 2)
  assert.ok(features.every((feature) => !('@context' in feature)))
  assert.equal(collection['@context'], 'https://city.example/context.jsonld')
})
