/**
 * Receivers of notifications that fail in every way while entities change, and then recover.
 *
 *   node test/scenarios/notification-faults.ts [--seconds 10] [--hanging 100]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCity } from '../reliability/city-process.ts'
import type { CityProcess } from '../reliability/city-process.ts'
import { openReceiver } from './receiver.ts'
import type { Behaviour, Receiver } from './receiver.ts'

export const faults = ['refuse', 'error', 'slow', 'never', 'giant', 'reset'] as const satisfies readonly Behaviour[]

/** What one receiver had in the end. */
export type Received = {
  /** Changes it never heard of. */
  readonly missing: number
  /** Data items beyond one a change, after notifications with an id heard before are left out. */
  readonly repeated: number
  /** Notifications that came with the id of an earlier one but told something else. */
  readonly changedIds: number
  /** Times the values of one entity went back. */
  readonly backwards: number
}

export type FaultRun = {
  readonly changes: number
  readonly receivers: Readonly<Record<string, Received>>
  /** From the answer to a write to its arrival at the healthy receiver, while the others fail. */
  readonly healthyDelayMs: { readonly p50: number; readonly p99: number }
  /** From the recovery of the receivers to the last of what they had missed. */
  readonly recoveredAfterMs: number
}

const entities = 5
const fewestChanges = 30

/** Changes entities for some seconds while receivers fail, `hanging` of them by never answering; lets all recover, and waits until they have heard of everything. */
export async function runFaults({ seconds, hanging = 1 }: { seconds: number; hanging?: number }): Promise<FaultRun> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-faults-'))
  const names = ['well', ...faults, ...Array.from({ length: hanging - 1 }, (_, index) => `never ${index + 2}`)]
  const receivers = new Map<string, Receiver>()
  await using opened = new AsyncDisposableStack()
  try {
    for (const name of names) receivers.set(name, opened.use(await openReceiver(name.split(' ')[0] as Behaviour)))
    const city = await startCity({ data: folder })
    for (const receiver of receivers.values()) await subscribe(city, receiver.uri)
    const writtenAt = new Map<number, number>()
    const end = performance.now() + seconds * 1000
    let value = 0
    while (performance.now() < end || value < fewestChanges) {
      value += 1
      await write(city, `urn:e:${value % entities}`, value)
      writtenAt.set(value, performance.now())
      await pause(20)
    }
    const recovered = performance.now()
    for (const receiver of receivers.values()) await receiver.behave('well')
    const hasAll = (receiver: Receiver): boolean => valuesOf(receiver).size >= value
    while (![...receivers.values()].every(hasAll) && performance.now() < recovered + 60_000) await pause(50)
    const recoveredAfterMs = performance.now() - recovered
    await pause(300)
    await city.kill('SIGTERM')
    return {
      changes: value,
      receivers: Object.fromEntries([...receivers].map(([name, receiver]) => [name, received(receiver, value)])),
      healthyDelayMs: delays(receivers.get('well'), writtenAt),
      recoveredAfterMs: Math.round(recoveredAfterMs),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function subscribe(city: CityProcess, uri: string): Promise<void> {
  const reply = await fetch(`${city.url}/ngsi-ld/v1/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'Subscription',
      entities: [{ type: 'T' }],
      notification: { format: 'simplified', endpoint: { uri, accept: 'application/json', timeout: 1000 } },
    }),
  })
  if (reply.status !== 201) throw new Error(`The subscription was answered ${reply.status}: ${await reply.text()}`)
}

async function write(city: CityProcess, id: string, value: number): Promise<void> {
  const reply = await fetch(`${city.url}/ngsi-ld/v1/entityOperations/upsert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ id, type: 'T', a: { type: 'Property', value } }]),
  })
  if (reply.status !== 201 && reply.status !== 204) throw new Error(`The write was answered ${reply.status}: ${await reply.text()}`)
}

function valuesOf({ arrivals }: Receiver): ReadonlySet<number> {
  return new Set(arrivals.flatMap(({ data }) => data.map((entity) => Number(entity['a']))))
}

function received(receiver: Receiver, changes: number): Received {
  const told = new Map<string, string>()
  const last = new Map<unknown, number>()
  let [items, backwards, changedIds] = [0, 0, 0]
  for (const { id, data } of receiver.arrivals) {
    const text = JSON.stringify(data)
    if (told.has(id)) {
      if (told.get(id) !== text) changedIds += 1
      continue
    }
    told.set(id, text)
    for (const entity of data) {
      items += 1
      const value = Number(entity['a'])
      if (value < (last.get(entity['id']) ?? 0)) backwards += 1
      last.set(entity['id'], value)
    }
  }
  for (const [id, tries] of receiver.refused) for (const text of tries) if (told.has(id) && told.get(id) !== text) changedIds += 1
  return { missing: changes - valuesOf(receiver).size, repeated: items - valuesOf(receiver).size, changedIds, backwards }
}

function delays(receiver: Receiver | undefined, writtenAt: ReadonlyMap<number, number>): FaultRun['healthyDelayMs'] {
  const times = (receiver?.arrivals ?? [])
    .flatMap(({ atMs, data }) => data.map((entity) => atMs - (writtenAt.get(Number(entity['a'])) ?? atMs)))
    .toSorted((left, right) => left - right)
  const at = (part: number): number => Math.round(Math.max(0, times[Math.floor((times.length - 1) * part)] ?? 0) * 10) / 10
  return { p50: at(0.5), p99: at(0.99) }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, hanging: { type: 'string', default: '100' } } })
  const { receivers, ...run } = await runFaults({ seconds: Number(values.seconds), hanging: Number(values.hanging) })
  const sum = (name: keyof Received): number => Object.values(receivers).reduce((total, one) => total + one[name], 0)
  console.log(
    JSON.stringify({ ...run, missing: sum('missing'), repeated: sum('repeated'), changedIds: sum('changedIds'), backwards: sum('backwards') }),
  )
}
