import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'mqtt'
import type { IPublishPacket } from 'mqtt'
import type { OwnRows } from '#store/rows.ts'
import { parseCommandTopic } from './mqtt-topics.ts'
import type { MqttDoor } from './mqtt-listener.ts'
import { takeMqttMessage } from './take-mqtt-message.ts'
import type { MqttSinks } from './take-mqtt-message.ts'

const row = { tenant: '', area: 'devices', kind: 'mqtt-broker' }
const againMs = 2000

export type JoinOptions = MqttSinks & {
  /** `mqtt:` or `mqtts:`, with name and password if the broker wants them. */
  readonly url: string
  readonly rows: OwnRows
  /** The broker has been joined: what waits for devices may go out. */
  readonly joined: () => Promise<void>
}

/** With or without a leading slash, and with the protocol before the API key or without. */
const filters: readonly string[] = [
  ...['', '/'].flatMap((slash) =>
    ['', 'json/', 'ul/'].flatMap((protocol) => ['attrs', 'attrs/+', 'cmdexe'].map((end) => `${slash}${protocol}+/+/${end}`)),
  ),
  'application/+/device/+/event/up',
  'application/+/device/+/rx',
  'v3/+/devices/+/up',
]

/**
 * Joins an MQTT broker that the operator runs, in place of the embedded one. The session is kept there, and a message is acknowledged to the broker only when it,
 * or its place in the quarantine, is committed; messages are taken one after the other. Who may publish and listen is the broker's to decide. It cannot be
 * seen who listens, so that commands go out as soon as the broker can be reached, and a device that is away has them from its own session.
 */
export async function joinMqttBroker(options: JoinOptions): Promise<MqttDoor> {
  const { joined, log, rows, url } = options
  const { host } = new URL(url)
  const session = await readSession(rows, host)
  const client = connect(url, {
    clientId: session.clientId,
    clean: false,
    protocolVersion: 4,
    reconnectPeriod: againMs,
    resubscribe: false,
    manualConnect: true,
  })
  let isJoined = false
  let closed = false
  client.handleMessage = (packet, done) => {
    const taken = takeOf(packet).then(
      () => done(),
      async (error: unknown) => {
        log.warn('measure_not_kept', { topic: packet.topic, error: String(error) })
        await pause(againMs)
        // Only a new connection has the broker send again what was not acknowledged.
        done(error instanceof Error ? error : new Error(String(error)))
        client.stream.destroy()
      },
    )
    void taken
  }
  client.on('connect', ({ sessionPresent }) => void begin(sessionPresent).catch(failed))
  client.on('error', failed)
  client.on('close', () => {
    if (isJoined) log.warn('mqtt_broker_lost', { host })
    isJoined = false
  })
  client.connect()

  function failed(error: unknown): void {
    log.warn('mqtt_broker_failed', { host, error: error instanceof Error ? error.message : String(error) })
  }

  /** A subscription is made once: made again, the broker would send retained messages again. */
  async function begin(isSessionPresent: boolean): Promise<void> {
    if (!isSessionPresent || session.filters.join(' ') !== filters.join(' ')) {
      const granted = await client.subscribeAsync([...filters], { qos: 1 })
      const refused = granted.filter(({ qos }) => qos === 128).map(({ topic }) => topic)
      if (refused.length > 0) throw new Error(`The broker refuses the subscriptions ${refused.join(', ')}`)
      session.filters = filters
      await rows.write([{ put: { ...row, key: host, value: session } }])
    }
    isJoined = true
    log.info('mqtt_broker_joined', { host })
    await joined()
  }

  function takeOf({ payload, topic }: IPublishPacket): Promise<void> {
    return takeMqttMessage(options, topic, Buffer.from(payload), '')
  }

  return {
    url: `${new URL(url).protocol}//${host}`,
    listens: (topic) => isJoined && !/^\/(json|ul)\//.test(topic) && parseCommandTopic(topic) !== undefined,
    async publish(topic, payload) {
      await client.publishAsync(topic, payload, { qos: 1 })
    },
    async close() {
      if (closed) return
      closed = true
      await client.endAsync(true)
    },
  }
}

async function readSession(rows: OwnRows, host: string): Promise<{ readonly clientId: string; filters: readonly string[] }> {
  const kept = await rows.get(row.tenant, row.area, row.kind, host)
  if (kept !== undefined) return kept.value as unknown as { clientId: string; filters: readonly string[] }
  // The name must be known before it is used: with another after a crash, a session nobody fetches would grow at the broker.
  const session = { clientId: `cityloop-${randomUUID()}`, filters: [] }
  await rows.write([{ put: { ...row, key: host, value: session } }])
  return session
}
