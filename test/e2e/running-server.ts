import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url))

/** An entity as a test writes it: concise or normalized, with the short names of the context `cityloop`. */
export type Seed = { readonly id: string; readonly type: string; readonly [attribute: string]: unknown }

/** A server of a test's own, in a temporary folder and on a free port; it can be killed and started again on the same data. */
export class RunningServer {
  readonly url: string
  readonly #settings: Readonly<Record<string, string>>
  readonly #port: number
  /** Its data. */
  readonly folder: string
  #process: ChildProcess | null = null

  constructor(port: number, folder: string, settings: Readonly<Record<string, string>>) {
    this.#settings = settings
    this.#port = port
    this.folder = folder
    this.url = `http://127.0.0.1:${port}`
  }

  /** Starts the server and resolves when it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [main, 'serve'], {
      env: { ...ownEnvironment(), CITYLOOP_PORT: String(this.#port), CITYLOOP_MQTT_PORT: '0', CITYLOOP_DATA: this.folder, ...this.#settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#process = child
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}: ${said}`)
      const answer = await fetch(`${this.url}/ready`).catch(() => null)
      if (answer?.ok === true) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`The server is not ready after 30 s: ${said}`)
  }

  /** Kills the server as a power cut would, and resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (child === null || child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** Creates entities or puts new values into them, in order. */
  async upsert(entities: readonly Seed[]): Promise<void> {
    for (let first = 0; first < entities.length; first += 500) {
      await this.#send('/ngsi-ld/v1/entityOperations/upsert?options=update', entities.slice(first, first + 500))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  async #send(path: string, body: unknown): Promise<void> {
    const link = '</ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    const answer = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Link: link },
      body: JSON.stringify(body),
    })
    // 207 is a batch of which parts were refused.
    if (!answer.ok || answer.status === 207) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`)
    await answer.arrayBuffer()
  }
}

/** A server that is ready, on data of its own, with these settings beside. */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const server = new RunningServer(await freePort(), await mkdtemp(join(tmpdir(), 'cityloop-e2e-')), settings)
  await server.start()
  return server
}

/** The environment without the settings of somebody else's city. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CITYLOOP_')))
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
