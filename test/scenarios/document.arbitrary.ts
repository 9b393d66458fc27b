import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
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

const leaf: fc.Arbitrary<unknown> = fc.oneof(
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
const { attribute } = fc.letrec<{ attribute: unknown; value: unknown }>((tie) => ({
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
const goodAttribute: fc.Arbitrary<unknown> = fc
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

const goodEntity: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom('urn:f:1', 'urn:f:2', 'urn:f:3'),
    fc.constantFrom('T', 'U'),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), goodAttribute, { noNullPrototype: true }),
  )
  .map(([id, type, attributes]) => ({ id, type, ...attributes }))

const entity: fc.Arbitrary<unknown> = fc
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

const subscription: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom<unknown>('urn:sub:1', 'urn:sub:2', ...ids),
    type: fc.constantFrom('Subscription', 'T'),
    entities: fc.oneof(fc.constantFrom<unknown>([{ type: 'T' }], [{ type: '(T|' }], [], [{ idPattern: '(((' }]), attribute),
    watchedAttributes: fc.constantFrom<unknown>(['a'], [], 'a', [1]),
    q,
    geoQ: fc.record({ georel: fc.constantFrom('near;maxDistance==1', 'within', 'x'), geometry: fc.constantFrom('Point', 'x'), coordinates }),
    scopeQ,
    throttling: fc.constantFrom<unknown>(1, -1, 'x', Infinity),
    timeInterval: fc.constantFrom<unknown>(3600, 0, 'x'),
    expiresAt: fc.constantFrom<unknown>(...times),
    notification: fc.oneof(
      fc.constantFrom<unknown>(
        { endpoint: { uri: 'http://127.0.0.1:9/', accept: 'application/json' } },
        { endpoint: { uri: 'mqtt://127.0.0.1/x' } },
        { endpoint: { uri: 'javascript:1' } },
        { endpoint: {} },
        { attributes: [], endpoint: { uri: 'http://127.0.0.1:9/', receiverInfo: [{ key: 'x\r\ny', value: '\r\n' }] } },
      ),
      attribute,
    ),
  },
  { requiredKeys: ['type', 'notification'] },
)

const registration: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom<unknown>('urn:reg:1', 'urn:reg:2', ...ids),
    type: fc.constantFrom('ContextSourceRegistration', 'ContextSourceRegistration', 'T'),
    information: fc.constantFrom<unknown>(
      [{ entities: [{ type: 'T' }] }],
      [{ entities: [{ type: 'U', id: 'urn:f:1' }], propertyNames: ['a'] }],
      [{ entities: [{ type: 'U', idPattern: '(((' }] }],
      [{ entities: [] }],
      [],
      'T',
    ),
    // Nobody listens there, so that a peer fails at once.
    endpoint: fc.constantFrom<unknown>('http://127.0.0.1:9', 'http://127.0.0.1:9', 'ftp://x', 'x', 1),
    mode: fc.constantFrom<unknown>('inclusive', 'redirect', 'auxiliary', 'exclusive', 'other', 1),
    operations: fc.constantFrom<unknown>(['federationOps'], ['retrieveEntity', 'queryEntity'], ['flyOps'], [], 'x'),
    managementInterval: fc.constantFrom<unknown>({ startAt: times[0] }, { startAt: 'x' }, 1),
    expiresAt: fc.constantFrom<unknown>(...times),
    contextSourceInfo: fc.constantFrom<unknown>([{ key: 'x\r\ny', value: '\r\n' }], [{ key: 'jsonldContext', value: 'x' }], {}),
    tenant: fc.constantFrom<unknown>('east', 1),
    a: attribute,
  },
  { requiredKeys: ['type', 'information', 'endpoint'] },
)

