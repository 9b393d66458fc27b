import { NgsiLdError, badRequest, formatInstant, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, Json, JsonObject } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { Contexts } from '#broker/contexts.ts'
import type { Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import type { OwnRows } from '#store/rows.ts'
import { onlyKnown } from '#subscriptions/given-members.ts'
import type { SubscriptionView } from '#subscriptions/open-subscriptions.ts'
import type { RunnerDeps } from '#subscriptions/runner.ts'
import type { SubscriptionDocument } from '#subscriptions/subscription.ts'
import type { Registrations } from './open-registrations.ts'
import { startSourceRunner } from './source-runner.ts'
import type { SourceRunner } from './source-runner.ts'
import { parseSourceSubscription, patched, toKept } from './source-subscription.ts'
import type { SourceDelivery } from './source-subscription.ts'

const area = 'federation'

/** The subscriptions to context source registrations of all tenants (CIM 009, 5.11). */
export type SourceSubscriptions = {
  create(caller: Caller, document: unknown, context: Context): Promise<string>
  /** Throws `ResourceNotFound`. */
  retrieve(caller: Caller, id: string): SubscriptionView
  list(caller: Caller): readonly SubscriptionView[]
  update(caller: Caller, id: string, fragment: unknown, context: Context): Promise<void>
  delete(caller: Caller, id: string): Promise<void>
  close(): Promise<void>
}

export type SourceSubscriptionDeps = {
  readonly clock: Clock
  readonly contexts: Contexts
  readonly log: Log
  readonly registrations: Registrations
  readonly rows: OwnRows
  readonly send: RunnerDeps['send']
}

/** Loads what is kept, tells of what changed meanwhile, and follows the registrations. */
export async function openSourceSubscriptions(deps: SourceSubscriptionDeps): Promise<SourceSubscriptions> {
  const { clock, contexts, registrations, rows } = deps
  const runners = new Map<string, Map<string, SourceRunner>>()
  const runnersOf = (tenant: string): Map<string, SourceRunner> => {
    const known = runners.get(tenant) ?? new Map<string, SourceRunner>()
    runners.set(tenant, known)
    return known
  }

  for (const row of await rows.list(undefined, area, 'subscription')) {
    const kept = row.value as unknown as SubscriptionDocument
    const delivered = await rows.get(row.tenant, area, 'delivery', row.key)
    const context = await contexts.compile(kept.context)
    begin(row.tenant, kept, context, (delivered?.value as unknown as SourceDelivery | undefined) ?? fresh())
  }
  registrations.onChange(({ tenant }) => {
    for (const runner of runnersOf(tenant).values()) runner.look()
  })

  function begin(tenant: string, kept: SubscriptionDocument, context: Context, delivery: SourceDelivery): void {
    const parsed = parseSourceSubscription({ ...kept.document, type: 'Subscription' }, context, tenant, kept)
    const keep = (value: SourceDelivery): Promise<void> => rows.write([{ put: { tenant, area, kind: 'delivery', key: kept.id, value } }])
    runnersOf(tenant).set(kept.id, startSourceRunner({ ...deps, keep }, parsed, delivery))
  }

  function find({ tenant }: Caller, id: string): SourceRunner {
    const runner = runnersOf(tenant).get(id)
    if (runner === undefined) throw new NgsiLdError('ResourceNotFound', `Subscription ${id} does not exist`)
    return runner
  }

  function check(document: JsonObject, context: Context, tenant: string, kept: SubscriptionDocument): void {
    const { subscription } = parseSourceSubscription(document, context, tenant, kept)
    const { expiresAt } = subscription
    if (expiresAt !== undefined && expiresAt <= clock.now()) throw badRequest(`expiresAt must lie ahead, not at ${formatInstant(expiresAt)}`)
  }

  async function put(tenant: string, kept: SubscriptionDocument): Promise<void> {
    await rows.write([{ put: { tenant, area, kind: 'subscription', key: kept.id, value: kept } }])
  }

  function view({ delivery, parsed: { kept, subscription } }: SourceRunner): SubscriptionView {
    const { lastFailure, lastSuccess, timesFailed, timesSent, ...times } = delivery()
    const isExpired = subscription.expiresAt !== undefined && subscription.expiresAt <= clock.now()
    const notification = isJsonObject(kept.document['notification']) ? kept.document['notification'] : {}
    const stated: Record<string, Json> = timesSent === 0 ? {} : { status: (lastFailure ?? -1) > (lastSuccess ?? 0) ? 'failed' : 'ok', timesSent }
    if (timesFailed > 0) stated['timesFailed'] = timesFailed
    for (const [name, at] of Object.entries({ lastFailure, lastSuccess, lastNotification: times.lastNotification }))
      if (at !== undefined) stated[name] = formatInstant(at)
    const document: JsonObject = {
      ...kept.document,
      id: kept.id,
      type: 'Subscription',
      status: isExpired ? 'expired' : subscription.isActive ? 'active' : 'paused',
      notification: { ...notification, ...stated },
    }
    return { document, context: kept.context, createdAt: kept.createdAt, modifiedAt: kept.modifiedAt }
  }

  return {
    async create({ tenant }, given, context) {
      if (!isJsonObject(given)) throw badRequest('A subscription must be an object')
      const stated = given['id'] ?? given['@id']
      if (stated !== undefined && (typeof stated !== 'string' || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(stated)))
        throw badRequest(`id must be a URI, not ${JSON.stringify(stated)}`)
      const id = typeof stated === 'string' ? stated : `urn:ngsi-ld:Subscription:${randomUUID()}`
      const document = onlyKnown(given, contexts)
      const kept = toKept(id, document, context, clock.now(), clock.now())
      check(document, context, tenant, kept)
      if (runnersOf(tenant).has(id)) throw new NgsiLdError('AlreadyExists', `Subscription ${id} already exists`)
      await put(tenant, kept)
      begin(tenant, kept, context, fresh())
      return id
    },
    retrieve: (caller, id) => view(find(caller, id)),
    list: ({ tenant }) => [...runnersOf(tenant).values()].map(view),
    async update(caller, id, fragment, context) {
      const runner = find(caller, id)
      if (!isJsonObject(fragment)) throw badRequest('A subscription fragment must be an object')
      const { kept: before } = runner.parsed
      const document = patched(before.document, onlyKnown(fragment, contexts))
      const own = fragment['@context'] === undefined ? await contexts.compile(before.context) : context
      const kept = toKept(id, document, own, before.createdAt, clock.now())
      check({ ...document, type: 'Subscription' }, own, caller.tenant, kept)
      const { tenant } = caller
      await rows.write([
        { put: { tenant, area, kind: 'subscription', key: id, value: kept } },
        { put: { tenant, area, kind: 'delivery', key: id, value: untold(runner.delivery()) } },
      ])
      await runner.close()
      begin(tenant, kept, own, untold(runner.delivery()))
    },
    async delete(caller, id) {
      const runner = find(caller, id)
      const { tenant } = caller
      await rows.write([{ delete: { tenant, area, kind: 'subscription', key: id } }, { delete: { tenant, area, kind: 'delivery', key: id } }])
      runnersOf(tenant).delete(id)
      await runner.close()
    },
    async close() {
      await Promise.all([...runners.values()].flatMap((known) => [...known.values()].map((runner) => runner.close())))
    },
  }
}

function fresh(): SourceDelivery {
  return { told: {}, timesSent: 0, timesFailed: 0 }
}

/** The delivery of a subscription that has changed: its subscriber is told anew of all that matches (5.11.3.4). No registration was changed at the time 0. */
function untold({ told, ...delivery }: SourceDelivery): SourceDelivery {
  return { ...delivery, told: Object.fromEntries(Object.keys(told).map((id) => [id, 0])) }
}
