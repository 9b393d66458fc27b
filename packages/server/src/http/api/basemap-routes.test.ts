import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRange } from './basemap-routes.ts'

test('RFC 9110, 14.1.2: a range of bytes is first to last, from first on, or the last so many', () => {
  assert.deepEqual(parseRange('bytes=0-9', 100), { first: 0, last: 9 })
  assert.deepEqual(parseRange('bytes=90-', 100), { first: 90, last: 99 })
  assert.deepEqual(parseRange('bytes=90-500', 100), { first: 90, last: 99 })
  assert.deepEqual(parseRange('bytes=-10', 100), { first: 90, last: 99 })
  assert.deepEqual(parseRange('bytes=-500', 100), { first: 0, last: 99 })
})

test('a range beyond the end cannot be had; what is no single range gives the whole', () => {
  assert.equal(parseRange('bytes=100-', 100), 'unsatisfiable')
  assert.equal(parseRange('bytes=-0', 100), 'unsatisfiable')
  for (const header of [undefined, 'bytes=-', 'bytes=5-2', 'bytes=0-1,5-6', 'lines=1-2']) assert.equal(parseRange(header, 100), 'whole')
})
