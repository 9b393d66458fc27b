import { NgsiLdError } from '@cityloop/ngsi-ld'
import { connectAsync } from 'mqtt'
import type { IClientOptions } from 'mqtt'
import { isIP } from 'node:net'
import type { Dialler } from '#runtime/dialler.ts'
import type { Endpoint } from './subscription.ts'
import type { Outgoing } from './write-notification.ts'

/**
 * Publishes a notification to the topic that an `mqtt` or `mqtts` URI names (CIM 009, 7.2): headers and body in one JSON object. A connection a notification, so that
 * nothing is held open for receivers that come and go. Throws `Unavailable`.
 */
export async function sendOverMqtt(dialler: Pick<Dialler, 'lookup'>, endpoint: Endpoint, { headers, body }: Outgoing): Promise<void> {
  const target = new URL(endpoint.uri)
  const topic = decodeURIComponent(target.pathname.slice(1))
  const message = JSON.stringify({ metadata: headers, body: JSON.parse(body) as unknown })
  try {
    const client = await connectAsync(await optionsOf(dialler, endpoint, target))
    try {
      await client.publishAsync(topic, message, { qos: qosOf(endpoint) })
    } finally {
      await client.endAsync()
    }
  } catch (error) {
    throw new NgsiLdError(
      'Unavailable',
      `${target.protocol}//${target.host} did not take it: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}

async function optionsOf(dialler: Pick<Dialler, 'lookup'>, endpoint: Endpoint, target: URL): Promise<IClientOptions> {
  const isSecure = target.protocol === 'mqtts:'
  const host = target.hostname.replace(/^\[|\]$/g, '')
  return {
    protocol: isSecure ? 'mqtts' : 'mqtt',
    // The address that was allowed is the one that is connected to, whatever the name means a moment later.
    host: await addressOf(dialler, host),
    port: Number(target.port === '' ? (isSecure ? 8883 : 1883) : target.port),
    ...(isSecure && isIP(host) === 0 ? { servername: host } : {}),
    ...(target.username === '' ? {} : { username: decodeURIComponent(target.username) }),
    ...(target.password === '' ? {} : { password: decodeURIComponent(target.password) }),
    protocolVersion: infoOf(endpoint, 'MQTT-Version') === 'mqtt3.1.1' ? 4 : 5,
    connectTimeout: endpoint.timeoutMs,
    reconnectPeriod: 0,
    clean: true,
  }
}

function addressOf(dialler: Pick<Dialler, 'lookup'>, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    dialler.lookup(host, { all: false }, (error, address) =>
      error === null && typeof address === 'string' ? resolve(address) : reject(error ?? new Error(`${host} has no address`)),
    )
  })
}

function qosOf(endpoint: Endpoint): 0 | 1 | 2 {
  const stated = infoOf(endpoint, 'MQTT-QoS')
  return stated === '1' ? 1 : stated === '2' ? 2 : 0
}

function infoOf({ notifierInfo }: Endpoint, key: string): string | undefined {
  return notifierInfo.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
}
