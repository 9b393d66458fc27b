import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { importLines } from '#history/import-lines.ts'
import type { LineOutcome } from '#history/import-lines.ts'
import type { Io } from './io.ts'
import type { Reached } from './reach-city.ts'

const linesAtOnce = 200

/** Whether a file is what `cityloop export` writes, by its name. */
export function isExport(path: string): boolean {
  return /\.(ndjson|jsonl)(\.gz)?$/.test(path)
}

/** Reads files of `cityloop export` into the reached city. Refused lines are told on the standard error; exit code 1 where there are any. */
export async function importExports(reached: Reached, paths: readonly string[], tenant: string, io: Io, isJson: boolean): Promise<number> {
  const counts = { written: 0, unchanged: 0, refused: 0 }
  for (const path of paths) {
    let number = 0
    for await (const lines of chunks(path)) {
      const outcomes = await take(reached, tenant, lines.map(parse))
      for (const outcome of outcomes) {
        number += 1
        counts[outcome.kind] += 1
        if (outcome.kind === 'refused') io.stderr(`${path}:${number}: ${outcome.detail}\n`)
      }
    }
  }
  io.stdout(
    isJson
      ? `${JSON.stringify(counts)}\n`
      : `${counts.written} entities written, ${counts.unchanged} were there just so, ${counts.refused} refused\n`,
  )
  return counts.refused === 0 ? 0 : 1
}

async function take(reached: Reached, tenant: string, lines: readonly unknown[]): Promise<readonly LineOutcome[]> {
  if (reached.kind === 'open') return importLines(reached.city, { id: 'urn:cityloop:import', tenant }, lines)
  const reply = await reached.remote.request('POST', '/api/import-lines', { body: lines, tenant })
  return (await reply.json()) as readonly LineOutcome[]
}

async function* chunks(path: string): AsyncGenerator<readonly string[]> {
  const file = createReadStream(path)
  const lines = createInterface({ input: path.endsWith('.gz') ? file.pipe(createGunzip()) : file, crlfDelay: Infinity })
  let chunk: string[] = []
  let characters = 0
  for await (const line of lines) {
    if (line.trim() === '') continue
    chunk.push(line)
    characters += line.length
    if (chunk.length < linesAtOnce && characters < 1_000_000) continue
    yield chunk
    chunk = []
    characters = 0
  }
  if (chunk.length > 0) yield chunk
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
