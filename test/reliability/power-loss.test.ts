import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCompiler } from './has-compiler.ts'
import { cutAndCheck, recordLoad } from './power-loss.ts'

void test(
  'a power cut loses no acknowledged write and leaves none half-written, and the server starts on what is left',
  { skip: noCompiler },
  async () => {
    const recording = await recordLoad({ seconds: 6.5, writers: 12, seed: 11, synchronous: 'FULL' })
    const summary = await cutAndCheck(recording, { images: 45, starts: 3, seed: 11 })
    assert.deepEqual(summary.failures, [])
    assert.equal(summary.started, 3)
    assert.ok(summary.acknowledged > 0)
  },
)

void test('the same cuts find what a store without syncs loses', { skip: noCompiler }, async () => {
  const recording = await recordLoad({ seconds: 1, writers: 12, seed: 12, synchronous: 'OFF' })
  const { failures, images } = await cutAndCheck(recording, { images: 15, starts: 0, seed: 12 })
  assert.ok(failures.length > images / 2, `only ${failures.length} of ${images} images lost anything`)
})
