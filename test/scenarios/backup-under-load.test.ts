import { canonicalJson } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkCity } from '../reliability/check-city.ts'
import { startCity } from '../reliability/city-process.ts'
import { startMixedLoad } from '../reliability/mixed-load.ts'

const program = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url))

async function cityloop(data: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], CITYLOOP_DATA: data, CITYLOOP_MQTT_PORT: '0' },
  })
}

/** The same for equal exports, in whatever order their lines and members are. */
async function hashOfExport(data: string, file: string): Promise<string> {
  await cityloop(data, 'export', '--out', file)
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  assert.ok(lines.length > 10, `only ${lines.length} entities were exported`)
  const canonical = lines.map((line) => canonicalJson(JSON.parse(line) as Json)).toSorted()
  return createHash('sha256').update(canonical.join('\n')).digest('hex')
}

void test('a backup made under load has everything acknowledged before, whole; one made in quiet is the same city', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-backup-'))
  const at = (name: string): string => join(folder, name)
  try {
    const city = await startCity({ data: at('data') })
    const load = await startMixedLoad(city.url, { writers: 8, seed: 41 })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const begun = process.hrtime.bigint()
    await cityloop(at('data'), 'backup', at('busy.backup'))
    await load.stop()
    await cityloop(at('data'), 'backup', at('quiet.backup'))
    const wanted = await hashOfExport(at('data'), at('data.ndjson'))
    assert.ok(
      load.answers.some((answer) => answer.at > begun),
      'nothing was written during the backup',
    )
    await city.kill('SIGTERM')

    await cityloop(at('busy'), 'restore', at('busy.backup'))
    assert.deepEqual(checkCity(join(at('busy'), 'city.db'), load.answers, begun), { lost: [], halfWritten: [], damage: [] })
    await cityloop(at('quiet'), 'restore', at('quiet.backup'))
    assert.equal(await hashOfExport(at('quiet'), at('quiet.ndjson')), wanted)
    assert.notEqual(await hashOfExport(at('busy'), at('busy.ndjson')), wanted)
  } finally {
    await rm(folder, { recursive: true })
  }
})
