import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCompiler } from './has-compiler.ts'
import { failSync } from './sync-errors.ts'

for (const nth of [1, 6, 40]) {
  void test(`after sync ${nth} fails nothing is acknowledged any more, and the server ends with an error`, { skip: noCompiler }, async () => {
    const { acknowledgedAfter, complaint, exitCode } = await failSync({ nth, writers: 12, seed: 30 + nth })
    assert.equal(acknowledgedAfter, 0)
    assert.equal(complaint, undefined)
    assert.equal(exitCode, 1)
  })
}
