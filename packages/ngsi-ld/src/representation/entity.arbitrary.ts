import fc from 'fast-check'
import { contextOf } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, AttributeKind, Entity, Iri } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { coreGeoProperties } from './attribute-kinds.ts'

/** Terms, a prefix, and a term that takes a name of the default vocabulary for another IRI. */
export const testContext: Context = contextOf(
  'https://city.example/context.jsonld',
  new Map([
    ['city', { iri: 'https://city.example/ns#' }],
    ['speed', { iri: 'https://city.example/ns#speed' }],
    ['Bus', { iri: 'https://city.example/ns#Bus' }],
    ['__proto__', { iri: 'https://city.example/ns#proto' }],
    ['taken', { iri: 'https://city.example/elsewhere' }],
  ]),
  new Map([['city', 'https://city.example/ns#']]),
)

const vocab = 'https://uri.etsi.org/ngsi-ld/default-context/'
const anyName = fc.constantFrom(
  'https://city.example/ns#speed',
  'https://city.example/ns#proto',
  'https://city.example/ns#unmapped',
  'https://uri.etsi.org/ngsi-ld/title',
  'http://purl.org/dc/terms/title',
  'https://other.example/a-b',
  ...['constructor', 'taken', 'výška_1', 'x', 'toString'].map((name) => vocab + name),
)
const type = fc.constantFrom('https://city.example/ns#Bus', 'https://city.example/ns#Tram', `${vocab}Vehicle`, 'https://other.example/T')
const uri = fc.constantFrom('urn:ngsi-ld:A:1', 'urn:ngsi-ld:A:2', 'https://a.example/x?y=1#z', 'urn:ngsi-ld:Ciudad:París')
const instant = fc
  .integer({ min: 0, max: 2_000_000_000 })
  .chain((second) => fc.integer({ min: 0, max: 999_999 }).map((rest) => second * 1_000_000 + rest))

const awkwardName = fc.constantFrom(
  'type',
  '@type',
  '@value',
  'value',
  'object',
  'observedAt',
  'coordinates',
  '__proto__',
  'constructor',
  'json',
  'a',
  'b',
)
const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('Property', 'Point', 'Relationship', '@json'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.boolean(),
  fc.constant(null),
)
const tree = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(awkwardName, tie('value')), { maxLength: 3 }).map((members) => Object.fromEntries(members)),
  ),
}))
/** Any JSON value, with members named as the standard's. */
export const json: fc.Arbitrary<Json> = tree.value

const longitude = fc.double({ min: -180, max: 180, noNaN: true }).map((number) => number + 0)
const latitude = fc.double({ min: -90, max: 90, noNaN: true }).map((number) => number + 0)
const position = fc.tuple(longitude, latitude)
const geometry: fc.Arbitrary<Json> = fc.oneof(
  position.map((coordinates) => ({ type: 'Point', coordinates })),
  fc.array(position, { minLength: 2, maxLength: 4 }).map((coordinates) => ({ type: 'LineString', coordinates })),
  fc.array(position, { minLength: 3, maxLength: 4 }).map((ring) => ({ type: 'Polygon', coordinates: [[...ring, ring[0] as [number, number]]] })),
)

const typed = fc.record({ '@type': type, '@value': fc.string({ maxLength: 5 }) }, { noNullPrototype: true })
const text = fc.string({ maxLength: 4 })
const values: Readonly<Record<AttributeKind, fc.Arbitrary<Json>>> = {
  Property: fc.oneof(
    json.filter((value) => value !== null && !statesType(value)),
    geometry,
    typed,
  ),
  GeoProperty: geometry,
  Relationship: fc.oneof(uri, fc.array(uri, { minLength: 1, maxLength: 3 })),
  LanguageProperty: fc.dictionary(fc.constantFrom('en', 'fr-CH', '@none'), fc.oneof(text, fc.array(text, { maxLength: 2 })), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  VocabProperty: fc.oneof(type, fc.array(type, { maxLength: 3 })),
  ListProperty: fc.array(json, { maxLength: 3 }),
  ListRelationship: fc.array(uri, { maxLength: 3 }),
  JsonProperty: json.filter((value) => typeof value === 'object' && value !== null),
}

/** The `@type` of a value object is expanded as a term is, so only IRIs come back as they were. */
function statesType(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '@value') && Object.hasOwn(value, '@type')
}

