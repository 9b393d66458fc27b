import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRandom } from '../../packages/economy/src/uncertainty/random.ts'
import type { DiskOperation } from './disk-record.ts'
import { cutModes, openCutDisk } from './power-cut.ts'
import type { CutMode } from './power-cut.ts'

const write = (at: number, offset: number, text: string): DiskOperation => ({
  at: BigInt(at),
  file: 'f',
  kind: 'write',
  offset,
  bytes: Buffer.from(text),
})
const sync = (at: number): DiskOperation => ({ at: BigInt(at), file: 'f', kind: 'sync' })

async function contentsAfter(operations: readonly DiskOperation[], at: number, mode: CutMode, seed = 1): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-cut-'))
  try {
    const disk = openCutDisk(operations)
    disk.advance(BigInt(at))
    await disk.cut(folder, mode, createRandom(seed))
    return (await readdir(folder)).includes('f') ? await readFile(join(folder, 'f'), 'utf8') : ''
  } finally {
    await rm(folder, { recursive: true })
  }
}

void test('what was synced survives a cut in every mode', async () => {
  for (const mode of cutModes) assert.equal(await contentsAfter([write(1, 0, 'abc'), write(2, 3, 'def'), sync(3)], 3, mode), 'abcdef')
})

void test('what was not synced by the time of the cut is gone in mode none, and may be there in the others', async () => {
  const operations = [write(1, 0, 'abc'), sync(2), write(3, 0, 'xyz'), sync(5)]
  assert.equal(await contentsAfter(operations, 4, 'none'), 'abc')
  for (const mode of ['prefix', 'subset'] as const) {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 20; seed += 1) seen.add(await contentsAfter(operations, 4, mode, seed))
    assert.deepEqual([...seen].toSorted(), ['abc', 'xyz'])
  }
})

void test('writes are torn at 512 bytes', async () => {
  const operations = [write(1, 0, 'a'.repeat(1024)), sync(2), write(3, 0, 'b'.repeat(1024))]
  const seen = new Set<string>()
  for (let seed = 1; seed <= 40; seed += 1) seen.add((await contentsAfter(operations, 3, 'subset', seed)).replaceAll(/(.)\1{511}/g, '$1'))
  assert.deepEqual([...seen].toSorted(), ['aa', 'ab', 'ba', 'bb'])
})

void test('what a failed sync covered stays lost, also after a later sync', async () => {
  const failed: DiskOperation = { at: 2n, file: 'f', kind: 'failed sync' }
  assert.equal(await contentsAfter([write(1, 0, 'abc'), failed, write(3, 3, 'def'), sync(4)], 5, 'prefix'), '\0\0\0def')
})
