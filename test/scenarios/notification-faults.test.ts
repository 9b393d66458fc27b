import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faults, runFaults } from './notification-faults.ts'

void test('receivers that refuse, fail, are slow, hang, answer without end or break off are told of every change, in order, once they are well', async (context) => {
  const { changes, healthyDelayMs, receivers, recoveredAfterMs } = await runFaults({ seconds: 4 })
  context.diagnostic(`healthy receiver: p99 ${healthyDelayMs.p99} ms; all told ${recoveredAfterMs} ms after recovery`)
  assert.ok(changes >= 30)
  const well = { missing: 0, repeated: 0, changedIds: 0, backwards: 0 }
  assert.deepEqual(receivers, Object.fromEntries(['well', ...faults].map((name) => [name, well])))
})
