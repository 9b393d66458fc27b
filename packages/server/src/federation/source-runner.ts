import { formatInstant } from '@cityloop/ngsi-ld'
import type { Instant, Json } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { matchingInformation } from './match-registration.ts'
import type { RegistrationView } from './open-registrations.ts'
import { showRegistration } from './show-registration.ts'
import type { SourceSubscriptionDeps } from './source-subscriptions.ts'
import type { SourceDelivery, SourceSubscription } from './source-subscription.ts'

const reasons = ['newlyMatching', 'updated', 'noLongerMatching'] as const
/** 5.3.3 */
type Reason = (typeof reasons)[number]

/** Tells one subscriber of registrations (5.11.7), one notification at a time. */
export type SourceRunner = {
  readonly parsed: SourceSubscription
  readonly delivery: () => SourceDelivery
  /** Registrations may have changed. */
  look(): void
  close(): Promise<void>
}

type Deps = SourceSubscriptionDeps & { readonly keep: (delivery: SourceDelivery) => Promise<void> }

/**
 * Starts with what matches now and was not told yet. What a subscriber knows is compared with what is, so that changes that happened while the program was
 * down or a delivery was under way are told once, as one.
 */
export function startSourceRunner(deps: Deps, parsed: SourceSubscription, started: SourceDelivery): SourceRunner {
  const { clock, log, registrations } = deps
  const { interest, subscription } = parsed
  let delivery = started
  let isDue = true
  let work: Promise<void> | undefined
  /** What the subscriber knew, for the deletions: a registration that is gone cannot be shown otherwise. */
  const shown = new Map<string, RegistrationView>()
  const closing = new AbortController()
  const ticker = subscription.timeIntervalUs === undefined ? undefined : setInterval(() => look(), subscription.timeIntervalUs / 1000)
  ticker?.unref()

  function look(): void {
    isDue = true
    work ??= run().finally(() => {
      work = undefined
    })
  }

  async function run(): Promise<void> {
    // What is changed at once, before the first notification is written, is told together.
    await pause(0)
    while (isDue && !closing.signal.aborted) {
      isDue = false
      const isOver = subscription.expiresAt !== undefined && subscription.expiresAt <= clock.now()
      if (!subscription.isActive || isOver) return
      try {
        await tellChanges()
      } catch (error) {
        log.warn('source_subscription_interrupted', { subscription: subscription.id, error: error instanceof Error ? error.message : String(error) })
      }
    }
  }

  async function tellChanges(): Promise<void> {
    const matching = registrations.list(subscription.tenant).filter(({ registration }) => matchingInformation(registration, interest).length > 0)
    const groups: Record<Reason, RegistrationView[]> = { newlyMatching: [], updated: [], noLongerMatching: [] }
    const told: Record<string, Instant> = { ...delivery.told }
    const present = new Set(matching.map(({ id }) => id))
    for (const view of matching) {
      const before = told[view.id]
      if (before === undefined) groups.newlyMatching.push(view)
      else if (before !== view.modifiedAt || ticker !== undefined) groups.updated.push(view)
      told[view.id] = view.modifiedAt
      shown.set(view.id, view)
    }
    for (const id of Object.keys(told)) {
      if (present.has(id)) continue
      delete told[id]
      const gone = registrations.list(subscription.tenant).find((view) => view.id === id) ?? shown.get(id)
      shown.delete(id)
      if (gone !== undefined && ticker === undefined) groups.noLongerMatching.push(gone)
    }
    for (const reason of reasons) if (groups[reason].length > 0) await tell(reason, groups[reason])
    delivery = { ...delivery, told }
    if (!closing.signal.aborted) await deps.keep(delivery)
  }

  async function tell(reason: Reason, views: readonly RegistrationView[]): Promise<void> {
    const now = clock.now()
    const { context, contextLink, endpoint, tenant } = subscription
    const isLinkedData = endpoint.accept === 'application/ld+json'
    const id = `urn:ngsi-ld:Notification:${randomUUID()}`
    const body: Record<string, Json> = {
      id,
      type: 'ContextSourceNotification',
      subscriptionId: subscription.id,
      notifiedAt: formatInstant(now),
      triggerReason: reason,
      data: views.map((view) => showRegistration(view, context, { interest, hasTypeLists: true })),
    }
    if (isLinkedData) body['@context'] = contextLink
    delivery = { ...delivery, timesSent: delivery.timesSent + 1, lastNotification: now }
    try {
      await deps.send(
        subscription,
        {
          id,
          headers: {
            ...Object.fromEntries(endpoint.receiverInfo),
            'content-type': isLinkedData ? 'application/ld+json' : 'application/json',
            ...(isLinkedData ? {} : { link: `<${contextLink}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` }),
            ...(tenant === '' ? {} : { 'NGSILD-Tenant': tenant }),
          },
          body: JSON.stringify(body),
        },
        closing.signal,
      )
      delivery = { ...delivery, lastSuccess: now }
    } catch (error) {
      delivery = { ...delivery, timesFailed: delivery.timesFailed + 1, lastFailure: now }
      log.warn('source_notification_failed', { subscription: subscription.id, error: error instanceof Error ? error.message : String(error) })
    }
  }

  look()
  return {
    parsed,
    delivery: () => delivery,
    look: () => {
      if (ticker === undefined) look()
    },
    async close() {
      clearInterval(ticker)
      closing.abort()
      await work
    },
  }
}
