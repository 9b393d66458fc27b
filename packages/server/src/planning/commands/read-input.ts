import {
  balanceBaseYear,
  type BaseYearTotals,
  demoCity,
  parseCityDocument,
  Refusal,
  type ResolvedCity,
  resolveCity,
  type Scenario,
} from '@cityloop/economy'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type RawTable, readRows, uploadLimits } from '../tables/read-rows.ts'
import { layUploads } from '../tables/lay-uploads.ts'
import { type Asked, textOption, textsOption, UsageError } from './answer.ts'

/** A city with its scenarios, from a file of JSON or the demo. */
export interface ReadCity extends ResolvedCity {
  readonly scenarios: readonly Scenario[]
}

/** Reads the city named by the command (a JSON file, or `--demo`), lays its `--upload`s over it and balances its base year when `--balance` asks for it. */
export async function readCity(asked: Asked): Promise<ReadCity> {
  const [file, ...others] = asked.files
  if (others.length > 0) throw new UsageError(`one city is read, not also ${others.join(', ')}`)
  if (file === undefined && asked.options['demo'] !== true) throw new UsageError('a city (CITY.json) or --demo is missing')
  const uploads = await Promise.all(textsOption(asked, 'upload').map(readTable))
  const document = layUploads(parseCityDocument(file === undefined ? demoCity : await readJson(file)), uploads)
  const city = resolveCity(document)
  const totals = balanceOf(asked)
  const inputs = totals === undefined ? city.inputs : balanceBaseYear(city.inputs, totals).inputs
  return { ...city, inputs, scenarios: document.scenarios }
}

/** What `--balance VALUE_ADDED,UNEMPLOYMENT,FUND_CHANGE` asks the base year to give back. */
function balanceOf(asked: Asked): BaseYearTotals | undefined {
  const text = textOption(asked, 'balance')
  if (text === undefined) return undefined
  const numbers = text.split(',').map(Number)
  const [gva, unemployment, fundChange] = numbers
  if (numbers.length !== 3 || !numbers.every(Number.isFinite))
    throw new UsageError(`--balance is ${text}; value added, unemployment (0.03) and fund change are needed`)
  return { gva: gva!, unemployment: unemployment!, fundChange: fundChange! }
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

function refuseUsage(message: string): never {
  throw new UsageError(message)
}
