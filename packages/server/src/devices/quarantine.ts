import { formatInstant } from '@cityloop/ngsi-ld'
import type { Instant } from '@cityloop/ngsi-ld'
import { createHash } from 'node:crypto'
import type { OwnRows } from '#store/rows.ts'
import type { Untakeable } from './read-payload.ts'
import type { Message } from './take-measure.ts'

const area = 'devices'
const kind = 'quarantine'

/** A message that could not be taken, with the rule that refused it. */
export type Quarantined = {
  readonly key: string
  readonly rule: string
  readonly detail: string
  readonly apiKey: string
  readonly deviceId: string
  readonly protocol?: Message['protocol']
  readonly attribute?: string
  readonly transport: Message['transport']
  readonly receivedAt: Instant
  readonly timestamp?: string
  /** Base64. */
  readonly payload: string
  readonly tries: number
}

/** What became of messages tried again. */
export type Replayed = { readonly taken: number; readonly left: number; readonly reasons: Readonly<Record<string, number>> }

export type ListOptions = { readonly after?: string; readonly limit?: number; readonly deviceId?: string }

/** Where messages wait that could not be taken: each once, oldest first, until they are mended or thrown away. */
export type Quarantine = {
  keep(tenant: string, message: Message, refused: Untakeable): Promise<void>
  /** Oldest first, behind the key `after`; of one device where it is named. */
  list(tenant: string, options?: ListOptions): Promise<readonly Quarantined[]>
  find(tenant: string, key: string): Promise<Quarantined | undefined>
  discard(tenant: string, keys: readonly string[]): Promise<void>
  /** Tries messages again, oldest first, each by `take`; those that pass leave, the others stay with their new reason. */
  replay(
    tenant: string,
    keys: readonly string[] | 'all',
    take: (message: Message) => Promise<unknown>,
    isRefusal: (error: unknown) => error is Untakeable,
  ): Promise<Replayed>
}

/** The quarantine kept in own rows. */
export function createQuarantine(rows: OwnRows): Quarantine {
  async function put(tenant: string, entry: Quarantined): Promise<void> {
    const { key, ...value } = entry
    await rows.write([{ put: { tenant, area, kind, key, value: JSON.parse(JSON.stringify(value)) as never } }])
  }

  async function list(tenant: string, { after = '', deviceId, limit = 100 }: ListOptions = {}): Promise<readonly Quarantined[]> {
    const listed: Quarantined[] = []
    for (let from = after; listed.length < limit;) {
      const found = await rows.list(tenant, area, kind, { from: from === '' ? '' : `${from}\u0000`, limit })
      const entries = found.map(({ key, value }) => ({ ...(value as unknown as Omit<Quarantined, 'key'>), key }))
      listed.push(...entries.filter((entry) => deviceId === undefined || entry.deviceId === deviceId))
      if (found.length < limit) break
      from = found.at(-1)?.key ?? from
    }
    return listed.slice(0, limit)
  }

  async function find(tenant: string, key: string): Promise<Quarantined | undefined> {
    const row = await rows.get(tenant, area, kind, key)
    return row === undefined ? undefined : { ...(row.value as unknown as Omit<Quarantined, 'key'>), key }
  }

  return {
    async keep(tenant, message, refused) {
      const { payload, ...rest } = message
      await put(tenant, {
        ...rest,
        key: keyOf(message),
        rule: refused.rule,
        detail: refused.message,
        payload: Buffer.from(payload).toString('base64'),
        tries: 1,
      })
    },
    list,
    find,
    async discard(tenant, keys) {
      await rows.write(keys.map((key) => ({ delete: { tenant, area, kind, key } })))
    },
    async replay(tenant, keys, take, isRefusal) {
      let taken = 0
      let left = 0
      const reasons: Record<string, number> = {}
      const tryOne = async (entry: Quarantined): Promise<void> => {
        try {
          await take(toMessage(entry))
          await rows.write([{ delete: { tenant, area, kind, key: entry.key } }])
          taken += 1
        } catch (error) {
          if (!isRefusal(error)) throw error
          await put(tenant, { ...entry, rule: error.rule, detail: error.message, tries: entry.tries + 1 })
          left += 1
          reasons[error.rule] = (reasons[error.rule] ?? 0) + 1
        }
      }
      if (keys !== 'all') {
        for (const key of keys) {
          const entry = await find(tenant, key)
          if (entry !== undefined) await tryOne(entry)
        }
        return { taken, left, reasons }
      }
      let after = ''
      for (;;) {
        const page = await list(tenant, { after, limit: 500 })
        if (page.length === 0) return { taken, left, reasons }
        // Messages of one device stay in order; devices go side by side.
        const byDevice = Map.groupBy(page, ({ apiKey, deviceId }) => `${apiKey} ${deviceId}`)
        await Promise.all(
          [...byDevice.values()].map(async (entries) => entries.reduce((before, entry) => before.then(() => tryOne(entry)), Promise.resolve())),
        )
        after = page.at(-1)?.key ?? after
      }
    },
  }
}

export function toMessage({ apiKey, attribute, deviceId, payload, protocol, receivedAt, timestamp, transport }: Quarantined): Message {
  return {
    apiKey,
    deviceId,
    protocol,
    transport,
    receivedAt,
    payload: Buffer.from(payload, 'base64'),
    ...(attribute === undefined ? {} : { attribute }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

/** Sorts by time of receipt; the same message received again at another time is another. */
function keyOf({ apiKey, deviceId, payload, receivedAt, attribute = '' }: Message): string {
  const mark = createHash('sha256').update(`${apiKey}\n${deviceId}\n${attribute}\n`).update(payload).digest('hex').slice(0, 12)
  return `${formatInstant(receivedAt)}-${mark}`
}
