import { execFile } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** One thing that a process did to a file of the recorded folder; `at` is nanoseconds of the machine's monotonic clock, as `process.hrtime` has them. */
export type DiskOperation = { readonly at: bigint; readonly file: string } & (
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number }
  | { readonly kind: 'sync' | 'unlink' | 'failed sync' }
)

/** Makes the library that records, in a folder of the caller's. Throws where there is no C compiler. */
export async function buildRecorder(folder: string): Promise<string> {
  const library = join(folder, 'record-disk.so')
  const source = fileURLToPath(new URL('./record-disk.c', import.meta.url))
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', library, source, '-ldl', '-lpthread'])
  return library
}

export type RecordedPaths = {
  readonly library: string
  readonly folder: string
  readonly record: string
  readonly fail?: string
  readonly full?: string
}

/** The environment under which a process is recorded; `fail` and `full` are the files by which faults are asked for (see record-disk.c). */
export async function recordedEnvironment({ library, folder, record, fail, full }: RecordedPaths): Promise<Readonly<Record<string, string>>> {
  return {
    LD_PRELOAD: library,
    DISK_FOLDER: await realpath(folder),
    DISK_RECORD: record,
    ...(fail === undefined ? {} : { DISK_FAIL: fail }),
    ...(full === undefined ? {} : { DISK_FULL: full }),
  }
}

const lineBytes = 24

/** Reads a record; a last line that was cut off is left out. */
export async function readRecord(path: string): Promise<readonly DiskOperation[]> {
  const record = await readFile(path)
  const names = new Map<number, string>()
  const operations: DiskOperation[] = []
  let place = 0
  while (place + lineBytes <= record.length) {
    const length = record.readUInt32LE(place + 16)
    const end = place + lineBytes + length
    if (end > record.length) break
    const bytes = record.subarray(place + lineBytes, end)
    const number = record.readUInt16LE(place + 20)
    const kind = String.fromCharCode(record.readUInt8(place + 22))
    if (kind === 'N') names.set(number, bytes.toString())
    else operations.push(toOperation(kind, record.readBigUInt64LE(place), names.get(number) ?? '', Number(record.readBigUInt64LE(place + 8)), bytes))
    place = end
  }
  return operations
}

function toOperation(kind: string, at: bigint, file: string, offset: number, bytes: Buffer): DiskOperation {
  if (kind === 'W') return { kind: 'write', at, file, offset, bytes }
  if (kind === 'T') return { kind: 'truncate', at, file, size: offset }
  if (kind === 'S') return { kind: 'sync', at, file }
  if (kind === 'U') return { kind: 'unlink', at, file }
  if (kind === 'F') return { kind: 'failed sync', at, file }
  throw new Error(`The record has a line of the unknown kind ${kind}`)
}
