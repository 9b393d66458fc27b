import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killRuns } from './kill-runs.ts'

void test('a server that is killed has every acknowledged write when it is started again', async () => {
  const { acknowledged, failures } = await killRuns({ kills: 3, writers: 12, seed: 21 })
  assert.deepEqual(failures, [])
  assert.ok(acknowledged > 0)
})
