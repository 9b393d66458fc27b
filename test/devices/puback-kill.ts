import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import mqtt from 'mqtt'
import { startServed } from './demo-process.ts'

/** What runs of kills found: of what was acknowledged, what the store lacks, and what it has twice. */
export type KillReport = {
  readonly kills: number
  readonly sent: number
  readonly acknowledged: number
  readonly missing: readonly string[]
  readonly doubled: readonly string[]
}

const inFlight = 20
const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

/**
 * Sends observations at QoS 1 and kills the server (-9) a random short time after a burst was sent, so that some are received but not yet acknowledged; starts it
 * again, sends the burst's remainder again as a device does, and at the end counts from the API.
 */
export async function killBetweenReceiptAndAcknowledgement(options: {
  readonly data: string
  readonly kills: number
  readonly seed: number
}): Promise<KillReport> {
  let state = options.seed >>> 0
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  let city = await startServed(['serve'], options.data)
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${city.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  await post('/iot/services', { services: [{ apikey: 'k', entity_type: 'WeatherObserved', attributes: [{ name: 'temperature', type: 'Number' }] }] })
  const acknowledged = new Set<string>()
  let number = 0

  for (let kill = 0; kill < options.kills; kill += 1) {
    const burst = Array.from({ length: inFlight }, () => new Date(Date.UTC(2026, 9, 1) + 1000 * number++).toISOString().replace('.000Z', 'Z'))
    await send(burst, async () => {
      await pause(random() * 12)
      await city.end('SIGKILL')
    })
    city = await startServed(['serve'], options.data, { port: Number(new URL(city.url).port), mqttPort: city.mqttPort })
    await send(burst.filter((time) => !acknowledged.has(time)))
  }

  const found = await stored()
  await city.end('SIGTERM')
  return {
    kills: options.kills,
    sent: number,
    acknowledged: acknowledged.size,
    missing: [...acknowledged].filter((time) => !found.includes(time)),
    doubled: found.filter((time, index) => found.indexOf(time) !== index),
  }

  async function send(times: readonly string[], meanwhile?: () => Promise<void>): Promise<void> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${city.mqttPort}`, { clientId: 'ledger', reconnectPeriod: 0 })
    client.on('error', () => undefined)
    const sent = times.map((time) =>
      client.publishAsync('/json/k/d1/attrs', JSON.stringify({ temperature: (Date.parse(time) / 1000) % 40, TimeInstant: time }), { qos: 1 }).then(
        () => acknowledged.add(time),
        () => undefined,
      ),
    )
    if (meanwhile === undefined) await Promise.all(sent)
    else await meanwhile()
    await client.endAsync(true)
  }

  async function stored(): Promise<readonly string[]> {
    const reply = await fetch(`${city.url}/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:WeatherObserved:d1?attrs=temperature`, { headers: { link } })
    const { temperature = [] } = (await reply.json()) as { temperature?: { observedAt: string } | readonly { observedAt: string }[] }
    return (Array.isArray(temperature) ? (temperature as readonly { observedAt: string }[]) : [temperature as { observedAt: string }]).map(
      ({ observedAt }) => observedAt,
    )
  }
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
  })
  const [data = ''] = positionals
  if (data === '') throw new Error('Usage: node test/devices/puback-kill.ts DIRECTORY [--kills 200] [--seed 1]')
  console.log(JSON.stringify(await killBetweenReceiptAndAcknowledgement({ data, kills: Number(values.kills), seed: Number(values.seed) })))
}