const queryDocument: fc.Arbitrary<unknown> = fc.record(
  {
    type: fc.constantFrom('Query', 'Query', 'T'),
    entities: fc.constantFrom<unknown>([{ type: 'T' }], [{ type: '(T|' }], [{ id: 'urn:f:1', type: 'U' }], [{ idPattern: '(((' }], [], 'T'),
    attrs: fc.constantFrom<unknown>(['a'], [], 'a', [1]),
    pick: fc.constantFrom<unknown>(['a', 'id'], ['a{'], 'a'),
    omit: fc.constantFrom<unknown>(['b'], [''], 1),
    q,
    scopeQ,
    geoQ: fc.record({ georel: fc.constantFrom('near;maxDistance==1', 'within', 'x'), geometry: fc.constantFrom('Point', 'x'), coordinates }),
    temporalQ: fc.record(
      {
        timerel: fc.constantFrom('before', 'after', 'between', 'x'),
        timeAt: fc.constantFrom<unknown>(...times),
        lastN: fc.constantFrom<unknown>(1, -1, 'x'),
      },
      { requiredKeys: ['timerel'] },
    ),
    aggrParams: fc.constantFrom<unknown>({ aggrMethods: ['sum'], aggrPeriodDuration: 'PT1H' }, { aggrMethods: 'median' }, 1),
    orderBy: fc.constantFrom<unknown>(['a'], ['a;desc'], ['(('], 1),
    join: fc.constantFrom<unknown>('inline', 'flat', 1),
    joinLevel: fc.constantFrom<unknown>(1, 0, 99, 'x'),
    lang: fc.constantFrom<unknown>('en', 1),
    entityMap: fc.constantFrom<unknown>(true, 'x'),
  },
  { requiredKeys: ['type'] },
)

const snapshot: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom<unknown>('urn:snap:1', 'urn:snap:2', ...ids),
    type: fc.constantFrom('Snapshot', 'Snapshot', 'T'),
    snapshotQueries: fc.oneof(
      fc.array(queryDocument, { maxLength: 2 }),
      fc.constantFrom<unknown>([{ type: 'Query', entities: [{ type: 'T' }] }], [], 'x', [1]),
    ),
    expiresAt: fc.constantFrom<unknown>(...times, '2099-01-01T00:00:00Z'),
    a: attribute,
  },
  { requiredKeys: ['type'] },
)

const entityMap: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom<unknown>(...ids),
    type: fc.constantFrom('EntityMap', 'T'),
    expiresAt: fc.constantFrom<unknown>(...times, '2099-01-01T00:00:00Z'),
    entityMap: fc.constantFrom<unknown>({ 'urn:f:1': ['@none'] }, { x: 1 }, []),
  },
  { requiredKeys: ['expiresAt'] },
)

const jsonldContext: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    { '@context': { x: 'https://e.org/x' } },
    { '@context': [] },
    { '@context': 'x' },
    { '@context': { '@vocab': 1 } },
    { '@context': { x: { '@id': 'x' }, __proto__: 'https://e.org/p' } },
    {},
  ),
  attribute.map((value) => ({ '@context': value })),
)

const anyBody: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: goodEntity.map(toText), weight: 6 },
  { arbitrary: goodAttribute.map(toText), weight: 4 },
  { arbitrary: fc.array(goodEntity, { maxLength: 4 }).map(toText), weight: 4 },
  { arbitrary: entity.map(toText), weight: 6 },
  { arbitrary: attribute.map(toText), weight: 4 },
  { arbitrary: fc.array(entity, { maxLength: 4 }).map(toText), weight: 4 },
  { arbitrary: fc.array(fc.constantFrom(...ids), { maxLength: 4 }).map(toText), weight: 1 },
  { arbitrary: subscription.map(toText), weight: 2 },
  { arbitrary: fc.json({ maxDepth: 4 }), weight: 1 },
  {
    arbitrary: fc.constantFrom('', '{', '[[', `${'['.repeat(70)}${']'.repeat(70)}`, '{"id":"urn:f:1","id":2}', '"\\ud800"', '\u0000', 'NaN'),
    weight: 1,
  },
)

