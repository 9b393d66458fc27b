import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeEntities } from '#broker/write-entities.ts'
import { parseConfig } from '#config/config.ts'
import { center, generateCity } from '#democity/generate-city.ts'
import type { DemoCity } from '#democity/generate-city.ts'
import { paceS, toEntity } from '#democity/observe-city.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { createLog } from '#runtime/log.ts'
import type { Io } from './io.ts'

const usage = `Usage: cityloop demo [--seed N] [--devices N]

Runs Port Selva, a made-up city, in CITYLOOP_DATA (./demo-data): the same seed and size give the same city. Nothing comes from outside.
`
const hourUs = 3_600_000_000
const caller = { id: 'urn:cityloop:democity', tenant: '' }

/** `cityloop demo`: makes the city if the directory is empty, then lets its devices measure until told to end. */
export async function demoCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean' }, json: { type: 'boolean' }, seed: { type: 'string' }, devices: { type: 'string' } },
  })
  if (values.help === true) {
    io.stdout(usage)
    return 0
  }
  const [seed, devices] = [count(values.seed, 'seed', 7, 1_000_000), count(values.devices, 'devices', 2000, 20_000)]
  const config = parseConfig({ CITYLOOP_DATA: './demo-data', CITYLOOP_EGRESS: 'public,127.0.0.0/8,::1/128', ...io.env })
  markSynthetic(config.dataDirectory)
  const made = generateCity(seed, devices)
  const city = await runCity(config, { log: createLog(io.stderr), city: { name: made.name, center, zoom: 12.5 }, isSynthetic: true })
  io.stdout(`${made.name} lives at ${city.url}\n`)
  await fillLastDay(city, made)
  const timers = letDevicesMeasure(city, made)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  for (const timer of timers) clearInterval(timer)
  await city.close()
  return 0
}

/** Writes the last day in hourly steps, the newest hour of all devices first, unless it is there already. */
async function fillLastDay(city: RunningCity, made: DemoCity): Promise<void> {
  const last = Math.floor(city.clock.now() / hourUs) * hourUs
  const { cityloop } = city.contexts
  const steps = [[city.clock.now()], Array.from({ length: 24 }, (_, back) => last - (23 - back) * hourUs)]
  for (const [step, times] of steps.entries()) {
    for (let first = 0; first < made.devices.length; first += 500) {
      const part = made.devices.slice(first, first + 500)
      await writeEntities(
        city,
        caller,
        part.map((device) => ({ kind: 'observe', entity: toEntity(made, device, times, cityloop, step === 0) })),
      )
    }
  }
}

/** Each device gives its values at its own pace, spread evenly. */
function letDevicesMeasure(city: RunningCity, made: DemoCity): readonly NodeJS.Timeout[] {
  let tick = 0
  const timer = setInterval(() => {
    tick += 1
    const now = city.clock.now()
    const due = made.devices.filter((device) => (device.number + tick) % paceS(device.kind) === 0)
    const writes = due.map((device) => ({ kind: 'observe' as const, entity: toEntity(made, device, [now], city.contexts.cityloop, false) }))
    if (writes.length > 0) writeEntities(city, caller, writes).catch((error: unknown) => city.log.warn('demo_write_failed', { error: String(error) }))
  }, 1000)
  return [timer]
}

/** A demo lives in a directory of its own, marked as synthetic; a city's real data is not mixed with it. */
function markSynthetic(directory: string): void {
  const mark = join(directory, 'synthetic.json')
  if (existsSync(join(directory, 'city.db')) && !existsSync(mark))
    throw new Error(`${directory} holds a real city: name an empty directory for the demo by CITYLOOP_DATA`)
  mkdirSync(directory, { recursive: true })
  if (!existsSync(mark) || readFileSync(mark, 'utf8') === '') writeFileSync(mark, JSON.stringify({ synthetic: true }))
}

function count(text: string | undefined, name: string, otherwise: number, most: number): number {
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > most) throw new Error(`--${name} must be a whole number from 1 to ${most}, not ${text}`)
  return number
}
