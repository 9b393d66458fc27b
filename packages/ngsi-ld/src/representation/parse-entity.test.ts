import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreContext } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Iri } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { scopeName } from './attribute-kinds.ts'
import { testContext } from './entity.arbitrary.ts'
import {
  parseAttributeFragment,
  parseAttributeInstances,
  parseEntity,
  parseFragment,
  parseTemporalEntity,
  parseTemporalFragment,
} from './parse-entity.ts'
import type { ParseOptions } from './parse-options.ts'
import { writeEntity } from './write-entity.ts'

const vocab = 'https://uri.etsi.org/ngsi-ld/default-context/'

function read(members: object, options: ParseOptions = {}) {
  return parseEntity({ id: 'urn:ngsi-ld:Vehicle:1', type: 'Vehicle', ...members }, testContext, options)
}

function readProbe(probe: unknown, options: ParseOptions = {}): readonly Attribute[] | undefined {
  return read({ probe }, options).attributes[`${vocab}probe`]
}

function refuses(members: object, message: RegExp, options: ParseOptions = {}): void {
  assert.throws(() => read(members, options), { name: 'NgsiLdError', type: 'BadRequestData', message })
}

function refusesProbe(probe: unknown, message: RegExp, options: ParseOptions = {}): void {
  refuses({ probe }, message, options)
}

test('4.5.1 an entity has an id that is a URI and types', () => {
  const entity = parseEntity(
    { '@id': 'urn:ngsi-ld:Ciudad:París', '@type': ['Bus', 'Vehicle', 'Bus'], speed: 1, '@context': ['https://never.read.example/'] },
    testContext,
  )
  assert.deepEqual(entity, {
    id: 'urn:ngsi-ld:Ciudad:París',
    types: ['https://city.example/ns#Bus', `${vocab}Vehicle`],
    attributes: { 'https://city.example/ns#speed': [{ kind: 'Property', value: 1 }] },
  })
  for (const id of ['Vehicle', 7, null, ngsiLdNull, 'urn:a b', 'urn:ngsi-ld:A:\u202Eb', 'urn:a:\u200B', 'urn:a:<b', 'urn:a:\u2800', 'urn:a:\uFFFE'])
    refuses({ id }, /^id must be a URI/)
  for (const type of [[], 7, ['A', 7], '9Vehicle', 'a b', ngsiLdNull, '']) refuses({ type }, /^type /)
  assert.throws(() => parseEntity({ type: 'T' }, testContext), /has no id/)
  assert.throws(() => parseEntity({ id: 'urn:a:1' }, testContext), /Entity urn:a:1 has no type/)
  for (const document of [null, 7, 'x', [], undefined]) assert.throws(() => parseEntity(document, testContext), /must be an object/)
})

