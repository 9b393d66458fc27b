import createMemory from 'aedes-persistence'
import type { AedesPublishPacket, Subscription } from 'aedes'
import type { Json } from '@cityloop/ngsi-ld'
import type { Clock } from '#runtime/clock.ts'
import type { OwnRows } from '#store/rows.ts'

const area = 'devices'
const lifeUs = 7 * 86_400_000_000
/** What may wait for one session; more is not queued, so that a client that never comes back costs no more than this. */
const mostWaiting = 100
/** Topics with a retained message; what is sent to further ones is not retained. */
const mostRetained = 10_000

type Packet = AedesPublishPacket & { readonly messageId?: number }
type Named = { readonly id: string }
type Session = { readonly subscriptions: readonly Subscription[]; readonly outgoing: readonly Json[] }
/** The part of the library's memory that is written through; its promise form, which its types leave out. */
type Memory = Record<string, (...given: unknown[]) => Promise<unknown>> & { outgoingStream(client: Named): { toArray(): Promise<Packet[]> } }

/**
 * What a restart of the MQTT broker must know: the library's memory, each change of a session, of what waits for it and of a retained message written to
 * the city's rows before it is acknowledged. A session that nothing has happened to for seven days is not taken up again; of what waits for one, a hundred
 * messages are kept.
 */
export async function openKeptSessions(rows: OwnRows, clock: Clock): Promise<unknown> {
  const memory = (createMemory as unknown as () => Memory)()
  /** Sessions that have a row: those that a client asked to be kept. */
  const kept = new Set<string>()
  const retained = new Set<string>()
  const order = new Map<string, Promise<void>>()
  const call = (name: string, ...given: unknown[]): Promise<unknown> => memory[name]!(...given)
  const plain = { ...methodsOf(memory) }
  for (const { key, value, due } of await rows.list('', area, 'mqtt-session')) {
    if (due !== undefined && due < clock.now()) {
      await rows.write([{ delete: { tenant: '', area, kind: 'mqtt-session', key } }])
      continue
    }
    kept.add(key)
    const { subscriptions, outgoing } = value as unknown as Session
    await call('addSubscriptions', { id: key }, subscriptions)
    for (const packet of outgoing) {
      const read = toPacket(packet)
      await call('outgoingEnqueue', { clientId: key }, read)
      if (read.messageId !== undefined) await call('outgoingUpdate', { id: key }, read)
    }
  }
  for (const { key, value } of await rows.list('', area, 'mqtt-retained')) {
    retained.add(key)
    await call('storeRetained', toPacket(value))
  }

  const waitingFor = async (id: string): Promise<readonly Packet[]> => memory.outgoingStream({ id }).toArray()

  async function write(id: string): Promise<void> {
    const row = { tenant: '', area, kind: 'mqtt-session', key: id }
    const subscriptions = (await plain.subscriptionsByClient!({ id })) as Subscription[]
    const outgoing = (await waitingFor(id)).map(toRow)
    if (!kept.has(id) || (subscriptions.length === 0 && outgoing.length === 0)) {
      kept.delete(id)
      order.delete(id)
      return rows.write([{ delete: row }])
    }
    return rows.write([{ put: { ...row, value: { subscriptions, outgoing } as unknown as Json, due: clock.now() + lifeUs } }])
  }
  /** One client's rows are written in order, each with the newest state. */
  function keep(id: string): Promise<void> {
    const next = (order.get(id) ?? Promise.resolve()).catch(() => undefined).then(() => write(id))
    order.set(id, next)
    return next
  }
  for (const name of sessionChanges)
    memory[name] = async (client, ...given) => {
      const { clean, id } = client as { readonly id: string; readonly clean?: boolean }
      const answer = await plain[name]!(client, ...given)
      const had = kept.has(id)
      if (clean === true) kept.delete(id)
      else if (clean === false && name === 'addSubscriptions') kept.add(id)
      if (had || kept.has(id)) await keep(id)
      return answer
    }
  memory.outgoingEnqueueCombi = async (receivers, packet) => {
    const admitted: { readonly clientId: string }[] = []
    for (const receiver of receivers as readonly { readonly clientId: string }[])
      if (!kept.has(receiver.clientId) || (await waitingFor(receiver.clientId)).length < mostWaiting) admitted.push(receiver)
    const answer = await plain.outgoingEnqueueCombi!(admitted, packet)
    await Promise.all(admitted.flatMap(({ clientId }) => (kept.has(clientId) ? [keep(clientId)] : [])))
    return answer
  }
  memory.outgoingEnqueue = (receiver, packet) => memory.outgoingEnqueueCombi!([receiver], packet)
  memory.storeRetained = async (packet) => {
    const { payload, topic } = packet as Packet
    // The message goes to whoever listens now; a refusal would end the sender's connection, and have it send the same again.
    if (payload.length > 0 && !retained.has(topic) && retained.size >= mostRetained) return
    if (payload.length > 0) retained.add(topic)
    else retained.delete(topic)
    await plain.storeRetained!(packet)
    const row = { tenant: '', area, kind: 'mqtt-retained', key: topic }
    await rows.write([payload.length === 0 ? { delete: row } : { put: { ...row, value: toRow(packet as Packet) } }])
  }
  return memory
}

const sessionChanges = ['addSubscriptions', 'removeSubscriptions', 'cleanSubscriptions', 'outgoingUpdate', 'outgoingClearMessageId']

function methodsOf(memory: Memory): Record<string, (...given: unknown[]) => Promise<unknown>> {
  const names = [...sessionChanges, 'outgoingEnqueueCombi', 'storeRetained', 'subscriptionsByClient']
  return Object.fromEntries(names.map((name) => [name, memory[name]!.bind(memory)]))
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
