import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A process of `cityloop` that serves, with its ports. */
export type ServedCity = { readonly url: string; readonly mqttPort: number; readonly pid: number; end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> }

const startMs = 90_000

/** Starts `cityloop demo` or `serve` on a directory; resolves when it takes requests. Throws, with what it logged, where it ends instead. */
export async function startServed(
  args: readonly string[],
  data: string,
  ports: { readonly port?: number; readonly mqttPort?: number } = {},
): Promise<ServedCity> {
  const { port = await freePort(), mqttPort = await freePort() } = ports
  const main = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url))
  const env = {
    PATH: process.env['PATH'] ?? '',
    CITYLOOP_DATA: data,
    CITYLOOP_PORT: String(port),
    CITYLOOP_MQTT_PORT: String(mqttPort),
    CITYLOOP_EGRESS: 'public,127.0.0.0/8',
  }
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-20_000)))
  const ended = once(child, 'exit')
  const lives = new Promise<void>((resolve) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (/(?:lives|runs) at http/.test(text)) resolve()
    })
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs)
  await Promise.race([lives, ended.then(() => Promise.reject(new Error(`cityloop ${args.join(' ')} ended: ${log}`)))]).finally(() =>
    clearTimeout(timer),
  )
  return {
    url: `http://127.0.0.1:${port}`,
    mqttPort,
    pid: child.pid ?? 0,
    async end(signal) {
      child.kill(signal)
      await ended
    },
  }
}

/** A port of the loopback that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port')
  return address.port
}
