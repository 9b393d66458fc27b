import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ImportRefusal } from './import-refusal.ts'
import type { Mapping } from './mapping-language/mapping.ts'
import { parseMapping } from './mapping-language/parse-mapping.ts'

const folder = join(import.meta.dirname, 'mappings')

/** The names of the mappings that come with Cityloop. */
export async function shippedMappingNames(): Promise<readonly string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .toSorted()
}

/** Reads a mapping: a shipped one by name, or a file. Throws `ImportRefusal`. */
export async function loadMapping(nameOrPath: string): Promise<Mapping> {
  const names = await shippedMappingNames()
  const path = names.includes(nameOrPath) ? join(folder, `${nameOrPath}.yaml`) : nameOrPath
  return parseMapping(names.includes(nameOrPath) ? `${nameOrPath}.yaml` : nameOrPath, await readMapping(path, nameOrPath, names))
}

async function readMapping(path: string, name: string, names: readonly string[]): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ImportRefusal(`There is no mapping ${name}; it is a file, or one of ${names.join(', ')}`, { cause: error })
  }
}
