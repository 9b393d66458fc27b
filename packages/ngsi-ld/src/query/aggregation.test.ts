import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Attribute, Entity } from '../entity/entity.ts'
import { formatInstant, parseInstant } from '../entity/instant.ts'
import type { Json } from '../json.ts'
import { aggregate, aggregateEvolution, parseAggregation } from './aggregation.ts'
import { parseDuration, periodIndex, periodStart, printDuration } from './duration.ts'
import { expand, property } from './fixture.ts'
import { parseTemporalQuery } from './temporal-query.ts'

const at = (value: Json, time: string): Attribute => ({ ...property(value), observedAt: parseInstant(time) })
const evolution = (attributes: { readonly [name: string]: readonly Attribute[] }): Entity => ({ id: 'urn:x:1', types: ['T'], attributes })
const bounds = (periods: readonly (readonly [Json, number, number])[] | undefined): unknown =>
  periods?.map(([value, from, to]) => [value, formatInstant(from), formatInstant(to)])

test('4.5.19 periods are counted from the first instance of the entity, and empty ones are not there', () => {
  const vehicle = evolution({
    speed: [at(120, '2020-08-01T12:03:00Z'), at(80, '2020-08-01T12:05:00Z'), at(100, '2020-08-01T12:07:00Z')],
    fuelLevel: [at(67, '2020-08-01T12:03:00Z'), at(53, '2020-08-01T13:05:00Z'), at(40, '2020-08-01T15:07:00Z')],
  })
  const [speed, fuelLevel] = aggregateEvolution(parseAggregation('avg,max', 'PT1H'), parseTemporalQuery({}), vehicle)
  assert.deepEqual(bounds(speed?.methods['avg']), [[100, '2020-08-01T12:03:00.000Z', '2020-08-01T13:03:00.000Z']])
  assert.deepEqual(bounds(speed?.methods['max']), [[120, '2020-08-01T12:03:00.000Z', '2020-08-01T13:03:00.000Z']])
  assert.deepEqual(bounds(fuelLevel?.methods['avg']), [
    [67, '2020-08-01T12:03:00.000Z', '2020-08-01T13:03:00.000Z'],
    [53, '2020-08-01T13:03:00.000Z', '2020-08-01T14:03:00.000Z'],
    [40, '2020-08-01T15:03:00.000Z', '2020-08-01T16:03:00.000Z'],
  ])
})

test('4.5.19 a duration of 0 is the whole range of the query', () => {
  const query = parseTemporalQuery({ timerel: 'between', timeAt: '2020-08-01T00:00:00Z', endTimeAt: '2020-08-02T00:00:00Z' })
  const [total] = aggregateEvolution(
    parseAggregation(['totalCount']),
    query,
    evolution({ a: [at(1, '2020-08-01T12:03:00Z'), at(1, '2020-08-01T12:05:00Z')] }),
  )
  assert.deepEqual(bounds(total?.methods['totalCount']), [[2, '2020-08-01T00:00:00.000Z', '2020-08-02T00:00:00.000Z']])
})

test('4.5.19 a deletion counts as no value, and dataset ids are apart', () => {
  const other: Attribute = { ...at(9, '2020-08-01T12:06:00Z'), datasetId: 'urn:d:1' }
  const instances = [at(1, '2020-08-01T12:03:00Z'), at('urn:ngsi-ld:null', '2020-08-01T12:05:00Z'), other]
  const aggregated = aggregateEvolution(parseAggregation('totalCount,max', 'P1D'), parseTemporalQuery({}), evolution({ a: instances }))
  assert.deepEqual(
    aggregated.map(({ datasetId, methods }) => [datasetId, methods['totalCount']?.[0]?.[0], methods['max']?.[0]?.[0]]),
    [
      [undefined, 1, 1],
      ['urn:d:1', 1, 9],
    ],
  )
})

