import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestBroker } from './broker.fixture.ts'
import type { Answer, TestBroker } from './broker.fixture.ts'

let broker: TestBroker
before(async () => void (broker = await openTestBroker()))
after(() => broker.close())

const nil = 'urn:ngsi-ld:null'
async function make(id: string, attributes: object, type: string | string[] = 'Thing'): Promise<Answer> {
  return broker.ask('POST', '/entities', { id, type, ...attributes })
}
async function read(id: string, search = ''): Promise<any> {
  return (await broker.ask('GET', `/entities/${id}${search}`)).json
}
/** Each of these is no attribute and is refused, by its name. */
async function refused(...attributes: readonly object[]): Promise<void> {
  for (const wrong of attributes) {
    const { json, status } = await make('urn:refused', { wrong })
    assert.deepEqual([status, json.title], [400, 'BadRequestData'], JSON.stringify(wrong))
    assert.match(json.detail, /wrong/)
  }
  assert.equal((await broker.ask('GET', '/entities/urn:refused')).status, 404)
}

void test('4.5.3 a relationship points at one entity or several, is written normalized and concise, and has attributes of its own', async () => {
  const near = { type: 'Relationship', object: 'urn:b', distance: { type: 'Property', value: 3 }, seenBy: { type: 'Relationship', object: 'urn:c' } }
  assert.equal(
    (await make('urn:r:1', { near, others: { object: ['urn:b', 'urn:c'] }, knows: { type: 'Relationship', object: 'urn:d', objectType: 'Person' } }))
      .status,
    201,
  )
  const normalized = await read('urn:r:1')
  assert.deepEqual(normalized.near, near)
  assert.deepEqual(normalized.others, { type: 'Relationship', object: ['urn:b', 'urn:c'] })
  assert.deepEqual(normalized.knows, { type: 'Relationship', object: 'urn:d', objectType: 'Person' })
  const concise = await read('urn:r:1', '?format=concise')
  assert.deepEqual(concise.near, { object: 'urn:b', distance: 3, seenBy: { object: 'urn:c' } })
  assert.deepEqual((await read('urn:r:1', '?format=simplified')).others, ['urn:b', 'urn:c'])
  await refused(
    { type: 'Relationship', object: 'no uri' },
    { type: 'Relationship' },
    { type: 'Relationship', object: 5 },
    { type: 'Relationship', value: 'urn:b' },
  )
})

void test('4.5.8 the evolution of a relationship has an instance for each time, with its id, and one for its deletion', async () => {
  const at = (minute: number): string => `2026-01-01T00:0${minute}:00Z`
  const near = ['urn:b', 'urn:c'].map((object, minute) => ({ type: 'Relationship', object, observedAt: at(minute) }))
  await broker.ask('POST', '/temporal/entities', { id: 'urn:r:2', type: 'Thing', near })
  const { json } = await broker.ask('GET', '/temporal/entities/urn:r:2')
  assert.deepEqual(
    json.near.map(({ object, observedAt, type }: Record<string, string>) => [type, object, observedAt]),
    [
      ['Relationship', 'urn:b', at(0)],
      ['Relationship', 'urn:c', at(1)],
    ],
  )
  assert.equal(new Set(json.near.map(({ instanceId }: { instanceId: string }) => instanceId)).size, 2)
  await broker.ask('DELETE', '/entities/urn:r:2/attrs/near')
  const { json: deleted } = await broker.ask(
    'GET',
    '/temporal/entities/urn:r:2?timeproperty=deletedAt&timerel=after&timeAt=2020-01-01T00:00:00Z&options=sysAttrs',
  )
  const last = [deleted.near].flat().at(-1)
  assert.deepEqual([last.type, last.object, typeof last.deletedAt], ['Relationship', nil, 'string'])
})

void test('4.5.17 simplified GeoJSON is a Feature whose properties are plain values, and one with several instances keeps them by datasetId', async () => {
  const location = { type: 'Point', coordinates: [1, 2] }
  const speed = [
    { type: 'Property', value: 1 },
    { type: 'Property', value: 2, datasetId: 'urn:gps' },
  ]
  await make('urn:g:1', { location: { type: 'GeoProperty', value: location }, speed, near: { object: 'urn:b' } }, 'Vessel')
  const { json } = await broker.ask('GET', '/entities/urn:g:1?options=keyValues', undefined, { accept: 'application/geo+json' })
  const { '@context': _, ...feature } = json
  const properties = { type: 'Vessel', location, near: 'urn:b', speed: { dataset: { '@none': 1, 'urn:gps': 2 } } }
  assert.deepEqual(feature, { id: 'urn:g:1', type: 'Feature', geometry: location, properties })
  const { json: list } = await broker.ask('GET', '/entities?type=Vessel&options=keyValues', undefined, { accept: 'application/geo+json' })
  assert.deepEqual([list.type, list.features.length, list.features[0].geometry], ['FeatureCollection', 1, location])
})

void test('4.5.18 a LanguageProperty maps language tags to strings or lists of them; it has neither unit nor value', async () => {
  const street = { type: 'LanguageProperty', languageMap: { en: 'Grand Place', nl: ['Grote Markt', 'Markt'], '@none': 'GP' } }
  await make('urn:l:1', { street })
  assert.deepEqual((await read('urn:l:1')).street, street)
  assert.deepEqual((await read('urn:l:1', '?format=concise')).street, { languageMap: street.languageMap })
  assert.deepEqual((await read('urn:l:1', '?format=simplified')).street, { languageMap: street.languageMap })
  assert.deepEqual((await read('urn:l:1', '?lang=nl')).street, { type: 'Property', value: ['Grote Markt', 'Markt'], lang: 'nl' })
  await refused(
    { type: 'LanguageProperty', languageMap: 'Grand Place' },
    { type: 'LanguageProperty', languageMap: { en: 5 } },
    { type: 'LanguageProperty' },
    { type: 'LanguageProperty', value: 'Grand Place' },
    { type: 'LanguageProperty', languageMap: { en: 'a' }, unitCode: 'MTR' },
  )
  await broker.ask('PATCH', '/entities/urn:l:1', { street: { type: 'LanguageProperty', languageMap: { '@none': nil } } })
  assert.equal((await read('urn:l:1')).street, undefined)
})

