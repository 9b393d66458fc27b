import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openTestBroker } from './broker.fixture.ts'
import type { Answer, TestBroker } from './broker.fixture.ts'

// Rules of entities that hold whatever the operation: types, times, contents, partial updates, results of what was changed in part.

let broker: TestBroker
before(async () => void (broker = await openTestBroker()))
after(() => broker.close())

const vocab = 'https://uri.etsi.org/ngsi-ld/default-context/'
const property = (value: unknown, more: object = {}): object => ({ type: 'Property', value, ...more })
const read = async (id: string, search = ''): Promise<any> => (await broker.ask('GET', `/entities/${id}${search}`)).json

async function does(status: number, ...asked: Parameters<TestBroker['ask']>): Promise<Answer> {
  const answer = await broker.ask(...asked)
  assert.equal(answer.status, status, `${asked[0]} ${asked[1]}: ${answer.text}`)
  return answer
}

void test('5.2.4 an entity has a URI as its id and a type, and members of the kinds that their names ask for', async () => {
  const wrong: readonly object[] = [
    { type: 'Car' },
    { id: 'urn:w:1' },
    { id: 'no uri', type: 'Car' },
    { id: 7, type: 'Car' },
    { id: 'urn:w:1', type: [] },
    { id: 'urn:w:1', type: 7 },
    { id: 'urn:w:1', type: 'Car', expiresAt: 'soon' },
    { id: 'urn:w:1', type: 'Car', location: property('here') },
    { id: 'urn:w:1', type: 'Car', scope: 7 },
    { id: 'urn:w:1', type: 'Car', speed: null },
    { id: 'urn:w:1', type: 'Car', speed: [property(1), property(2)] },
  ]
  for (const entity of wrong) assert.equal((await does(400, 'POST', '/entities', entity)).json.title, 'BadRequestData', JSON.stringify(entity))
  await does(404, 'GET', '/entities/urn:w:1')
  await does(201, 'POST', '/entities', { id: 'urn:w:1', type: ['Car', 'Taxi'], scope: ['/a', '/b'], expiresAt: '2126-01-01T00:00:00Z' })
  assert.deepEqual(await read('urn:w:1'), { id: 'urn:w:1', type: ['Car', 'Taxi'], scope: ['/a', '/b'] })
  assert.equal((await read('urn:w:1', '?options=sysAttrs')).expiresAt, '2126-01-01T00:00:00Z')
})

void test('4.8 5.2.2 the times of system are generated, in UTC, moved by what changes them, and not taken from a client', async () => {
  const stated = { createdAt: '2001-01-01T00:00:00Z', modifiedAt: '2001-01-01T00:00:00Z', deletedAt: '2001-01-01T00:00:00Z' }
  const observedAt = '2026-01-01T00:00:00.500Z'
  const began = Date.now()
  await does(201, 'POST', '/entities', { id: 'urn:t:1', type: 'Car', ...stated, speed: property(1, { ...stated, observedAt }), name: property('x') })
  const first = await read('urn:t:1', '?options=sysAttrs')
  for (const { createdAt, modifiedAt } of [first, first.speed, first.name]) {
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    assert.ok(Date.parse(createdAt) >= began - 1 && Date.parse(createdAt) <= Date.now())
    assert.equal(modifiedAt, createdAt)
  }
  assert.equal(first.speed.observedAt, observedAt)
  assert.equal(first.deletedAt, undefined)
  await pause(5)
  await does(204, 'PATCH', '/entities/urn:t:1/attrs/speed', { value: 2 })
  const second = await read('urn:t:1', '?options=sysAttrs')
  assert.deepEqual([second.createdAt, second.speed.createdAt, second.name], [first.createdAt, first.speed.createdAt, first.name])
  assert.ok(Date.parse(second.speed.modifiedAt) > Date.parse(first.speed.modifiedAt))
  assert.equal(second.modifiedAt, second.speed.modifiedAt)
  assert.equal(second.speed.observedAt, observedAt)
  await does(204, 'DELETE', '/entities/urn:t:1/attrs/speed')
  const { speed } = (await does(200, 'GET', '/temporal/entities/urn:t:1?timeproperty=deletedAt')).json
  assert.match(speed[0].deletedAt, /Z$/)
  assert.ok(Date.parse(speed[0].deletedAt) >= Date.parse(second.speed.modifiedAt))
  const wrong = { id: 'urn:t:2', type: 'Car', speed: property(1, { observedAt: { type: 'Property', value: observedAt } }) }
  assert.equal((await does(400, 'POST', '/entities', wrong)).json.title, 'BadRequestData')
})

