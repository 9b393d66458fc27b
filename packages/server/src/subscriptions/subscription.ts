import type { Context, EntityQuery, EntitySelector, Instant, Iri, Join, Json, JsonObject, Languages, Projection } from '@cityloop/ngsi-ld'

export type Trigger = 'entityCreated' | 'entityDeleted' | 'attributeCreated' | 'attributeUpdated' | 'attributeDeleted'

/** A subscription as it was given, for the one who asks for it, and what it was given with. */
export type SubscriptionDocument = {
  readonly id: string
  readonly document: JsonObject
  readonly context: Json
  readonly createdAt: Instant
  readonly modifiedAt: Instant
}

/** How a receiver is reached (5.2.15). */
export type Endpoint = {
  readonly uri: string
  readonly accept: 'application/json' | 'application/ld+json' | 'application/geo+json'
  readonly receiverInfo: readonly (readonly [key: string, value: string])[]
  readonly notifierInfo: readonly (readonly [key: string, value: string])[]
  readonly timeoutMs: number
  readonly cooldownMs: number
}

/** A subscription (5.2.12) ready to be matched: names expanded, queries parsed. */
export type Subscription = {
  readonly id: string
  readonly tenant: string
  readonly selectors: readonly EntitySelector[] | undefined
  readonly watched: ReadonlySet<Iri> | undefined
  readonly triggers: ReadonlySet<Trigger>
  /** `q`, `geoQ` and `scopeQ`. */
  readonly conditions: EntityQuery
  readonly isActive: boolean
  readonly expiresAt: Instant | undefined
  readonly throttlingUs: number
  readonly timeIntervalUs: number | undefined
  readonly endpoint: Endpoint
  readonly format: 'normalized' | 'concise' | 'simplified'
  readonly attributes: ReadonlySet<Iri> | undefined
  readonly pick: Projection | undefined
  readonly omit: Projection | undefined
  readonly datasetIds: ReadonlySet<string> | undefined
  readonly languages: Languages | undefined
  readonly sysAttrs: boolean
  readonly showChanges: boolean
  /** The minor number of the version of the standard that notifications keep to (4.3.6.8). */
  readonly version: number | undefined
  readonly join: Join | undefined
  /** What notifications are written with. */
  readonly context: Context
  /** What the `Link` header of a notification names. */
  readonly contextLink: string
}

/** What became of a subscription's notifications (5.2.14, 5.2.12-2), kept across restarts. */
export type Delivery = {
  /** Changes up to this sequence are dealt with. */
  readonly position: number
  readonly timesSent: number
  readonly timesFailed: number
  readonly lastNotification?: Instant
  readonly lastSuccess?: Instant
  readonly lastFailure?: Instant
  readonly lastError?: string
  /** Changes were lost, since they had left the outbox before they could be delivered. */
  readonly isIncomplete?: boolean
}
