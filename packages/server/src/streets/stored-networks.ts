import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Network } from '@cityloop/streets'
import { openNetwork, storeNetwork, StoredNetworkError } from '@cityloop/streets'

/** Writes a network into a file; the file is whole or not there at all. */
export async function writeNetworkFile(path: string, network: Network): Promise<void> {
  await writeWhole(path, new Uint8Array(storeNetwork(network)))
}

/** Opens a network file. Throws `StoredNetworkError` with the path when it holds none. */
export async function openNetworkFile(path: string): Promise<Network> {
  const bytes = await readFile(path)
  // A small file may come in a slice of a shared buffer; views need it to begin at 0.
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  const buffer = isWhole ? bytes.buffer : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  try {
    return openNetwork(buffer)
  } catch (error) {
    if (error instanceof StoredNetworkError) throw new StoredNetworkError(`${path}: ${error.message}`, { cause: error })
    throw error
  }
}

/** Writes beside the file, then renames. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`
  await writeFile(beside, bytes)
  await rename(beside, path)
}