void test('4.16 types are added by what updates or appends, taken away by nothing but a replacement, and select by any of them', async () => {
  await does(201, 'POST', '/entities', { id: 'urn:m:1', type: 'Car', speed: property(1) })
  await does(204, 'POST', '/entities/urn:m:1/attrs', { type: 'Taxi', fare: property(2) })
  assert.deepEqual((await read('urn:m:1')).type.toSorted(), ['Car', 'Taxi'])
  await does(204, 'PATCH', '/entities/urn:m:1/attrs', { type: ['Cab'], fare: property(3) })
  await does(204, 'PATCH', '/entities/urn:m:1', { type: 'Hackney', fare: { value: 4 } })
  await does(204, 'POST', '/entityOperations/upsert?options=update', [{ id: 'urn:m:1', type: 'Car', fare: property(5) }])
  assert.deepEqual((await read('urn:m:1')).type.toSorted(), ['Cab', 'Car', 'Hackney', 'Taxi'])
  for (const type of ['Cab', 'Car', 'Hackney', 'Taxi', 'Cab;Taxi']) {
    const { json } = await does(200, 'GET', `/entities?type=${type.replace(';', '%3B')}&q=fare==5`)
    assert.deepEqual(
      json.map(({ id }: { id: string }) => id),
      ['urn:m:1'],
      type,
    )
  }
  await does(204, 'POST', '/entityOperations/upsert', [{ id: 'urn:m:1', type: 'Car', fare: property(6) }])
  assert.deepEqual(await read('urn:m:1', '?format=simplified'), { id: 'urn:m:1', type: 'Car', fare: 6 })
  assert.equal((await does(409, 'POST', '/entities', { id: 'urn:m:1', type: 'Boat' })).json.title, 'AlreadyExists')
  await does(204, 'DELETE', '/entities/urn:m:1')
  await does(201, 'POST', '/entities', { id: 'urn:m:1', type: 'Boat' })
  assert.equal((await read('urn:m:1')).type, 'Boat')
})

void test('4.6.4 characters that mean something to a script are kept as they came, in values of every depth', async () => {
  const text = `<script>alert("x")</script>'; DROP TABLE entity; -- (=)`
  const value = { [text]: [text, { inner: text }] }
  await does(201, 'POST', '/entities', {
    id: 'urn:s:1',
    type: 'Note',
    text: property(text),
    tree: property(value),
    said: { languageMap: { en: text } },
  })
  const { json } = await does(200, 'GET', '/entities/urn:s:1?format=simplified')
  assert.deepEqual(json, { id: 'urn:s:1', type: 'Note', text, tree: value, said: { languageMap: { en: text } } })
  const found = await does(200, 'GET', `/entities?type=Note&q=${encodeURIComponent(`text==${JSON.stringify(text)}`)}`)
  assert.equal(found.json.length, 1)
})

