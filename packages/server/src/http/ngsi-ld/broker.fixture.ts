import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'

export type Answer = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly json: any; readonly text: string }

/** A broker in a folder of its own, asked without a network. */
export type TestBroker = {
  ask(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  readonly url: string
  close(): Promise<void>
}

/** Opens one; paths are below `/ngsi-ld/v1`, bodies are JSON with the type of their headers. */
export async function openTestBroker(environment: Record<string, string> = {}): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-ngsi-ld-'))
  const config = parseConfig({
    CITYLOOP_DATA: folder,
    CITYLOOP_PORT: '0',
    CITYLOOP_MQTT_PORT: '0',
    CITYLOOP_EGRESS: 'public,127.0.0.0/8,::1/128',
    ...environment,
  })
  const city = await runCity(config, { log: silent })
  return {
    url: city.url,
    async ask(method, path, body, headers = {}) {
      const reply = await city.app.inject({
        method,
        url: `/ngsi-ld/v1${path}`,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const text = reply.body
      const json = text === '' ? undefined : (JSON.parse(text) as unknown)
      return { status: reply.statusCode, headers: reply.headers, json, text }
    },
    async close() {
      await city.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Waits until something is found, five seconds at most. */
export async function until<T>(found: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const one = await found()
    if (one !== undefined) return one
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It did not come to pass')
}
