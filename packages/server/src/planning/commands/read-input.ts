import {
  demoCity,
  type LimitLanguage,
  limitLanguages,
  parseCityDocument,
  Refusal,
  type ResolvedCity,
  resolveCity,
  type Scenario,
} from '@cityloop/economy'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type RawTable, readRows, uploadLimits } from '../tables/read-rows.ts'
import { type Asked, textOption, UsageError } from './answer.ts'

/** A city with its scenarios, from a file of JSON or the demo. */
export interface ReadCity extends ResolvedCity {
  readonly scenarios: readonly Scenario[]
}

/** Reads the city named by the command: a JSON file, or `--demo`. */
export async function readCity(asked: Asked): Promise<ReadCity> {
  const [file, ...others] = asked.files
  if (others.length > 0) throw new UsageError(`one city is read, not also ${others.join(', ')}`)
  if (file === undefined && asked.options['demo'] !== true) throw new UsageError('a city (CITY.json) or --demo is missing')
  const document = parseCityDocument(file === undefined ? demoCity : await readJson(file))
  return { ...resolveCity(document), scenarios: document.scenarios }
}

/** The scenario that `--scenario` names, the only one when `needed` and there is one, otherwise none. */
export function scenarioOf(city: ReadCity, asked: Asked, needed = false): Scenario | undefined {
  const id = textOption(asked, 'scenario')
  const known = city.scenarios.map((scenario) => scenario.id).join(', ') || 'none'
  if (id === undefined) {
    if (!needed) return undefined
    if (city.scenarios.length === 1) return city.scenarios[0]
    throw new UsageError(`--scenario is missing; the city has ${known}`)
  }
  return city.scenarios.find((scenario) => scenario.id === id) ?? refuseUsage(`the city has no scenario ${id}; it has ${known}`)
}

/** Reads a table of a file. */
export async function readTable(file: string): Promise<RawTable> {
  return readRows(await bytesOf(file), basename(file))
}

/** Reads JSON; a syntax error names the file. */
export async function readJson(file: string): Promise<unknown> {
  const text = new TextDecoder().decode(await bytesOf(file))
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal([
      { rule: 'JSON', account: file, message: `${basename(file)} is no JSON: ${error instanceof Error ? error.message : String(error)}` },
    ])
  }
}

/** Bytes of a file within the wall of uploads. */
export async function bytesOf(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || !found.isFile()) throw new UsageError(`there is no file ${file}`)
  if (found.size > uploadLimits.bytes)
    throw new Refusal([{ rule: 'size', message: `${basename(file)} has ${found.size} bytes; at most ${uploadLimits.bytes} are read` }])
  return readFile(file)
}

/** The language that `--language` names; English when it is left out. */
export function languageOf(asked: Asked): LimitLanguage {
  const code = textOption(asked, 'language') ?? 'en'
  return limitLanguages.find((language) => language === code) ?? refuseUsage(`--language is ${code}; it must be one of ${limitLanguages.join(', ')}`)
}

function refuseUsage(message: string): never {
  throw new UsageError(message)
}