test('4.5.2 to 4.5.24 every kind is read, normalized and concise', () => {
  const geometry = { type: 'Point', coordinates: [13.4, 52.5] }
  const cases: readonly (readonly [normalized: Json, concise: Json, expanded: Attribute])[] = [
    [{ type: 'Property', value: 'x' }, 'x', { kind: 'Property', value: 'x' }],
    [{ type: 'Property', value: [1, 2] }, [1, 2], { kind: 'Property', value: [1, 2] }],
    [{ type: 'Property', value: { street: 'x' } }, { street: 'x' }, { kind: 'Property', value: { street: 'x' } }],
    [{ type: 'GeoProperty', value: geometry }, geometry, { kind: 'GeoProperty', value: geometry }],
    [{ type: 'GeoProperty', value: JSON.stringify(geometry) }, { value: geometry }, { kind: 'GeoProperty', value: geometry }],
    [{ type: 'Relationship', object: 'urn:x:1' }, { object: 'urn:x:1' }, { kind: 'Relationship', value: 'urn:x:1' }],
    [
      { type: 'Relationship', object: ['urn:x:1', 'urn:x:2'] },
      { object: ['urn:x:1', 'urn:x:2'] },
      { kind: 'Relationship', value: ['urn:x:1', 'urn:x:2'] },
    ],
    [
      { type: 'LanguageProperty', languageMap: { en: 'a', '@none': ['b'] } },
      { languageMap: { en: 'a', '@none': ['b'] } },
      { kind: 'LanguageProperty', value: { en: 'a', '@none': ['b'] } },
    ],
    [{ type: 'VocabProperty', vocab: 'Bus' }, { vocab: 'Bus' }, { kind: 'VocabProperty', value: 'https://city.example/ns#Bus' }],
    [{ type: 'ListProperty', valueList: [1, 'a'] }, { valueList: [1, 'a'] }, { kind: 'ListProperty', value: [1, 'a'] }],
    [
      { type: 'ListRelationship', objectList: [{ object: 'urn:x:1' }, 'urn:x:2'] },
      { objectList: ['urn:x:1', 'urn:x:2'] },
      { kind: 'ListRelationship', value: ['urn:x:1', 'urn:x:2'] },
    ],
    [
      { type: 'JsonProperty', json: { id: 'a', type: 'raw', value: null } },
      { json: { id: 'a', type: 'raw', value: null } },
      { kind: 'JsonProperty', value: { id: 'a', type: 'raw', value: null } },
    ],
    [
      { type: 'Property', value: { '@type': 'DateTime', '@value': '2018-12-04T12:00:00Z' } },
      { '@type': 'DateTime', '@value': '2018-12-04T12:00:00Z' },
      { kind: 'Property', value: { '@type': 'https://uri.etsi.org/ngsi-ld/DateTime', '@value': '2018-12-04T12:00:00Z' } },
    ],
  ]
  for (const [normalized, concise, expanded] of cases) {
    assert.deepEqual(readProbe(normalized), [expanded])
    assert.deepEqual(readProbe(concise), [expanded])
  }
  assert.deepEqual(readProbe({ type: 'https://uri.etsi.org/ngsi-ld/Property', value: 1 }), [{ kind: 'Property', value: 1 }])
  assert.deepEqual(readProbe({ '@type': 'Property', value: 1 }), [{ kind: 'Property', value: 1 }])
  assert.deepEqual(readProbe({ type: 'Property', value: geometry }), [{ kind: 'Property', value: geometry }])
  assert.deepEqual(readProbe({ type: 'Property', value: { '@type': '@json', '@value': null } }), [
    { kind: 'Property', value: { '@type': '@json', '@value': null } },
  ])
})

test('4.5.2 members of an attribute are read, sub-attributes to any depth', () => {
  const document = {
    type: 'Property',
    value: 1,
    datasetId: 'urn:ngsi-ld:Dataset:gps',
    observedAt: '2026-01-01T00:00:00,5Z',
    expiresAt: '2027-01-01T00:00:00Z',
    unitCode: 'CEL',
    valueType: 'xsd:double',
    createdAt: '2020-01-01T00:00:00Z',
    instanceId: 'urn:ngsi-ld:Instance:1',
    by: { object: 'urn:x:1', objectType: ['Bus', 'Sensor'], since: { value: 2, deep: 'er' } },
  }
  const [instance] = readProbe(document) ?? []
  assert.deepEqual(instance, {
    kind: 'Property',
    value: 1,
    datasetId: 'urn:ngsi-ld:Dataset:gps',
    observedAt: 1_767_225_600_500_000,
    expiresAt: 1_798_761_600_000_000,
    unitCode: 'CEL',
    valueType: 'xsd:double',
    sub: {
      [`${vocab}by`]: [
        {
          kind: 'Relationship',
          value: 'urn:x:1',
          objectType: ['https://city.example/ns#Bus', `${vocab}Sensor`],
          sub: { [`${vocab}since`]: [{ kind: 'Property', value: 2, sub: { [`${vocab}deep`]: [{ kind: 'Property', value: 'er' }] } }] },
        },
      ],
    },
  })
  const [kept] = readProbe(document, { sysAttrs: true }) ?? []
  assert.equal(kept?.createdAt, 1_577_836_800_000_000)
  assert.equal(kept?.instanceId, 'urn:ngsi-ld:Instance:1')
  let deep: Json = { value: 1 }
  for (let i = 0; i < 70; i += 1) deep = { value: 1, deeper: deep }
  refusesProbe(deep, /nests deeper than 64/)
})

