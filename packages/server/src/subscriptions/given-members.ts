import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Contexts } from '#broker/contexts.ts'

/**
 * What a caller may say of a subscription: its members but those that the system gives (5.2.12, 5.2.14.2). The path of a @context that is hosted here, as its `Location`
 * has it, names it for those that are notified too.
 */
export function onlyKnown(document: JsonObject, contexts: Pick<Contexts, 'resolve'>): JsonObject {
  const known = Object.entries(document).filter(([name]) => givenMembers.has(name))
  const as = (name: string, value: Json): Json => {
    if (name === 'notification' && isJsonObject(value)) return withoutOutput(value)
    return name === 'jsonldContext' && typeof value === 'string' ? contexts.resolve(value) : value
  }
  return Object.fromEntries(known.map(([name, value]) => [name, as(name, value)] as const))
}

function withoutOutput(notification: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(notification).filter(([name]) => !outputOnly.has(name)))
}

/** The members of a subscription that a caller gives. */
const givenMembers: ReadonlySet<string> = new Set([
  '@id',
  '@type',
  'csf',
  'datasetId',
  'description',
  'entities',
  'expandValues',
  'expiresAt',
  'geoQ',
  'id',
  'isActive',
  'jsonKeys',
  'jsonldContext',
  'lang',
  'localOnly',
  'ngsildConformance',
  'notification',
  'notificationTrigger',
  'q',
  'scopeQ',
  'splitEntities',
  'subscriptionName',
  'temporalQ',
  'throttling',
  'timeInterval',
  'type',
  'watchedAttributes',
])

/** What of a notification the system alone says. */
const outputOnly: ReadonlySet<string> = new Set([
  '@context',
  'createdAt',
  'lastFailure',
  'lastNotification',
  'lastSuccess',
  'modifiedAt',
  'status',
  'timesFailed',
  'timesSent',
])
