import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { canonicalJson, everything } from '@cityloop/ngsi-ld'
import type { Command, Json } from '@cityloop/ngsi-ld'
import { openSqliteStore } from '#store/sqlite/open-store.ts'
import { backupCommand, restoreCommand } from './backup.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import type { Io } from './io.ts'

const name = (term: string): string => `https://uri.etsi.org/ngsi-ld/default-context/${term}`
const common = { tenant: '', scope: everything, receivedAt: 0, cause: { caller: 'urn:test' } } as const

async function fill(directory: string): Promise<void> {
  const store = await openSqliteStore(directory, { readers: 1 })
  const observed = (id: string, value: Json, hour: number): Command => ({
    ...common,
    kind: 'observe',
    entity: {
      id,
      types: [name('T')],
      scopes: ['/a/b'],
      attributes: { [name('level')]: [{ kind: 'Property', value, observedAt: 1_700_000_000_000_000 + hour * 3_600_000_000, unitCode: 'C62' }] },
    },
  })
  await store.commitAll([
    ...Array.from({ length: 30 }, (_, index) => observed(`urn:e:${index % 6}`, index, index)),
    observed('urn:e:1', 99, 1),
    {
      ...common,
      kind: 'appendAttributes',
      overwrite: true,
      entity: {
        id: 'urn:e:2',
        types: [],
        attributes: {
          [name('note')]: [{ kind: 'LanguageProperty', value: { en: 'x', ja: '水' } }],
          [name('at')]: [{ kind: 'GeoProperty', value: { type: 'Point', coordinates: [1, 2] } }],
        },
      },
    },
    { ...common, kind: 'partialUpdateAttribute', id: 'urn:e:2', name: name('level'), fragment: { value: 3, observedAt: 1_600_000_000_000_000 } },
    { ...common, kind: 'deleteEntity', id: 'urn:e:5' },
  ])
  await store.close()
}

function hashOf(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => canonicalJson(JSON.parse(line) as Json))
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')
}

test('an export is imported to the same, twice as well as once, and a backup restores to the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-export-'))
  const said: string[] = []
  const io = (data: string): Io => ({
    stdout: (text) => said.push(text),
    stderr: (text) => said.push(text),
    env: { CITYLOOP_DATA: join(folder, data) },
  })
  try {
    await fill(join(folder, 'a'))
    assert.equal(await exportCommand(['--out', join(folder, 'a.ndjson')], io('a')), 0)
    const exported = await readFile(join(folder, 'a.ndjson'), 'utf8')
    assert.equal(exported.trim().split('\n').length, 5)

    for (let round = 0; round < 2; round += 1) {
      assert.equal(await importCommand([join(folder, 'a.ndjson')], io('b')), 0, said.join(''))
      await exportCommand(['--out', join(folder, 'b.ndjson')], io('b'))
      assert.equal(hashOf(await readFile(join(folder, 'b.ndjson'), 'utf8')), hashOf(exported))
    }
    assert.equal(await backupCommand([join(folder, 'a.backup')], io('a')), 0)
    assert.equal(await restoreCommand([join(folder, 'a.backup')], io('c')), 0)
    await exportCommand(['--out', join(folder, 'c.ndjson')], io('c'))
    assert.equal(hashOf(await readFile(join(folder, 'c.ndjson'), 'utf8')), hashOf(exported))
    await assert.rejects(restoreCommand([join(folder, 'a.backup')], io('c')), /is not empty/)
    await assert.rejects(backupCommand([join(folder, 'a.backup')], io('a')), /exists already/)
    await assert.rejects(restoreCommand([join(folder, 'a.ndjson')], io('d')), /not a database|no backup/)
  } finally {
    await rm(folder, { recursive: true })
  }
})