void test('4.6.6 of several instances of an entity in one batch the later one is applied after the earlier', async () => {
  const at = (minute: number): object => ({ observedAt: `2026-01-01T00:0${minute}:00Z` })
  const car = (speed: number, more: object = {}): object => ({ id: 'urn:o:1', type: 'Car', speed: property(speed, at(speed)), ...more })
  const made = await does(201, 'POST', '/entityOperations/upsert', [car(1, { name: property('old') }), car(2)])
  assert.deepEqual(made.json, ['urn:o:1'])
  assert.deepEqual(await read('urn:o:1', '?format=simplified'), { id: 'urn:o:1', type: 'Car', speed: 2 })
  await does(204, 'POST', '/entityOperations/update', [car(3, { name: property('new') }), car(4)])
  assert.deepEqual(await read('urn:o:1', '?format=simplified'), { id: 'urn:o:1', type: 'Car', speed: 4, name: 'new' })
  await does(204, 'POST', '/entityOperations/merge', [
    { id: 'urn:o:1', speed: { value: 5, ...at(5) } },
    { id: 'urn:o:1', speed: { value: 6, ...at(6) } },
  ])
  const { speed } = (await does(200, 'GET', '/temporal/entities/urn:o:1?attrs=speed')).json
  assert.deepEqual(
    speed.map(({ value }: { value: number }) => value),
    [1, 2, 3, 4, 5, 6],
  )
  const twice = await does(207, 'POST', '/entityOperations/delete', ['urn:o:1', 'urn:o:1'])
  assert.deepEqual([twice.json.success, twice.json.errors.length], [['urn:o:1'], 1])
})

void test('5.5.11 a batch that names an entity twice is as so many requests one after the other, at one time', async () => {
  const at = (minute: number): object => ({ observedAt: `2026-01-01T00:0${minute}:00Z` })
  const car = (speed: number, more: object = {}): object => ({ id: 'urn:o:2', type: 'Car', speed: property(speed, at(speed)), ...more })
  const twice = await does(207, 'POST', '/entityOperations/create', [car(1), car(2), { id: 'urn:o:3', type: 'Car' }])
  assert.deepEqual([twice.json.success, twice.json.errors.length], [['urn:o:2', 'urn:o:3'], 1])
  assert.deepEqual([twice.json.errors[0].entityId, twice.json.errors[0].error.title], ['urn:o:2', 'AlreadyExists'])
  assert.equal((await read('urn:o:2', '?format=simplified')).speed, 1)
  await does(204, 'POST', '/entityOperations/upsert?options=update', [car(2, { name: property('x') }), car(3)])
  assert.deepEqual(await read('urn:o:2', '?format=simplified'), { id: 'urn:o:2', type: 'Car', speed: 3, name: 'x' })
  const kept = [car(4, { colour: property('red') }), car(5, { colour: property('blue') })]
  await broker.ask('POST', '/entityOperations/update?options=noOverwrite', kept)
  assert.deepEqual(await read('urn:o:2', '?format=simplified'), { id: 'urn:o:2', type: 'Car', speed: 3, name: 'x', colour: 'red' })
  await does(204, 'POST', '/entityOperations/upsert', [car(6), { id: 'urn:o:3', type: 'Car', speed: property(7) }])
  const [first, second] = [await read('urn:o:2', '?options=sysAttrs'), await read('urn:o:3', '?options=sysAttrs')]
  // Each is kept as known from a time of its own, which is later for each write of a batch.
  for (const time of [first.speed.modifiedAt, second.modifiedAt, second.speed.modifiedAt])
    assert.ok(Math.abs(Date.parse(time) - Date.parse(first.modifiedAt)) <= 100)
})

void test('4.6.1 what is said in UTF-8 is told in UTF-8', async () => {
  const name = 'Žilina – 東京 🚋'
  await does(201, 'POST', '/entities', { id: 'urn:n:1', type: 'Mesto', výška: property(name) })
  const { json, text, headers } = await does(200, 'GET', '/entities/urn:n:1?format=simplified')
  assert.deepEqual(json, { id: 'urn:n:1', type: 'Mesto', výška: name })
  assert.ok(text.includes(name), 'nothing is escaped')
  assert.equal(Number(headers['content-length']), Buffer.byteLength(text, 'utf8'))
  assert.equal((await does(200, 'GET', `/entities?type=Mesto&q=${encodeURIComponent(`výška=="${name}"`)}`)).json.length, 1)
})