test('4.5.2.2 and 4.5.3.2 members that a kind must not have are refused by name', () => {
  const of = (kind: string, value: object, more: object) => ({ type: kind, ...value, ...more })
  const property = (more: object) => of('Property', { value: 1 }, more)
  for (const more of [{ object: 'urn:x:1' }, { languageMap: { en: 'a' } }, { valueList: [] }, { json: {} }, { vocab: 'a' }, { objectList: [] }])
    refusesProbe(property(more), /^probe is a Property, which must not have /)
  for (const more of [{ previousValue: 0 }, { lang: 'en' }, { values: [] }, { '@context': {} }, { id: 'urn:x:1' }])
    refusesProbe(property(more), /^probe must not have (previousValue|lang|values|@context|id)$/)
  for (const more of [{ objectType: 'T' }, { entity: {} }]) refusesProbe(property(more), /is a Property, which must not have/)
  refusesProbe(property({ entityIdSealed: 'urn:x:1' }), /must not have entityIdSealed; only ngsildproof has/)
  const relationship = (more: object) => of('Relationship', { object: 'urn:x:1' }, more)
  for (const more of [{ unitCode: 'MTR' }, { value: 42 }, { languageMap: {} }, { valueType: 'x' }, { entityList: [] }])
    refusesProbe(relationship(more), /is a Relationship, which must not have/)
  refusesProbe({ type: 'JsonProperty', json: {}, unitCode: 'MTR' }, /is a JsonProperty, which must not have unitCode/)
  refusesProbe({ type: 'ListProperty', valueList: [1.2], value: 3 }, /is a ListProperty, which must not have value/)
  refusesProbe({ type: 'LanguageProperty', languageMap: { en: 'x' }, valueType: 'xsd:string' }, /valueType must be langString/)
  assert.ok(readProbe({ type: 'LanguageProperty', languageMap: { en: 'x' }, valueType: 'langString' }))
  assert.deepEqual(readProbe(relationship({ entity: { id: 'urn:x:1' } })), [{ kind: 'Relationship', value: 'urn:x:1' }])
  refusesProbe({ value: 1, object: 'urn:x:1' }, /must not have both value and object/)
})

test('5.8.6 previous values and lang are passed over in what another broker says', () => {
  const probe = { type: 'Property', value: 'x', lang: 'fr', previousLanguageMap: { fr: 'y' } }
  refusesProbe(probe, /must not have lang/)
  assert.deepEqual(readProbe(probe, { sysAttrs: true }), [{ kind: 'Property', value: 'x' }])
})

test('4.5.20 a vocab that is written as a keyword is a name of the default vocabulary', () => {
  assert.deepEqual(readProbe({ vocab: ['type', 'Bus'] }), [{ kind: 'VocabProperty', value: [`${vocab}type`, 'https://city.example/ns#Bus'] }])
})

