import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Random } from '../../packages/economy/src/uncertainty/random.ts'
import type { DiskOperation } from './disk-record.ts'

/**
 * What a power cut leaves of writes that no sync had made durable: `none` of them; a `prefix` of each file's, the last one torn at a sector; or a random
 * `subset` of their sectors, in which order counts for nothing.
 */
export const cutModes = ['none', 'prefix', 'subset'] as const
export type CutMode = (typeof cutModes)[number]

const sectorBytes = 512

type Change = Extract<DiskOperation, { kind: 'write' | 'truncate' }>

/** The durable bytes of a file, and what was done to it since its last sync. */
type RecordedFile = { durable: Contents; pending: Change[] }

type Contents = { bytes: Buffer; size: number }

/**
 * A disk that goes through a record and can be cut at any point of it. Each file's sync makes durable what was written to it before; a sync that failed
 * leaves what it covered lost, since the kernel forgets those pages. Names are durable at once (SQLite syncs the directory when it makes a file).
 */
export type CutDisk = {
  /** Carries out the operations up to and including a time. */
  advance(until: bigint): void
  /** Writes the files as a cut now would leave them into a folder, which is made. */
  cut(folder: string, mode: CutMode, random: Random): Promise<void>
}

/** Starts on an empty folder, before the first operation. */
export function openCutDisk(operations: readonly DiskOperation[]): CutDisk {
  const files = new Map<string, RecordedFile>()
  let next = 0

  function carryOut(operation: DiskOperation): void {
    const file = files.get(operation.file) ?? { durable: { bytes: Buffer.alloc(0), size: 0 }, pending: [] }
    files.set(operation.file, file)
    switch (operation.kind) {
      case 'write':
      case 'truncate':
        file.pending.push(operation)
        return
      case 'sync':
        for (const change of file.pending) apply(file.durable, change)
        file.pending = []
        return
      case 'failed sync':
        file.pending = []
        return
      case 'unlink':
        files.delete(operation.file)
        return
    }
  }

  return {
    advance(until) {
      for (; next < operations.length; next += 1) {
        const operation = operations[next]
        if (operation === undefined || operation.at > until) return
        carryOut(operation)
      }
    },
    async cut(folder, mode, random) {
      await mkdir(folder, { recursive: true })
      for (const [name, { durable, pending }] of files) {
        if (name.endsWith('-shm')) continue
        const left: Contents = { bytes: Buffer.from(durable.bytes.subarray(0, durable.size)), size: durable.size }
        for (const change of survivors(pending, mode, random)) apply(left, change)
        const path = join(folder, name)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, left.bytes.subarray(0, left.size))
      }
    },
  }
}

function survivors(pending: readonly Change[], mode: CutMode, random: Random): readonly Change[] {
  switch (mode) {
    case 'none':
      return []
    case 'prefix': {
      const count = random.integer(pending.length + 1)
      const whole = pending.slice(0, count)
      const torn = pending[count]
      if (torn?.kind !== 'write') return whole
      const sectors = random.integer(Math.ceil(torn.bytes.length / sectorBytes))
      return [...whole, { ...torn, bytes: torn.bytes.subarray(0, sectors * sectorBytes) }]
    }
    case 'subset':
      return pending.flatMap((change) => (change.kind === 'write' ? sectorsOf(change, random) : random.integer(2) === 0 ? [change] : []))
  }
}

/** Each 512-byte sector of a write with an even chance. */
function sectorsOf(write: Extract<Change, { kind: 'write' }>, random: Random): readonly Change[] {
  const kept: Change[] = []
  for (let place = 0; place < write.bytes.length; place += sectorBytes) {
    if (random.integer(2) === 0) continue
    kept.push({ ...write, offset: write.offset + place, bytes: write.bytes.subarray(place, place + sectorBytes) })
  }
  return kept
}

function apply(contents: Contents, change: Change): void {
  if (change.kind === 'truncate') {
    grow(contents, change.size)
    contents.bytes.fill(0, change.size)
    contents.size = change.size
    return
  }
  const end = change.offset + change.bytes.length
  grow(contents, end)
  change.bytes.copy(contents.bytes, change.offset)
  contents.size = Math.max(contents.size, end)
}

/** Makes room for so many bytes; what is beyond the size is zero. */
function grow(contents: Contents, size: number): void {
  if (size <= contents.bytes.length) return
  const larger = Buffer.alloc(Math.max(size, contents.bytes.length * 2))
  contents.bytes.copy(larger, 0, 0, contents.size)
  contents.bytes = larger
}
