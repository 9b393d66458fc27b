import * as fc from 'fast-check'
import { bodyOf } from './body.arbitrary.ts'
import { coordinates, ids, names, q, scopeQ, spliced, times, typeQuery, types } from './document.arbitrary.ts'

/** A request as a hostile or confused caller may send it. */
export type FuzzRequest = {
  /** The path as the table below has it, with `:i` and the like for what varies. */
  readonly path: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

const count = fc.constantFrom('0', '1', '5', '1000', '1001', '-1', '1.5', '1e3', '99999999999999999999', 'many', '')

const parameters: Readonly<Record<string, fc.Arbitrary<string>>> = {
  q,
  scopeQ,
  type: fc.oneof(fc.constantFrom(...types), typeQuery),
  id: fc.array(fc.constantFrom(...ids), { maxLength: 3 }).map((list) => list.join(',')),
  idPattern: spliced(['urn', ':', '.', '*', '+', '(', ')', '[', ']', '\\', '^', '$', '{9999}', '(a+)+$', '|'], 6),
  attrs: fc.array(fc.constantFrom(...names), { maxLength: 3 }).map((list) => list.join(',')),
  pick: spliced(['a', 'b', 'id', ',', '{', '}', '|'], 6),
  omit: spliced(['a', 'b', 'id', ',', '{', '}', '|'], 6),
  georel: spliced(['near', ';', 'maxDistance', 'minDistance', '==', '100', 'within', 'intersects', 'equals', '-1'], 6),
  geometry: fc.constantFrom('Point', 'Polygon', 'MultiPolygon', 'LineString', 'Circle', ''),
  coordinates,
  geoproperty: fc.constantFrom(...names),
  orderBy: spliced(['a', 'b', ';', 'desc', 'asc', 'dist-asc', ','], 5),
  limit: count,
  offset: count,
  count: fc.constantFrom('true', 'false', 'yes', ''),
  local: fc.constantFrom('true', 'false', '1'),
  options: spliced(['sysAttrs', 'keyValues', 'concise', 'temporalValues', 'aggregatedValues', 'noOverwrite', 'update', ','], 3),
  format: fc.constantFrom('simplified', 'concise', 'normalized', 'other'),
  lang: fc.constantFrom('en', 'en,es;q=0.5', '*', ';;q='),
  datasetId: fc.constantFrom('urn:d:1', '@none', 'x', ''),
  deleteAll: fc.constantFrom('true', 'false', '?'),
  timerel: fc.constantFrom('before', 'after', 'between', 'during'),
  timeAt: fc.constantFrom(...times),
  endTimeAt: fc.constantFrom(...times),
  timeproperty: fc.constantFrom('observedAt', 'createdAt', 'modifiedAt', 'deletedAt', 'other'),
  lastN: count,
  aggrMethods: fc.constantFrom('sum,avg', 'totalCount', 'median', ''),
  aggrPeriodDuration: fc.constantFrom('PT1H', 'P1M', 'P0D', 'PT', '-PT1H', 'P9999999999Y'),
  asKnownAt: fc.constantFrom(...times),
  asTrueAt: fc.constantFrom(...times),
  join: fc.constantFrom('inline', 'flat', '@none'),
  joinLevel: count,
  containedBy: fc.constantFrom(...ids),
  observedAt: fc.constantFrom(...times),
  details: fc.constantFrom('true', 'false'),
  attribute: fc.constantFrom(...names),
  k: fc.constantFrom('k', 'k', 'other', ''),
  i: fc.constantFrom('d1', 'd1', 'd2', '', '__proto__'),
  d: fc.constantFrom('t|1', 't|x', '2026-01-01T00:00:00Z|t|1', '|', 't|1#t|2', ''),
  t: fc.constantFrom(...times),
  getCmd: fc.constantFrom('1', '0', 'x'),
  apikey: fc.constantFrom('k', 'other', ''),
  resource: fc.constantFrom('/iot/json', '/iot/d', ''),
  detailed: fc.constantFrom('on', 'off', 'x'),
  from: coordinates,
  to: coordinates,
  splitEntities: fc.constantFrom('true', 'false', 'x'),
  kind: fc.constantFrom('Hosted', 'Cached', 'ImplicitlyCreated', 'x'),
  reload: fc.constantFrom('true', 'false', 'x'),
  csf: q,
  collation: fc.constantFrom('en', 'xx-none', 'binary', ''),
  keep: fc.array(fc.constantFrom(...names), { maxLength: 2 }).map((list) => list.join(',')),
  drop: fc.array(fc.constantFrom(...names), { maxLength: 2 }).map((list) => list.join(',')),
}

const plainQueries = [['type=T'], ['type=T', 'q=a==1'], ['type=T,U', 'limit=5', 'count=true'], ['id=urn:f:1,urn:f:2'], ['attrs=a,b', 'local=true']]
const plainTemporal = plainQueries.flatMap((query) => [
  [...query, 'timerel=before', 'timeAt=2027-01-01T00:00:00Z'],
  [...query, 'timerel=after', 'timeAt=2026-01-01T00:00:00Z', 'aggrMethods=max', 'aggrPeriodDuration=P1D', 'options=aggregatedValues'],
])

/** Query strings: mostly of parameters that the path knows, at times of any. */
function queryOf(known: readonly string[]): fc.Arbitrary<string> {
  const pair = (from: readonly string[]): fc.Arbitrary<string> =>
    fc.constantFrom(...from).chain((name) => (parameters[name] ?? q).map((value) => `${name}=${encodeURIComponent(value)}`))
  const own = known.length === 0 ? fc.constant<string[]>([]) : fc.array(pair(known), { maxLength: 3 })
  const any = fc.array(pair(Object.keys(parameters)), { maxLength: 3 })
  const plain = fc.constantFrom(
    ...(known.includes('timerel') ? plainTemporal : known.includes('q') ? plainQueries : known.includes('k') ? [['k=k', 'i=d1']] : [[]]),
  )
  return fc
    .oneof(
      { arbitrary: fc.constant<string[]>([]), weight: 2 },
      { arbitrary: plain, weight: 3 },
      { arbitrary: own, weight: 4 },
      { arbitrary: any, weight: 1 },
    )
    .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`))
}

const queryNames = [
  'q',
  'scopeQ',
  'type',
  'id',
  'idPattern',
  'attrs',
  'georel',
  'geometry',
  'coordinates',
  'geoproperty',
  'limit',
  'offset',
  'count',
  'local',
  'options',
  'format',
  'pick',
  'omit',
  'lang',
]
const temporalNames = [
  'timerel',
  'timeAt',
  'endTimeAt',
  'timeproperty',
  'lastN',
  'aggrMethods',
  'aggrPeriodDuration',
  'attrs',
  'options',
  'q',
  'type',
  'limit',
]

/** A path with `:i` for ids of entities, `:k` of other things that are kept, `:d` of devices, `:a` for attribute names, its methods and the parameters it knows. */
const routes: readonly (readonly [path: string, methods: readonly FuzzRequest['method'][], known: readonly string[], weight: number])[] = [
  ['/ngsi-ld/v1/entities', ['POST'], [], 5],
  ['/ngsi-ld/v1/entities', ['GET'], [...queryNames, 'orderBy', 'join', 'joinLevel'], 5],
  ['/ngsi-ld/v1/entities/:i', ['GET', 'DELETE', 'PATCH', 'PUT'], ['type', 'attrs', 'options', 'lang', 'observedAt', 'pick', 'omit'], 5],
  ['/ngsi-ld/v1/entities/:i/attrs', ['POST', 'PATCH'], ['options', 'type'], 4],
  ['/ngsi-ld/v1/entities/:i/attrs/:a', ['PATCH', 'PUT', 'DELETE'], ['datasetId', 'deleteAll', 'type'], 4],
  ['/ngsi-ld/v1/entities', ['DELETE'], ['type', 'id', 'idPattern', 'q', 'scopeQ', 'keep', 'drop', 'local'], 1],
  ['/ngsi-ld/v1/entityOperations/:o', ['POST'], ['options', 'local'], 4],
  ['/ngsi-ld/v1/entityOperations/query', ['POST'], ['limit', 'offset', 'count', 'options'], 2],
  ['/ngsi-ld/v1/temporal/entityOperations/query', ['POST'], ['limit', 'count', 'options'], 2],
  ['/ngsi-ld/v1/temporal/entities', ['POST'], [], 2],
  ['/ngsi-ld/v1/temporal/entities', ['GET'], [...queryNames, ...temporalNames], 3],
  ['/ngsi-ld/v1/temporal/entities/:i', ['GET', 'DELETE'], temporalNames, 3],
  ['/ngsi-ld/v1/temporal/entities/:i/attrs', ['POST'], ['local'], 2],
  ['/ngsi-ld/v1/temporal/entities/:i/attrs/:a', ['DELETE'], ['datasetId', 'deleteAll'], 1],
  ['/ngsi-ld/v1/temporal/entities/:i/attrs/:a/:i', ['PATCH', 'DELETE'], ['local'], 1],
  ['/ngsi-ld/v1/types', ['GET'], ['details', 'limit'], 1],
  ['/ngsi-ld/v1/types/:a', ['GET'], ['local'], 1],
  ['/ngsi-ld/v1/attributes', ['GET'], ['details'], 1],
  ['/ngsi-ld/v1/attributes/:a', ['GET'], ['local'], 1],
  ['/ngsi-ld/v1/info/sourceIdentity', ['GET'], ['local'], 1],
  ['/ngsi-ld/v1/subscriptions', ['POST'], [], 2],
  ['/ngsi-ld/v1/subscriptions', ['GET'], ['limit', 'options'], 1],
  ['/ngsi-ld/v1/subscriptions/:k', ['GET', 'PATCH', 'DELETE'], ['options'], 1],
  ['/ngsi-ld/v1/csourceRegistrations', ['POST'], [], 2],
  ['/ngsi-ld/v1/csourceRegistrations', ['GET'], ['type', 'id', 'idPattern', 'attrs', 'csf', 'limit', 'count', 'timerel', 'timeAt'], 1],
  ['/ngsi-ld/v1/csourceRegistrations/:k', ['GET', 'PATCH', 'DELETE', 'DELETE'], ['options'], 1],
  ['/ngsi-ld/v1/csourceSubscriptions', ['POST'], [], 2],
  ['/ngsi-ld/v1/csourceSubscriptions', ['GET'], ['limit', 'count'], 1],
  ['/ngsi-ld/v1/csourceSubscriptions/:k', ['GET', 'PATCH', 'DELETE'], ['options'], 1],
  ['/ngsi-ld/v1/entityMaps', ['POST'], [], 1],
  ['/ngsi-ld/v1/entityMaps', ['GET'], [...queryNames, 'splitEntities'], 1],
  ['/ngsi-ld/v1/temporal/entityMaps', ['POST'], [], 1],
  ['/ngsi-ld/v1/temporal/entityMaps', ['GET'], [...queryNames, ...temporalNames], 1],
  ['/ngsi-ld/v1/entityMaps/:k', ['GET', 'PATCH', 'DELETE'], ['local'], 1],
  ['/ngsi-ld/v1/snapshots', ['POST'], [], 2],
  ['/ngsi-ld/v1/snapshots', ['DELETE'], ['local'], 1],
  ['/ngsi-ld/v1/snapshots/:k', ['GET', 'PATCH', 'DELETE'], ['local'], 1],
  ['/ngsi-ld/v1/snapshots/:k/clone', ['POST'], [], 1],
  ['/ngsi-ld/v1/jsonldContexts', ['POST'], [], 2],
  ['/ngsi-ld/v1/jsonldContexts', ['GET'], ['details', 'kind'], 1],
  ['/ngsi-ld/v1/jsonldContexts/:k', ['GET', 'DELETE'], ['details', 'kind', 'reload'], 1],
  ['/api/entities', ['GET'], [...queryNames, 'asKnownAt', 'asTrueAt'], 2],
  ['/api/entities/:i', ['GET'], ['asKnownAt', 'asTrueAt', 'options'], 1],
  ['/api/temporal/entities', ['GET'], [...queryNames, ...temporalNames, 'asKnownAt'], 1],
  ['/api/map', ['GET'], ['type', 'attribute', 'asKnownAt'], 1],
  ['/api/temporal/entities/:i', ['GET'], [...temporalNames, 'asKnownAt'], 1],
  ['/api/observe', ['POST'], [], 2],
  ['/api/import-lines', ['POST'], [], 1],
  ['/api/rules', ['GET'], ['limit'], 1],
  ['/api/rules/:k', ['PUT', 'PUT', 'DELETE'], [], 2],
  ['/api/alerts/:k/acknowledge', ['POST'], [], 1],
  ['/api/codecs', ['GET'], [], 1],
  ['/api/codecs/try', ['POST'], [], 1],
  ['/api/codecs/:a', ['GET', 'PUT', 'PUT', 'DELETE'], [], 1],
  ['/iot/services', ['GET', 'POST', 'PUT', 'DELETE'], ['apikey', 'resource', 'limit', 'offset'], 1],
  ['/iot/devices', ['GET', 'POST', 'POST'], ['limit', 'offset', 'detailed'], 1],
  ['/iot/devices/:d', ['GET', 'PUT', 'DELETE'], [], 1],
  ['/iot/json', ['POST', 'GET'], ['k', 'i', 't', 'getCmd', 'd'], 2],
  ['/iot/d', ['POST', 'GET'], ['k', 'i', 't', 'getCmd', 'd'], 1],
  ['/iot/lorawan', ['POST'], ['k'], 1],
  ['/api/devices', ['GET'], [], 1],
  ['/api/quarantine', ['GET'], ['limit', 'offset'], 1],
  ['/api/quarantine/:m', ['POST'], [], 1],
  ['/api/routes', ['POST'], [], 1],
  ['/api/routes/:k', ['GET', 'DELETE'], [], 1],
  ['/api/streets/:s', ['GET'], ['from', 'to', 'coordinates', 'limit'], 1],
]

/** Requests of every kind that the interfaces know, and some that they do not. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc
  .oneof(...routes.map(([path, methods, known, weight]) => ({ arbitrary: fc.constant({ path, methods, known }), weight })))
  .chain(({ path, methods, known }) =>
    fc.record({
      path: fc.constant(path),
      method: fc.constantFrom(...methods),
      url: fc.tuple(pathOf(path), queryOf(known)).map(([filled, query]) => filled + query),
      headers: headers(),
      body: fc.option(bodyOf(path), { nil: undefined, freq: 30 }),
    }),
  )
  .map(({ body: text, ...request }) => ({ ...request, body: request.method === 'GET' || request.method === 'DELETE' ? undefined : text }))

function pathOf(path: string): fc.Arbitrary<string> {
  const segments = path.split('/').map((segment): fc.Arbitrary<string> => {
    if (segment === ':i')
      return fc.oneof({ arbitrary: fc.constantFrom('urn:f:1', 'urn:f:2', 'urn:f:3'), weight: 9 }, fc.constantFrom(...ids.map(encoded)))
    if (segment === ':k') return fc.constantFrom('urn:sub:1', 'urn:reg:1', 'urn:reg:2', 'urn:snap:1', 'urn:snap:2', ...ids.map(encoded))
    if (segment === ':d') return fc.constantFrom('d1', 'd2', ...ids.map(encoded))
    if (segment === ':m') return fc.constantFrom('replay', 'discard')
    if (segment === ':s') return fc.constantFrom('route', 'matrix', 'isochrone')
    if (segment === ':a') return fc.oneof({ arbitrary: fc.constantFrom('a', 'b', 'c'), weight: 9 }, fc.constantFrom(...names.map(encodeURIComponent)))
    if (segment === ':o') return fc.constantFrom('create', 'upsert', 'update', 'merge', 'delete')
    return fc.constant(segment)
  })
  return fc.tuple(...segments).map((parts) => parts.join('/'))
}

/** Some stay as they are, percent signs that mean nothing with them. */
function encoded(id: string): string {
  return id.includes('%') ? id : encodeURIComponent(id)
}

/** Mostly plain ones, so that the requests get further. */
function headers(): fc.Arbitrary<Record<string, string>> {
  const core = '<https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"'
  const plain = { host: 'localhost', accept: 'application/json', 'content-type': 'application/json' }
  const odd = fc.record(
    {
      'content-type': fc.constantFrom('application/ld+json', 'application/merge-patch+json', 'text/plain', 'application/json; charset=utf-16', ''),
      accept: fc.constantFrom('application/ld+json', 'application/geo+json', '*/*', 'text/html', ';;q=,', 'application/json;q=0'),
      link: fc.constantFrom(core, core, core, '<x>; rel="http://www.w3.org/ns/json-ld#context"', '<>', core.replace('core', 'none')),
      'ngsild-tenant': fc.constantFrom('east', 'ñ', '', 'x'.repeat(201)),
    },
    { requiredKeys: [] },
  )
  return fc.oneof({ arbitrary: fc.constant(plain), weight: 6 }, { arbitrary: odd.map((given) => ({ ...plain, ...given })), weight: 1 })
}
