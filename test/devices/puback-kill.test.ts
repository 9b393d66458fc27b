import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { killBetweenReceiptAndAcknowledgement } from './puback-kill.ts'

test('a server killed between receipt and PUBACK has each acknowledged message once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-puback-'))
  try {
    const { acknowledged, doubled, kills, missing, sent } = await killBetweenReceiptAndAcknowledgement({ data: folder, kills: 3, seed: 1 })
    assert.deepEqual({ kills, missing, doubled }, { kills: 3, missing: [], doubled: [] })
    assert.ok(acknowledged > 0 && acknowledged <= sent)
  } finally {
    await rm(folder, { recursive: true })
  }
})
