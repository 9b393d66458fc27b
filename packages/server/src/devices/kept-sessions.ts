import createMemory from 'aedes-persistence'
import type { AedesPublishPacket, Subscription } from 'aedes'
import type { Json } from '@cityloop/ngsi-ld'
import type { Clock } from '#runtime/clock.ts'
import type { OwnRows, OwnRowWrite } from '#store/rows.ts'

const [tenant, area] = ['', 'devices']
const lifeUs = 7 * 86_400_000_000
/** What may wait for one session; more is not queued, so that a client that never comes back costs no more than this. */
const mostWaiting = 1000
/** Topics with a retained message; what is sent to further ones is not retained. */
const mostRetained = 10_000

type Packet = AedesPublishPacket
type Client = { readonly id: string; readonly clean?: boolean }
type Receiver = { readonly clientId: string }
/** The part of the library's memory that is written through, in the promise form that its types leave out. */
type Memory = {
  addSubscriptions(client: Client, subscriptions: readonly Subscription[]): Promise<void>
  removeSubscriptions(client: Client, topics: readonly string[]): Promise<void>
  cleanSubscriptions(client: Client): Promise<void>
  subscriptionsByClient(client: Client): Promise<readonly Subscription[]>
  outgoingEnqueue(receiver: Receiver, packet: Packet): Promise<void>
  outgoingEnqueueCombi(receivers: readonly Receiver[], packet: Packet): Promise<void>
  outgoingClearMessageId(client: Client, packet: { readonly messageId: number }): Promise<Packet | undefined>
  storeRetained(packet: Packet): Promise<void>
}

/**
 * What a restart of the MQTT broker must know: the library's memory, in which each change of a kept session, of what waits for it and of a retained message
 * is in the city's rows before it is acknowledged. A session to which no client has come back for seven days is not taken up again.
 */
