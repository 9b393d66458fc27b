import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attribute, Entity } from '../entity/entity.ts'
import { property } from './fixture.ts'
import { pageInTime } from './page-in-time.ts'
import { parseTemporalQuery } from './temporal-query.ts'

const series = (...times: readonly number[]): readonly Attribute[] => times.map((at) => ({ ...property(at), observedAt: at }))
const of = (attributes: Entity['attributes']): Entity => ({ id: 'urn:x:1', types: ['T'], attributes })
const vehicle = of({ speed: series(1, 2, 3, 4, 5), fuel: series(2, 6) })
const shown = (page: { readonly evolutions: readonly Entity[] }, name: string): unknown =>
  page.evolutions[0]?.attributes[name]?.map(({ value }) => value)

test('6.3.10 what fits is whole and has no range', () => {
  assert.deepEqual(pageInTime(parseTemporalQuery({}), [vehicle], 5), { evolutions: [vehicle] })
})

test('6.3.10 without lastN the oldest part comes first, cut at one time for all attributes', () => {
  const page = pageInTime(parseTemporalQuery({}), [vehicle], 3)
  assert.deepEqual(shown(page, 'speed'), [1, 2, 3])
  assert.deepEqual(shown(page, 'fuel'), [2])
  assert.deepEqual(page.range, { start: 1, end: 3, size: '*' })
  const after = { timeproperty: 'observedAt', from: 0 } as const
  assert.deepEqual(pageInTime(after, [vehicle], 3).range, { start: 0, end: 3, size: '*' })
})

test('6.3.10 with lastN the newest part comes first', () => {
  const page = pageInTime(parseTemporalQuery({}), [vehicle], 2, 4)
  assert.deepEqual(shown(page, 'speed'), [4, 5])
  assert.deepEqual(shown(page, 'fuel'), [6])
  assert.deepEqual(page.range, { start: 6, end: 4, size: 4 })
  const before = { timeproperty: 'observedAt', until: 9 } as const
  assert.deepEqual(pageInTime(before, [vehicle], 2, 4).range, { start: 9, end: 4, size: 4 })
  assert.equal(pageInTime(before, [vehicle], 4, 4).range, undefined)
})

test('instances of one instant stay together, so that the next page begins after it', () => {
  const page = pageInTime(parseTemporalQuery({}), [of({ speed: series(1, 1, 1, 2) })], 2)
  assert.deepEqual(shown(page, 'speed'), [1, 1, 1])
})
