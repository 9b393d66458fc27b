import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => {
  broker = await openTestBroker()
  const at = (id: string, object: string): object => ({ type: 'Relationship', object })
  const house = (n: number, more: object): object => ({ id: `urn:h:${n}`, type: 'House', floors: { type: 'Property', value: n }, ...more })
  await broker.ask('POST', '/entityOperations/create', [
    house(1, { in: at('in', 'urn:s:1'), name: { type: 'LanguageProperty', languageMap: { en: 'Tower', fr: 'Tour' } } }),
    house(2, { in: at('in', 'urn:s:2') }),
    house(3, {}),
    { id: 'urn:s:1', type: 'Street', long: 100, of: at('of', 'urn:t:1') },
    { id: 'urn:t:1', type: 'Town', big: true },
  ])
})
after(() => broker.close())

const ids = (json: readonly { readonly id: string }[]): readonly string[] => json.map(({ id }) => id)
const query = async (search: string): Promise<readonly string[]> => ids((await broker.ask('GET', `/entities?${search}`)).json)

void test('5.7.1 an entity is retrieved with what is asked for, and is not found where nothing of that is there', async () => {
  assert.deepEqual((await broker.ask('GET', '/entities/urn:h:3?pick=floors')).json, { floors: { type: 'Property', value: 3 } })
  assert.equal((await broker.ask('GET', '/entities/urn:h:3?pick=nothing')).status, 404)
  assert.equal((await broker.ask('GET', '/entities/urn:h:3?omit=id,type,floors')).status, 404)
  assert.equal((await broker.ask('GET', '/entities/urn:h:1?lang=fr&format=simplified')).json.name, 'Tour')
  assert.equal((await broker.ask('GET', '/entities/urn:h:9')).status, 404)
})

void test('5.7.2 a query selects by type, id, pattern and values, and is refused where it says nothing', async () => {
  assert.deepEqual(await query('type=House&q=floors>1'), ['urn:h:2', 'urn:h:3'])
  assert.deepEqual(await query('type=House&idPattern=h:[12]$'), ['urn:h:1', 'urn:h:2'])
  assert.deepEqual(await query('type=*&local=true'), ['urn:h:1', 'urn:h:2', 'urn:h:3', 'urn:s:1', 'urn:t:1'])
  for (const search of ['id=urn:h:1', 'attrs=createdAt', 'q=createdAt>2020-01-01T00:00:00Z', 'type=House&geometryProperty=location'])
    assert.equal((await broker.ask('GET', `/entities?${search}`)).json.title, 'BadRequestData', search)
})

void test('4.21 an entity of which nothing is picked is not in the answer', async () => {
  assert.deepEqual((await broker.ask('GET', '/entities?type=House&pick=in&format=simplified')).json, [{ in: 'urn:s:1' }, { in: 'urn:s:2' }])
  assert.equal((await broker.ask('GET', '/entities?type=House&pick=in&omit=in')).status, 400)
})

void test('4.23 entities are ordered as asked, upwards and downwards', async () => {
  assert.deepEqual(await query('type=House&orderBy=floors;desc'), ['urn:h:3', 'urn:h:2', 'urn:h:1'])
  assert.equal((await broker.ask('GET', '/entities?type=House&orderBy=floors&collation=!!')).status, 400)
})

void test('4.5.23 linked entities are shown inside or beside, as deep as is asked for', async () => {
  const inline = await broker.ask('GET', '/entities/urn:h:1?join=inline&joinLevel=2&format=simplified')
  assert.deepEqual(inline.json.in, { id: 'urn:s:1', type: 'Street', long: 100, of: { id: 'urn:t:1', type: 'Town', big: true } })
  const flat = await broker.ask('GET', '/entities?type=House&q=floors==1&join=flat&pick=id,in{long}&format=simplified')
  assert.deepEqual(flat.json, [{ id: 'urn:h:1', in: 'urn:s:1' }, { long: 100 }])
  assert.deepEqual(await query('type=House&q=in{long}==100&join=inline'), ['urn:h:1'])
  assert.equal((await broker.ask('GET', '/entities?type=House&q=in{long}==100')).json.title, 'BadRequestData')
  assert.equal((await broker.ask('GET', '/entities?type=House&pick=in{of{big}}&join=inline&joinLevel=1')).json.title, 'BadRequestData')
})

