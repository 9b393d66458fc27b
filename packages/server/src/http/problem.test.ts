import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { statusOf } from './problem.ts'

test('6.3.2 the documented error types and statuses are those of the table', () => {
  const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^\| (\w+) \| (\d{3}) \|/gm)].map(([, type, status]) => [type, Number(status)])
  assert.deepEqual(Object.fromEntries(documented), statusOf)
})