test('Values that a kind cannot have are refused by path', () => {
  refusesProbe({ type: 'Property' }, /^probe is a Property, which must have value$/)
  refusesProbe({ type: 'Relationship' }, /^probe is a Relationship, which must have object$/)
  refusesProbe({ observedAt: '2026-01-01T00:00:00Z' }, /^probe has no value$/)
  refusesProbe({ type: 'Thing', value: 1 }, /^probe.type must be one of Property, .* not "Thing"/)
  refusesProbe({ type: 'Property', value: null }, /^probe.value must not be null/)
  refusesProbe(null, /^probe.value must not be null/)
  refusesProbe({ type: 'Relationship', object: 'no uri' }, /^probe.object must be a URI/)
  refusesProbe({ type: 'Relationship', object: [] }, /^probe.object must be/)
  for (const languageMap of ['x', { en: 5 }, { en: ['a', 5] }, { '': 'x' }, { 'e n': 'x' }]) refusesProbe({ languageMap }, /^probe.languageMap/)
  for (const vocab of [7, [7], '', {}]) refusesProbe({ vocab }, /^probe.vocab must be/)
  refusesProbe({ valueList: 7 }, /^probe.valueList must be an array/)
  for (const objectList of [7, ['x'], [{ object: 'urn:x:1', more: 1 }], [{ object: 7 }]]) refusesProbe({ objectList }, /^probe.objectList must/)
  for (const json of [5, 'x', true]) refusesProbe({ json }, /^probe.json must be a JSON object or an array/)
  for (const observedAt of ['yesterday', '2026-08-10T12:00:00+02:00', { value: 'x' }, null, 7])
    refusesProbe({ type: 'Property', value: 1, observedAt }, /^probe.observedAt must be a date-time in UTC/)
  refusesProbe({ type: 'Property', value: 1, unitCode: 7 }, /^probe.unitCode must be a string/)
  refuses({ location: { type: 'Property', value: 7 } }, /^location must be a GeoProperty/)
  refuses({ location: 7 }, /^location must be a GeoProperty/)
  refuses({ location: { type: 'GeoProperty', value: 'not a geometry' } }, /^location.value must be a GeoJSON geometry/)
  refuses(
    { location: { type: 'GeoProperty', value: { type: 'GeometryCollection', geometries: [] } } },
    /^location.value must be a GeoJSON geometry of type/,
  )
})

test('4.6.2 names are letters, digits and underscores, and may be terms, prefixed names or IRIs', () => {
  const names: Readonly<Record<string, Iri>> = {
    výška_1: `${vocab}výška_1`,
    constructor: `${vocab}constructor`,
    hasOwnProperty: `${vocab}hasOwnProperty`,
    'city:line': 'https://city.example/ns#line',
    'https://o.example/a-b': 'https://o.example/a-b',
    description: 'http://purl.org/dc/terms/description',
  }
  for (const [name, iri] of Object.entries(names)) assert.deepEqual(read({ [name]: 1 }).attributes, { [iri]: [{ kind: 'Property', value: 1 }] })
  const own = parseEntity(JSON.parse('{"id": "urn:a:1", "type": "T", "__proto__": 1}'), testContext)
  assert.deepEqual(own.attributes, { 'https://city.example/ns#proto': [{ kind: 'Property', value: 1 }] })
  assert.throws(() => parseEntity(JSON.parse('{"id": "urn:a:1", "type": "T", "__proto__": 1}'), coreContext), /^NgsiLdError: __proto__ has the name/)
  for (const name of ['my attr', '9x', 'a-b', '', 'city:a b', '@thing']) refuses({ [name]: 1 }, /has the name/)
  for (const name of ['datasetId', 'instanceId', 'observedAt', 'unitCode', 'https://uri.etsi.org/ngsi-ld/hasValueType', 'ngsi-ld:datasetId'])
    refuses({ [name]: { type: 'Property', value: 1 } }, /which the standard keeps for itself/)
  for (const name of ['https://uri.etsi.org/ngsi-ld/hasObject', 'ngsi-ld:value', 'ngsi-ld:previousVocab'])
    refuses({ speed: { type: 'Property', value: 1, [name]: { type: 'Property', value: 1 } } }, /which the standard keeps for itself/)
})

test('4.6.2 what holds an attribute’s value is in an entity a name as any other', () => {
  const document = {
    id: 'urn:a:1',
    type: 'T',
    vocab: { type: 'VocabProperty', vocab: 'stopped' },
    value: { type: 'Property', value: 1 },
    object: { type: 'Relationship', object: 'urn:a:2' },
    languageMap: { type: 'LanguageProperty', languageMap: { en: 'x' } },
  }
  assert.deepEqual(writeEntity(parseEntity(document, coreContext), coreContext), document)
})

