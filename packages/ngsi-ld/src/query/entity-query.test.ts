import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Entity } from '../entity/entity.ts'
import { type Scope, project } from '../scope/scope.ts'
import { arbitraryEntity, arbitraryQuery, names } from './entity.arbitrary.ts'
import { isTooWide, matchesEntity, matchesFor, selectDatasets } from './entity-query.ts'
import { expand, property } from './fixture.ts'
import { meetsNarrowing, narrowingOf } from './narrowing.ts'
import { orderEntities } from './order-entities.ts'
import { parseOrdering } from './ordering.ts'
import { parseGeoQuery } from './geo-query.ts'
import { parseQ } from './parse-q.ts'
import { parseTypeSelection } from './type-selection.ts'

const of = (attributes: Entity['attributes'], more: Partial<Entity> = {}): Entity => ({ id: 'urn:x:1', types: [expand('T')], attributes, ...more })

test('5.7.2.4 every member that is given must hold', () => {
  const entity = of({ [expand('a')]: [property(1)] })
  const types = parseTypeSelection('T', expand)
  assert.equal(matchesEntity({}, entity), true)
  assert.equal(
    matchesEntity(
      { entities: [{ ids: ['urn:x:1'], idPattern: ':1$', types }], attrs: [expand('b'), expand('a')], q: parseQ('a==1', expand) },
      entity,
    ),
    true,
  )
  assert.equal(matchesEntity({ entities: [{ ids: ['urn:x:2'], types }] }, entity), false)
  assert.equal(matchesEntity({ entities: [{ ids: ['urn:x:2'] }, { types }] }, entity), true)
  assert.equal(matchesEntity({ entities: [{ idPattern: ':2$' }] }, entity), false)
  assert.equal(matchesEntity({ attrs: [expand('b')] }, entity), false)
})

test('5.7.2.4 a query without types, attributes of a user and geoquery is too wide', () => {
  const types = parseTypeSelection('T', expand)
  const asked = (q: string): boolean => isTooWide({ q: parseQ(q, expand) })
  assert.equal(isTooWide({}), true)
  assert.equal(isTooWide({ entities: [{ types: { kind: 'any' } }] }), true)
  assert.equal(isTooWide({ entities: [{ types }] }), false)
  assert.equal(isTooWide({ entities: [{ types }, { ids: ['urn:x:1'] }] }), true)
  assert.equal(isTooWide({ attrs: ['https://uri.etsi.org/ngsi-ld/createdAt'] }), true)
  assert.equal(isTooWide({ attrs: [expand('a')] }), false)
  assert.equal(asked('modifiedAt>"2020-01-01T00:00:00Z"'), true)
  assert.equal(asked('modifiedAt>2020-01-01T00:00:00Z;a'), false)
  assert.equal(isTooWide({ geo: parseGeoQuery({ georel: 'within', geometry: 'Point', coordinates: [0, 0] }, expand) }), false)
})

test('4.5.5 dataset ids choose instances and take part in no match', () => {
  const entity = of({
    [expand('a')]: [property(1), { ...property(2), datasetId: 'urn:d:1' }],
    [expand('b')]: [{ ...property(3), datasetId: 'urn:d:2' }],
  })
  assert.equal(matchesEntity({ q: parseQ('a==2', expand), datasetIds: ['@none'] }, entity), true)
  assert.deepEqual(selectDatasets(entity, ['@none']).attributes, { [expand('a')]: [property(1)] })
  assert.deepEqual(Object.keys(selectDatasets(entity, ['urn:d:1', 'urn:d:2']).attributes), [expand('a'), expand('b')])
})

const scope: fc.Arbitrary<Scope> = fc.subarray(names.map(expand)).map((attributes) => ({ attributes }))
const reorder = ['a', 'b;desc', 'location;dist-asc,c']

