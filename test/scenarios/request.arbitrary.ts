import * as fc from 'fast-check'
import { bodyOf, coordinates, ids, names, q, scopeQ, spliced, times, typeQuery, types } from './document.arbitrary.ts'

/** A request as a hostile or confused caller may send it. */
export type FuzzRequest = {
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
}

/** Query strings: mostly of parameters that the path knows, at times of any. */
function queryOf(known: readonly string[]): fc.Arbitrary<string> {
  const pair = (from: readonly string[]): fc.Arbitrary<string> =>
    fc.constantFrom(...from).chain((name) => (parameters[name] ?? q).map((value) => `${name}=${encodeURIComponent(value)}`))
  const own = fc.array(pair(known), { maxLength: 3 })
  const any = fc.array(pair(Object.keys(parameters)), { maxLength: 3 })
  return fc
    .oneof({ arbitrary: fc.constant<string[]>([]), weight: 4 }, { arbitrary: own, weight: 5 }, { arbitrary: any, weight: 1 })
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

/** A path with `:i` for ids and `:a` for attribute names, its methods and the parameters it knows. */
const routes: readonly (readonly [path: string, methods: readonly FuzzRequest['method'][], known: readonly string[], weight: number])[] = [
  ['/ngsi-ld/v1/entities', ['POST', 'GET'], [...queryNames, 'orderBy', 'join', 'joinLevel'], 8],
  ['/ngsi-ld/v1/entities/:i', ['GET', 'DELETE', 'PATCH', 'PUT'], ['type', 'attrs', 'options', 'lang', 'observedAt', 'pick', 'omit'], 5],
  ['/ngsi-ld/v1/entities/:i/attrs', ['POST', 'PATCH'], ['options', 'type'], 4],
  ['/ngsi-ld/v1/entities/:i/attrs/:a', ['PATCH', 'PUT', 'DELETE'], ['datasetId', 'deleteAll', 'type'], 4],
  ['/ngsi-ld/v1/entityOperations/:o', ['POST'], ['options', 'local'], 4],
  ['/ngsi-ld/v1/temporal/entities', ['POST', 'GET'], [...queryNames, ...temporalNames], 4],
  ['/ngsi-ld/v1/temporal/entities/:i', ['GET', 'DELETE'], temporalNames, 3],
  ['/ngsi-ld/v1/temporal/entities/:i/attrs', ['POST'], ['local'], 2],
  ['/ngsi-ld/v1/temporal/entities/:i/attrs/:a', ['DELETE'], ['datasetId', 'deleteAll'], 1],
  ['/ngsi-ld/v1/temporal/entities/:i/attrs/:a/:i', ['PATCH', 'DELETE'], ['local'], 1],
  ['/ngsi-ld/v1/types', ['GET'], ['details', 'limit'], 1],
  ['/ngsi-ld/v1/types/:a', ['GET'], ['local'], 1],
  ['/ngsi-ld/v1/attributes', ['GET'], ['details'], 1],
  ['/ngsi-ld/v1/subscriptions', ['POST', 'GET'], ['limit', 'options'], 2],
  ['/ngsi-ld/v1/subscriptions/:i', ['GET', 'PATCH', 'DELETE'], ['options'], 1],
  ['/api/entities', ['GET'], [...queryNames, 'asKnownAt', 'asTrueAt'], 2],
  ['/api/entities/:i', ['GET'], ['asKnownAt', 'asTrueAt', 'options'], 1],
  ['/api/temporal/entities', ['GET'], [...queryNames, ...temporalNames, 'asKnownAt'], 1],
  ['/api/map', ['GET'], ['type', 'attribute', 'asKnownAt'], 1],
  ['/api/observe', ['POST'], ['local'], 2],
]

/** Requests of every kind that the interfaces know, and some that they do not. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc
  .oneof(...routes.map(([path, methods, known, weight]) => ({ arbitrary: fc.constant({ path, methods, known }), weight })))
  .chain(({ path, methods, known }) =>
    fc.record({
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
