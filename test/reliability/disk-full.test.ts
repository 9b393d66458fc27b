import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fillSmallDisk, refuseWrites } from './disk-full.ts'
import type { FullDisk } from './disk-full.ts'
import { noCompiler } from './has-compiler.ts'

const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0

function assertSurvives({ before, refused, after, reads, retryAfter, exitCode, complaint }: FullDisk): void {
  assert.ok(before > 0 && after > 0, `${before} writes before and ${after} after`)
  assert.deepEqual([...refused.keys()], [507])
  assert.deepEqual([...reads], [200])
  assert.equal(retryAfter, '5')
  assert.equal(complaint, undefined)
  assert.equal(exitCode, 0)
}

void test(
  'while the disk takes nothing, writes get 507 and reads go on; with room again writes resume without a restart',
  { skip: noCompiler },
  async () => {
    assertSurvives(await refuseWrites())
  },
)

void test('on a small disk that fills up, the watermark does the same', { skip: !mayMount && 'only root may mount a small disk' }, async () => {
  assertSurvives(await fillSmallDisk())
})
