import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extentOf } from './extent.ts'

const row = (lon: number | null, lat: number | null) => ({ id: `${lon},${lat}`, lon, lat, label: '', value: null, observedAt: null })

test('the extent holds all placed rows of a few', () => {
  assert.deepEqual(extentOf([row(1, 2), row(3, -4), row(null, null), row(1e9, 0)]), [1, -4, 3, 2])
  assert.equal(extentOf([row(null, null)]), null)
})

test('one stray point among many does not widen it', () => {
  const city = Array.from({ length: 200 }, (_, at) => row(10 + at / 1000, 56))
  const [west, south, east, north] = extentOf([...city, row(-170, -80)])!
  assert.ok(west >= 10 && east < 10.2)
  assert.deepEqual([south, north], [56, 56])
})