test('4.5.5 instances have distinct dataset ids, and @none is the default', () => {
  const gps = { type: 'Property', value: 11, datasetId: 'urn:ngsi-ld:Dataset:gps' }
  assert.deepEqual(readProbe([{ type: 'Property', value: 55, datasetId: '@none' }, gps]), [
    { kind: 'Property', value: 55 },
    { kind: 'Property', value: 11, datasetId: 'urn:ngsi-ld:Dataset:gps' },
  ])
  refusesProbe([{ value: 55 }, { value: 11, datasetId: '@none' }], /two instances of no dataset id/)
  refusesProbe([gps, gps], /two instances of dataset id urn:ngsi-ld:Dataset:gps/)
  refuses({ speed: 1, 'city:speed': 2 }, /two instances of no dataset id/)
  refusesProbe({ value: 1, datasetId: ngsiLdNull }, /datasetId must be a URI/)
  refusesProbe({ value: 1, datasetId: 'gps' }, /datasetId must be a URI/)
})

test('4.18 scopes begin with a slash and come once', () => {
  assert.deepEqual(read({ scope: 'Madrid' }).scopes, ['/Madrid'])
  assert.deepEqual(read({ scope: ['/Madrid/Gardens/ParqueNorte', 'CompanyA', '/CompanyA'] }).scopes, ['/Madrid/Gardens/ParqueNorte', '/CompanyA'])
  assert.ok(!('scopes' in read({ scope: [] })))
  for (const scope of ['9bad', '/a//b', 'a-b', ngsiLdNull, ['/ok', '9bad'], 7, null, '/', '']) refuses({ scope }, /^scope must be a scope/)
})

test('5.5.4 NGSI-LD null stands only where the operation admits it', () => {
  const nulls: readonly Json[] = [
    ngsiLdNull,
    { type: 'Property', value: ngsiLdNull },
    { type: 'GeoProperty', value: ngsiLdNull },
    { type: 'Relationship', object: ngsiLdNull },
    { type: 'LanguageProperty', languageMap: { '@none': ngsiLdNull } },
    { type: 'VocabProperty', vocab: ngsiLdNull },
    { type: 'ListProperty', valueList: [ngsiLdNull] },
    { type: 'ListRelationship', objectList: [ngsiLdNull] },
    { type: 'ListRelationship', objectList: [{ object: ngsiLdNull }] },
    { type: 'JsonProperty', json: ngsiLdNull },
  ]
  for (const probe of nulls) {
    refusesProbe(probe, /must not be NGSI-LD null here/)
    refusesProbe({ value: 1, sub: probe }, /^probe\.sub\.\w+ must not be NGSI-LD null here/)
    assert.deepEqual(readProbe({ value: 1, sub: probe }, { allowNull: 'attributes' }), [{ kind: 'Property', value: 1 }])
    for (const allowNull of ['attributes', 'everywhere'] as const) assert.equal(readProbe(probe, { allowNull })?.[0]?.value, ngsiLdNull)
  }
  const within: readonly Json[] = [
    { type: 'Property', value: { country: ngsiLdNull } },
    { type: 'Property', value: { geo: [{ country: ngsiLdNull }] } },
    { type: 'LanguageProperty', languageMap: { en: ngsiLdNull, fr: 'x' } },
  ]
  for (const probe of within) {
    for (const allowNull of ['never', 'attributes'] as const) refusesProbe(probe, /must not (hold|be) NGSI-LD null here/, { allowNull })
    assert.ok(readProbe(probe, { allowNull: 'everywhere' }))
  }
  const gone = { unitCode: ngsiLdNull, observedAt: ngsiLdNull, expiresAt: ngsiLdNull, valueType: ngsiLdNull }
  const members = { type: 'Property', value: 1, ...gone }
  refusesProbe(members, /unitCode must not be NGSI-LD null/)
  const [instance] = readProbe(members, { allowNull: 'everywhere' }) ?? []
  assert.deepEqual({ ...instance }, { kind: 'Property', value: 1, ...gone })
  assert.deepEqual(readProbe(members, { allowNull: 'attributes' }), [{ kind: 'Property', value: 1 }])
  assert.deepEqual(readProbe({ type: 'JsonProperty', json: { a: ngsiLdNull } }), [{ kind: 'JsonProperty', value: { a: ngsiLdNull } }])
})

