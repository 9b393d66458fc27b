import { Aedes } from 'aedes'
import type { AedesPublishPacket, AuthenticateError, Client } from 'aedes'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { OwnRows } from '#store/rows.ts'
import { openKeptSessions } from './kept-sessions.ts'
import { keyOfCommandFilter, keyOfFilter, matchesFilter, parseCommandTopic, parseUplinkTopic } from './mqtt-topics.ts'
import { takeMqttMessage } from './take-mqtt-message.ts'
import type { MqttSinks } from './take-mqtt-message.ts'

export type MqttOptions = MqttSinks & {
  readonly host: string
  readonly port: number
  /** Where sessions, what waits for them and retained messages outlive a restart; absent, they do not. */
  readonly rows?: OwnRows
  /** Whether clients need no password: on loopback without a token, or where the city is open. */
  readonly isOpen: boolean
  readonly adminToken: string | undefined
  readonly isKnownKey: (apiKey: string) => boolean
  /** A device has begun to listen for commands; without a device, whoever listens for all devices of the key. */
  readonly listening: (apiKey: string, deviceId: string | undefined) => Promise<void>
}

/** The way in and out over MQTT: the embedded broker, or one that the operator runs. */
export type MqttDoor = {
  /** Where devices speak to it; without name and password. */
  readonly url: string
  /**
   * Whether a message to that topic would reach a device. Embedded: a connected client is subscribed to just that topic, or to the commands of all devices of its key;
   * who merely watches everything takes no commands.
   */
  listens(topic: string): boolean
  /** Publishes to a device; resolves when it is handed to those that are subscribed, or to the operator's broker. */
  publish(topic: string, payload: string): Promise<void>
  close(): Promise<void>
}

/** The embedded MQTT 3.1.1 broker. */
export type MqttListener = MqttDoor & { readonly port: number; connected(): number }

/** What a client may do: the topics of one API key, or with `everyTopic` all. */
const everyTopic = ''
const rights = new WeakMap<Client, string>()

/**
 * Listens for devices. A PUBACK goes out only after the message is committed: the commit is awaited in `authorizePublish`, since everything after it comes
 * behind the PUBACK. Messages of one client are taken in order.
 */
export async function startMqttListener(options: MqttOptions): Promise<MqttListener> {
  const { clock, log } = options
  const order = new WeakMap<Client, Promise<unknown>>()
  const broker = await Aedes.createBroker({
    concurrency: 1000,
    ...(options.rows === undefined ? {} : { persistence: await openKeptSessions(options.rows, clock) }),
    authenticate(client, _username, password, done) {
      const secret = password?.toString() ?? ''
      const right =
        options.isOpen || (options.adminToken !== undefined && secret === options.adminToken)
          ? everyTopic
          : options.isKnownKey(secret)
            ? secret
            : undefined
      if (right === undefined) return done(notAuthorized(), false)
      rights.set(client, right)
      done(null, true)
    },
    authorizePublish(client, packet, done) {
      if (client === null) return done(null)
      if (parseUplinkTopic(packet.topic) === undefined && !mayUse(client, packet.topic))
        return done(new Error(`This client may not publish to ${packet.topic}`))
      const before = order.get(client) ?? Promise.resolve()
      const taken = before.then(() => takeMqttMessage(options, packet.topic, Buffer.from(packet.payload), rights.get(client) ?? everyTopic))
      order.set(
        client,
        taken.catch(() => undefined),
      )
      taken.then(
        () => done(null),
        (error: unknown) => {
          log.warn('measure_not_kept', { topic: packet.topic, error: String(error) })
          done(error instanceof Error ? error : new Error(String(error)))
        },
      )
    },
    authorizeSubscribe(client, subscription, done) {
      done(mayUse(client, subscription.topic) ? null : new Error(`This client may not subscribe to ${subscription.topic}`), subscription)
    },
  })
  const topics = new Map<string, Set<string>>()
  broker.on('subscribe', (subscriptions, client) => {
    const known = topics.get(client.id) ?? new Set<string>()
    topics.set(client.id, known)
    for (const { topic } of subscriptions) {
      known.add(topic)
      const command = parseCommandTopic(topic)
      const apiKey = command?.kind === 'cmd' ? command.apiKey : keyOfCommandFilter(topic)
      if (apiKey === undefined) continue
      const deviceId = command?.kind === 'cmd' ? command.deviceId : undefined
      options.listening(apiKey, deviceId).catch((error: unknown) => log.warn('command_not_sent', { device: deviceId, error: String(error) }))
    }
  })
  broker.on('unsubscribe', (gone, client) => gone.forEach((topic) => topics.get(client.id)?.delete(topic)))
  broker.on('clientDisconnect', (client) => void topics.delete(client.id))
  broker.on('clientError', (client, error) => log.debug('mqtt_client_error', { client: client.id, error: error.message }))
  const server = createServer((socket: Socket) => void broker.handle(socket))
  await listen(server, options.host, options.port)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    port,
    url: `mqtt://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    connected: () => broker.connectedClients,
    listens: (topic) =>
      [...topics.values()].some(
        (known) => known.has(topic) || [...known].some((filter) => keyOfCommandFilter(filter) !== undefined && matchesFilter(filter, topic)),
      ),
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
  return right === everyTopic || (right !== undefined && keyOfFilter(topic) === right)
}

function notAuthorized(): AuthenticateError {
  // 5 is "not authorized" in MQTT 3.1.1; the library's enum has no value at run time.
  const error: Error & { returnCode?: number } = new Error('The password must be the API key of a service group, or the admin token')
  error.returnCode = 5
  return error as AuthenticateError
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}
