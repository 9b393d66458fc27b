/** Documents of what is kept beside entities: first with anything in any place, then as they should be. */
import * as fc from 'fast-check'
import { attribute, coordinates, ids, q, scopeQ, times } from './document.arbitrary.ts'

export const subscription: fc.Arbitrary<unknown> = fc.record(
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

export const registration: fc.Arbitrary<unknown> = fc.record(
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

export const queryDocument: fc.Arbitrary<unknown> = fc.record(
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

export const snapshot: fc.Arbitrary<unknown> = fc.record(
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

export const entityMap: fc.Arbitrary<unknown> = fc.record(
  {
    id: fc.constantFrom<unknown>(...ids),
    type: fc.constantFrom('EntityMap', 'T'),
    expiresAt: fc.constantFrom<unknown>(...times, '2099-01-01T00:00:00Z'),
    entityMap: fc.constantFrom<unknown>({ 'urn:f:1': ['@none'] }, { x: 1 }, []),
  },
  { requiredKeys: ['expiresAt'] },
)

export const jsonldContext: fc.Arbitrary<unknown> = fc.oneof(
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

const goodGeoQ = { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [-8.4, 43.3] }
export const goodSubscription: fc.Arbitrary<unknown> = fc.record(
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
export const goodRegistration: fc.Arbitrary<unknown> = fc.record(
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
export const goodQuery: fc.Arbitrary<unknown> = fc.record(
  {
    type: fc.constant('Query'),
    entities: fc.constantFrom<unknown>([{ type: 'T' }], [{ id: 'urn:f:1', type: 'U' }]),
    attrs: fc.constantFrom<unknown>(['a'], ['b', 'c']),
    q: fc.constantFrom('a==1', 'b|c'),
    geoQ: fc.constant(goodGeoQ),
  },
  { requiredKeys: ['type', 'entities'] },
)
export const goodTemporalQuery: fc.Arbitrary<unknown> = fc
  .tuple(
    goodQuery,
    fc.constantFrom<unknown>(
      { timerel: 'before', timeAt: '2027-01-01T00:00:00Z' },
      { timerel: 'between', timeAt: '2026-01-01T00:00:00Z', endTimeAt: '2026-03-01T00:00:00Z' },
    ),
  )
  .map(([query, temporalQ]) => ({ ...(query as object), temporalQ }))
export const goodSnapshot: fc.Arbitrary<unknown> = fc.record({
  id: fc.constantFrom('urn:snap:1', 'urn:snap:2'),
  type: fc.constant('Snapshot'),
  snapshotQueries: fc.constant([{ type: 'Query', entities: [{ type: 'T' }] }]),
})
export const goodContext: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  { '@context': { x: 'https://e.org/x' } },
  { '@context': [{ y: 'https://e.org/y' }] },
)
