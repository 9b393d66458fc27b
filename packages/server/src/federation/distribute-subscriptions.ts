import {
  NgsiLdError,
  badRequest,
  compactIri,
  isJsonObject,
  matchesEntity,
  mergeParts,
  parseEntity,
  printTypeSelection,
  selects,
} from '@cityloop/ngsi-ld'
import type { Context, Entity, Json, JsonObject } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { Contexts } from '#broker/contexts.ts'
import type { ReadDeps } from '#broker/read-entities.ts'
import type { Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import type { SubscriptionView, Subscriptions } from '#subscriptions/open-subscriptions.ts'
import { parseSubscription } from '#subscriptions/parse-subscription.ts'
import type { RunnerDeps } from '#subscriptions/runner.ts'
import { writeNotification } from '#subscriptions/write-notification.ts'
import { narrowQuery, renamed } from './narrow-query.ts'
import type { Registrations } from './open-registrations.ts'
import { offers } from './operations.ts'
import type { Operation } from './operations.ts'
import type { Origin } from './origin.ts'
import type { Peers } from './peer.ts'
import { retrieveDistributed } from './read-peers.ts'
import type { Registration } from './registration.ts'
import type { SourceSubscriptions } from './source-subscriptions.ts'

const area = 'federation'

/** Where sources send what concerns copies of subscriptions made here. */
export const callbackPath = '/ngsi-ld/ex/remote-notify'

/** Subscriptions of which sources hold copies (CIM 009, 5.8.1.4). */
export type DistributedSubscriptions = {
  created(origin: Origin, caller: Caller, id: string): Promise<void>
  updated(caller: Caller, id: string): Promise<void>
  deleted(caller: Caller, id: string): Promise<void>
  /** Takes what a source notifies. Throws `ResourceNotFound` where it holds no copy of ours. */
  take(notification: unknown, context: Context): Promise<void>
  /** Takes what the subscription to registrations that stands behind a subscription says. */
  takeSources(sourceSubscriptionId: string, notification: JsonObject): Promise<void>
}

/** A subscription that is distributed, by the subscription to registrations that stands behind it. */
type Spread = { readonly tenant: string; readonly subscriptionId: string; readonly sourceSubscriptionId: string; readonly via: readonly string[] }

/** A copy at a source; its id is ours and not to be guessed. */
type Copy = { readonly id: string; readonly tenant: string; readonly subscriptionId: string; readonly registrationId: string }

export type DistributeDeps = ReadDeps & {
  readonly clock: Clock
  readonly contexts: Contexts
  readonly log: Log
  readonly peers: Peers
  readonly publicUrl: string
  readonly registrations: Registrations
  readonly send: RunnerDeps['send']
  readonly sourceSubscriptions: SourceSubscriptions
  readonly subscriptions: Subscriptions
}

export async function openDistributedSubscriptions(deps: DistributeDeps): Promise<DistributedSubscriptions> {
  const { contexts, log, peers, registrations, sourceSubscriptions, store, subscriptions } = deps
  const spreads = new Map<string, Spread>()
  const copies = new Map<string, Copy>()
  /** Registrations that are gone can still be called to end what was begun there. */
  const known = new Map<string, Registration>()
  for (const row of await store.rows.list(undefined, area, 'spread')) spreads.set(row.key, row.value as unknown as Spread)
  for (const row of await store.rows.list(undefined, area, 'copy')) copies.set(row.key, row.value as unknown as Copy)

  const callerOf = (tenant: string): Caller => ({ id: 'urn:cityloop:federation', tenant })
  const spreadOf = ({ tenant }: Caller, id: string): Spread | undefined =>
    [...spreads.values()].find((spread) => spread.tenant === tenant && spread.subscriptionId === id)

  async function originOf(view: SubscriptionView, via: readonly string[]): Promise<Origin> {
    return { context: await contexts.compile(view.context), via, isLocal: false, header: () => undefined, warn: () => undefined }
  }

  async function call(copy: Copy, via: readonly string[], operation: Operation, view: SubscriptionView | undefined): Promise<void> {
    const registration = known.get(`${copy.tenant}\n${copy.registrationId}`) ?? find(copy.tenant, copy.registrationId)
    if (registration === undefined || !offers(registration.operations, operation)) return
    const origin: Origin = view === undefined ? { ...(await originOf(nothing, via)) } : await originOf(view, via)
    if (peers.isLoop(registration, origin)) return
    const path = operation === 'createSubscription' ? '/subscriptions' : `/subscriptions/${encodeURI(copy.id)}`
    const method = operation === 'createSubscription' ? 'POST' : operation === 'updateSubscription' ? 'PATCH' : 'DELETE'
    const body = view === undefined ? {} : { body: reducedCopy(copy, registration, view, origin.context) }
    const reply = await peers.call(registration, origin, origin.context, { method, path, ...body })
    if (reply.kind === 'failed')
      log.warn('subscription_not_distributed', { subscription: copy.subscriptionId, registration: registration.id, detail: reply.detail })
  }

  function find(tenant: string, id: string): Registration | undefined {
    const registration = registrations.list(tenant).find((view) => view.id === id)?.registration
    if (registration !== undefined) known.set(`${tenant}\n${id}`, registration)
    return registration
  }

  /** The subscription as the source gets it: no more than it has registered, and answers come here. */
  function reducedCopy(copy: Copy, { information }: Registration, view: SubscriptionView, context: Context): JsonObject {
    const { document } = view
    const subscription = parseSubscription({ ...document, type: 'Subscription' }, context, copy.tenant, copy.subscriptionId)
    const { selectors, watched } = subscription
    const isSplit = document['splitEntities'] === true
    const narrowed = narrowQuery(information, {
      ...(selectors === undefined ? {} : { entities: selectors }),
      ...(watched === undefined ? {} : { attrs: [...watched] }),
    })
    const entities = narrowed.map(({ selector }): JsonObject => {
      const { idPattern, ids, types } = renamed(selector, context)
      return {
        ...(types === undefined ? {} : { type: printTypeSelection(types) }),
        ...(ids === undefined ? {} : { id: ids.length === 1 ? (ids[0] ?? '') : ids }),
        ...(idPattern === undefined ? {} : { idPattern }),
      }
    })
    const offered = narrowed.flatMap(({ names }) => names ?? [])
    const watches: JsonObject = narrowed.every(({ names }) => names !== undefined)
      ? { watchedAttributes: [...new Set(offered)].map((name) => compactIri(context, name)) }
      : {}
    const { attributes, omit, pick } = isJsonObject(document['notification']) ? document['notification'] : {}
    const projection = Object.entries({ attributes, omit, pick }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    const left = new Set([
      'id',
      'status',
      'isActive',
      'createdAt',
      'modifiedAt',
      'notification',
      'entities',
      'csf',
      ...(isSplit ? ['q', 'geoQ', 'scopeQ'] : []),
    ])
    return {
      ...Object.fromEntries(Object.entries(document).filter(([name]) => !left.has(name))),
      ...(subscription.timeIntervalUs === undefined ? watches : {}),
      id: copy.id,
      type: 'Subscription',
      ...(entities.every((entity) => Object.keys(entity).length === 0)
        ? {}
        : { entities: [...new Map(entities.map((one) => [JSON.stringify(one), one])).values()] }),
      notification: {
        ...(isSplit ? {} : Object.fromEntries(projection)),
        endpoint: { uri: `${deps.publicUrl}${callbackPath}`, accept: 'application/json' },
      },
    }
  }

  async function end(copy: Copy, via: readonly string[]): Promise<void> {
    copies.delete(copy.id)
    await store.rows.write([{ delete: { tenant: copy.tenant, area, kind: 'copy', key: copy.id } }])
    await call(copy, via, 'deleteSubscription', undefined)
  }

  /** 5.8.6: what is known of an entity here and at every source but the one that notified. */
  async function otherParts(id: string, { registrationId }: Copy, caller: Caller, view: SubscriptionView): Promise<Entity | undefined> {
    try {
      return await retrieveDistributed(deps, await originOf(view, []), caller, id, { except: registrationId })
    } catch (error) {
      if (error instanceof NgsiLdError && error.type === 'ResourceNotFound') return undefined
      throw error
    }
  }

  function behind(work: Promise<void>, subscription: string): void {
    work.catch((error: unknown) => log.warn('subscription_not_distributed', { subscription, detail: String(error) }))
  }

  // Subscriptions from before the first registration of their tenant are distributed when it comes.
  registrations.onChange(({ after, before, tenant }) => {
    if (after === undefined || before !== undefined) return
    const caller = callerOf(tenant)
    for (const { document } of subscriptions.list(caller)) {
      const id = document['id'] as string
      if (document['localOnly'] !== true && spreadOf(caller, id) === undefined) behind(spreadOut([], caller, id), id)
    }
  })

  /** 5.8.1.4: a subscription to registrations stands behind each that is distributed. */
  async function spreadOut(via: readonly string[], caller: Caller, id: string): Promise<void> {
    const { document, context } = subscriptions.retrieve(caller, id)
    const { csf, entities, watchedAttributes } = document
    const behindIt: JsonObject = {
      type: 'Subscription',
      ...(Object.fromEntries(Object.entries({ csf, entities, watchedAttributes }).filter(([, value]) => value !== undefined)) as JsonObject),
      notification: { endpoint: { uri: `${deps.publicUrl}${callbackPath}` } },
    }
    const sourceSubscriptionId = `urn:ngsi-ld:Subscription:${randomUUID()}`
    const spread: Spread = { tenant: caller.tenant, subscriptionId: id, sourceSubscriptionId, via }
    spreads.set(sourceSubscriptionId, spread)
    await store.rows.write([{ put: { tenant: caller.tenant, area, kind: 'spread', key: sourceSubscriptionId, value: spread } }])
    await sourceSubscriptions.create(caller, { ...behindIt, id: sourceSubscriptionId }, await contexts.compile(context))
  }

  return {
    async created(origin, caller, id) {
      const { document } = subscriptions.retrieve(caller, id)
      if (origin.isLocal || document['localOnly'] === true || !registrations.has(caller.tenant)) return
      await spreadOut(origin.via, caller, id)
    },
    async updated(caller, id) {
      const spread = spreadOf(caller, id)
      if (spread === undefined) return
      const view = subscriptions.retrieve(caller, id)
      for (const copy of copies.values())
        if (copy.subscriptionId === id && copy.tenant === caller.tenant) behind(call(copy, spread.via, 'updateSubscription', view), id)
    },
    async deleted(caller, id) {
      const spread = spreadOf(caller, id)
      if (spread === undefined) return
      spreads.delete(spread.sourceSubscriptionId)
      await store.rows.write([{ delete: { tenant: caller.tenant, area, kind: 'spread', key: spread.sourceSubscriptionId } }])
      await sourceSubscriptions.delete(caller, spread.sourceSubscriptionId)
      for (const copy of copies.values()) if (copy.subscriptionId === id && copy.tenant === caller.tenant) behind(end(copy, spread.via), id)
    },
    async takeSources(sourceSubscriptionId, { data, triggerReason }) {
      const spread = spreads.get(sourceSubscriptionId)
      if (spread === undefined || !Array.isArray(data)) return
      const { subscriptionId, tenant, via } = spread
      const view = subscriptions.retrieve(callerOf(tenant), subscriptionId)
      for (const item of data as readonly JsonObject[]) {
        const registrationId = item['id'] as string
        const held = [...copies.values()].find(
          (copy) => copy.registrationId === registrationId && copy.subscriptionId === subscriptionId && copy.tenant === tenant,
        )
        const registration = find(tenant, registrationId)
        if (triggerReason === 'noLongerMatching') {
          if (held !== undefined) await end(held, via)
        } else if (held !== undefined) await call(held, via, 'updateSubscription', view)
        else if (registration !== undefined && registration.mode !== 'auxiliary' && offers(registration.operations, 'createSubscription')) {
          const copy: Copy = { id: `urn:ngsi-ld:Subscription:distsub:${randomUUID()}`, tenant, subscriptionId, registrationId }
          copies.set(copy.id, copy)
          await store.rows.write([{ put: { tenant, area, kind: 'copy', key: copy.id, value: copy } }])
          await call(copy, via, 'createSubscription', view)
        }
      }
    },
    async take(notification, context) {
      if (!isJsonObject(notification)) throw badRequest('A notification must be an object')
      const { data, subscriptionId: copyId } = notification
      const copy = typeof copyId === 'string' ? copies.get(copyId) : undefined
      if (copy === undefined) throw new NgsiLdError('ResourceNotFound', `There is no copy ${JSON.stringify(copyId ?? null)} of a subscription`)
      const caller = callerOf(copy.tenant)
      const view = subscriptions.retrieve(caller, copy.subscriptionId)
      const subscription = parseSubscription(
        { ...view.document, type: 'Subscription' },
        await contexts.compile(view.context),
        copy.tenant,
        copy.subscriptionId,
      )
      const told: Entity[] = []
      for (const item of Array.isArray(data) ? (data as readonly Json[]) : []) {
        const part = parseEntity(item, context, { sysAttrs: true })
        const isSplit = view.document['splitEntities'] === true
        const own = isSplit ? await otherParts(part.id, copy, caller, view) : undefined
        // What the source tells is news: it goes before what others have.
        const parts = [part, ...(own === undefined ? [] : [own])].map((entity) => ({ entity, isAuxiliary: false }))
        const entity = mergeParts(parts, deps.clock.now())
        if (entity === undefined || subscription.selectors?.some((selector) => selects(selector, entity)) === false) continue
        if (!isSplit || matchesEntity(subscription.conditions, entity)) told.push(entity)
      }
      if (told.length === 0 || !subscription.isActive) return
      const outgoing = writeNotification(
        subscription,
        told.map((entity) => ({ entity, sequence: 0 })),
        deps.clock.now(),
        randomUUID(),
      )
      behind(deps.send(subscription, outgoing, AbortSignal.timeout(subscription.endpoint.timeoutMs)), subscription.id)
    },
  }
}

/** Stands for a subscription that is gone. */
const nothing: SubscriptionView = { document: {}, context: [], createdAt: 0, modifiedAt: 0 }