void test('5.5.8 a partial update overwrites what it states, adds what is not there, removes by NGSI-LD null and leaves the rest', async () => {
  const temperature = property(25, { unitCode: 'CEL', observedAt: '2022-03-14T01:59:26.535Z' })
  const inside = property(20, { datasetId: 'urn:d:in' })
  await does(201, 'POST', '/entities', { id: 'urn:p:1', type: 'Room', temperature: [temperature, inside], name: property('x') })
  const changed = { type: 'Property', value: 100, observedAt: '2022-03-14T13:00:00Z' }
  // Of one attribute, its members.
  await does(204, 'PATCH', '/entities/urn:p:1/attrs/temperature', changed)
  assert.deepEqual((await read('urn:p:1')).temperature, [{ ...changed, unitCode: 'CEL' }, inside])
  // Of the entity, its attributes, each instance by its dataset id.
  await does(204, 'PATCH', '/entities/urn:p:1/attrs', { temperature: changed })
  assert.deepEqual((await read('urn:p:1')).temperature, [changed, inside])
  const outside = property(5, { datasetId: 'urn:d:out' })
  await does(204, 'PATCH', '/entities/urn:p:1/attrs', { temperature: outside, humidity: property(0.4) })
  assert.deepEqual((await read('urn:p:1')).temperature, [changed, inside, outside])
  assert.deepEqual((await read('urn:p:1')).humidity, property(0.4))
  const gone = 'urn:ngsi-ld:null'
  await does(204, 'PATCH', '/entities/urn:p:1/attrs', { temperature: property(gone, { datasetId: 'urn:d:in' }) })
  assert.deepEqual((await read('urn:p:1')).temperature, [changed, outside])
  await does(204, 'PATCH', '/entities/urn:p:1/attrs', { temperature: property(gone), humidity: gone })
  assert.deepEqual(await read('urn:p:1'), { id: 'urn:p:1', type: 'Room', name: property('x'), temperature: outside })
  assert.equal((await does(400, 'PATCH', '/entities/urn:p:1/attrs', { name: property('y', { datasetId: gone }) })).json.title, 'BadRequestData')
  assert.deepEqual((await read('urn:p:1')).name, property('x'))
})

void test('5.2.16 5.2.17 a batch that failed in part says which entities succeeded, and of each other why not', async () => {
  await does(201, 'POST', '/entities', { id: 'urn:r:1', type: 'Car' })
  const { json } = await does(207, 'POST', '/entityOperations/create', [
    { id: 'urn:r:1', type: 'Car' },
    { id: 'urn:r:2', type: 'Car' },
    { id: 'urn:r:3', type: 'Car', speed: null },
  ])
  assert.deepEqual(Object.keys(json).toSorted(), ['errors', 'success'])
  assert.deepEqual(json.success, ['urn:r:2'])
  const told = json.errors.map(({ entityId, error }: any) => [entityId, error.type, error.status, typeof error.detail]).toSorted()
  assert.deepEqual(told, [
    ['urn:r:1', 'https://uri.etsi.org/ngsi-ld/errors/AlreadyExists', 409, 'string'],
    ['urn:r:3', 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData', 400, 'string'],
  ])
  const none = await does(207, 'POST', '/entityOperations/update', [{ id: 'urn:r:9', type: 'Car', speed: property(1) }])
  assert.deepEqual([none.json.success, none.json.errors.length], [[], 1])
})

void test('5.2.18 5.2.19 an update that failed in part names in full what was updated, and of each other attribute the reason', async () => {
  await does(201, 'POST', '/entities', { id: 'urn:u:1', type: 'Car', speed: property(1) })
  const { json } = await does(207, 'POST', '/entities/urn:u:1/attrs?options=noOverwrite', { speed: property(2), name: property('x') })
  const [{ attributeName, reason, ...rest }, ...more] = json.notUpdated
  assert.deepEqual([json.updated, attributeName, typeof reason, rest, more], [[`${vocab}name`], `${vocab}speed`, 'string', {}, []])
  assert.ok(reason.length > 0)
  assert.deepEqual(Object.keys(json).toSorted(), ['notUpdated', 'updated'])
})
