import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A server of the city in a process of its own. */
export type CityProcess = {
  readonly url: string
  readonly pid: number
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** What it has logged. */
  log(): string
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string>
}

export type CityProcessOptions = {
  readonly data: string
  /** `OFF` runs the same server on a store that does not sync: the control of the power-loss runs. */
  readonly synchronous?: 'FULL' | 'OFF'
  readonly environment?: Readonly<Record<string, string>>
  readonly port?: number
  /** A command that the server's is given to, such as `unshare`. */
  readonly through?: readonly string[]
  readonly nodeOptions?: readonly string[]
}

const startMs = 60_000

/** Starts `cityloop serve`; resolves when it takes requests. Throws, with what it logged, where it ends instead. */
export async function startCity({
  data,
  synchronous = 'FULL',
  environment = {},
  port,
  through = [],
  nodeOptions = [],
}: CityProcessOptions): Promise<CityProcess> {
  const listens = port ?? (await freePort())
  const program =
    synchronous === 'FULL'
      ? [fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url)), 'serve']
      : [fileURLToPath(new URL('./serve-unsynced.ts', import.meta.url))]
  const [command = '', ...args] = [...through, process.execPath, ...nodeOptions, ...program]
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      CITYLOOP_DATA: data,
      CITYLOOP_PORT: String(listens),
      CITYLOOP_MQTT_PORT: '0',
      CITYLOOP_EGRESS: 'public,127.0.0.0/8',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-100_000)))
  const ended = endOf(child)
  const started = new Promise<string>((resolve) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const url = /runs at (\S+)/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs)
  const failed = ended.then((code) => Promise.reject(new Error(`The server ended with ${code}: ${log}`)))
  const url = await Promise.race([started, failed]).finally(() => clearTimeout(timer))
  return {
    url,
    pid: child.pid ?? 0,
    ended,
    log: () => log,
    kill(signal) {
      child.kill(signal)
      return ended
    },
  }
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return code ?? signal ?? 'unknown'
}

/** A port on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('No port is free')
  return address.port
}
