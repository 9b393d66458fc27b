import { admits, entityBefore, joinEntities, linkDepthOf, linkedFor, project } from '@cityloop/ngsi-ld'
import type { Entity, FindLinked, Instant, Scope } from '@cityloop/ngsi-ld'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import type { OutboxRow, Store } from '#store/store.ts'
import { matchesChange } from './matches-change.ts'
import type { Delivery, Subscription } from './subscription.ts'
import { writeNotification } from './write-notification.ts'
import type { Outgoing, Told } from './write-notification.ts'

const mostQueued = 2000
const mostTold = 100
const firstRetryMs = 1000
const longestRetryMs = 30_000
/** On closing, a delivery under way has so long to end, so that it need not be made again after the restart. */
const graceMs = 2000

export type RunnerDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly store: Pick<Store, 'changesAfter' | 'oldestChange' | 'query' | 'state'>
  /** Sends a notification; rejects with the reason where the receiver did not take it. */
  readonly send: (subscription: Subscription, outgoing: Outgoing, signal: AbortSignal) => Promise<void>
  /** Keeps what became of the deliveries. */
  readonly keep: (subscription: Subscription, delivery: Delivery) => Promise<void>
  readonly scope: Scope
}

/** Delivers for one subscription, one notification at a time, in the order of the changes. */
export type Runner = {
  readonly subscription: Subscription
  delivery(): Delivery
  /** Offers a row that may match; all rows up to it have been offered, or need not be. */
  offer(row: OutboxRow): void
  /** With nothing left to do, moves on to a sequence up to which every row was offered; the delivery that is then to be kept, if that is news. */
  moveOn(sequence: number): Delivery | undefined
  close(): Promise<void>
}

/**
 * Starts a runner where its last delivery ended. Rows come from `offer`; what it missed, or could not hold, it reads from the outbox. A receiver that fails
 * is tried again, later and later up to every half minute, and keeps nobody else waiting.
 */
