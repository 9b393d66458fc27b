/**
 * N devices over M MQTT connections at QoS 1, so many observations a second, the server killed (-9) at random times, and the count taken from the API afterwards
 * against the ledger of what was acknowledged, which is synced to disk. Run: node test/devices/load.ts DIRECTORY --devices 20000 --connections 2000 --rate 167
 * --seconds 300 --kills 3
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import mqtt from 'mqtt'
import type { MqttClient } from 'mqtt'
import { startServed } from './demo-process.ts'
import type { ServedCity } from './demo-process.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    devices: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '2000' },
    rate: { type: 'string', default: '167' },
    seconds: { type: 'string', default: '300' },
    kills: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
})
const [directory = ''] = positionals
if (directory === '')
  throw new Error('Usage: node test/devices/load.ts DIRECTORY [--devices N] [--connections M] [--rate R] [--seconds S] [--kills K] [--seed N]')
const [devices, connections, rate, seconds, kills, seed] = [values.devices, values.connections, values.rate, values.seconds, values.kills, values.seed].map(Number) as [number, number, number, number, number, number] // prettier-ignore
let state = seed >>> 0
const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32

mkdirSync(directory, { recursive: true })
const ledgerFile = join(directory, 'ledger.txt')
const ledger = openSync(ledgerFile, 'w')
let unsynced = 0
const syncer = setInterval(() => {
  if (unsynced > 0) fdatasyncSync(ledger)
  unsynced = 0
}, 100)

let city: ServedCity = await startServed(['serve'], join(directory, 'data'))
const ports = { port: Number(new URL(city.url).port), mqttPort: city.mqttPort }
await provision()

const back: number[] = []
let downAtMs: number | undefined
const isDown = new Set<number>()
const clients = await openClients()
const apiMs: number[] = []
const cpu: { atMs: number; cpuMs: number }[] = []
let [sent, acknowledged, failed] = [0, 0, 0]
const killTimesS = Array.from({ length: kills }, () => 5 + random() * Math.max(1, seconds - 30)).toSorted((a, b) => a - b)

const startMs = performance.now()
const pending = new Set<Promise<void>>()
const prober = setInterval(() => void probe(), 250)
const meter = setInterval(() => cpu.push({ atMs: performance.now(), cpuMs: cpuMsOf(city.pid) }), 1000)
const killing = killAll()
for (let due = 0; performance.now() - startMs < seconds * 1000;) {
  for (const target = Math.floor(((performance.now() - startMs) / 1000) * rate); due < target; due += 1) observe(due % devices, due)
  await pause(20)
}
await killing
const deadline = performance.now() + 90_000
while (pending.size > 0 && performance.now() < deadline) await pause(200)
for (const timer of [prober, meter, syncer]) clearInterval(timer)
fdatasyncSync(ledger)
closeSync(ledger)
const stored = await count()
for (const client of clients) client.end(true)
await city.end('SIGTERM')
report()

async function provision(): Promise<void> {
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${city.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  await post('/iot/services', {
    services: [{ apikey: 'load', entity_type: 'NoiseLevelObserved', autoprovision: false, attributes: [{ name: 'LAeq', type: 'Number' }] }],
  })
  for (let first = 0; first < devices; first += 2000) {
    const part = Array.from({ length: Math.min(2000, devices - first) }, (_, index) => ({
      device_id: `d${first + index}`,
      apikey: 'load',
      entity_type: 'NoiseLevelObserved',
    }))
    const reply = await post('/iot/devices', { devices: part })
    if (!reply.ok) throw new Error(await reply.text())
  }
}

async function openClients(): Promise<MqttClient[]> {
  const opened: MqttClient[] = []
  for (let first = 0; first < connections; first += 100) {
    opened.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(100, connections - first) }, async (_, index) => {
          const number = first + index
          const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.mqttPort}`, {
            clientId: `load-${number}`,
            clean: false,
            reconnectPeriod: 1000 + 500 * random(),
            connectTimeout: 20_000,
          })
          client.on('error', () => undefined)
          client.on('close', () => void isDown.add(number))
          client.on('connect', () => {
            if (isDown.delete(number) && downAtMs !== undefined) back.push(performance.now() - downAtMs)
          })
          return client
        }),
      )),
    )
  }
  return opened
}

/** What is acknowledged goes into the ledger. While its connection is down a client keeps what it has to say, as a device with a memory does. */
function observe(device: number, number: number): void {
  const client = clients[device % connections]
  if (client === undefined) return
  const time = new Date(Date.now()).toISOString().replace(/\d{3}Z$/, `${String(number % 1000).padStart(3, '0')}Z`)
  sent += 1
  const one = client.publishAsync(`/json/load/d${device}/attrs`, JSON.stringify({ LAeq: 40 + (number % 50), TimeInstant: time }), { qos: 1 }).then(
    () => {
      writeSync(ledger, `d${device} ${time}\n`)
      acknowledged += 1
      unsynced += 1
      return undefined
    },
    () => void (failed += 1),
  )
  pending.add(one)
  void one.finally(() => pending.delete(one))
}