function toText(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

const goodGeoQ = { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [-8.4, 43.3] }
const goodSubscription: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom('urn:sub:1', 'urn:sub:2'),
    type: fc.constant('Subscription'),
    entities: fc.constantFrom<unknown>([{ type: 'T' }], [{ type: 'T|U' }], [{ id: 'urn:f:1', type: 'U' }]),
    q: fc.constantFrom('a==1', 'a>1;b', 'a~="x"'),
    geoQ: fc.constant(goodGeoQ),
    notification: fc.constant({ endpoint: { uri: 'http://127.0.0.1:9/', accept: 'application/json' } }),
  },
  { requiredKeys: ['id', 'type', 'entities', 'notification'] },
)
const goodRegistration: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom('urn:reg:1', 'urn:reg:2'),
    type: fc.constant('ContextSourceRegistration'),
    information: fc.constantFrom<unknown>([{ entities: [{ type: 'T' }] }], [{ entities: [{ type: 'U', id: 'urn:f:2' }], propertyNames: ['c'] }]),
    endpoint: fc.constant('http://127.0.0.1:9'),
    mode: fc.constantFrom('inclusive', 'redirect', 'auxiliary', 'exclusive'),
    operations: fc.constantFrom<unknown>(['federationOps'], ['updateOps']),
  },
  { requiredKeys: ['id', 'type', 'information', 'endpoint'] },
)
const goodQuery: fc.Arbitrary<unknown> = fc.record(
  {
    type: fc.constant('Query'),
    entities: fc.constantFrom<unknown>([{ type: 'T' }], [{ id: 'urn:f:1', type: 'U' }]),
    attrs: fc.constantFrom<unknown>(['a'], ['b', 'c']),
    q: fc.constantFrom('a==1', 'b|c'),
    geoQ: fc.constant(goodGeoQ),
  },
  { requiredKeys: ['type', 'entities'] },
)
const goodTemporalQuery: fc.Arbitrary<unknown> = fc
  .tuple(
    goodQuery,
    fc.constantFrom<unknown>(
      { timerel: 'before', timeAt: '2027-01-01T00:00:00Z' },
      { timerel: 'between', timeAt: '2026-01-01T00:00:00Z', endTimeAt: '2026-03-01T00:00:00Z' },
    ),
  )
  .map(([query, temporalQ]) => ({ ...(query as object), temporalQ }))
const goodSnapshot: fc.Arbitrary<unknown> = fc.record({
  id: fc.constantFrom('urn:snap:1', 'urn:snap:2'),
  type: fc.constant('Snapshot'),
  snapshotQueries: fc.constant([{ type: 'Query', entities: [{ type: 'T' }] }]),
})
const goodContext: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  { '@context': { x: 'https://e.org/x' } },
  { '@context': [{ y: 'https://e.org/y' }] },
)

