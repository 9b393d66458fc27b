import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importUnderWay } from './import-under-way.ts'

void test('rows imported beside a running server are all there, each is told once, and the live stream goes on across a restart', async () => {
  const rows = 6000
  const { importMs, toldAfterMs, ...seen } = await importUnderWay(rows)
  assert.deepEqual(seen, {
    rows,
    instances: rows,
    told: rows,
    toldTwice: 0,
    staleStations: 0,
    comeback: 'change',
    comebackStations: 200,
    resets: ['reset', 'reset', 'reset'],
  })
  assert.ok(importMs > 0 && toldAfterMs > 0)
})
