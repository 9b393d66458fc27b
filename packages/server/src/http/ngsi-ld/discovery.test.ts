import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

// What is told of types and attributes, member by member, with and without terms for their names.

let broker: TestBroker
before(async () => {
  broker = await openTestBroker()
  const point = { type: 'Point', coordinates: [8, 49] }
  await broker.ask('POST', '/entityOperations/create', [
    { id: 'urn:h:1', type: 'House', floors: 3, in: { type: 'Relationship', object: 'urn:s:1' } },
    { id: 'urn:h:2', type: ['House', 'Shop'], floors: { type: 'Relationship', object: 'urn:s:2' }, place: point },
    { id: 'urn:s:1', type: 'Street', place: point },
  ])
})
after(() => broker.close())

const vocab = 'https://uri.etsi.org/ngsi-ld/default-context/'
const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld'
const linked = { accept: 'application/ld+json' }

/** The answer without the order of its lists, which nobody is promised. */
async function discover(path: string, headers: Record<string, string> = {}): Promise<any> {
  const answer = await broker.ask('GET', path, undefined, headers)
  assert.equal(answer.status, 200, answer.text)
  return sorted(answer.json)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, sorted(part)]))
}

void test('4.5.10 5.2.24 the list of types has an id and the names of all types', async () => {
  const { id, ...list } = await discover('/types')
  assert.match(id, /^urn:ngsi-ld:EntityTypeList:/)
  assert.deepEqual(list, { type: 'EntityTypeList', typeList: ['House', 'Shop', 'Street'] })
  assert.equal((await discover('/types', linked))['@context'], core)
})

void test('4.5.11 5.2.25 the detailed list has of each type its IRI, its name and the names of its attributes', async () => {
  assert.deepEqual(await discover('/types?details=true'), [
    { attributeNames: ['floors', 'in', 'place'], id: `${vocab}House`, type: 'EntityType', typeName: 'House' },
    { attributeNames: ['floors', 'place'], id: `${vocab}Shop`, type: 'EntityType', typeName: 'Shop' },
    { attributeNames: ['place'], id: `${vocab}Street`, type: 'EntityType', typeName: 'Street' },
  ])
})

void test('4.5.12 5.2.26 what is told of a type has the count of its entities, and of each attribute name and kinds but no counts', async () => {
  assert.deepEqual(await discover('/types/House'), {
    id: `${vocab}House`,
    type: 'EntityTypeInfo',
    typeName: 'House',
    entityCount: 2,
    attributeDetails: [
      { id: `${vocab}floors`, type: 'Attribute', attributeName: 'floors', attributeTypes: ['Property', 'Relationship'] },
      { id: `${vocab}in`, type: 'Attribute', attributeName: 'in', attributeTypes: ['Relationship'] },
      { id: `${vocab}place`, type: 'Attribute', attributeName: 'place', attributeTypes: ['GeoProperty'] },
    ],
  })
  const none = await broker.ask('GET', '/types/Castle')
  assert.deepEqual([none.status, none.json.title], [404, 'ResourceNotFound'])
})

void test('4.5.13 5.2.27 the list of attributes has an id and the names of all attributes', async () => {
  const { id, ...list } = await discover('/attributes')
  assert.match(id, /^urn:ngsi-ld:AttributeList:/)
  assert.deepEqual(list, { type: 'AttributeList', attributeList: ['floors', 'in', 'place'] })
  assert.equal((await discover('/attributes', linked))['@context'], core)
})

void test('4.5.14 5.2.28 the detailed list has of each attribute its IRI, its name and the types of entity that have it', async () => {
  assert.deepEqual(await discover('/attributes?details=true'), [
    { attributeName: 'floors', id: `${vocab}floors`, type: 'Attribute', typeNames: ['House', 'Shop'] },
    { attributeName: 'in', id: `${vocab}in`, type: 'Attribute', typeNames: ['House'] },
    { attributeName: 'place', id: `${vocab}place`, type: 'Attribute', typeNames: ['House', 'Shop', 'Street'] },
  ])
})

void test('4.5.15 5.2.28 what is told of an attribute has the count of its instances, its kinds and the types of entity that have it', async () => {
  await broker.ask('POST', '/entities', { id: 'urn:h:3', type: 'House', in: { type: 'Relationship', object: 'urn:s:1' } })
  const attribute = { id: `${vocab}in`, type: 'Attribute', attributeName: 'in', attributeTypes: ['Relationship'] }
  assert.deepEqual(await discover('/attributes/in'), { ...attribute, attributeCount: 2, typeNames: ['House'] })
  assert.deepEqual((await discover('/attributes/floors')).attributeTypes, ['Property', 'Relationship'])
  const none = await broker.ask('GET', '/attributes/none')
  assert.deepEqual([none.status, none.json.title], [404, 'ResourceNotFound'])
})

void test('4.5.12 4.5.15 names are those of the reader’s @context, and IRIs where that has none', async () => {
  const context = { House: 'https://example.org/House', Haus: `${vocab}House`, Stockwerke: `${vocab}floors` }
  const { headers } = await broker.ask('POST', '/jsonldContexts', { '@context': context })
  const link = { link: `<${broker.url}${String(headers['location'])}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` }
  const haus = await discover('/types/Haus', link)
  assert.equal(haus.typeName, 'Haus')
  assert.deepEqual(
    haus.attributeDetails.map(({ attributeName }: { attributeName: string }) => attributeName),
    ['Stockwerke', 'in', 'place'],
  )
  assert.equal((await broker.ask('GET', '/types/House', undefined, link)).status, 404)
  assert.equal((await discover('/types/' + encodeURIComponent(`${vocab}House`), link)).typeName, 'Haus')
  assert.deepEqual((await discover('/attributes/Stockwerke', link)).typeNames, ['Haus', 'Shop'])
})
