import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatAge } from './age.ts'
import { fromCivil, toCivil } from './civil-time.ts'
import { unitSymbol } from './units.ts'

test('an age is in the greatest unit that fits', () => {
  assert.equal(formatAge(0, 42_000, 'en'), '42 sec. ago')
  assert.equal(formatAge(0, 3 * 3_600_000 + 59 * 60_000, 'en'), '3 hr. ago')
  assert.equal(formatAge(0, 7 * 31_557_600_000, 'es'), 'hace 7 a')
})

test('a unit code has its symbol, and an unknown one is itself', () => {
  assert.equal(unitSymbol('GQ'), 'µg/m³')
  assert.equal(unitSymbol('C62'), '')
  assert.equal(unitSymbol('XX9'), 'XX9')
  assert.equal(unitSymbol(undefined), '')
})

test('civil time crosses both clock changes of Madrid', () => {
  assert.equal(fromCivil('2026-03-29T01:59', 'Europe/Madrid'), Date.parse('2026-03-29T00:59Z'))
  assert.equal(fromCivil('2026-03-29T03:00', 'Europe/Madrid'), Date.parse('2026-03-29T01:00Z'))
  assert.equal(fromCivil('2026-10-25T01:59', 'Europe/Madrid'), Date.parse('2026-10-24T23:59Z'))
  assert.equal(fromCivil('2026-10-25T03:00', 'Europe/Madrid'), Date.parse('2026-10-25T02:00Z'))
  assert.equal(fromCivil('not a time', 'Europe/Madrid'), null)
})

test('civil time comes back to the same minute but in the hour that a clock change repeats', () => {
  const minute = fc.integer({ min: Date.parse('1980-01-01Z') / 60_000, max: Date.parse('2040-01-01Z') / 60_000 })
  fc.assert(
    fc.property(minute, fc.constantFrom('Asia/Tokyo', 'Europe/Madrid', 'America/Sao_Paulo', 'Asia/Kathmandu'), (at, zone) => {
      const civil = toCivil(at * 60_000, zone)
      assert.equal(toCivil(fromCivil(civil, zone)!, zone), civil)
    }),
    { seed: 3, numRuns: 500 },
  )
})