void test('5.2.23 5.2.33 a Query document asks what the parameters do, and is refused by the member that is wrong', async () => {
  const post = (body: object): Promise<{ status: number; json: any }> => broker.ask('POST', '/entityOperations/query?format=simplified', body)
  const found = await post({ type: 'Query', entities: [{ type: 'House', id: ['urn:h:1', 'urn:h:2'] }], q: 'floors>1', pick: ['id', 'floors'] })
  assert.deepEqual(found.json, [{ id: 'urn:h:2', floors: 2 }])
  const ordered = await post({ type: 'Query', entities: [{ type: 'House' }], ordering: { orderBy: ['floors;desc'] }, pick: ['id'] })
  assert.deepEqual(ids(ordered.json), ['urn:h:3', 'urn:h:2', 'urn:h:1'])
  for (const wrong of [
    { entities: [] },
    { attrs: [] },
    { q: 5 },
    { temporalQ: {} },
    { entities: [{ id: 'urn:h:1' }] },
    { joinLevel: 0, join: 'flat' },
  ])
    assert.equal((await post({ type: 'Query', ...wrong })).json.title, 'BadRequestData', JSON.stringify(wrong))
  assert.equal((await post({ type: 'Other', entities: [{ type: 'House' }] })).status, 400)
})

void test('5.7.5 5.7.6 5.7.7 4.5.10 4.5.11 4.5.12 types are listed with and without their attributes, and one is described', async () => {
  const core = 'https://uri.etsi.org/ngsi-ld/default-context/'
  assert.deepEqual((await broker.ask('GET', '/types')).json.typeList, ['House', 'Street', 'Town'])
  assert.deepEqual((await broker.ask('GET', '/types?details=true')).json[0].attributeNames.toSorted(), ['floors', 'in', 'name'])
  const house = (await broker.ask('GET', '/types/House')).json
  assert.equal(house.entityCount, 3)
  assert.deepEqual(house.attributeDetails.find(({ id }: { id: string }) => id === `${core}in`).attributeTypes, ['Relationship'])
  const documents = await Promise.all(['/types', '/types/House'].map((path) => broker.ask('GET', path)))
  assert.deepEqual(
    documents.map(({ json }) => json.type),
    ['EntityTypeList', 'EntityTypeInfo'],
  )
  const [{ id, type, typeName }] = (await broker.ask('GET', '/types?details=true')).json
  assert.deepEqual([id, type, typeName], [`${core}House`, 'EntityType', 'House'])
  assert.deepEqual([house.id, house.typeName], [`${core}House`, 'House'])
  assert.equal((await broker.ask('GET', '/types/Castle')).status, 404)
})

void test('5.7.8 5.7.9 5.7.10 4.5.13 4.5.14 4.5.15 attributes are listed with and without their types, and one is described', async () => {
  assert.ok((await broker.ask('GET', '/attributes')).json.attributeList.includes('floors'))
  const detailed = (await broker.ask('GET', '/attributes?details=true')).json
  assert.deepEqual(detailed.find(({ attributeName }: { attributeName: string }) => attributeName === 'long').typeNames, ['Street'])
  const floors = (await broker.ask('GET', '/attributes/floors')).json
  assert.deepEqual([floors.attributeCount, floors.attributeTypes, floors.typeNames], [3, ['Property'], ['House']])
  assert.deepEqual([(await broker.ask('GET', '/attributes')).json.type, detailed[0].type, floors.type], ['AttributeList', 'Attribute', 'Attribute'])
  assert.equal((await broker.ask('GET', '/attributes/none')).status, 404)
})
