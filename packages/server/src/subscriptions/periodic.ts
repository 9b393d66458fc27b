import { setTimeout as pause } from 'node:timers/promises'
import type { Runner, RunnerDeps } from './runner.ts'
import type { Delivery, Subscription } from './subscription.ts'
import { writeNotification } from './write-notification.ts'

const mostEntities = 1000

/** A subscription with `timeInterval` (5.8.6): every so often it tells of all entities that match, whatever changed; after a pause only once. */
export function startPeriodic(deps: RunnerDeps, subscription: Subscription, started: Delivery): Runner {
  const { clock, store, scope } = deps
  const intervalUs = subscription.timeIntervalUs ?? Infinity
  let delivery = started
  const closing = new AbortController()

  async function run(): Promise<void> {
    for (;;) {
      const dueIn = Math.max(0, (delivery.lastNotification ?? clock.now()) + intervalUs - clock.now()) / 1000
      await pause(Math.min(dueIn, 2 ** 31 - 1), undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      const isOver = subscription.expiresAt !== undefined && subscription.expiresAt <= clock.now()
      if (subscription.isActive && !isOver)
        await tellAll().catch((error: unknown) =>
          deps.log.warn('subscription_interrupted', { subscription: subscription.id, error: error instanceof Error ? error.message : String(error) }),
        )
      else delivery = { ...delivery, lastNotification: clock.now() }
    }
  }

  async function tellAll(): Promise<void> {
    const query = { ...subscription.conditions, ...(subscription.selectors === undefined ? {} : { entities: subscription.selectors }) }
    const now = clock.now()
    delivery = { ...delivery, lastNotification: now }
    const { entities } = await store.query({
      tenant: subscription.tenant,
      scope,
      query,
      moment: { kind: 'now' },
      offset: 0,
      limit: mostEntities,
      count: false,
    })
    if (entities.length === 0) return
    try {
      const told = entities.map((entity) => ({ entity, sequence: 0 }))
      await deps.send(subscription, writeNotification(subscription, told, now, `${subscription.id}:${now}`), closing.signal)
      delivery = { ...delivery, timesSent: delivery.timesSent + 1, lastSuccess: clock.now() }
    } catch (error) {
      const lastError = error instanceof Error ? error.message : String(error)
      delivery = { ...delivery, timesSent: delivery.timesSent + 1, timesFailed: delivery.timesFailed + 1, lastFailure: clock.now(), lastError }
    }
    if (!closing.signal.aborted) await deps.keep(subscription, delivery)
  }

  const running = run().catch((error: unknown) => {
    if (!closing.signal.aborted) deps.log.error('subscription_stopped', { subscription: subscription.id, error: String(error) })
  })
  return {
    subscription,
    delivery: () => delivery,
    offer: () => undefined,
    moveOn: () => undefined,
    async close() {
      closing.abort()
      await running
    },
  }
}