test('5.4 a fragment may lack id and type, and has no other id', () => {
  assert.deepEqual(parseFragment({ speed: ngsiLdNull, scope: ngsiLdNull }, testContext, 'urn:a:1'), {
    id: 'urn:a:1',
    types: [],
    scopes: [],
    attributes: { 'https://city.example/ns#speed': [{ kind: 'Property', value: ngsiLdNull }] },
  })
  assert.deepEqual(parseFragment({ id: 'urn:a:1', type: 'Bus' }, testContext, 'urn:a:1').types, ['https://city.example/ns#Bus'])
  assert.throws(() => parseFragment({ id: 'urn:a:2' }, testContext, 'urn:a:1'), /has the id urn:a:2, but the entity is urn:a:1/)
  assert.throws(() => parseFragment({ speed: ngsiLdNull }, testContext, 'urn:a:1', { allowNull: 'never' }), /NGSI-LD null/)
})

test('5.6.4 an attribute fragment states the kind that its value tells, and may have no value', () => {
  const name = `${vocab}probe`
  const parse = (document: Json) => parseAttributeFragment(document, testContext, name)
  assert.deepEqual(parse({ value: 5, '@context': 'https://a.example/' }), { kind: 'Property', value: 5 })
  assert.deepEqual(parse({ observedAt: '2026-01-01T00:00:00Z' }), { observedAt: 1_767_225_600_000_000 })
  assert.deepEqual(parse({ value: ngsiLdNull, datasetId: 'urn:x:1' }), { value: ngsiLdNull, datasetId: 'urn:x:1' })
  assert.deepEqual(parse({ object: 'urn:x:1' }), { kind: 'Relationship', value: 'urn:x:1' })
  assert.deepEqual(parse({ type: 'GeoProperty', by: ngsiLdNull }), {
    kind: 'GeoProperty',
    sub: { [`${vocab}by`]: [{ kind: 'Property', value: ngsiLdNull }] },
  })
  assert.throws(() => parse({ value: { country: ngsiLdNull } }), /must not hold NGSI-LD null/)
  assert.throws(() => parse({ type: 'Property', object: 'urn:x:1' }), /must not have object/)
  for (const document of [{}, 7, [], null]) assert.throws(() => parse(document), /The attribute fragment/)
})

test('5.6.19 the instances that replace an attribute are read', () => {
  const name = `${vocab}probe`
  assert.deepEqual(parseAttributeInstances({ type: 'Property', value: 5 }, testContext, name), [{ kind: 'Property', value: 5 }])
  assert.equal(parseAttributeInstances([{ value: 5 }, { value: 6, datasetId: 'urn:x:1' }], testContext, name).length, 2)
  assert.throws(() => parseAttributeInstances({ type: 'Property', value: ngsiLdNull }, testContext, name), /NGSI-LD null/)
  assert.throws(() => parseAttributeInstances({ scope: '/Company123/UnitA' }, testContext, name), /The attribute has no value/)
  assert.throws(() => parseAttributeInstances([{ value: 5 }, { value: 6 }], testContext, name), /two instances of no dataset id/)
  for (const document of [[], 5, [5], null, 'x'])
    assert.throws(() => parseAttributeInstances(document, testContext, name), /The attribute (has no|must be)/)
})