const point43 = [-8.4, 43.3]
/** Good documents of the interfaces that are not the standard's. */
const goodDocuments: Readonly<Record<string, readonly Json[]>> = {
  '/api/import-lines': [{ entity: { id: 'urn:f:9', type: 'T', a: 1 }, evolution: { id: 'urn:f:9', type: 'T', a: [{ type: 'Property', value: 1 }] } }],
  '/api/rules': [
    { title: 'Full', type: 'T', severity: 'high', kind: 'threshold', attribute: 'a', limit: 5, clearLimit: 4 },
    { title: 'Silent', type: 'T', kind: 'absence', attribute: 'a', afterS: 600 },
    { title: 'Flood', type: 'U', kind: 'rate', attribute: 'a', limitPerHour: 1 },
    { title: 'Broken', type: 'U', kind: 'state', attribute: 'a', values: ['x'] },
  ],
  '/api/codecs/try': [{ source: 'function decodeUplink(input) { return { data: { a: input.bytes[0] } } }', hex: '01ff', port: 1 }],
  '/api/codecs': [{ source: 'function Decode(port, bytes) { return { a: bytes[0] } }', examples: [{ hex: '01', port: 1, expected: { a: 1 } }] }],
  '/iot/services': [
    { services: [{ apikey: 'k', resource: '/iot/json', entity_type: 'T', attributes: [{ object_id: 'a', name: 'a', type: 'Number' }] }] },
  ],
  '/iot/devices': [
    {
      devices: [
        {
          device_id: 'd1',
          entity_name: 'urn:f:1',
          entity_type: 'T',
          protocol: 'JSON',
          attributes: [{ object_id: 't', name: 'a', type: 'Number', expression: 't * 2' }],
          commands: [{ name: 'on', type: 'command' }],
        },
      ],
    },
  ],
  '/iot/json': [{ t: 1 }, [{ t: 1 }, { t: 2 }], { t: 'x', TimeInstant: '2026-01-01T00:00:00Z' }],
  '/iot/lorawan': [{ deviceInfo: { devEui: '0102030405060708' }, data: 'Af8=', fPort: 1 }],
  '/api/quarantine': [{ keys: ['x'] }, { all: true }],
  '/api/routes': [
    {
      vehicles: [{ id: 1, start: point43, capacity: [4] }],
      jobs: [{ id: 1, location: point43, delivery: [1] }],
      cityloop: { time_limit_ms: 10 },
    },
  ],
  '/api/alerts': [{ note: 'seen' }],
}

/** A good document, as it is or with something in the place of one of its members, at any depth. */
function mutated(documents: readonly Json[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(fc.nat(7), { maxLength: 4 }), fc.oneof(leaf, attribute, fc.constant(undefined)))
    .map(([document, path, value]) => (path.length === 0 ? document : replaced(document, path, value)))
}

function replaced(document: Json, [at = 0, ...rest]: readonly number[], value: unknown): unknown {
  if (typeof document !== 'object' || document === null) return value
  const names = Object.keys(document)
  const name = names[at % Math.max(1, names.length)]
  if (name === undefined) return value
  const part = rest.length === 0 ? value : replaced((document as Readonly<Record<string, Json>>)[name] as Json, rest, value)
  return isJsonObject(document) ? { ...document, [name]: part } : document.with(Number(name), part as Json)
}

/** What a path takes, as it should be and with anything in any place. */
const own: readonly (readonly [part: string, body: fc.Arbitrary<unknown>])[] = [
  ['ubscriptions', fc.oneof(goodSubscription, subscription)],
  ['csourceRegistrations', fc.oneof(goodRegistration, registration)],
  ['temporal/entityOperations/query', fc.oneof(goodTemporalQuery, queryDocument)],
  ['temporal/entityMaps', fc.oneof(goodTemporalQuery, queryDocument)],
  ['entityOperations/query', fc.oneof(goodQuery, queryDocument)],
  ['ntityMaps', fc.oneof(goodQuery, entityMap, queryDocument)],
  ['snapshots', fc.oneof(goodSnapshot, snapshot)],
  ['jsonldContexts', fc.oneof(goodContext, jsonldContext)],
  ['entityOperations', fc.array(fc.oneof({ arbitrary: goodEntity, weight: 4 }, { arbitrary: entity, weight: 1 }), { minLength: 1, maxLength: 4 })],
  ['/api/observe', fc.array(fc.oneof({ arbitrary: goodEntity, weight: 4 }, { arbitrary: entity, weight: 1 }), { minLength: 1, maxLength: 4 })],
  ...Object.entries(goodDocuments).map(([part, documents]) => [part, mutated(documents)] as const),
  [':a', goodAttribute],
]

/** Bodies for a path: mostly of the kind it takes, at times any text. */
export function bodyOf(path: string): fc.Arbitrary<string> {
  const good = own.find(([part]) => path.includes(part))?.[1] ?? goodEntity
  return fc.oneof({ arbitrary: good.map(toText), weight: 3 }, { arbitrary: anyBody, weight: 2 })
}