export async function openKeptSessions(rows: OwnRows, clock: Clock): Promise<unknown> {
  const memory = (createMemory as unknown as () => Memory)()
  const plain = bound(memory)
  /** By kept session, the key of the row of each message that waits for it. */
  const kept = new Map<string, Map<string, string>>()
  const retained = new Set<string>()
  let next = 0

  const sessionRow = (id: string) => ({ tenant, area, kind: 'mqtt-session', key: id })
  const waitingRow = (key: string) => ({ tenant, area, kind: 'mqtt-waiting', key })
  const retainedRow = (topic: string) => ({ tenant, area, kind: 'mqtt-retained', key: topic })

  /** In key order, so that what waited longest comes first. */
  async function takeUp(): Promise<void> {
    const stale: OwnRowWrite[] = []
    for (const { key, value, due } of await rows.list(tenant, area, 'mqtt-session')) {
      if (due !== undefined && due < clock.now()) stale.push({ delete: sessionRow(key) })
      else {
        kept.set(key, new Map())
        await plain.addSubscriptions({ id: key }, value as unknown as readonly Subscription[])
      }
    }
    for (const { key, value } of await rows.list(tenant, area, 'mqtt-waiting')) {
      const [number, clientId] = split(key)
      const own = kept.get(clientId)
      next = Math.max(next, Number(number) + 1)
      if (own === undefined) stale.push({ delete: waitingRow(key) })
      else {
        const packet = toPacket(value)
        own.set(nameOf(packet), key)
        await plain.outgoingEnqueue({ clientId }, packet)
      }
    }
    for (const { key, value } of await rows.list(tenant, area, 'mqtt-retained')) {
      retained.add(key)
      await plain.storeRetained(toPacket(value))
    }
    if (stale.length > 0) await rows.write(stale)
  }

  async function keep(id: string): Promise<void> {
    const value = (await plain.subscriptionsByClient({ id })) as unknown as Json
    await rows.write([{ put: { ...sessionRow(id), value, due: clock.now() + lifeUs } }])
  }

  async function forget(id: string): Promise<void> {
    const own = kept.get(id)
    if (own === undefined) return
    kept.delete(id)
    await rows.write([{ delete: sessionRow(id) }, ...[...own.values()].map((key) => ({ delete: waitingRow(key) }))])
  }

  Object.assign(memory, {
    async addSubscriptions(client, subscriptions) {
      await plain.addSubscriptions(client, subscriptions)
      if (client.clean !== false) return forget(client.id)
      if (!kept.has(client.id)) kept.set(client.id, new Map())
      return keep(client.id)
    },
    async removeSubscriptions(client, topics) {
      await plain.removeSubscriptions(client, topics)
      if (kept.has(client.id)) await keep(client.id)
    },
    async cleanSubscriptions(client) {
      await plain.cleanSubscriptions(client)
      await forget(client.id)
    },
    /** The broker asks this for a client that has come back. */
    async subscriptionsByClient(client) {
      if (kept.has(client.id)) await keep(client.id)
      return plain.subscriptionsByClient(client)
    },
    outgoingEnqueue: (receiver, packet) => memory.outgoingEnqueueCombi([receiver], packet),
    async outgoingEnqueueCombi(receivers, packet) {
      const admitted = receivers.filter(({ clientId }) => (kept.get(clientId)?.size ?? 0) < mostWaiting)
      const writes = admitted.flatMap(({ clientId }): OwnRowWrite[] => {
        const own = kept.get(clientId)
        if (own === undefined) return []
        const key = `${String(next++).padStart(16, '0')} ${clientId}`
        own.set(nameOf(packet), key)
        return [{ put: { ...waitingRow(key), value: toRow(packet) } }]
      })
      await plain.outgoingEnqueueCombi(admitted, packet)
      if (writes.length > 0) await rows.write(writes)
    },
    async outgoingClearMessageId(client, packet) {
      const cleared = await plain.outgoingClearMessageId(client, packet)
      const own = kept.get(client.id)
      const key = cleared === undefined ? undefined : own?.get(nameOf(cleared))
      if (cleared !== undefined && key !== undefined) {
        own?.delete(nameOf(cleared))
        await rows.write([{ delete: waitingRow(key) }])
      }
      return cleared
    },
    async storeRetained(packet) {
      const { payload, topic } = packet
      const isGone = payload.length === 0
      // The message goes to whoever listens now; a refusal would end the sender's connection, and have it send the same again.
      if (!isGone && !retained.has(topic) && retained.size >= mostRetained) return
      if (isGone) retained.delete(topic)
      else retained.add(topic)
      await plain.storeRetained(packet)
      await rows.write([isGone ? { delete: retainedRow(topic) } : { put: { ...retainedRow(topic), value: toRow(packet) } }])
    },
  } satisfies Memory)
  await takeUp()
  return memory
}

/** The library's own methods, whatever is put in their place. */
function bound(memory: Memory): Memory {
  return {
    addSubscriptions: memory.addSubscriptions.bind(memory),
    removeSubscriptions: memory.removeSubscriptions.bind(memory),
    cleanSubscriptions: memory.cleanSubscriptions.bind(memory),
    subscriptionsByClient: memory.subscriptionsByClient.bind(memory),
    outgoingEnqueue: memory.outgoingEnqueue.bind(memory),
    outgoingEnqueueCombi: memory.outgoingEnqueueCombi.bind(memory),
    outgoingClearMessageId: memory.outgoingClearMessageId.bind(memory),
    storeRetained: memory.storeRetained.bind(memory),
  }
}

/** A message by the broker that took it in and its number there, which stay the same over restarts. */
function nameOf({ brokerId, brokerCounter }: Packet): string {
  return `${brokerId} ${brokerCounter}`
}

function split(key: string): [number: string, clientId: string] {
  return [key.slice(0, 16), key.slice(17)]
}

function toRow(packet: Packet): Json {
  const { brokerCounter, brokerId, cmd, payload, qos, retain, topic } = packet
  return { brokerCounter, brokerId, cmd, payload: Buffer.from(payload).toString('base64'), qos, retain, topic }
}

function toPacket(row: Json): Packet {
  const packet = row as unknown as Packet & { readonly payload: string }
  return { ...packet, payload: Buffer.from(packet.payload, 'base64') }
}
