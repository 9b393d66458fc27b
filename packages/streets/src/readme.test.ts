import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'

void test('the example of the README runs as printed and prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [code, printed] = [/```ts\n([\s\S]*?)```/.exec(readme)![1]!, /```text\n([\s\S]*?)```/.exec(readme)![1]!]
  const file = new URL(`../readme-example-${process.pid}.ts`, import.meta.url)
  writeFileSync(file, code)
  try {
    assert.equal(execFileSync(process.execPath, [file.pathname], { encoding: 'utf8' }), printed)
  } finally {
    rmSync(file)
  }
})
