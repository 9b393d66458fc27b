import { badRequest, contextMember, isJsonObject, parseQ, parseTemporalQuery, expandTerm } from '@cityloop/ngsi-ld'
import type { Context, Instant, Json, JsonObject } from '@cityloop/ngsi-ld'
import { parseSubscription } from '#subscriptions/parse-subscription.ts'
import type { Subscription, SubscriptionDocument } from '#subscriptions/subscription.ts'
import type { Interest } from './match-registration.ts'

/** Which registrations a subscriber was told of, when they had last changed then; and how the deliveries went. Kept across restarts. */
export type SourceDelivery = {
  readonly told: { readonly [registrationId: string]: Instant }
  readonly timesSent: number
  readonly timesFailed: number
  readonly lastNotification?: Instant
  readonly lastSuccess?: Instant
  readonly lastFailure?: Instant
}

/** A subscription to context source registrations (5.11), ready to be matched. */
export type SourceSubscription = { readonly kept: SubscriptionDocument; readonly subscription: Subscription; readonly interest: Interest }

/** Reads one with the @context it came with. Throws `BadRequestData`, naming the member. */
export function parseSourceSubscription(document: JsonObject, context: Context, tenant: string, kept: SubscriptionDocument): SourceSubscription {
  const { csf, temporalQ } = document
  const subscription = parseSubscription(document, context, tenant, kept.id)
  const { attributes, conditions, selectors, watched } = subscription
  // 5.11.2.4: where either list is absent, every attribute matches.
  const names = attributes === undefined || watched === undefined ? undefined : [...new Set([...attributes, ...watched])]
  return {
    kept,
    subscription,
    interest: {
      isDiscovery: true,
      time: isJsonObject(temporalQ) ? parseTemporalQuery(textsOf(temporalQ)) : 'latest',
      ...(selectors === undefined ? {} : { selectors }),
      ...(names === undefined ? {} : { names }),
      ...(conditions.geo === undefined ? {} : { geo: conditions.geo }),
      ...(conditions.scopeQ === undefined ? {} : { scopeQ: conditions.scopeQ }),
      ...(typeof csf === 'string' ? { csf: parseQ(csf, (term) => expandTerm(context, term)) } : {}),
    },
  }
}

/** The document as it is kept. */
export function toKept(id: string, document: JsonObject, context: Context, createdAt: Instant, modifiedAt: Instant): SubscriptionDocument {
  return { id, document, context: contextMember(context), createdAt, modifiedAt }
}

function textsOf(object: JsonObject): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** A subscription's document with the changes of a fragment; NGSI-LD null removes (5.5.8). */
export function patched(document: JsonObject, fragment: JsonObject): JsonObject {
  const merged = new Map<string, Json>(Object.entries(document))
  for (const [name, value] of Object.entries(fragment)) {
    if (name === 'id' || name.startsWith('@')) continue
    if (name === 'type' && value !== 'Subscription') throw badRequest(`type must be Subscription, not ${JSON.stringify(value)}`)
    if (value === null || value === 'urn:ngsi-ld:null') merged.delete(name)
    else merged.set(name, value)
  }
  return Object.fromEntries(merged)
}
