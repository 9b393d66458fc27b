import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const program = new URL('../../packages/server/src/cli/main.ts', import.meta.url).pathname
const firstPort = 9090
const startMs = 20_000

export type Brokers = { close(): Promise<void> }

/** Starts brokers on 9090 and the ports after it, each empty, with an alias of its own, and waits until they answer. */
export async function startBrokers(count: number, contexts: string): Promise<Brokers> {
  const folder = mkdtempSync(join(tmpdir(), 'cityloop-brokers-'))
  for (let index = 0; index < count; index += 1) await isFree(firstPort + index)
  const children = Array.from({ length: count }, (_, index) => start(index, folder, contexts))
  const close = async (): Promise<void> => {
    await Promise.all(children.map(stop))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(children.map((_, index) => answers(`http://127.0.0.1:${firstPort + index}/ready`)))
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}

function start(index: number, folder: string, contexts: string): ChildProcess {
  const log = openSync(join(folder, `broker-${index}.log`), 'w')
  return spawn(process.execPath, [program, 'serve'], {
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env['PATH'],
      CITYLOOP_PORT: String(firstPort + index),
      CITYLOOP_MQTT_PORT: '0',
      CITYLOOP_DATA: join(folder, `data-${index}`),
      // The names that the suite looks for in Via.
      CITYLOOP_HOST_ALIAS: `antares${index + 1}`,
      CITYLOOP_EGRESS: 'any',
      CITYLOOP_CONTEXTS: contexts,
      // The suite looks at partial answers of twenty instances, and wants five in one piece.
      CITYLOOP_INSTANCES: '9',
    },
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + startMs
  for (;;) {
    const isUp = await fetch(url).then(
      (reply) => reply.ok,
      () => false,
    )
    if (isUp) return
    if (Date.now() > until) throw new Error(`No broker answers at ${url}`)
    await pause(100)
  }
}

async function isFree(port: number): Promise<void> {
  const isTaken = await fetch(`http://127.0.0.1:${port}/ready`).then(
    () => true,
    () => false,
  )
  if (isTaken) throw new Error(`Something answers on port ${port} already: the brokers under test need 9090 to 9094`)
}