void test('4.5.21 a ListProperty keeps its order, and is deleted by a list of NGSI-LD null', async () => {
  const queue = { type: 'ListProperty', valueList: [3, 'b', { c: 1 }, 3] }
  await make('urn:o:1', { queue })
  assert.deepEqual((await read('urn:o:1')).queue, queue)
  assert.deepEqual((await read('urn:o:1', '?format=concise')).queue, { valueList: queue.valueList })
  assert.deepEqual((await read('urn:o:1', '?format=simplified')).queue, queue.valueList)
  await refused({ type: 'ListProperty', valueList: 3 }, { type: 'ListProperty' }, { type: 'ListProperty', value: [1] })
  await broker.ask('PATCH', '/entities/urn:o:1', { queue: { type: 'ListProperty', valueList: [nil] } })
  assert.equal((await read('urn:o:1')).queue, undefined)
})

void test('4.5.22 a ListRelationship keeps the order of its objects, and is deleted by a list of NGSI-LD null', async () => {
  const route = { type: 'ListRelationship', objectList: [{ object: 'urn:b' }, { object: 'urn:a' }, { object: 'urn:b' }] }
  await make('urn:o:2', { route })
  assert.deepEqual((await read('urn:o:2')).route, route)
  assert.deepEqual((await read('urn:o:2', '?format=concise')).route, { objectList: ['urn:b', 'urn:a', 'urn:b'] })
  assert.deepEqual((await read('urn:o:2', '?format=simplified')).route, ['urn:b', 'urn:a', 'urn:b'])
  await refused(
    { type: 'ListRelationship', objectList: [{ object: 'no uri' }] },
    { type: 'ListRelationship' },
    { type: 'ListRelationship', object: 'urn:b' },
  )
  await broker.ask('PATCH', '/entities/urn:o:2', { route: { type: 'ListRelationship', objectList: [nil] } })
  assert.equal((await read('urn:o:2')).route, undefined)
})

void test('4.7 a GeoProperty is a GeoJSON geometry, as an object or as its text, and is known by its value where the type is left out', async () => {
  const polygon = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 0],
      ],
    ],
  }
  const line = {
    type: 'LineString',
    coordinates: [
      [0, 0],
      [1, 1],
    ],
  }
  const attributes = {
    location: { type: 'GeoProperty', value: JSON.stringify(polygon) },
    observationSpace: line,
    operationSpace: { value: polygon, height: 3 },
  }
  assert.equal((await make('urn:p:1', attributes, 'Camera')).status, 201)
  const camera = await read('urn:p:1')
  assert.deepEqual(camera.location, { type: 'GeoProperty', value: polygon })
  assert.deepEqual(camera.observationSpace, { type: 'GeoProperty', value: line })
  assert.deepEqual([camera.operationSpace.type, camera.operationSpace.height.value], ['GeoProperty', 3])
  assert.deepEqual((await read('urn:p:1', '?format=concise')).observationSpace, line)
  const within = 'georel=within&geometry=Polygon&coordinates=[[[-1,-1],[3,-1],[3,3],[-1,3],[-1,-1]]]'
  for (const geoproperty of ['location', 'observationSpace', 'operationSpace'])
    assert.equal((await broker.ask('GET', `/entities?type=Camera&${within}&geoproperty=${geoproperty}`)).json.length, 1, geoproperty)
  const geo = (value: unknown): object => ({ type: 'GeoProperty', value })
  await refused(
    geo({ type: 'GeometryCollection', geometries: [] }),
    geo({ type: 'Point', coordinates: ['1', 2] }),
    geo('{"type":"Point"}'),
    geo('no JSON'),
    geo({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [2, 0],
          [2, 2],
          [1, 1],
        ],
      ],
    }),
  )
})

void test('6.3.15 5.2.29 5.2.30 5.2.31 GeoJSON takes its geometry from the GeoProperty that is named, else from location, and has none where that is not there', async () => {
  const [here, there] = [1, 5].map((x) => ({ type: 'Point', coordinates: [x, x] }))
  await make('urn:x:3', { location: { type: 'GeoProperty', value: here }, operationSpace: { type: 'GeoProperty', value: there } }, 'Crane')
  const geometryOf = async (search: string): Promise<unknown> =>
    (await broker.ask('GET', `/entities?type=Crane${search}`, undefined, { accept: 'application/geo+json' })).json.features[0].geometry
  assert.deepEqual(await geometryOf(''), here)
  assert.deepEqual(await geometryOf('&geometryProperty=operationSpace'), there)
  assert.equal(await geometryOf('&geometryProperty=observationSpace'), null)
  const { json } = await broker.ask(
    'POST',
    '/entityOperations/query',
    { type: 'Query', entities: [{ type: 'Crane' }] },
    { accept: 'application/geo+json' },
  )
  assert.deepEqual([json.type, json.features[0].type, json.features[0].properties.type], ['FeatureCollection', 'Feature', 'Crane'])
})
