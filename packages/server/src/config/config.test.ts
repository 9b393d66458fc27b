import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { maskedConfig, parseConfig } from './config.ts'

test('an unknown key stops the start and is named', () => {
  assert.throws(() => parseConfig({ CITYLOOP_PROT: '1' }), /CITYLOOP_PROT is no setting of Cityloop/)
})

test('others may reach the server only with a token or when it is said to be open', () => {
  assert.throws(() => parseConfig({ CITYLOOP_HOST: '0.0.0.0' }), /CITYLOOP_ADMIN_TOKEN/)
  assert.throws(() => parseConfig({ CITYLOOP_HOST: '0.0.0.0', CITYLOOP_ADMIN_TOKEN: 'short' }), /at least 32 characters/)
  assert.equal(parseConfig({ CITYLOOP_HOST: '0.0.0.0', CITYLOOP_OPEN: 'yes' }).isOpen, true)
  assert.equal(parseConfig({ CITYLOOP_HOST: '0.0.0.0', CITYLOOP_ADMIN_TOKEN: 'x'.repeat(32) }).host, '0.0.0.0')
})

test('secrets are masked where settings are shown', () => {
  const shown = JSON.stringify(
    maskedConfig(parseConfig({ CITYLOOP_ADMIN_TOKEN: 'secret'.repeat(8), CITYLOOP_DATABASE_URL: 'postgres://me:hidden@db/x' })),
  )
  assert.ok(!shown.includes('secret') && !shown.includes('hidden'))
})

test('every setting is documented', () => {
  const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8')
  const source = readFileSync(new URL('config.ts', import.meta.url), 'utf8')
  const keys =
    /const keys = \[([^\]]*)\]/
      .exec(source)?.[1]
      ?.match(/'(\w+)'/g)
      ?.map((key) => key.slice(1, -1)) ?? []
  assert.ok(keys.length >= 19)
  for (const key of keys) assert.ok(page.includes(`CITYLOOP_${key}\``), `CITYLOOP_${key} is not in docs/operations.md`)
})