test('5.6.17 a merge fragment may lack the value of an attribute, where the caller can merge that', () => {
  const document = { probe: { unitCode: 'CEL' }, speed: { type: 'Relationship', by: 1 } }
  const { attributes } = parseFragment(document, testContext, 'urn:a:1', { allowNull: 'everywhere', allowPartial: true })
  assert.deepEqual(attributes[`${vocab}probe`], [{ kind: 'Property', unitCode: 'CEL' }])
  assert.deepEqual(attributes['https://city.example/ns#speed'], [{ kind: 'Relationship', sub: { [`${vocab}by`]: [{ kind: 'Property', value: 1 }] } }])
  assert.throws(() => parseFragment(document, testContext, 'urn:a:1', { allowNull: 'everywhere' }), /^NgsiLdError: probe has no value$/)
  const expiry = { expiresAt: ngsiLdNull }
  assert.equal(parseFragment(expiry, testContext, 'urn:a:1', { allowNull: 'everywhere', allowPartial: true }).expiresAt, ngsiLdNull)
  for (const options of [{}, { allowNull: 'everywhere' }, { allowNull: 'never', allowPartial: true }] as const)
    assert.throws(() => parseFragment(expiry, testContext, 'urn:a:1', options), /expiresAt must be a date-time/)
})

test('4.5.2.2 sealed members belong to ngsildproof', () => {
  const proofName = 'https://uri.etsi.org/ngsi-ld/ngsildproof'
  const document = { type: 'Property', entityIdSealed: 'urn:a:1', entityTypeSealed: 'Bus', value: { type: 'DataIntegrityProof' } }
  assert.deepEqual(read({ ngsildproof: document }).attributes[proofName], [
    {
      kind: 'Property',
      value: { type: 'DataIntegrityProof' },
      proof: { entityIdSealed: 'urn:a:1', entityTypeSealed: 'https://city.example/ns#Bus' },
    },
  ])
  refuses({ ngsildproof: { type: 'Property', value: 'not an object' } }, /must be a Property whose value is an object/)
  refuses({ ngsildproof: { ...document, entityTypeSealed: 42 } }, /entityTypeSealed must be a string/)
})

test('5.2.20 an evolution has several instances of one dataset id, and its scope is reified', () => {
  const document = {
    id: 'urn:a:1',
    type: 'Bus',
    scope: [{ type: 'Property', value: ['Madrid', '/Škola'], observedAt: '2026-01-01T00:00:00Z' }],
    speed: [
      { type: 'Property', value: 1, observedAt: '2026-01-01T00:00:00Z' },
      { type: 'Property', value: 2, observedAt: '2026-01-01T00:00:01Z' },
    ],
    probe: { type: 'LanguageProperty', languageMaps: [[{ languageMap: { en: 'a' } }, '2026-01-01T00:00:00Z']] },
    owner: { type: 'Relationship', objects: [[['urn:x:1'], '2026-01-01T00:00:00Z']] },
  }
  const observedAt = 1_767_225_600_000_000
  assert.deepEqual(parseTemporalEntity(document, testContext).attributes, {
    [scopeName]: [{ kind: 'Property', value: ['/Madrid', '/Škola'], observedAt }],
    'https://city.example/ns#speed': [
      { kind: 'Property', value: 1, observedAt },
      { kind: 'Property', value: 2, observedAt: observedAt + 1_000_000 },
    ],
    [`${vocab}probe`]: [{ kind: 'LanguageProperty', value: { en: 'a' }, observedAt }],
    [`${vocab}owner`]: [{ kind: 'Relationship', value: ['urn:x:1'], observedAt }],
  })
  assert.deepEqual(parseTemporalFragment({ probe: 5 }, testContext, 'urn:a:1').attributes, { [`${vocab}probe`]: [{ kind: 'Property', value: 5 }] })
  for (const probe of [{ values: [[1]] }, { type: 'Property', objects: [] }, { values: 7 }, { values: [], more: 1 }, { values: [[1, 'x']] }])
    assert.throws(() => parseTemporalEntity({ id: 'urn:a:1', type: 'T', probe }, testContext), { name: 'NgsiLdError' })
})
