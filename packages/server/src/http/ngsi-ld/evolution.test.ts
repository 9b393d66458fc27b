import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => void (broker = await openTestBroker({ CITYLOOP_INSTANCES: '3' })))
after(() => broker.close())

const minute = (n: number): string => `2026-01-01T00:0${n}:00Z`
const speeds = (...values: readonly number[]): object[] => values.map((value, n) => ({ type: 'Property', value, observedAt: minute(n) }))
const evolution = (id: string, values: readonly number[], more: object = {}): object => ({ id, type: 'Car', speed: speeds(...values), ...more })
const after2025 = 'timerel=after&timeAt=2025-01-01T00:00:00Z'
const valuesOf = (json: any): readonly number[] => json.speed.map(({ value }: { value: number }) => value)

void test('5.6.11 an evolution is created, added to, and created again once it was deleted', async () => {
  assert.equal((await broker.ask('POST', '/temporal/entities', evolution('urn:e:11', [1, 2]))).status, 201)
  assert.equal((await broker.ask('POST', '/temporal/entities', evolution('urn:e:11', [1, 2, 3]))).status, 204)
  assert.deepEqual(valuesOf((await broker.ask('GET', '/temporal/entities/urn:e:11')).json), [1, 2, 3])
  assert.equal((await broker.ask('DELETE', '/temporal/entities/urn:e:11')).status, 204)
  assert.equal((await broker.ask('GET', '/temporal/entities/urn:e:11')).status, 404)
  assert.equal((await broker.ask('POST', '/temporal/entities', evolution('urn:e:11', [1, 2]))).status, 201)
  assert.deepEqual(valuesOf((await broker.ask('GET', '/temporal/entities/urn:e:11')).json), [1, 2])
})

void test('5.6.12 5.6.13 instances are added to an evolution that is there, and an attribute of it is deleted', async () => {
  await broker.ask('POST', '/temporal/entities', evolution('urn:e:12', [1]))
  assert.equal((await broker.ask('POST', '/temporal/entities/urn:e:none/attrs', { speed: speeds(1) })).status, 404)
  assert.equal((await broker.ask('POST', '/temporal/entities/urn:e:12/attrs', { level: speeds(7) })).status, 204)
  assert.equal((await broker.ask('DELETE', '/temporal/entities/urn:e:12/attrs/speed')).status, 204)
  const { json } = await broker.ask('GET', '/temporal/entities/urn:e:12')
  assert.deepEqual([json.speed, json.level.length], [undefined, 1])
})

void test('5.6.14 5.6.15 one instance is corrected under its id, or deleted', async () => {
  await broker.ask('POST', '/temporal/entities', evolution('urn:e:14', [1, 2]))
  const { json } = await broker.ask('GET', '/temporal/entities/urn:e:14')
  const path = `/temporal/entities/urn:e:14/attrs/speed/${json.speed[0].instanceId}`
  assert.equal((await broker.ask('PATCH', path, { speed: [{ type: 'Property', value: 9, observedAt: minute(0) }] })).status, 204)
  assert.deepEqual(valuesOf((await broker.ask('GET', '/temporal/entities/urn:e:14')).json), [9, 2])
  assert.equal((await broker.ask('DELETE', path)).status, 204)
  assert.deepEqual(valuesOf((await broker.ask('GET', '/temporal/entities/urn:e:14')).json), [2])
  assert.equal((await broker.ask('DELETE', path)).status, 404)
})

void test('5.6.16 deleting an evolution leaves the entity', async () => {
  await broker.ask('POST', '/temporal/entities', evolution('urn:e:16', [1]))
  assert.equal((await broker.ask('DELETE', '/temporal/entities/urn:e:16')).status, 204)
  assert.equal((await broker.ask('DELETE', '/temporal/entities/urn:e:none')).status, 404)
  assert.equal((await broker.ask('GET', '/entities/urn:e:16')).status, 200)
})

void test('5.7.3 6.3.12 an evolution is retrieved as values and times, and by when something was deleted', async () => {
  await broker.ask('POST', '/temporal/entities', evolution('urn:e:3', [1, 2], { level: speeds(5) }))
  const values = await broker.ask('GET', '/temporal/entities/urn:e:3?attrs=speed&format=temporalValues')
  assert.deepEqual(values.json.speed.values, [
    [1, minute(0)],
    [2, minute(1)],
  ])
  await broker.ask('DELETE', '/entities/urn:e:3/attrs/level')
  const { json } = await broker.ask('GET', '/temporal/entities/urn:e:3?timeproperty=deletedAt')
  assert.deepEqual([json.speed, json.level[0].value], [undefined, 'urn:ngsi-ld:null'])
})

