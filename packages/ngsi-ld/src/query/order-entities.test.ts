import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Attribute, Entity } from '../entity/entity.ts'
import { expand, property } from './fixture.ts'
import { orderEntities } from './order-entities.ts'
import { type OrderingParameters, parseOrdering, printOrderBy } from './ordering.ts'
import { pageOf } from './page.ts'

const entity = (id: string, attributes: { readonly [name: string]: Attribute | readonly Attribute[] } = {}): Entity => ({
  id,
  types: ['T'],
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, of]) => [expand(name), [of].flat()])),
})
const ids = (parameters: OrderingParameters, entities: readonly Entity[]): string =>
  orderEntities(parseOrdering(parameters, expand), entities)
    .map(({ id }) => id)
    .join(' ')

test('4.23.3 a printed ordering parses to the same', () => {
  const term = fc
    .tuple(fc.constantFrom('name', 'a.b', 'address[city.part]', 'id'), fc.constantFrom('', ';asc', ';desc'))
    .map(([path, direction]) => path + direction)
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), (terms) => {
      const ordering = parseOrdering({ orderBy: terms.join(',') }, expand)
      assert.deepEqual(parseOrdering({ orderBy: printOrderBy(ordering) }, expand), ordering)
    }),
    { numRuns: 10_000, seed: 423 },
  )
})

test('4.23.2 data types come in the order of the clause, null and absence last in both directions', () => {
  const values = [3, 'text', { a: 1 }, [1], true, '08:00:00Z', '2026-01-01', '2026-01-01T00:00:00Z']
  const entities = [
    ...values.map((value, index) => entity(String(index), { a: property(value) })),
    entity('null', { a: property(null) }),
    entity('none'),
  ]
  assert.equal(ids({ orderBy: 'a' }, entities.toReversed()), '0 1 2 3 4 5 6 7 null none')
  assert.equal(ids({ orderBy: 'a;desc' }, entities), '7 6 5 4 3 2 1 0 null none')
})

test('4.23.3 terms apply one after the other, and the id decides at last', () => {
  const entities = [
    entity('d', { name: property('x'), age: property(1) }),
    entity('c', { name: property('x'), age: property(2) }),
    entity('b', { name: property('a') }),
    entity('a', { name: property('x'), age: property(1) }),
  ]
  assert.equal(ids({ orderBy: 'name,age;desc' }, entities), 'b c a d')
  assert.equal(ids({ orderBy: 'id;desc' }, entities), 'd c b a')
})

test('4.23.1 strings collate by the root collation or the one asked for', () => {
  const of = (...names: readonly string[]): readonly Entity[] => names.map((name) => entity(name, { name: property(name) }))
  assert.equal(ids({ orderBy: 'name' }, of('b', 'á', 'A')), 'A á b')
  assert.equal(ids({ orderBy: 'name', collation: 'und-u-ks-level1' }, of('b', 'á', 'A')), 'A á b')
  assert.equal(ids({ orderBy: 'name', collation: 'de-u-co-phonebk' }, of('Af', 'Äe', 'Ad')), 'Ad Äe Af')
  assert.equal(ids({ orderBy: 'name', collation: 'sv' }, of('z', 'ä')), 'z ä')
  assert.equal(ids({ orderBy: 'name', collation: 'xx' }, of('z', 'ä')), 'ä z')
  assert.throws(() => parseOrdering({ orderBy: 'name', collation: '!!nope' }, expand), /collation must be a tag of RFC 6067/)
})

test('4.23.1 distances order geoproperties, and what is none follows by value', () => {
  const place = (id: string, longitude: number): Entity =>
    entity(id, { location: { kind: 'GeoProperty', value: { type: 'Point', coordinates: [longitude, 40] } } })
  const entities = [entity('none'), entity('text', { location: property('here') }), place('far', 10), place('near', 8.01), place('mid', 9)]
  assert.equal(ids({ orderBy: 'location;dist-asc', orderFrom: '[8,40]' }, entities), 'near mid far text none')
  assert.equal(ids({ orderBy: 'location;dist-desc', orderFrom: [8, 40] }, entities), 'far mid near text none')
  assert.equal(
    ids(
      {
        orderBy: 'location;dist-asc',
        orderFrom: [
          [10, 40],
          [10, 41],
        ],
        orderGeometry: 'LineString',
      },
      entities,
    ),
    'far mid near text none',
  )
  assert.throws(() => parseOrdering({ orderBy: 'location;dist-asc' }, expand), /orderFrom must be given/)
})

test('4.23.3 what is no ordering is refused', () => {
  for (const orderBy of ['', 'a;up', 'a;asc;desc', 'a{b}', 'a,', '1'])
    assert.throws(() => parseOrdering({ orderBy }, expand), /orderBy must/, orderBy)
})

test('an ordering is total: it does not depend on the order that entities come in', () => {
  const value = fc.constantFrom(1, 2, 'a', 'A', 'á', null, true, [1], '2026-01-01')
  const entities = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.array(value, { maxLength: 2 })), {
    selector: ([id]) => id,
    maxLength: 8,
  })
  fc.assert(
    fc.property(entities, fc.constantFrom('a', 'a;desc', 'a,b;desc'), (list, orderBy) => {
      const made = list.map(([id, values]) =>
        entity(`urn:x:${id}`, { a: values.map((of, index) => ({ ...property(of), datasetId: `urn:d:${index}` })) }),
      )
      assert.equal(ids({ orderBy }, made.toReversed()), ids({ orderBy }, made))
    }),
    { numRuns: 2000, seed: 4231 },
  )
})

test('4.12 pages tell where the ones beside them start', () => {
  const items = ['a', 'b', 'c', 'd', 'e']
  assert.deepEqual(pageOf(items, 0, 2), { items: ['a', 'b'], count: 5, nextOffset: 2 })
  assert.deepEqual(pageOf(items, 2, 3), { items: ['c', 'd', 'e'], count: 5, previousOffset: 0 })
  assert.deepEqual(pageOf(items, 0, 0), { items: [], count: 5 })
  assert.deepEqual(pageOf([], 9, 2), { items: [], count: 0 })
  assert.deepEqual(pageOf(items, 9, 2), { items: ['e'], count: 5, previousOffset: 2 })
})
