import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the example of the README has at most ten lines and prints what stands below it', () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const printed = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  assert.ok(example.split('\n').filter((line) => line.trim() !== '').length <= 10)
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', example], {
    cwd: new URL('.', import.meta.url),
    encoding: 'utf8',
  })
  assert.equal(output, printed)
})
