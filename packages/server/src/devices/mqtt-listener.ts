import { Aedes } from 'aedes'
import type { AedesPublishPacket, AuthenticateError, Client } from 'aedes'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import { keyOfFilter, parseMeasureTopic } from './mqtt-topics.ts'
import type { Message } from './take-measure.ts'

export type MqttOptions = {
  readonly host: string
  readonly port: number
  readonly clock: Clock
  readonly log: Log
  /** Whether clients need no password: on loopback without a token, or where the city is open. */
  readonly isOpen: boolean
  readonly adminToken: string | undefined
  readonly isKnownKey: (apiKey: string) => boolean
  /** Resolves when the message, or its place in the quarantine, is committed. */
  readonly take: (message: Message) => Promise<unknown>
}

/** The embedded MQTT 3.1.1 broker. */
export type MqttListener = {
  readonly port: number
  connected(): number
  /** Publishes to a device; resolves when it is handed to those that are subscribed. */
  publish(topic: string, payload: string): Promise<void>
  close(): Promise<void>
}

/** What a client may do: everything, or the topics of one API key. */
const rights = new WeakMap<Client, 'all' | string>()

/**
 * Listens for devices. A PUBACK goes out only after the message is committed: the commit is awaited in `authorizePublish`, since everything after it comes
 * behind the PUBACK. Messages of one client are taken in order.
 */
export async function startMqttListener(options: MqttOptions): Promise<MqttListener> {
  const { clock, log } = options
  const order = new WeakMap<Client, Promise<unknown>>()
  const broker = await Aedes.createBroker({
    concurrency: 1000,
    authenticate(client, _username, password, done) {
      const secret = password?.toString() ?? ''
      const right =
        options.isOpen || (options.adminToken !== undefined && secret === options.adminToken)
          ? 'all'
          : options.isKnownKey(secret)
            ? secret
            : undefined
      if (right === undefined) return done(notAuthorized(), false)
      rights.set(client, right)
      done(null, true)
    },
    authorizePublish(client, packet, done) {
      if (client === null) return done(null)
      if (!mayUse(client, packet.topic)) return done(new Error(`This client may not publish to ${packet.topic}`))
      const topic = parseMeasureTopic(packet.topic)
      if (topic === undefined) return done(null)
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
      const message: Message = { ...topic, payload: Buffer.from(payload), transport: 'MQTT', receivedAt: clock.now() }
      const before = order.get(client) ?? Promise.resolve()
      const taken = before.then(() => options.take(message))
      order.set(
        client,
        taken.catch(() => undefined),
      )
      taken.then(
        () => done(null),
        (error: unknown) => {
          log.warn('measure_not_kept', { device: topic.deviceId, error: String(error) })
          done(error instanceof Error ? error : new Error(String(error)))
        },
      )
    },
    authorizeSubscribe(client, subscription, done) {
      done(mayUse(client, subscription.topic) ? null : new Error(`This client may not subscribe to ${subscription.topic}`), subscription)
    },
  })
  broker.on('clientError', (client, error) => log.debug('mqtt_client_error', { client: client.id, error: error.message }))
  const server = createServer((socket: Socket) => void broker.handle(socket))
  await listen(server, options.host, options.port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    connected: () => broker.connectedClients,
    publish: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish' as const, topic, payload, qos: 1 as const, retain: false, dup: false } satisfies Partial<AedesPublishPacket>
        broker.publish(packet, (error) => (error === undefined || error === null ? resolve() : reject(error)))
      }),
    async close() {
      await new Promise<void>((resolve) => broker.close(resolve))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function mayUse(client: Client, topic: string): boolean {
  const right = rights.get(client)
  return right === 'all' || (right !== undefined && keyOfFilter(topic) === right)
}

function notAuthorized(): AuthenticateError {
  return Object.assign(new Error('The password must be the API key of a service group, or the admin token'), {
    returnCode: 5 as AuthenticateError['returnCode'],
  })
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}
