import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import * as fc from 'fast-check'
import { attribute, entity, goodAttribute, goodEntity, ids, leaf } from './document.arbitrary.ts'
import {
  entityMap,
  goodContext,
  goodQuery,
  goodRegistration,
  goodSnapshot,
  goodSubscription,
  goodTemporalQuery,
  jsonldContext,
  queryDocument,
  registration,
  snapshot,
  subscription,
} from './kept-document.arbitrary.ts'

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