void test('6.3.10 an evolution beyond the limit is partial and says its range, forwards or with lastN backwards', async () => {
  await broker.ask('POST', '/temporal/entities', evolution('urn:e:10', [1, 2, 3, 4, 5]))
  const forwards = await broker.ask('GET', `/temporal/entities/urn:e:10?${after2025}`)
  assert.equal(forwards.status, 206)
  assert.equal(forwards.headers['content-range'], `date-time 2025-01-01T00:00:00Z-${minute(2)}/*`)
  assert.deepEqual(valuesOf(forwards.json), [1, 2, 3])
  const backwards = await broker.ask('GET', `/temporal/entities/urn:e:10?${after2025}&lastN=4`)
  assert.equal(backwards.headers['content-range'], `date-time ${minute(4)}-${minute(2)}/4`)
})

void test('5.7.4 evolutions are queried in an interval by parameters and by document, and ordered by id alone', async () => {
  await broker.ask('POST', '/temporal/entities', { id: 'urn:q:1', type: 'Boat', speed: speeds(1, 2) })
  await broker.ask('POST', '/temporal/entities', { id: 'urn:q:2', type: 'Boat', speed: speeds(9) })
  const ids = (json: readonly { id: string }[]): readonly string[] => json.map(({ id }) => id)
  assert.deepEqual(ids((await broker.ask('GET', `/temporal/entities?type=Boat&${after2025}&orderBy=id;desc`)).json), ['urn:q:2', 'urn:q:1'])
  assert.equal((await broker.ask('GET', `/temporal/entities?type=Boat&${after2025}&orderBy=speed`)).json.title, 'BadRequestData')
  assert.equal((await broker.ask('GET', '/temporal/entities?type=Boat')).json.title, 'BadRequestData')
  const document = { type: 'Query', entities: [{ type: 'Boat' }], q: 'speed>5', temporalQ: { timerel: 'after', timeAt: '2025-01-01T00:00:00Z' } }
  assert.deepEqual(ids((await broker.ask('POST', '/temporal/entityOperations/query', document)).json), ['urn:q:2'])
})

void test('4.5.19 values are aggregated over periods', async () => {
  await broker.ask('POST', '/temporal/entities', { id: 'urn:a:1', type: 'Tram', speed: speeds(1, 3) })
  const search = `${after2025}&aggrMethods=avg,max&options=aggregatedValues`
  const { json } = await broker.ask('GET', `/temporal/entities/urn:a:1?${search}`)
  assert.deepEqual([json.speed.avg[0][0], json.speed.max[0][0]], [2, 3])
  assert.equal((await broker.ask('GET', '/temporal/entities/urn:a:1?options=aggregatedValues')).json.title, 'BadRequestData')
})

void test('4.18 the scope has an evolution, in which scopes count while they were valid', async () => {
  const scope = [
    { type: 'Property', value: '/old', observedAt: minute(0) },
    { type: 'Property', value: '/new', observedAt: minute(2) },
  ]
  await broker.ask('POST', '/temporal/entities', { id: 'urn:s:1', type: 'Bus', scope, speed: speeds(1, 2, 3) })
  const { json } = await broker.ask('GET', `/temporal/entities?type=Bus&scopeQ=/old&${after2025}`)
  assert.deepEqual(valuesOf(json[0]), [1, 2])
})

void test('5.7.4 filters look at attributes and scopes that are not asked for', async () => {
  const scope = [{ type: 'Property', value: '/quay', observedAt: minute(0) }]
  await broker.ask('POST', '/temporal/entities', evolution('urn:f:1', [1, 2], { type: 'Ferry', level: speeds(7), scope }))
  await broker.ask('POST', '/temporal/entities', evolution('urn:f:2', [1], { type: 'Ferry', level: speeds(3) }))
  for (const filter of ['q=level>5', 'scopeQ=/quay']) {
    const { json } = await broker.ask('GET', `/temporal/entities?type=Ferry&attrs=speed&${filter}&${after2025}`)
    assert.deepEqual(
      json.map((one: object) => Object.keys(one).toSorted()),
      [['id', 'speed', 'type']],
      filter,
    )
    assert.equal(json[0].id, 'urn:f:1')
  }
})
