import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Attribute, Entity } from '../entity/entity.ts'
import { parseInstant } from '../entity/instant.ts'
import { scopeName } from '../representation/attribute-kinds.ts'
import { expand, property } from './fixture.ts'
import { parseQ } from './parse-q.ts'
import { parseScopeQuery } from './scope-query.ts'
import { inInterval, matchesTemporal, newestOf, selectEvolution } from './select-evolution.ts'
import { parseLastN, parseTemporalQuery, printTemporalQuery, selectInstances } from './temporal-query.ts'

const seen = (value: number | string, at: string, datasetId?: string): Attribute => ({
  ...property(value),
  observedAt: parseInstant(at),
  ...(datasetId === undefined ? {} : { datasetId }),
})
const evolution = (attributes: { readonly [name: string]: readonly Attribute[] }): Entity => ({
  id: 'urn:x:1',
  types: [expand('Vehicle')],
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, instances]) => [expand(name), instances])),
})

test('4.11 a printed temporal query parses to the same', () => {
  const instant = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => new Date(ms).toISOString())
  const parameters = fc.record({
    timerel: fc.constantFrom('before', 'after', 'between'),
    timeAt: instant,
    endTimeAt: instant,
    timeproperty: fc.constantFrom('observedAt', 'createdAt', 'modifiedAt', 'deletedAt'),
  })
  fc.assert(
    fc.property(parameters, (of) => {
      const query = parseTemporalQuery(of)
      assert.deepEqual(parseTemporalQuery(printTemporalQuery(query)), query)
    }),
    { numRuns: 10_000, seed: 4110 },
  )
})

test('4.11 the start of an interval is inclusive, its end exclusive', () => {
  const series = [seen(1, '2026-03-01T00:00:00Z'), seen(2, '2026-03-02T00:00:00.000Z'), seen(3, '2026-03-03T00:00:00Z')]
  const values = (parameters: Parameters<typeof parseTemporalQuery>[0]): readonly unknown[] =>
    selectInstances(parseTemporalQuery(parameters), series).map(({ value }) => value)
  assert.deepEqual(values({ timerel: 'before', timeAt: '2026-03-02T00:00:00Z' }), [1])
  assert.deepEqual(values({ timerel: 'after', timeAt: '2026-03-02T00:00:00Z' }), [2, 3])
  assert.deepEqual(values({ timerel: 'between', timeAt: '2026-03-01T00:00:00Z', endTimeAt: '2026-03-03T00:00:00Z' }), [1, 2])
  assert.deepEqual(values({ timerel: 'after', timeAt: '2020-01-01T00:00:00Z', timeproperty: 'createdAt' }), [])
  assert.deepEqual(values({}), [1, 2, 3])
})

test('5.2.21 lastN keeps the newest instances, in order of time', () => {
  const series = [seen(3, '2026-03-03T00:00:00Z'), seen(1, '2026-03-01T00:00:00Z'), seen(2, '2026-03-02T00:00:00Z')]
  assert.deepEqual(
    selectInstances(parseTemporalQuery({}), series, 2).map(({ value }) => value),
    [2, 3],
  )
  assert.equal(parseLastN('7'), 7)
  for (const text of ['0', '-1', '1.5', 'x', undefined]) assert.throws(() => parseLastN(text), /lastN must be a positive integer/)
})

test('5.7.4.4 what lies outside the interval meets no query, whatever its dataset id', () => {
  const march = parseTemporalQuery({ timerel: 'between', timeAt: '2026-03-01T00:00:00Z', endTimeAt: '2026-03-02T00:00:00Z' })
  const slow = evolution({ speed: [seen(10, '2026-03-01T12:00:00Z'), seen(80, '2026-01-05T00:00:00Z')] })
  const multi = evolution({
    speed: [seen(5, '2026-03-01T12:00:00Z'), seen(60, '2026-03-01T12:00:00Z', 'urn:d:1')],
    heading: [seen(1, '2026-01-05T00:00:00Z')],
  })
  const matches = (q: string, of: Entity): boolean => matchesTemporal({ q: parseQ(q, expand) }, march, of)
  assert.equal(matches('speed>25', slow), false)
  assert.equal(matches('speed>5', slow), true)
  assert.equal(matches('speed>50', multi), true)
  assert.equal(matches('!heading;speed>25', multi), true)
  assert.equal(matchesTemporal({}, march, evolution({ speed: [seen(80, '2026-01-05T00:00:00Z')] })), false)
  assert.equal(matchesTemporal({ attrs: [expand('heading')] }, march, multi), false)
  assert.deepEqual(Object.keys(inInterval(march, multi).attributes), [expand('speed')])
})

test('4.11 what is no temporal query is refused', () => {
  const refuse = (parameters: Parameters<typeof parseTemporalQuery>[0], message: RegExp): void =>
    assert.throws(() => parseTemporalQuery(parameters), message)
  refuse({ timerel: 'during', timeAt: '2026-03-01T00:00:00Z' }, /timerel must be before, after or between/)
  refuse({ timerel: 'before' }, /timeAt must be an ISO 8601 date-time/)
  refuse({ timerel: 'between', timeAt: '2026-03-01T00:00:00Z' }, /endTimeAt must be/)
  refuse({ timeAt: '2026-03-01T00:00:00Z' }, /timerel must be given/)
  refuse({ timeproperty: 'expiresAt' }, /timeproperty must be observedAt/)
})

test('4.18 a scope query sees only what was observed while a matching scope was valid', () => {
  const noon = parseTemporalQuery({ timerel: 'between', timeAt: '2026-03-01T12:00:00Z', endTimeAt: '2026-03-01T13:00:00Z' })
  const moved = evolution({ speed: [seen('old', '2026-03-01T12:15:00Z'), seen('new', '2026-03-01T12:45:00Z')] })
  const withScopes: Entity = {
    ...moved,
    attributes: {
      ...moved.attributes,
      [scopeName]: [seen('/R', '2026-03-01T10:00:00Z'), seen('/S', '2026-03-01T12:30:00Z'), seen('/Z', '2026-03-01T14:00:00Z')],
    },
  }
  const values = (scopeQ: string, of: Entity): readonly unknown[] | undefined =>
    selectEvolution({ scopeQ: parseScopeQuery(scopeQ) }, noon, of)?.attributes[expand('speed')]?.map(({ value }) => value)
  assert.deepEqual(values('/R', withScopes), ['old'])
  assert.deepEqual(values('/S', withScopes), ['new'])
  assert.deepEqual(values('/#', withScopes), ['old', 'new'])
  assert.equal(values('/Z', withScopes), undefined)
  assert.equal(values('(/R;/S)', withScopes), undefined)
  assert.equal(values('/#', moved), undefined)
  assert.deepEqual(values('/Now', { ...moved, scopes: ['/Now'] }), ['old', 'new'])
  assert.deepEqual(
    inInterval(noon, withScopes).attributes[scopeName]?.map(({ value }) => value),
    ['/R', '/S'],
  )
  assert.deepEqual(
    newestOf(noon, withScopes, 1).attributes[expand('speed')]?.map(({ value }) => value),
    ['new'],
  )
})
