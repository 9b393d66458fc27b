import { NgsiLdError, badRequest, contextMember, formatInstant, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, Instant, Json, JsonObject } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { Contexts } from '#broker/contexts.ts'
import type { Changes } from '#bus/changes.ts'
import type { Access, Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import type { OutboxRow, Store } from '#store/store.ts'
import { onlyKnown } from './given-members.ts'
import { parseSubscription } from './parse-subscription.ts'
import { startPeriodic } from './periodic.ts'
import { startRunner } from './runner.ts'
import type { Runner, RunnerDeps } from './runner.ts'
import type { Delivery, Subscription, SubscriptionDocument } from './subscription.ts'

const area = 'subscriptions'
const mostAPage = 1000
const positionsKeptEveryMs = 600_000

/** The subscriptions of all tenants: kept, matched and delivered. */
export type Subscriptions = {
  create(caller: Caller, document: unknown, context: Context): Promise<string>
  /** Throws `ResourceNotFound`. */
  retrieve(caller: Caller, id: string): SubscriptionView
  list(caller: Caller): readonly SubscriptionView[]
  /** 5.8.2: members of the fragment replace; NGSI-LD null removes. */
  update(caller: Caller, id: string, fragment: unknown, context: Context): Promise<void>
  delete(caller: Caller, id: string): Promise<void>
  close(): Promise<void>
}

/** A subscription as it was given, with what the system says of it (5.2.12-2). */
export type SubscriptionView = { readonly document: JsonObject; readonly context: Json; readonly createdAt: Instant; readonly modifiedAt: Instant }

export type SubscriptionDeps = {
  readonly access: Access
  readonly changes: Changes
  readonly clock: Clock
  readonly contexts: Contexts
  readonly log: Log
  readonly store: Store
  readonly send: RunnerDeps['send']
}

type Entry = { readonly kept: SubscriptionDocument; readonly runner: Runner }

/** Loads what is kept and starts to deliver. */
export async function openSubscriptions(deps: SubscriptionDeps): Promise<Subscriptions> {
  const { store, clock } = deps
  const entries = new Map<string, Map<string, Entry>>()
  const byType = new Map<string, Set<Runner>>()
  const ofAnyType = new Set<Runner>()

  const entriesOf = (tenant: string): Map<string, Entry> => {
    const known = entries.get(tenant) ?? new Map<string, Entry>()
    entries.set(tenant, known)
    return known
  }

  for (const row of await store.rows.list(undefined, area, 'subscription')) {
    const kept = row.value as unknown as SubscriptionDocument
    const delivered = await store.rows.get(row.tenant, area, 'delivery', row.key)
    const delivery = (delivered?.value as unknown as Delivery | undefined) ?? fresh()
    try {
      const context = await deps.contexts.compile(kept.context)
      begin(row.tenant, kept, parseSubscription(kept.document, context, row.tenant, kept.id, await shownContext(kept.document, context)), delivery)
    } catch (error) {
      deps.log.error('subscription_unreadable', { subscription: kept.id, error: String(error) })
    }
  }
  const follower = deps.changes.follow(
    store.state().lastSequence,
    (rows) => rows.forEach(dispatch),
    (error) => deps.log.error('subscriptions_failed', { error: String(error) }),
  )

  const keeper = setInterval(
    () => void keepPositions().catch((error: unknown) => deps.log.warn('positions_not_kept', { error: String(error) })),
    positionsKeptEveryMs,
  )
  keeper.unref()

  /** Moves subscriptions that nothing concerned on to where the follower is, so that a restart does not read again what was none of theirs. */
  async function keepPositions(): Promise<void> {
    const position = follower.position()
    const writes = [...entries].flatMap(([tenant, known]) =>
      [...known].flatMap(([key, { runner }]) => {
        const value = runner.moveOn(position)
        return value === undefined ? [] : [{ put: { tenant, area, kind: 'delivery', key, value } }]
      }),
    )
    if (writes.length > 0) await store.rows.write(writes)
  }

  /** Offers a row to those that its types can concern: two look-ups, however many subscriptions there are. */
  function dispatch(row: OutboxRow): void {
    const concerned = new Set(ofAnyType)
    for (const type of new Set([...row.change.typesBefore, ...row.change.typesAfter])) {
      for (const runner of byType.get(`${row.tenant}\n${type}`) ?? []) concerned.add(runner)
    }
    for (const runner of concerned) if (runner.subscription.tenant === row.tenant) runner.offer(row)
  }

  /** What notifications are written with: the context that the subscription names for them, or its own (5.2.12). */
  function shownContext({ jsonldContext }: JsonObject, context: Context): Context | Promise<Context> {
    if (jsonldContext === undefined) return context
    if (typeof jsonldContext !== 'string') throw badRequest('jsonldContext must be a URI')
    return deps.contexts.compile(jsonldContext)
  }

  function fresh(): Delivery {
    return { position: store.state().lastSequence, timesSent: 0, timesFailed: 0 }
  }

  function begin(tenant: string, kept: SubscriptionDocument, subscription: Subscription, delivery: Delivery): void {
    const scope = deps.access.readScope({ id: 'urn:cityloop:subscriptions', tenant }, 'subscribe')
    const runnerDeps: RunnerDeps = { clock, log: deps.log, store, send: deps.send, keep, scope }
    const runner =
      subscription.timeIntervalUs === undefined ? startRunner(runnerDeps, subscription, delivery) : startPeriodic(runnerDeps, subscription, delivery)
    entriesOf(tenant).set(kept.id, { kept, runner })
    for (const key of typeKeys(subscription) ?? []) byType.set(key, (byType.get(key) ?? new Set()).add(runner))
    if (typeKeys(subscription) === undefined) ofAnyType.add(runner)
  }

  async function end(entry: Entry): Promise<void> {
    ofAnyType.delete(entry.runner)
    for (const key of typeKeys(entry.runner.subscription) ?? []) byType.get(key)?.delete(entry.runner)
    await entry.runner.close()
  }

  async function keep({ tenant, id }: Subscription, delivery: Delivery): Promise<void> {
    await store.rows.write([{ put: { tenant, area, kind: 'delivery', key: id, value: delivery } }])
  }

  function find(caller: Caller, id: string): Entry {
    const entry = entriesOf(caller.tenant).get(id)
    if (entry === undefined) throw new NgsiLdError('ResourceNotFound', `Subscription ${id} does not exist`)
    return entry
  }

  function view({ kept, runner }: Entry): SubscriptionView {
    const delivery = runner.delivery()
    const { subscription } = runner
    const isExpired = subscription.expiresAt !== undefined && subscription.expiresAt <= clock.now()
    const notification = isJsonObject(kept.document['notification']) ? kept.document['notification'] : {}
    const times = (['lastNotification', 'lastSuccess', 'lastFailure'] as const).flatMap((name) =>
      delivery[name] === undefined ? [] : [[name, formatInstant(delivery[name])] as const],
    )
    const hasFailed = delivery.isIncomplete === true || (delivery.lastFailure ?? -1) > (delivery.lastSuccess ?? 0)
    const document: JsonObject = {
      ...kept.document,
      id: kept.id,
      type: 'Subscription',
      status: isExpired ? 'expired' : subscription.isActive ? 'active' : 'paused',
      ...(kept.document['notificationTrigger'] === undefined ? { notificationTrigger: ['attributeCreated', 'attributeUpdated'] } : {}),
      notification: {
        ...notification,
        ...(delivery.timesSent === 0 ? {} : { status: hasFailed ? 'failed' : 'ok', timesSent: delivery.timesSent }),
        ...(delivery.timesFailed === 0 ? {} : { timesFailed: delivery.timesFailed }),
        ...Object.fromEntries(times),
      },
    }
    return { document, context: kept.context, createdAt: kept.createdAt, modifiedAt: kept.modifiedAt }
  }

  /** A @context that no IRI names is kept here, so that notifications can name it (5.13.1). */
  async function withLink(tenant: string, document: JsonObject, context: Context): Promise<JsonObject> {
    const member = contextMember(context)
    if (typeof member === 'string' || document['jsonldContext'] !== undefined) return document
    const localId = await deps.contexts.host(tenant, { '@context': member }, 'ImplicitlyCreated')
    return { ...document, jsonldContext: deps.contexts.urlOf(localId) }
  }

  async function put(tenant: string, kept: SubscriptionDocument): Promise<void> {
    await store.rows.write([{ put: { tenant, area, kind: 'subscription', key: kept.id, value: kept } }])
  }

  return {
    async create(caller, given, context) {
      if (!isJsonObject(given)) throw badRequest('A subscription must be an object')
      const stated = given['id'] ?? given['@id']
      if (stated !== undefined && (typeof stated !== 'string' || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(stated)))
        throw badRequest(`id must be a URI, not ${JSON.stringify(stated)}`)
      const id = typeof stated === 'string' ? stated : `urn:ngsi-ld:Subscription:${randomUUID()}`
      const known = entriesOf(caller.tenant)
      if (known.has(id)) throw new NgsiLdError('AlreadyExists', `Subscription ${id} already exists`)
      const stripped = onlyKnown(given, deps.contexts)
      parseSubscription(stripped, context, caller.tenant, id)
      const document = await withLink(caller.tenant, stripped, context)
      const subscription = parseSubscription(document, context, caller.tenant, id, await shownContext(document, context))
      const now = clock.now()
      if (subscription.expiresAt !== undefined && subscription.expiresAt <= now)
        throw badRequest(`expiresAt must lie ahead, not at ${formatInstant(subscription.expiresAt)}`)
      const kept: SubscriptionDocument = { id, document, context: contextMember(context), createdAt: now, modifiedAt: now }
      const delivery = fresh()
      await put(caller.tenant, kept)
      begin(caller.tenant, kept, subscription, delivery)
      await keep(subscription, delivery)
      return id
    },
    retrieve: (caller, id) => view(find(caller, id)),
    list: (caller) => [...entriesOf(caller.tenant).values()].slice(0, mostAPage * 1000).map(view),
    async update(caller, id, fragment, context) {
      const entry = find(caller, id)
      if (!isJsonObject(fragment)) throw badRequest('A subscription fragment must be an object')
      const changes = onlyKnown(fragment, deps.contexts)
      if (Object.keys(changes).length === 0) throw badRequest('The subscription fragment is empty')
      const merged = patch(entry.kept.document, changes)
      const own = fragment['@context'] === undefined ? await deps.contexts.compile(entry.kept.context) : context
      const whole = { ...merged, type: 'Subscription' }
      const subscription = parseSubscription(whole, own, caller.tenant, id, await shownContext(whole, own))
      if (subscription.expiresAt !== undefined && subscription.expiresAt <= clock.now())
        throw badRequest(`expiresAt must lie ahead, not at ${formatInstant(subscription.expiresAt)}`)
      const kept: SubscriptionDocument = { ...entry.kept, document: merged, context: contextMember(own), modifiedAt: clock.now() }
      await put(caller.tenant, kept)
      await end(entry)
      begin(caller.tenant, kept, subscription, {
        ...entry.runner.delivery(),
        ...(subscription.isActive ? {} : { position: store.state().lastSequence }),
      })
    },
    async delete(caller, id) {
      const entry = find(caller, id)
      const { tenant } = caller
      await store.rows.write([{ delete: { tenant, area, kind: 'subscription', key: id } }, { delete: { tenant, area, kind: 'delivery', key: id } }])
      entriesOf(tenant).delete(id)
      await end(entry)
    },
    async close() {
      clearInterval(keeper)
      await follower.close()
      if (store.state().writes === 'open') await keepPositions()
      await Promise.all([...entries.values()].flatMap((known) => [...known.values()].map(({ runner }) => runner.close())))
    },
  }
}

/** Where the subscription is found by the types of a change; `undefined`: it may concern any. */
function typeKeys({ selectors, tenant }: Subscription): readonly string[] | undefined {
  if (selectors === undefined) return undefined
  const keys: string[] = []
  for (const { types } of selectors) {
    if (types === undefined || types.kind === 'any') return undefined
    for (const all of types.alternatives) if (all[0] !== undefined) keys.push(`${tenant}\n${all[0].expanded}`)
  }
  return keys
}

function patch(document: JsonObject, changes: JsonObject): JsonObject {
  const merged = new Map(Object.entries(document))
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === 'urn:ngsi-ld:null') merged.delete(name)
    else if (name !== 'id' && name !== 'type' && name !== '@id' && name !== '@type') merged.set(name, value)
  }
  return Object.fromEntries(merged)
}