type Draft = { -readonly [K in keyof Attribute]?: Attribute[K] }

function instanceOf(name: Iri, isTemporal: boolean, depth: number): fc.Arbitrary<Attribute> {
  const kinds = coreGeoProperties.has(name) ? (['GeoProperty'] as const) : (Object.keys(values) as AttributeKind[])
  return fc.constantFrom(...kinds).chain((kind) => {
    const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
    const isRelationship = kind === 'Relationship' || kind === 'ListRelationship'
    const value = isTemporal ? fc.oneof({ weight: 9, arbitrary: values[kind] }, { weight: 1, arbitrary: fc.constant(ngsiLdNull) }) : values[kind]
    // Half of all have nothing but a value, which the concise representation may leave bare.
    const bare = value.map((value): Attribute => ({ kind, value }))
    const full = fc
      .record({
        value,
        observedAt: optional(instant),
        createdAt: optional(instant),
        modifiedAt: optional(instant),
        deletedAt: optional(instant),
        expiresAt: optional(instant),
        unitCode: kind === 'Property' || kind === 'ListProperty' ? optional(fc.constantFrom('CEL', 'C62')) : fc.constant(undefined),
        objectType: isRelationship ? optional(fc.uniqueArray(type, { minLength: 1, maxLength: 2 })) : fc.constant(undefined),
        valueType: kind === 'Property' || kind === 'VocabProperty' ? optional(type) : fc.constant(undefined),
        instanceId: isTemporal && depth === 0 ? optional(fc.uuid().map((id) => `urn:ngsi-ld:Instance:${id}`)) : fc.constant(undefined),
        sub: depth < 2 ? optional(attributesOf(anyName, depth + 1, false)) : fc.constant(undefined),
      })
      .map((members) => {
        const instance: Draft = { kind, value: members.value }
        for (const [member, value] of Object.entries(members)) if (value !== undefined) Object.assign(instance, { [member]: value })
        if (instance.sub !== undefined && Object.keys(instance.sub).length === 0) delete instance.sub
        return instance as Attribute
      })
    return fc.oneof(bare, full)
  })
}

function attributesOf(name: fc.Arbitrary<Iri>, depth: number, isTemporal: boolean): fc.Arbitrary<Record<Iri, readonly Attribute[]>> {
  return fc
    .uniqueArray(
      name.chain((iri) => fc.tuple(fc.constant(iri), instancesOf(iri, depth, isTemporal))),
      { maxLength: 3 - depth, selector: ([iri]) => iri },
    )
    .map((members) => Object.fromEntries(members))
}

function instancesOf(name: Iri, depth: number, isTemporal: boolean): fc.Arbitrary<readonly Attribute[]> {
  const datasetId = fc.constantFrom(undefined, 'urn:ngsi-ld:Dataset:1', 'urn:ngsi-ld:Dataset:2')
  const single = fc
    .tuple(instanceOf(name, isTemporal, depth), datasetId)
    .map(([instance, datasetId]) => (datasetId === undefined ? instance : { ...instance, datasetId }))
  const several = { minLength: 1, maxLength: depth === 0 ? 3 : 2 }
  return isTemporal ? fc.array(single, several) : fc.uniqueArray(single, { ...several, selector: ({ datasetId }) => datasetId })
}

/** Entities in expanded form as a parser that keeps system attributes would make them. */
export function entityArbitrary(isTemporal: boolean): fc.Arbitrary<Entity> {
  const name = fc.oneof(anyName, fc.constantFrom(...coreGeoProperties))
  return fc
    .record({
      id: uri,
      types: fc.uniqueArray(type, { minLength: 1, maxLength: 2 }),
      scopes: isTemporal
        ? fc.constant(undefined)
        : fc.option(fc.uniqueArray(fc.constantFrom('/Madrid/Gardens', '/Škola', '/a_1'), { minLength: 1, maxLength: 2 }), { nil: undefined }),
      attributes: attributesOf(name, 0, isTemporal),
      createdAt: fc.option(instant, { nil: undefined }),
      deletedAt: fc.option(instant, { nil: undefined }),
      expiresAt: fc.option(instant, { nil: undefined }),
    })
    .map((members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as unknown as Entity)
}
