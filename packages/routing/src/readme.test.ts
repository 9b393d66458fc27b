import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

test('the example of the README runs as printed and prints what it says', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!
  const printed = /It prints `([^`]+)`/.exec(readme)![1]!
  const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-'], { cwd: import.meta.dirname, input: example, encoding: 'utf8' })
  assert.equal(run.stderr, '')
  assert.equal(run.stdout.trim(), printed)
})
