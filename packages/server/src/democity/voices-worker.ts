import { parentPort, workerData } from 'node:worker_threads'
import mqtt from 'mqtt'
import type { MqttClient } from 'mqtt'
import { generateCity } from './generate-city.ts'
import { createMeasurer } from './measure.ts'
import { apiKeyOf, gatewayOf } from './provision-city.ts'
import { createVoices } from './speak.ts'
import type { Utterance } from './speak.ts'

/** What the worker is given; without the URL of a broker its messages go to the main thread. */
export type VoicesData = { readonly seed: number; readonly devices: number; readonly mqtt?: string }

/** A message that goes in without MQTT. */
export type DirectMessage = { readonly apiKey: string; readonly deviceId: string; readonly payload: string }

const { devices, mqtt: door, seed } = workerData as VoicesData
const city = generateCity(seed, devices)
const voices = createVoices(city, createMeasurer(city))
const gateways = new Map<string, MqttClient>()
const lightsBehind = Map.groupBy(city.devices.filter(({ kind }) => kind === 'light'), gatewayOf) // prettier-ignore

/** A gateway's connection, opened when its first device speaks. Its session is kept; the API key of its group lets it in, or what the URL names. */
function gatewayFor({ device }: Utterance): MqttClient {
  const name = gatewayOf(device)
  const known = gateways.get(name)
  if (known !== undefined) return known
  const url = door ?? 'mqtt://127.0.0.1:1883'
  const credentials = new URL(url).username === '' ? { username: name, password: apiKeyOf(device.kind) } : {}
  const client = mqtt.connect(url, { clientId: name, clean: false, reconnectPeriod: 2000, ...credentials })
  gateways.set(name, client)
  client.on('error', () => undefined)
  client.on('connect', () => {
    const topics = (lightsBehind.get(name) ?? []).map(({ deviceId, kind }) => `/${apiKeyOf(kind)}/${deviceId}/cmd`)
    if (topics.length > 0) client.subscribe(topics, { qos: 1 })
  })
  client.on('message', (topic, payload) => {
    const deviceId = topic.split('/').at(-2) ?? ''
    for (const utterance of voices.obey(deviceId, payload.toString(), Date.now() * 1000)) send(utterance)
  })
  return client
}

function send(utterance: Utterance): void {
  const { apiKey, device, payload, topic } = utterance
  if (door === undefined) {
    parentPort?.postMessage({ apiKey, deviceId: device.deviceId, payload } satisfies DirectMessage)
    return
  }
  const gateway = gatewayFor(utterance)
  // A device has no memory: what it says while its gateway cannot reach us is lost.
  if (gateway.connected) gateway.publish(topic, payload, { qos: 1 }, () => undefined)
}

if (door !== undefined) for (const device of city.devices) gatewayFor({ device, apiKey: '', topic: '', payload: '' })
let spokenS = Math.floor(Date.now() / 1000)
setInterval(() => {
  const nowS = Math.floor(Date.now() / 1000)
  // After a sleep of the machine nobody makes up for what was not said.
  if (nowS - spokenS > 60) spokenS = nowS - 60
  for (; spokenS < nowS; spokenS += 1) for (const utterance of voices.at((spokenS + 1) * 1_000_000)) send(utterance)
}, 500)
