import * as fc from 'fast-check'

export const ids = ['urn:f:1', 'urn:f:2', 'urn:f:3', 'http://e.org/x y', 'no-uri', 'urn:%00', '%E0%A4%A', '..', '']
export const names = ['a', 'b', 'location', 'type', 'id', 'scope', 'https://e.org/a', '__proto__', 'constructor', '@type', 'ñ', 'a[b]', '']
export const types = ['T', 'U', 'https://e.org/T', '(T|U),V', '*', '', '@graph']
export const times = ['2026-01-01T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01', '+275760-09-13T00:00:00.000001Z', 'yesterday', '']
const oddities = [
  '',
  '0',
  '-1',
  '1e400',
  'null',
  'true',
  '💥',
  '\u0000',
  '%',
  '&',
  '..',
  'x'.repeat(300),
  '(((((((((',
  '[1,2',
  '{"a":',
  'urn:ngsi-ld:null',
]

/** Texts made of the pieces that a language has, in any order. */
export const spliced = (pieces: readonly string[], most = 12): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ arbitrary: fc.constantFrom(...pieces), weight: 6 }, { arbitrary: fc.constantFrom(...oddities), weight: 1 }), {
      maxLength: most,
    })
    .map((parts) => parts.join(''))

export const q = spliced([
  'a',
  'b',
  '.',
  '[',
  ']',
  '==',
  '!=',
  '>',
  '<=',
  '~=',
  '!~=',
  ';',
  '|',
  '(',
  ')',
  '..',
  ',',
  '"t"',
  '1',
  '1.5',
  '2026-01-01T00:00:00Z',
  '!',
  '{',
  '}',
  '(a+)+$',
  'T',
])
export const scopeQ = spliced(['/', 'A', 'B', '+', '#', ';', ',', '|', '(', ')'])
export const typeQuery = spliced(['T', 'U', '|', ',', ';', '(', ')', '*'])
export const coordinates = fc.oneof(
  fc.constantFrom('[0,0]', '[[0,0],[1,1]]', '[[[0,0],[1,0],[1,1],[0,0]]]', '[200,100]', '[[[0,0],[1,1]]]', '[null]', '[]', '[1e308,1e308]', '{}'),
  spliced(['[', ']', ',', '1', '-8.5', '43', 'null', '"x"']),
)

/** A value where a value may stand, of any kind. */
export const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...ids, ...times, ...oddities, null, true, 0, -0, 1e308, 1, 'Point'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 8 }),
)
const point = fc.constantFrom<unknown>(
  { type: 'Point', coordinates: [-8.4, 43.3] },
  {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  },
  { type: 'Point', coordinates: [] },
  { type: 'GeometryCollection', geometries: [] },
)

/** Attributes: near enough to be read, with anything in any place. */
export const { attribute } = fc.letrec<{ attribute: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: false },
    leaf,
    point,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, 'en', '@none', 'value'), tie('value'), { maxKeys: 3 }),
  ),
  attribute: fc.oneof(
    { depthSize: 'small' },
    tie('value'),
    fc.record(
      {
        type: fc.constantFrom(
          'Property',
          'Relationship',
          'GeoProperty',
          'LanguageProperty',
          'VocabProperty',
          'ListProperty',
          'ListRelationship',
          'JsonProperty',
          'Thing',
        ),
        value: tie('value'),
        object: fc.constantFrom<unknown>(...ids, ['urn:f:1', 'urn:f:2'], 1),
        languageMap: tie('value'),
        vocab: tie('value'),
        valueList: tie('value'),
        objectList: tie('value'),
        json: tie('value'),
        observedAt: fc.constantFrom<unknown>(...times, 7),
        unitCode: fc.constantFrom<unknown>('CEL', 1, null),
        datasetId: fc.constantFrom<unknown>('urn:d:1', 'urn:d:2', '@none', 3),
        instanceId: fc.constantFrom<unknown>('urn:i:1', 5),
        b: tie('attribute'),
      },
      { requiredKeys: ['type'] },
    ),
    fc.array(tie('attribute'), { maxLength: 3 }),
  ),
}))

/** Attributes as they should be. */
export const goodAttribute: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.oneof(
      fc.record({ type: fc.constant('Property'), value: fc.constantFrom<unknown>(1, 2, 'x', true, [1], { a: 1 }) }),
      fc.record({ type: fc.constant('Relationship'), object: fc.constantFrom('urn:f:1', 'urn:f:2') }),
      fc.record({ type: fc.constant('GeoProperty'), value: fc.constant({ type: 'Point', coordinates: [-8.4, 43.3] }) }),
      fc.record({ type: fc.constant('LanguageProperty'), languageMap: fc.constantFrom({ en: 'bin', es: 'cubo' }, { '@none': 'x' }) }),
      fc.record({ type: fc.constant('JsonProperty'), json: fc.constantFrom<unknown>({ a: [1] }, null, 1) }),
    ),
    fc.record(
      { observedAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00.5Z'), datasetId: fc.constant('urn:d:1') },
      { requiredKeys: [] },
    ),
  )
  .map(([head, more]) => ({ ...head, ...more }))

/** Entities as they should be. */
export const goodEntity: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom('urn:f:1', 'urn:f:2', 'urn:f:3'),
    fc.constantFrom('T', 'U'),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), goodAttribute, { noNullPrototype: true }),
  )
  .map(([id, type, attributes]) => ({ id, type, ...attributes }))

/** Entities: near enough to be read, with anything in any place. */
export const entity: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.record(
      {
        id: fc.constantFrom<unknown>('urn:f:1', 'urn:f:2', 'urn:f:3', ...ids, 4),
        type: fc.constantFrom<unknown>('T', 'U', ['T', 'U'], [], ...types, 1),
        scope: fc.constantFrom<unknown>('/A', ['/A/B', '/C'], 'A', 1),
        location: fc.oneof(
          point.map((value) => ({ type: 'GeoProperty', value })),
          attribute,
        ),
        expiresAt: fc.constantFrom<unknown>(...times),
        '@context': fc.constantFrom<unknown>(
          { x: 'https://e.org/x' },
          [],
          'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld',
          { '@vocab': 1 },
          { x: { '@id': 'x' } },
        ),
      },
      { requiredKeys: ['id', 'type'] },
    ),
    fc.dictionary(fc.constantFrom(...names), attribute, { maxKeys: 4, noNullPrototype: true }),
  )
  .map(([head, attributes]) => ({ ...attributes, ...head }))
