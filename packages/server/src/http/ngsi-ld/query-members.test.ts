import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

// Members of Query documents that have rules of their own, and answers as GeoJSON.

let broker: TestBroker
const at = (longitude: number): object => ({ type: 'Point', coordinates: [longitude, 49] })
const minute = (n: number): string => `2026-01-01T00:0${n}:00Z`
before(async () => {
  broker = await openTestBroker()
  const levels = (n: number): object[] => [n, n + 2].map((value, index) => ({ type: 'Property', value, observedAt: minute(index) }))
  for (const [id, longitude, name] of [
    ['urn:v:1', 8, 'Ö'],
    ['urn:v:2', 10, 'a'],
    ['urn:v:3', 9, 'P'],
  ] as const)
    await broker.ask('POST', '/temporal/entities', {
      id,
      type: 'Van',
      name: { type: 'Property', value: name },
      location: at(longitude),
      depot: at(-longitude),
      level: levels(longitude),
    })
})
after(() => broker.close())

const ids = (json: readonly { readonly id: string }[]): readonly string[] => json.map(({ id }) => id.slice('urn:v:'.length))
const post = (path: string, members: object): ReturnType<TestBroker['ask']> =>
  broker.ask('POST', path, { type: 'Query', entities: [{ type: 'Van' }], ...members })

async function refuses(path: string, members: object): Promise<void> {
  const reply = await post(path, members)
  assert.deepEqual([reply.status, reply.json?.title], [400, 'BadRequestData'], JSON.stringify(members))
}

void test('5.2.43 entities are ordered by members, by the collation given, and by distance from a geometry that is then needed', async () => {
  const ordered = async (ordering: object): Promise<readonly string[]> => ids((await post('/entityOperations/query', { ordering })).json)
  assert.deepEqual(await ordered({ orderBy: ['level'] }), ['1', '3', '2'])
  assert.deepEqual(await ordered({ orderBy: ['type;desc', 'level;desc'] }), ['2', '3', '1'])
  assert.deepEqual(await ordered({ orderBy: ['name'] }), ['2', '1', '3'])
  assert.deepEqual(await ordered({ orderBy: ['name'], collation: 'sv' }), ['2', '3', '1'])
  assert.deepEqual(await ordered({ orderBy: ['location;dist-desc'], geometry: 'Point', coordinates: [10, 49] }), ['1', '3', '2'])
  assert.deepEqual(
    await ordered({ orderBy: ['location;dist-asc'], coordinates: [10, 49] }),
    ['2', '3', '1'],
    'a geometry is a Point where none is stated',
  )
  const wrong: readonly object[] = [
    {},
    { orderBy: [] },
    { orderBy: 'level' },
    { orderBy: ['level;sideways'] },
    { orderBy: ['location;dist-asc'] },
    { orderBy: ['location;dist-asc'], geometry: 'GeometryCollection', coordinates: [10, 49] },
    { orderBy: ['location;dist-asc'], coordinates: 'far' },
    { orderBy: ['name'], collation: '!!' },
  ]
  for (const ordering of wrong) await refuses('/entityOperations/query', { ordering })
})

void test('5.2.44 5.2.21 values are aggregated by the methods, over the periods or over the whole', async () => {
  const temporalQ = { timerel: 'between', timeAt: minute(0), endTimeAt: minute(4) }
  const path = '/temporal/entityOperations/query?options=aggregatedValues'
  const whole = await post(path, { temporalQ, pick: ['id', 'level'], aggrParams: { aggrMethods: 'avg,totalCount' } })
  assert.equal(whole.status, 200, whole.text)
  const first = whole.json.find(({ id }: { id: string }) => id === 'urn:v:1')
  assert.deepEqual([first.level.avg, first.level.totalCount], [[[9, minute(0), minute(4)]], [[2, minute(0), minute(4)]]])
  const periods = await post(path, { temporalQ, pick: ['id', 'level'], aggrParams: { aggrMethods: 'max', aggrPeriodDuration: 'PT1M' } })
  const second = periods.json.find(({ id }: { id: string }) => id === 'urn:v:1')
  assert.deepEqual(
    second.level.max.map(([value]: [number]) => value),
    [8, 10],
  )
  for (const aggrParams of [{}, { aggrMethods: 'most' }, { aggrMethods: 7 }, { aggrMethods: 'max', aggrPeriodDuration: 'a minute' }, 'max'])
    await refuses(path, { temporalQ, pick: ['id', 'level'], aggrParams })
  for (const wrong of [
    { timeAt: minute(0) },
    { timerel: 'during', timeAt: minute(0) },
    { timerel: 'between', timeAt: minute(0) },
    { timerel: 'after' },
  ])
    await refuses('/temporal/entityOperations/query', { temporalQ: wrong })
  await refuses('/temporal/entityOperations/query', { temporalQ: { timerel: 'after', timeAt: minute(0), lastN: 0 } })
  await refuses('/temporal/entityOperations/query', { temporalQ: { timerel: 'after', timeAt: minute(0), timeproperty: 'bornAt' } })
})

void test('6.3.15 entities are Features where GeoJSON is accepted, with the geometry of location or of the property asked for', async () => {
  const geo = { accept: 'application/geo+json', prefer: 'body=json' }
  const one = await broker.ask('GET', '/entities/urn:v:1?pick=id,type,location', undefined, geo)
  assert.deepEqual([one.status, one.headers['content-type']], [200, 'application/geo+json'])
  const properties = { type: 'Van', location: { type: 'GeoProperty', value: at(8) } }
  assert.deepEqual(one.json, { id: 'urn:v:1', type: 'Feature', geometry: at(8), properties })
  const other = await broker.ask('GET', '/entities/urn:v:1?geometryProperty=depot&options=keyValues', undefined, geo)
  assert.deepEqual([other.json.geometry, other.json.properties.depot], [at(-8), at(-8)])
  assert.equal((await broker.ask('GET', '/entities/urn:v:1?geometryProperty=name', undefined, geo)).json.geometry, null)
  const body = { type: 'Query', entities: [{ type: 'Van' }], pick: ['id', 'depot'] }
  for (const list of [
    await broker.ask('GET', '/entities?type=Van&pick=id,depot&geometryProperty=depot', undefined, geo),
    await broker.ask('POST', '/entityOperations/query?geometryProperty=depot', body, geo),
  ]) {
    assert.deepEqual([list.status, list.json.type, list.headers['content-type']], [200, 'FeatureCollection', 'application/geo+json'], list.text)
    assert.deepEqual(
      list.json.features.map(({ geometry }: { geometry: object }) => geometry),
      [at(-8), at(-10), at(-9)],
    )
  }
  const none = await broker.ask('GET', '/entities?type=Cart', undefined, geo)
  assert.deepEqual(none.json, { type: 'FeatureCollection', features: [] })
})