test('4.5.19 months follow the calendar, also from the 31st', () => {
  const month = parseDuration('P1M')
  const origin = parseInstant('2026-01-31T10:00:00Z')
  assert.deepEqual(
    [0, 1, 2, 3, 13].map((index) => formatInstant(periodStart(origin, month, index))),
    ['2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z', '2026-03-31T10:00:00.000Z', '2026-04-30T10:00:00.000Z', '2027-02-28T10:00:00.000Z'],
  )
})

test('4.5.19.1 each method does what the tables say of each data type', () => {
  const of = (...values: readonly Json[]): readonly Attribute[] => values.map(property)
  const cases: readonly (readonly [Parameters<typeof aggregate>[0], readonly Attribute[], Json | undefined])[] = [
    ['sum', of(1, 2, 3.5), 6.5],
    ['avg', of(1, 2, 6), 3],
    ['stddev', of(2, 4, 4, 4, 5, 5, 7, 9), 2],
    ['sumsq', of(1, 2, 3), 14],
    ['min', of(3, 1, 2), 1],
    ['totalCount', of(1, 1), 2],
    ['distinctCount', of({ a: 1, b: 2 }, { b: 2, a: 1 }, 'x'), 2],
    ['avg', of(true, false), 0.5],
    ['sum', of([1, 2], [3]), 3],
    ['stddev', of([1, 2]), undefined],
    ['max', of('pear', 'apple'), 'pear'],
    ['min', of('pear', 'apple'), 'apple'],
    ['avg', of('pear'), undefined],
    ['sum', of('08:00:00Z'), undefined],
    ['avg', of('08:00:00Z', '09:00:00Z'), '08:30:00Z'],
    ['max', of('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z'), '2026-01-01T00:00:00.5Z'],
    ['max', of({ a: 1 }), undefined],
    ['avg', [], undefined],
    ['max', [{ kind: 'Relationship', value: 'urn:x:2' }], undefined],
    ['distinctCount', [{ kind: 'Relationship', value: 'urn:x:2' }], 1],
  ]
  for (const [method, instances, expected] of cases)
    assert.deepEqual(aggregate(method, instances), expected, `${method} of ${JSON.stringify(instances)}`)
})

test('5.7.4.4 an attribute that was asked for and admits no method is an invalid request', () => {
  const link: Attribute = { kind: 'Relationship', value: 'urn:x:2', observedAt: parseInstant('2026-01-01T00:00:00Z') }
  const of = evolution({ [expand('link')]: [link], [expand('speed')]: [at(1, '2026-01-01T00:00:00Z')] })
  const run = (requested: readonly string[]): number =>
    aggregateEvolution(parseAggregation('avg', 'P1D'), parseTemporalQuery({}), of, requested).length
  assert.throws(() => run([expand('link')]), { type: 'InvalidRequest' })
  assert.equal(run([expand('speed')]), 1)
})

test('4.5.19.1 what is no duration or method is refused', () => {
  for (const text of ['', 'P', 'PT', '1H', 'P1H', 'PT1D', 'P1W2D', 'P2026-01-01', 'P1DT', undefined])
    assert.throws(() => parseDuration(text), /aggrPeriodDuration must be an ISO 8601 duration/)
  assert.throws(() => parseAggregation('mean'), /aggrMethods must be some of totalCount/)
})

test('4.5.19.1 a printed duration parses to the same, and every instant lies in the period of its index', () => {
  const duration = fc.record(
    { months: fc.integer({ min: 0, max: 30 }), us: fc.integer({ min: 0, max: 90_000_000_000_0 }) },
    { noNullPrototype: true },
  )
  const instant = fc.integer({ min: -1_000_000_000_000_000, max: 4_000_000_000_000_000 })
  fc.assert(
    fc.property(duration, instant, instant, (of, origin, time) => {
      assert.deepEqual(parseDuration(printDuration(of)), of)
      if (of.months === 0 && of.us < 1_000_000) return
      const index = periodIndex(origin, of, time)
      assert.ok(periodStart(origin, of, index) <= time && time < periodStart(origin, of, index + 1))
    }),
    { numRuns: 10_000, seed: 4519 },
  )
})
