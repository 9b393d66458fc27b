import { isJsonObject } from '@cityloop/ngsi-ld'
import type { JsonObject } from '@cityloop/ngsi-ld'

/** What a caller may say of a subscription: its members but those that the system gives (5.2.12, 5.2.14.2). */
export function onlyKnown(document: JsonObject): JsonObject {
  const known = Object.entries(document).filter(([name]) => subscriptionMembers.has(name) && !outputOnly.has(name))
  return Object.fromEntries(
    known.map(([name, value]) => [name, name === 'notification' && isJsonObject(value) ? withoutOutput(value) : value] as const),
  )
}

function withoutOutput(notification: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(notification).filter(([name]) => !outputOnly.has(name)))
}

/** The members of a subscription; what a caller gives beside them is not kept. */
const subscriptionMembers: ReadonlySet<string> = new Set([
  '@context',
  '@id',
  '@type',
  'createdAt',
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
  'modifiedAt',
  'ngsildConformance',
  'notification',
  'notificationTrigger',
  'q',
  'scopeQ',
  'splitEntities',
  'status',
  'subscriptionName',
  'temporalQ',
  'throttling',
  'timeInterval',
  'type',
  'watchedAttributes',
])

/** What the system alone says. */
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
