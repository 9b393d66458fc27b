import createMemory from 'aedes-persistence'
import type { AedesPublishPacket, Subscription } from 'aedes'
import type { Json } from '@cityloop/ngsi-ld'
import type { Clock } from '#runtime/clock.ts'
import type { OwnRows } from '#store/rows.ts'

const area = 'devices'
const lifeUs = 7 * 86_400_000_000

type Packet = AedesPublishPacket & { readonly messageId?: number }
type Named = { readonly id: string }
type Session = { readonly subscriptions: readonly Subscription[]; readonly outgoing: readonly Json[] }
/** The part of the library's memory that is written through; its promise form, which its types leave out. */
type Memory = Record<string, (...given: unknown[]) => Promise<unknown>> & { outgoingStream(client: Named): { toArray(): Promise<Packet[]> } }

/**
 * What a restart of the MQTT broker must know: the library's memory, each change of a session, of what waits for it and of a retained message written to
 * the city's rows before it is acknowledged. A session that nothing has happened to for seven days is not taken up again.
 */
export async function openKeptSessions(rows: OwnRows, clock: Clock): Promise<unknown> {
  const memory = (createMemory as unknown as () => Memory)()
  const clean = new Set<string>()
  const order = new Map<string, Promise<void>>()
  const call = (name: string, ...given: unknown[]): Promise<unknown> => memory[name]!(...given)
  const plain = { ...methodsOf(memory) }
  for (const { key, value, due } of await rows.list('', area, 'mqtt-session')) {
    if (due !== undefined && due < clock.now()) {
      await rows.write([{ delete: { tenant: '', area, kind: 'mqtt-session', key } }])
      continue
    }
    const { subscriptions, outgoing } = value as unknown as Session
    await call('addSubscriptions', { id: key }, subscriptions)
    for (const packet of outgoing) {
      const read = toPacket(packet)
      await call('outgoingEnqueue', { clientId: key }, read)
      if (read.messageId !== undefined) await call('outgoingUpdate', { id: key }, read)
    }
  }
  for (const { value } of await rows.list('', area, 'mqtt-retained')) await call('storeRetained', toPacket(value))

  async function write(id: string): Promise<void> {
    const subscriptions = (await plain.subscriptionsByClient!({ id })) as Subscription[]
    const outgoing = (await memory.outgoingStream({ id }).toArray()).map(toRow)
    const row = { tenant: '', area, kind: 'mqtt-session', key: id }
    const isGone = clean.has(id) || (subscriptions.length === 0 && outgoing.length === 0)
    await rows.write([
      isGone ? { delete: row } : { put: { ...row, value: { subscriptions, outgoing } as unknown as Json, due: clock.now() + lifeUs } },
    ])
  }
  /** One client's rows are written in order, each with the newest state. */
  function keep(id: string): Promise<void> {
    const next = (order.get(id) ?? Promise.resolve()).catch(() => undefined).then(() => write(id))
    order.set(id, next)
    return next
  }
  const through = (name: string, idsOf: (first: unknown) => readonly string[]): void => {
    memory[name] = async (...given) => {
      const answer = await plain[name]!(...given)
      await Promise.all(idsOf(given[0]).map(keep))
      return answer
    }
  }
  const ofClient = (first: unknown): readonly string[] => {
    const client = first as { readonly id: string; readonly clean?: boolean }
    if (client.clean === true) clean.add(client.id)
    else if (client.clean === false) clean.delete(client.id)
    return [client.id]
  }
  for (const name of ['addSubscriptions', 'removeSubscriptions', 'cleanSubscriptions', 'outgoingUpdate', 'outgoingClearMessageId'])
    through(name, ofClient)
  through('outgoingEnqueue', (sub) => [(sub as { clientId: string }).clientId])
  through('outgoingEnqueueCombi', (subs) => (subs as { clientId: string }[]).map(({ clientId }) => clientId))
  memory.storeRetained = async (packet) => {
    const { payload, topic } = packet as Packet
    await plain.storeRetained!(packet)
    const row = { tenant: '', area, kind: 'mqtt-retained', key: topic }
    await rows.write([payload.length === 0 ? { delete: row } : { put: { ...row, value: toRow(packet as Packet) } }])
  }
  return memory
}

function methodsOf(memory: Memory): Record<string, (...given: unknown[]) => Promise<unknown>> {
  const names = ['addSubscriptions', 'removeSubscriptions', 'cleanSubscriptions', 'outgoingUpdate', 'outgoingClearMessageId']
  const all = [...names, 'outgoingEnqueue', 'outgoingEnqueueCombi', 'storeRetained', 'subscriptionsByClient']
  return Object.fromEntries(all.map((name) => [name, memory[name]!.bind(memory)]))
}

function toRow(packet: Packet): Json {
  return JSON.parse(
    JSON.stringify({ ...packet, ...(packet.payload === undefined ? {} : { payload: Buffer.from(packet.payload).toString('base64') }) }),
  ) as Json
}

function toPacket(row: Json): Packet {
  const packet = row as unknown as Packet & { payload?: string }
  return { ...packet, ...(packet.payload === undefined ? {} : { payload: Buffer.from(packet.payload, 'base64') }) }
}
