import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { parseConfig } from '#config/config.ts'
import type { Config } from '#config/config.ts'
import { openDemo } from '#democity/open-demo.ts'
import { markSynthetic } from '#democity/synthetic.ts'
import type { DirectMessage, VoicesData } from '#democity/voices-worker.ts'
import { parseDevice, parseServiceGroup } from '#devices/provisioning.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { createLog } from '#runtime/log.ts'
import { streetsDirectory } from '#streets/ask-streets.ts'
import type { Io } from './io.ts'

const usage = `Usage: cityloop demo [--seed N] [--devices N] [--history DAYSd]

Runs Port Selva, a made-up harbour city, in CITYLOOP_DATA (./demo-data): the same seed and size give the same city. Nothing comes from outside.

  --seed N           which city (7)
  --devices N        how many devices, up to 20000 (2000)
  --history 365d     so many days of history in hourly steps, written in the background (2d)
`

/** `cityloop demo`: makes the city if the directory is empty, then lets its devices measure until told to end. */
export async function demoCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      json: { type: 'boolean' },
      seed: { type: 'string' },
      devices: { type: 'string' },
      history: { type: 'string' },
    },
  })
  if (values.help === true) {
    io.stdout(usage)
    return 0
  }
  const [seed, devices] = [count(values.seed, 'seed', 7, 1_000_000), count(values.devices, 'devices', 2000, 20_000)]
  const historyDays = count(values.history?.replace(/d$/, ''), 'history', 2, 3660)
  const given = parseConfig({ CITYLOOP_DATA: './demo-data', CITYLOOP_EGRESS: 'public,127.0.0.0/8,::1/128', ...io.env })
  markSynthetic(given.dataDirectory, { seed, devices })
  const config = { ...given, mqttPort: await mqttPortFor(given) }
  const log = createLog(io.stderr)
  const demo = openDemo(seed, devices)
  const city = await runCity(config, { log, more: [demo.routes] })
  const made = demo.city
  io.stdout(`${made.name} lives at ${city.url}${city.mqtt === undefined ? '' : `, its devices speak to ${city.mqtt.url}`}\n`)

  const ground = new Worker(new URL('../democity/ground-worker.ts', import.meta.url), {
    workerData: { seed, devices, directory: streetsDirectory(config.dataDirectory) },
  })
  ground.on('error', (error) => log.error('demo_ground_failed', { error: String(error) }))
  await provision(city, demo)
  const end = new AbortController()
  let voices: Worker | undefined
  const living = demo
    .fill(city, { historyDays, signal: end.signal, onFirstValues: () => (voices = startVoices(city, { seed, devices }, config)) })
    .catch((error: unknown) => log.error('demo_history_failed', { error: String(error) }))
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  end.abort()
  await Promise.all([living, voices?.terminate(), ground.terminate()])
  await city.close()
  return 0
}

/** Makes the service groups and devices known, as anyone's are, and puts the rules that come along. */
async function provision({ alerts, devices }: RunningCity, { deviceDocuments, groupDocuments, rules }: ReturnType<typeof openDemo>): Promise<void> {
  const parsed = <T>(documents: typeof groupDocuments, parse: (document: never, tenant: string, path: string) => T): T[] =>
    documents.map(({ document, path }) => parse(document as never, '', path))
  await devices.registry.putAll(parsed(groupDocuments, parseServiceGroup), parsed(deviceDocuments, parseDevice))
  const known = new Set(alerts.rules('').map(({ id }) => id))
  for (const rule of rules) if (!known.has(String(rule['id']))) await alerts.putRule('', rule)
}

/** Lets the devices speak, over MQTT if there is a port for it, else straight to where MQTT would bring their messages. */
function startVoices(city: RunningCity, made: { readonly seed: number; readonly devices: number }, config: Config): Worker {
  const door = config.mqttUrl ?? city.mqtt?.url.replace(/\/\/(0\.0\.0\.0|\[::\]):/, '//127.0.0.1:')
  const workerData: VoicesData = { ...made, ...(door === undefined ? {} : { mqtt: door }) }
  const worker = new Worker(new URL('../democity/voices-worker.ts', import.meta.url), { workerData })
  worker.on('error', (error) => city.log.error('demo_voices_failed', { error: String(error) }))
  worker.on('message', ({ apiKey, deviceId, payload }: DirectMessage) => {
    const message = { apiKey, deviceId, protocol: undefined, payload: Buffer.from(payload), transport: 'MQTT' as const, receivedAt: city.clock.now() }
    city.devices.take(message).catch((error: unknown) => city.log.warn('demo_message_lost', { error: String(error) }))
  })
  return worker
}

/** The port that devices speak to: the configured one; any free one where another program has that and nobody insisted. */
async function mqttPortFor({ host, isMqttPortStated, mqttPort }: Config): Promise<number> {
  if (isMqttPortStated || (mqttPort !== 0 && (await freePort(host, mqttPort)) !== undefined)) return mqttPort
  return (await freePort(host, 0)) ?? 0
}

function freePort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}

function count(text: string | undefined, name: string, otherwise: number, most: number): number {
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > most) throw new Error(`--${name} must be a whole number from 1 to ${most}, not ${text}`)
  return number
}
