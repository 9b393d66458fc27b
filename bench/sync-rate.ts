import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** How often a second this disk makes a 4 KiB append durable, one after another, measured for half a second. */
export function measureSyncRate(folder: string): number {
  const path = join(folder, 'sync-rate')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(4096, 1)
  const begun = performance.now()
  let count = 0
  while (performance.now() - begun < 500) {
    writeSync(file, block)
    fdatasyncSync(file)
    count += 1
  }
  const rate = (count * 1000) / (performance.now() - begun)
  closeSync(file)
  rmSync(path)
  return rate
}
