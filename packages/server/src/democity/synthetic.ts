import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import { center } from './lay-of-land.ts'

/** What is said of a made-up city in its data directory. */
export type Synthetic = { readonly seed: number; readonly devices: number }

/** How the console shows the city: its name and where the map begins, in degrees. */
export const demoPlace = { name: 'Port Selva', center, zoom: 12.8 } as const

const markName = 'synthetic.json'

/** The mark of a made-up city, or `undefined` where the directory holds none. */
export function readSynthetic(directory: string): Synthetic | undefined {
  const mark = join(directory, markName)
  if (!existsSync(mark)) return undefined
  let value: Json
  try {
    value = JSON.parse(readFileSync(mark, 'utf8')) as Json
  } catch {
    value = {}
  }
  const { seed, devices } = isJsonObject(value) ? value : {}
  return { seed: typeof seed === 'number' ? seed : 7, devices: typeof devices === 'number' ? devices : 2000 }
}

/** Marks a directory as synthetic. Throws where it holds a real city, or another made-up one: the two would mix. */
export function markSynthetic(directory: string, wanted: Synthetic): void {
  const known = readSynthetic(directory)
  if (known === undefined && existsSync(join(directory, 'city.db')))
    throw new Error(`${directory} holds a real city: name an empty directory for the demo by CITYLOOP_DATA`)
  if (known !== undefined && (known.seed !== wanted.seed || known.devices !== wanted.devices))
    throw new Error(
      `${directory} holds the city of --seed ${known.seed} --devices ${known.devices}: say the same, or name another directory by CITYLOOP_DATA`,
    )
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, markName), `${JSON.stringify({ synthetic: true, ...wanted })}\n`)
}

/** Throws where a directory holds a made-up city: real data is not mixed with it. */
export function refuseSynthetic(directory: string, what: string): void {
  if (readSynthetic(directory) !== undefined)
    throw new Error(
      `${directory} holds a made-up city, so ${what} refuses it: npm start serves your own city in ./data, or name another directory by CITYLOOP_DATA`,
    )
}
