import { closeSync, copyFileSync, createWriteStream, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { parseArgs } from 'node:util'
import { parseConfig } from '#config/config.ts'
import { refuseSynthetic } from '#democity/synthetic.ts'
import { checkDatabase } from '#store/sqlite/check-database.ts'
import type { Io } from './io.ts'
import { reachCity } from './reach-city.ts'

/** `cityloop backup FILE`: a copy of everything as of one moment, also while the server runs. */
export async function backupCommand(args: readonly string[], io: Io): Promise<number> {
  const file = readFile(
    args,
    io,
    'Usage: cityloop backup FILE\n\nWrites a copy of the city in CITYLOOP_DATA into FILE, which must not exist; a running server goes on meanwhile.\n',
  )
  if (typeof file === 'number') return file
  if (existsSync(file)) throw new Error(`${file} exists already`)
  const part = `${file}.part`
  rmSync(part, { force: true })
  const reached = await reachCity(parseConfig(io.env))
  if (reached.kind === 'remote') {
    const reply = await reached.remote.request('GET', '/api/backup')
    await pipeline(Readable.fromWeb(reply.body as ReadableStream), createWriteStream(part))
    sync(part)
  } else {
    try {
      await reached.city.store.backup(part)
    } finally {
      await reached.city.close()
    }
  }
  const summary = checkDatabase(part)
  renameSync(part, file)
  io.stdout(
    args.includes('--json')
      ? `${JSON.stringify({ file, ...summary })}\n`
      : `${file} holds ${summary.entities} entities and ${summary.instances} instances\n`,
  )
  return 0
}

/** `cityloop restore FILE`: makes the data directory anew from a backup. */
export async function restoreCommand(args: readonly string[], io: Io): Promise<number> {
  const file = readFile(
    args,
    io,
    'Usage: cityloop restore FILE\n\nMakes the data directory CITYLOOP_DATA, which must be empty or absent, from a backup.\n',
  )
  if (typeof file === 'number') return file
  const { dataDirectory } = parseConfig(io.env)
  refuseSynthetic(dataDirectory, 'restore')
  if (existsSync(dataDirectory) && readdirSync(dataDirectory).length > 0)
    throw new Error(`The data directory ${dataDirectory} is not empty: name another by CITYLOOP_DATA`)
  const summary = checkDatabase(file)
  mkdirSync(dataDirectory, { recursive: true })
  const target = join(dataDirectory, 'city.db')
  copyFileSync(file, `${target}.part`)
  sync(`${target}.part`)
  renameSync(`${target}.part`, target)
  io.stdout(
    args.includes('--json')
      ? `${JSON.stringify({ dataDirectory, ...summary })}\n`
      : `${dataDirectory} holds ${summary.entities} entities and ${summary.instances} instances\n`,
  )
  return 0
}

function readFile(args: readonly string[], io: Io, usage: string): string | number {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean' }, json: { type: 'boolean' } },
  })
  if (values.help === true) {
    io.stdout(usage)
    return 0
  }
  const [file] = positionals
  if (file !== undefined && positionals.length === 1) return resolve(file)
  io.stderr(usage)
  return 2
}

function sync(file: string): void {
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}
