import * as fc from 'fast-check'
import type { Attribute, Entity } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { expand } from './fixture.ts'
import type { EntityQuery } from './entity-query.ts'
import { parseGeoQuery } from './geo-query.ts'
import { parseQ } from './parse-q.ts'
import { parseScopeQuery } from './scope-query.ts'
import { parseTypeSelection } from './type-selection.ts'

/** The names that entities and queries of these arbitraries use, so that they meet often. */
export const names: readonly string[] = ['a', 'b', 'c', 'location']

const datasetId = fc.option(fc.constantFrom('urn:d:1', 'urn:d:2'), { nil: undefined })
const scalar = fc.constantFrom(1, 2, 3, -1.5, 'x', 'y', 'urn:x:2', true, false, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z')
const value: fc.Arbitrary<Json> = fc.oneof<fc.Arbitrary<Json>[]>(
  scalar,
  fc.array(scalar, { maxLength: 2 }),
  fc.constant({ m: 1, n: 'x' }),
  fc.constant(null),
)
const coordinate = fc.integer({ min: -3, max: 3 })
const point = fc.tuple(coordinate, coordinate).map((coordinates) => ({ type: 'Point', coordinates }))
const line = fc.tuple(coordinate, coordinate, coordinate, coordinate).map(([x, y, z, w]) => ({
  type: 'LineString',
  coordinates: [
    [x, y],
    [z, w],
  ],
}))

const attribute: fc.Arbitrary<Attribute> = fc.oneof<fc.MaybeWeightedArbitrary<Attribute>[]>(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('Property' as const), value, datasetId }) },
  fc.record({ kind: fc.constant('Property' as const), value: scalar, valueType: fc.constant('DateTime') }),
  fc.record({
    kind: fc.constantFrom('Relationship' as const, 'ListRelationship' as const),
    value: fc.constantFrom<Json>('urn:x:2', ['urn:x:2', 'urn:x:3']),
    datasetId,
  }),
  fc.record({ kind: fc.constant('LanguageProperty' as const), value: fc.constantFrom<Json>({ en: 'x', de: 'y' }, { en: ['x', 'z'] }) }),
  fc.record({ kind: fc.constant('VocabProperty' as const), value: fc.constantFrom('x', expand('x')) }),
  fc.record({ kind: fc.constant('GeoProperty' as const), value: fc.oneof<fc.Arbitrary<Json>[]>(point, line), datasetId }),
)

/** Entities whose attributes, types, scopes and places the queries of `arbitraryQuery` ask about. */
export const arbitraryEntity: fc.Arbitrary<Entity> = fc
  .record({
    id: fc.constantFrom('urn:x:1', 'urn:x:2', 'urn:x:3'),
    types: fc.subarray(['T', 'U'].map(expand), { minLength: 1 }),
    scopes: fc.option(fc.subarray(['/A', '/A/B', '/C']), { nil: undefined }),
    attributes: fc.dictionary(fc.constantFrom(...names), fc.array(attribute, { minLength: 1, maxLength: 2 })),
  })
  .map((entity) => ({ ...entity, attributes: Object.fromEntries(Object.entries(entity.attributes).map(([name, of]) => [expand(name), of])) }))

const term = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'a[m]', 'b[en]', 'c{a}', '!a', 'b.datasetId'),
    fc.constantFrom(
      '',
      '==1',
      '!=1',
      '>1',
      '<=2',
      '==1..2',
      '==1,"x"',
      '=="x"',
      '!="x"',
      '==x',
      '~="x"',
      '!~="x"',
      '==true',
      '=="urn:x:2"',
      '=="2026-01-01T00:00:00Z"',
      '>=2026-01-01T00:00:00Z',
    ),
  )
  .map(([path, rest]) => (path.startsWith('!') ? path : path + rest))
const q = fc.oneof(
  term,
  fc.tuple(term, fc.constantFrom(';', '|'), term).map((parts) => parts.join('')),
  fc.tuple(term, term, term).map(([x, y, z]) => `(${x}|${y});${z}`),
)
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 })

const geo = fc
  .record({
    georel: fc.constantFrom(
      'near;maxDistance==150000',
      'near;minDistance==150000',
      'within',
      'contains',
      'overlaps',
      'intersects',
      'equals',
      'disjoint',
    ),
    reference: fc.oneof(point, line),
  })
  .map(({ georel, reference }) => parseGeoQuery({ georel, geometry: reference.type, coordinates: reference.coordinates }, expand))

/** Queries about the entities of `arbitraryEntity`. */
export const arbitraryQuery: fc.Arbitrary<EntityQuery> = fc.record({
  entities: optional(
    fc.array(
      fc.record({
        ids: optional(fc.subarray(['urn:x:1', 'urn:x:2', 'urn:x:9'])),
        idPattern: optional(fc.constantFrom(':1$', '^urn')),
        types: optional(fc.constantFrom('T', 'T|U', '(T;U)', '*').map((text) => parseTypeSelection(text, expand))),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  attrs: optional(fc.subarray(['a', 'b'].map(expand), { minLength: 1 })),
  q: fc.option(
    q.map((text) => parseQ(text, expand, { expandValues: ['c'] })),
    { nil: undefined, freq: 6 },
  ),
  scopeQ: optional(fc.constantFrom('/A', '/A/#', '(/A;/C)|/A/B').map(parseScopeQuery)),
  geo: optional(geo),
})