test('what a Scope hides can not influence whether an entity matches, nor the order', () => {
  fc.assert(
    fc.property(
      scope,
      arbitraryQuery,
      arbitraryEntity,
      arbitraryEntity,
      arbitraryEntity,
      fc.constantFrom(...reorder),
      (seen, query, entity, other, linked, orderBy) => {
        const granted = project(seen, entity).attributes
        // The same entity for this caller, with whatever else behind what is hidden.
        const hidden = Object.fromEntries(Object.entries(other.attributes).filter(([name]) => seen.attributes?.includes(name) !== true))
        const twin = { ...entity, attributes: { ...hidden, ...granted } }
        const linkedTwin = { ...linked, attributes: project(seen, linked).attributes }
        assert.equal(
          matchesFor(seen, query, twin, (id) => (id === linked.id ? linkedTwin : undefined)),
          matchesFor(seen, query, entity, (id) => (id === linked.id ? linked : undefined)),
        )
        const ordering = parseOrdering({ orderBy, orderFrom: [0, 0] }, expand)
        const ids = (...entities: readonly Entity[]): readonly string[] =>
          orderEntities(
            ordering,
            entities.map((of) => project(seen, of)),
          ).map(({ id }) => id)
        const [left, right] = [
          { ...entity, id: 'urn:l' },
          { ...other, id: 'urn:r' },
        ]
        assert.deepEqual(ids({ ...twin, id: 'urn:l' }, right), ids(left, right))
      },
    ),
    { numRuns: 10_000, seed: 61 },
  )
})

test('a hidden attribute does not exist in filters', () => {
  const entity = of({ [expand('open')]: [property(1)], [expand('secret')]: [property(5)] })
  const seen: Scope = { attributes: [expand('open')] }
  const matches = (q: string): boolean => matchesFor(seen, { q: parseQ(q, expand) }, entity)
  assert.equal(matches('open==1'), true)
  assert.equal(matches('secret'), false)
  assert.equal(matches('secret!=7'), false)
  assert.equal(matches('!secret'), true)
  assert.equal(matchesFor({ types: [expand('U')] }, {}, entity), false)
  const linking = of({ [expand('open')]: [{ kind: 'Relationship', value: 'urn:x:9' }] })
  assert.equal(
    matchesFor(seen, { q: parseQ('open{secret}==5', expand) }, linking, () => entity),
    false,
  )
  assert.equal(
    matchesFor({}, { q: parseQ('open{secret}==5', expand) }, linking, () => entity),
    true,
  )
})

test('the hints of a query hold for every entity that matches it', () => {
  let matched = 0
  fc.assert(
    fc.property(arbitraryQuery, arbitraryEntity, arbitraryEntity, (query, entity, linked) => {
      if (!matchesEntity(query, entity, () => linked)) return
      matched += 1
      assert.equal(meetsNarrowing(narrowingOf(query), entity), true)
    }),
    { numRuns: 20_000, seed: 62 },
  )
  assert.ok(matched > 1000 && matched < 15_000, `${matched} of the cases match`)
})

test('texts that match by what they mean leave no hint of how they are written', () => {
  const typed = of({ [expand('a')]: [{ ...property('2026-01-01T00:00:00.000Z'), valueType: 'DateTime' }] })
  const dated = { q: parseQ('a=="2026-01-01T00:00:00Z"', expand) }
  assert.equal(matchesEntity(dated, typed), true)
  assert.equal(meetsNarrowing(narrowingOf(dated), typed), true)
  const coined = of({ [expand('a')]: [property(expand('x'))] })
  const expanded = { q: parseQ('a==x', expand, { expandValues: ['a'] }) }
  assert.equal(matchesEntity(expanded, coined), true)
  assert.equal(meetsNarrowing(narrowingOf(expanded), coined), true)
})

test('hints name types, ids, boxes and comparisons', () => {
  const types = parseTypeSelection('(T;U)|V', expand)
  const geo = parseGeoQuery({ georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [179.999, 0] }, expand)
  const narrowing = narrowingOf({ entities: [{ ids: ['urn:x:1'], types }], q: parseQ('a>1;b=="x";(c|d)', expand), geo })
  assert.deepEqual(narrowing.types, ['T', 'V'].map(expand))
  assert.deepEqual(narrowing.ids, ['urn:x:1'])
  assert.equal(narrowing.geo?.boxes?.length, 2)
  assert.deepEqual(narrowing.comparisons, [
    { kind: 'exists', name: expand('a') },
    { kind: 'compare', name: expand('a'), op: '>', value: 1 },
    { kind: 'exists', name: expand('b') },
    { kind: 'compare', name: expand('b'), op: '==', value: 'x' },
  ])
  assert.equal(meetsNarrowing(narrowingOf({ q: parseQ('a>1', expand) }), of({ [expand('a')]: [property(1)] })), false)
  assert.equal(narrowingOf({ entities: [{ ids: ['urn:x:1'] }, { types }] }).ids, undefined)
})
