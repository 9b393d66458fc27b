import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { judge } from './judge.ts'
import type { Sample } from './judge.ts'
import { parseRule } from './rule.ts'

const threshold = parseRule({ id: 'r', title: 'NO2', type: 'AirQualityObserved', kind: 'threshold', attribute: 'no2', limit: 100, clearLimit: 80 })
const kindOf = (isRaised: boolean, value: number): string => judge(threshold, isRaised, undefined, { at: 0, value }, 0).kind

test('a threshold raises above its limit and clears only below the lower one', () => {
  assert.deepEqual([kindOf(false, 100), kindOf(false, 101), kindOf(true, 90), kindOf(true, 80)], ['stay', 'raise', 'stay', 'clear'])
})

test('a value that trembles within the hysteresis raises one alert at most', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 80.001, max: 120, noNaN: true }), { maxLength: 100 }), (values) => {
      let isRaised = false
      let raised = 0
      for (const value of values) {
        const { kind } = judge(threshold, isRaised, undefined, { at: 0, value }, 0)
        if (kind === 'raise') raised += 1
        isRaised = kind === 'raise' || (isRaised && kind !== 'clear')
      }
      assert.ok(raised <= 1)
    }),
    { seed: 7 },
  )
})

test('silence raises after its time, whatever the value, and clears with the next observation', () => {
  const rule = parseRule({ id: 'r', title: 'Silent', type: 'Device', kind: 'absence', afterS: 60 })
  const at = (isRaised: boolean, last: Sample, now: number): string => judge(rule, isRaised, undefined, last, now * 1e6).kind
  assert.deepEqual(
    [at(false, { at: 0 }, 60), at(false, { at: 0 }, 61), at(true, { at: 0 }, 90), at(true, { at: 80e6 }, 90)],
    ['stay', 'raise', 'stay', 'clear'],
  )
})

test('a rate raises on a steep change either way and clears when it is steady', () => {
  const rule = parseRule({ id: 'r', title: 'Flood', type: 'WaterObserved', kind: 'rate', attribute: 'height', limitPerHour: 1 })
  const hour = 3_600_000_000
  const of = (isRaised: boolean, from: number, to: number): string =>
    judge(rule, isRaised, { at: 0, value: from }, { at: hour, value: to }, hour).kind
  assert.deepEqual(
    [of(false, 1, 2), of(false, 1, 2.1), of(false, 2.1, 1), of(true, 1, 1.6), of(true, 1, 1.4)],
    ['stay', 'raise', 'raise', 'stay', 'clear'],
  )
})

test('a rule that has no sense is refused by what is wrong with it', () => {
  const base = { id: 'r', title: 't', type: 'T', kind: 'threshold', attribute: 'a', limit: 1 }
  assert.throws(() => parseRule({ ...base, clearLimit: 2 }), /clearLimit must be at most limit, which is 1, not 2/)
  assert.throws(() => parseRule({ ...base, afterS: 2 }), /A rule of this kind has no member afterS/)
  assert.throws(() => parseRule({ ...base, kind: 'magic' }), /kind must be threshold, rate, absence or state/)
  assert.throws(() => parseRule({ ...base, severity: 'red' }), /severity must be/)
})

test('a state raises while the attribute says one of its words, and clears when it says another', () => {
  const rule = parseRule({ id: 'r', title: 'Silent', type: 'Device', kind: 'state', attribute: 'deviceState', values: ['silent'] })
  const of = (isRaised: boolean, word: string): string => judge(rule, isRaised, undefined, { at: 0, word }, 0).kind
  assert.deepEqual([of(false, 'silent'), of(true, 'silent'), of(true, 'ok'), of(false, 'unreachable')], ['raise', 'stay', 'clear', 'stay'])
  assert.deepEqual(judge(rule, false, undefined, { at: 0, word: 'silent' }, 0), { kind: 'raise', value: 'silent', reason: 'deviceState is silent' })
  assert.throws(() => parseRule({ id: 'r', title: 't', type: 'T', kind: 'state', attribute: 'a', values: [] }), /values must be a list/)
})
