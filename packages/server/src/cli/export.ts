import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { parseArgs } from 'node:util'
import { parseConfig } from '#config/config.ts'
import { exportLines } from '#history/export-lines.ts'
import type { Io } from './io.ts'
import { reachCity } from './reach-city.ts'

const usage = `Usage: cityloop export [--out FILE] [--tenant T]

Writes each entity of the city in CITYLOOP_DATA and its evolution as a line of NGSI-LD JSON, for "cityloop import".
`

/** `cityloop export`: entities and evolution as lines, to a file or the standard output. */
export async function exportCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean' }, json: { type: 'boolean' }, out: { type: 'string' }, tenant: { type: 'string' } },
  })
  if (values.help === true) {
    io.stdout(usage)
    return 0
  }
  const tenant = values.tenant ?? ''
  const reached = await reachCity(parseConfig(io.env))
  const lines =
    reached.kind === 'remote'
      ? Readable.fromWeb((await reached.remote.request('GET', '/api/export', { tenant })).body as ReadableStream)
      : Readable.from(exportLines(reached.city, { id: 'urn:cityloop:export', tenant }))
  try {
    if (values.out === undefined) for await (const chunk of lines) io.stdout(String(chunk))
    else await writeFile(lines, values.out, io, values.json === true)
  } finally {
    if (reached.kind === 'open') await reached.city.close()
  }
  return 0
}

async function writeFile(lines: Readable, file: string, io: Io, isJson: boolean): Promise<void> {
  let entities = 0
  lines.on('data', (chunk: Buffer | string) => (entities += String(chunk).split('\n').length - 1))
  await pipeline(lines, createWriteStream(file))
  io.stdout(isJson ? `${JSON.stringify({ file, entities })}\n` : `${file} holds ${entities} entities\n`)
}
