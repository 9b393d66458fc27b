import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { killBetweenReceiptAndAcknowledgement } from './puback-kill.ts'

/** `PUBACK_KILLS=200 node tools/test.ts puback-kill` makes the run of docs/reliability.md. */
const wanted = Number(process.env['PUBACK_KILLS'] ?? 3)

test('a server killed between receipt and PUBACK has each acknowledged message once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-puback-'))
  try {
    const { acknowledged, doubled, kills, missing, sent } = await killBetweenReceiptAndAcknowledgement({ data: folder, kills: wanted, seed: 1 })
    assert.deepEqual({ kills, missing, doubled }, { kills: wanted, missing: [], doubled: [] })
    assert.ok(acknowledged > 0 && acknowledged <= sent)
    t.diagnostic(`${kills} kills, ${sent} sent, ${acknowledged} acknowledged, ${missing.length} missing, ${doubled.length} doubled`)
  } finally {
    await rm(folder, { recursive: true })
  }
})
