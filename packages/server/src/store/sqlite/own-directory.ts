import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Who owns a data directory. */
export type Owner = { readonly pid: number; readonly url?: string }

/**
 * Takes a data directory for this process by an exclusive lock that the operating system drops when the process ends, however it ends.
 * Throws where another process has it.
 */
export function ownDirectory(directory: string, url?: string): { release(): void } {
  const lock = new DatabaseSync(join(directory, 'owner.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    const owner = ownerOf(directory)
    const who = owner === undefined ? 'another process' : `process ${owner.pid}${owner.url === undefined ? '' : ` at ${owner.url}`}`
    throw new Error(`The data directory ${directory} belongs to ${who}`, { cause: error })
  }
  writeFileSync(join(directory, 'owner.json'), JSON.stringify({ pid: process.pid, ...(url === undefined ? {} : { url }) }))
  return { release: () => lock.close() }
}

/** What the directory says of its owner; the owner may be gone. */
export function ownerOf(directory: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'owner.json'), 'utf8')) as Owner
  } catch {
    return undefined
  }
}