export function startRunner(deps: RunnerDeps, subscription: Subscription, started: Delivery): Runner {
  const { clock, store, scope } = deps
  let delivery = started
  let queue: OutboxRow[] = []
  let isBehind = store.state().lastSequence > started.position
  let lastSentAt: Instant = started.lastNotification ?? 0
  const closing = new AbortController()
  const abandoning = new AbortController()
  let wake: () => void = () => undefined
  let isIdle = false

  async function next(): Promise<readonly OutboxRow[]> {
    if (!isBehind) return queue.splice(0, mostTold)
    const oldest = await store.oldestChange()
    if (delivery.position + 1 < oldest) delivery = { ...delivery, position: oldest - 1, isIncomplete: true }
    const rows = await store.changesAfter(delivery.position, mostTold)
    if (rows.length < mostTold && store.state().lastSequence <= (rows.at(-1)?.sequence ?? delivery.position)) isBehind = false
    return rows
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await tellNext()
      } catch (error) {
        if (closing.signal.aborted) return
        deps.log.warn('subscription_interrupted', { subscription: subscription.id, error: error instanceof Error ? error.message : String(error) })
        isBehind = true
        queue = []
        await waitFor(firstRetryMs)
      }
    }
  }

  /** Tells of the next rows, or waits for some. */
  async function tellNext(): Promise<void> {
    const rows = (await next()).filter((row) => row.sequence > delivery.position)
    const last = rows.at(-1)
    if (last === undefined) {
      if (closing.signal.aborted || isBehind || queue.length > 0) return
      isIdle = true
      await new Promise<void>((resolve) => (wake = resolve))
      isIdle = false
      return
    }
    const told: Told[] = []
    for (const row of rows) {
      const one = await tell(row)
      if (one !== undefined) told.push(one)
    }
    for (const group of grouped(subscription.throttlingUs > 0 ? latestOfEach(told) : told)) {
      if (!(await deliver(group))) return
      delivery = { ...delivery, position: group.at(-1)?.sequence ?? delivery.position }
      await keep()
      if (closing.signal.aborted) return
    }
    delivery = { ...delivery, position: last.sequence }
  }

  /** What could not be kept, since the disk is full, is kept with the next delivery; until then a crash means that some is told again. */
  async function keep(): Promise<void> {
    await deps
      .keep(subscription, delivery)
      .catch((error: unknown) => deps.log.warn('delivery_not_kept', { subscription: subscription.id, error: String(error) }))
  }

  /** What a row says to this subscriber, if anything. */
  async function tell(row: OutboxRow): Promise<Told | undefined> {
    const { change, tenant, sequence } = row
    if (!subscription.isActive || tenant !== subscription.tenant || change.kind === 'evolution') return undefined
    if (subscription.expiresAt !== undefined && subscription.expiresAt <= change.recordedAt) return undefined
    const after = change.kind === 'deleted' ? undefined : see(row.after ?? (await asLeft(row)))
    const before = change.kind === 'deleted' ? see(entityBefore(row.change)) : undefined
    const entity = after ?? before
    if (entity === undefined) return undefined
    const findLinked = await linkedTo(entity)
    if (!matchesChange(subscription, change, before, after, findLinked)) return undefined
    if (change.kind === 'deleted') return { entity: await asDeleted(row, entity), change, sequence }
    const joined = subscription.join === undefined ? undefined : await joinEntities(subscription.join, [entity], lookUp)
    return { entity, change, sequence, ...(joined === undefined ? {} : { joined }) }
  }

  /** What `q` reaches along relationships. */
  async function linkedTo(entity: Entity): Promise<FindLinked | undefined> {
    const { q } = subscription.conditions
    return q === undefined || linkDepthOf(q) === 0 ? undefined : linkedFor(q, [entity], lookUp)
  }

  async function lookUp(ids: readonly string[]): Promise<readonly Entity[]> {
    const { tenant } = subscription
    const query = { entities: [{ ids }] }
    const { entities } = await store.query({ tenant, scope, query, moment: { kind: 'now' }, offset: 0, limit: ids.length, count: false })
    return entities
  }

  /** What is left to tell of a deleted entity; its own times only where they are asked for. */
  async function asDeleted(row: OutboxRow, { id, types }: Entity): Promise<Entity> {
    const deletedAt = row.change.recordedAt
    const last = subscription.sysAttrs ? await asLeft({ ...row, change: { ...row.change, recordedAt: deletedAt - 1 } }) : undefined
    return { id, types, attributes: {}, ...(last === undefined ? {} : { createdAt: last.createdAt, modifiedAt: last.modifiedAt }), deletedAt }
  }

  function see(entity: Entity | undefined): Entity | undefined {
    return entity === undefined || !admits(scope, entity) ? undefined : project(scope, entity)
  }

  /** The entity as the change left it, where the row was read back from the outbox. */
  async function asLeft({ tenant, change }: OutboxRow): Promise<Entity | undefined> {
    const { entities } = await store.query({
      tenant,
      scope,
      query: { entities: [{ ids: [change.id] }] },
      moment: { kind: 'known', at: change.recordedAt },
      offset: 0,
      limit: 1,
      count: false,
    })
    return entities[0]
  }

  /** Sends until it is taken; false where the runner closes first. */
  async function deliver(told: readonly Told[]): Promise<boolean> {
    const [first, last] = [told[0]?.sequence ?? 0, told.at(-1)?.sequence ?? 0]
    let retryMs = firstRetryMs
    for (;;) {
      if (!(await waitFor((lastSentAt + subscription.throttlingUs - clock.now()) / 1000))) return false
      const now = clock.now()
      const outgoing = writeNotification(
        subscription,
        told,
        now,
        `${subscription.id.replace(/^urn:(ngsi-ld:)?/i, '')}:${first}${last === first ? '' : `-${last}`}`,
      )
      lastSentAt = now
      try {
        await deps.send(subscription, outgoing, abandoning.signal)
        delivery = { ...delivery, timesSent: delivery.timesSent + 1, lastNotification: now, lastSuccess: clock.now() }
        return true
      } catch (error) {
        if (closing.signal.aborted) return false
        const lastError = error instanceof Error ? error.message : String(error)
        delivery = {
          ...delivery,
          timesSent: delivery.timesSent + 1,
          timesFailed: delivery.timesFailed + 1,
          lastNotification: now,
          lastFailure: clock.now(),
          lastError,
        }
        deps.log.warn('notification_failed', { subscription: subscription.id, tries: delivery.timesFailed, reason: lastError })
        await keep()
        if (!(await waitFor(Math.max(subscription.endpoint.cooldownMs, retryMs * (0.75 + Math.random() / 2))))) return false
        retryMs = Math.min(retryMs * 2, longestRetryMs)
      }
    }
  }

  async function waitFor(ms: number): Promise<boolean> {
    if (ms > 0) await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined)
    return !closing.signal.aborted
  }

  const running = run().catch((error: unknown) => {
    if (!closing.signal.aborted)
      deps.log.error('subscription_stopped', { subscription: subscription.id, error: error instanceof Error ? error.stack : String(error) })
  })

  return {
    subscription,
    delivery: () => delivery,
    offer(row) {
      if (isBehind) return
      if (queue.length >= mostQueued) {
        queue = []
        isBehind = true
      } else queue.push(row)
      wake()
    },
    moveOn(sequence) {
      if (!isIdle || isBehind || queue.length > 0 || sequence <= delivery.position) return undefined
      delivery = { ...delivery, position: sequence }
      return delivery
    },
    async close() {
      closing.abort()
      wake()
      const grace = setTimeout(() => abandoning.abort(), graceMs)
      await running
      clearTimeout(grace)
    },
  }
}

/** Runs of entities in which none is there twice, so that one notification holds each run. */
function grouped(told: readonly Told[]): readonly (readonly Told[])[] {
  const groups: Told[][] = []
  let ids = new Set<string>()
  for (const one of told) {
    const group = groups.at(-1)
    if (group === undefined || ids.has(one.entity.id)) {
      groups.push([one])
      ids = new Set([one.entity.id])
    } else {
      group.push(one)
      ids.add(one.entity.id)
    }
  }
  return groups
}

/** Within a throttled stretch only the newest of each entity is told. */
function latestOfEach(told: readonly Told[]): readonly Told[] {
  const latest = new Map<string, Told>()
  for (const one of told) {
    latest.delete(one.entity.id)
    latest.set(one.entity.id, one)
  }
  return [...latest.values()]
}