async function killAll(): Promise<void> {
  for (const atS of killTimesS) {
    await pause(Math.max(0, startMs + atS * 1000 - performance.now()))
    await city.end('SIGKILL')
    city = await startServed(['serve'], join(directory, 'data'), ports)
    downAtMs = performance.now()
  }
}

async function probe(): Promise<void> {
  const beganMs = performance.now()
  try {
    const reply = await fetch(`${city.url}/ngsi-ld/v1/entities/urn:ngsi-ld:NoiseLevelObserved:d${Math.floor(random() * devices)}`)
    await reply.text()
    apiMs.push(performance.now() - beganMs)
  } catch {
    // While the server is down nothing answers; that is measured by how soon clients are back.
  }
}

/** From the API: what was acknowledged and is missing, and identities that are there twice. */
async function count(): Promise<{ missing: number; doubled: number; instances: number }> {
  const wanted = new Map<string, Set<string>>()
  for (const line of readFileSync(ledgerFile, 'utf8').trim().split('\n')) {
    const [device = '', time = ''] = line.split(' ')
    wanted.set(device, (wanted.get(device) ?? new Set()).add(new Date(time).toISOString()))
  }
  const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
  let [missing, doubled, instances] = [0, 0, 0]
  for (const [device, times] of wanted) {
    const reply = await fetch(`${city.url}/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:NoiseLevelObserved:${device}?attrs=LAeq`, { headers: { link } })
    const { LAeq = [] } = (await reply.json()) as { LAeq?: object }
    const found = (Array.isArray(LAeq) ? (LAeq as readonly { observedAt: string }[]) : [LAeq as { observedAt: string }]).map(({ observedAt }) =>
      new Date(observedAt).toISOString(),
    )
    const unique = new Set(found)
    instances += found.length
    doubled += found.length - unique.size
    for (const time of times) if (!unique.has(time)) missing += 1
  }
  return { missing, doubled, instances }
}

function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

function report(): void {
  const at = (list: readonly number[], part: number): number | null => {
    const sorted = list.toSorted((a, b) => a - b)
    return sorted.length === 0 ? null : Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0)
  }
  const shares = cpu.slice(1).flatMap((one, index) => {
    const before = cpu[index]
    return before === undefined || one.cpuMs < before.cpuMs ? [] : [(100 * (one.cpuMs - before.cpuMs)) / (one.atMs - before.atMs)]
  })
  const figures = {
    devices, connections, rate, seconds, kills, seed, sent, acknowledged, failed, unanswered: pending.size, ...stored,
    clientsBack: back.length, back95Ms: at(back, 0.95), backAllMs: at(back, 1), apiMedianMs: at(apiMs, 0.5), apiP99Ms: at(apiMs, 0.99), cpuMedianPercent: at(shares, 0.5),
  } // prettier-ignore
  console.log(JSON.stringify(figures))
  process.exit(stored.missing + stored.doubled > 0 ? 1 : 0)
}
