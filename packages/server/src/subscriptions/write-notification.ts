import {
  asOfVersion,
  findInstance,
  formatInstant,
  instancesOf,
  ngsiLdNull,
  writeEntity,
  writeFeature,
  writeFeatureCollection,
} from '@cityloop/ngsi-ld'
import type { Attribute, Change, Entity, GeoJsonOptions, Instant, Joined, Json, JsonObject } from '@cityloop/ngsi-ld'
import { showJoined } from '#broker/show-joined.ts'
import type { Shown } from '#broker/show-joined.ts'
import type { Endpoint, Subscription } from './subscription.ts'

/** One entity that a notification tells of, and the change it tells of, if it is of one. */
export type Told = {
  readonly entity: Entity
  readonly change?: Change
  readonly sequence: number
  /** What it is joined with, where the subscription asks for that. */
  readonly joined?: Joined
}

/** A notification on its way (5.3.1): `id` stays the same when it is sent again. */
export type Outgoing = { readonly id: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Writes the notification of some entities; several only where none is there twice. */
export function writeNotification(subscription: Subscription, told: readonly Told[], now: Instant, reason: string): Outgoing {
  const { endpoint, tenant, contextLink } = subscription
  const id = `urn:ngsi-ld:Notification:${reason}`
  const body: Record<string, Json> = {
    id,
    type: 'Notification',
    subscriptionId: subscription.id,
    notifiedAt: formatInstant(now),
    data: dataOf(subscription, told),
  }
  if (endpoint.accept === 'application/ld+json') body['@context'] = contextLink
  return {
    id,
    headers: {
      ...Object.fromEntries(endpoint.receiverInfo),
      'Content-Type': endpoint.accept,
      ...(isContextInside(endpoint) ? {} : { Link: `<${contextLink}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` }),
      ...(tenant === '' ? {} : { 'NGSILD-Tenant': tenant, 'Fiware-Service': tenant }),
    },
    body: JSON.stringify(body),
  }
}

/** 6.3.8: GeoJSON has the @context inside, unless the receiver is sent `Prefer: body=json`. */
function isContextInside({ accept, receiverInfo }: Endpoint): boolean {
  if (accept !== 'application/geo+json') return accept === 'application/ld+json'
  return !receiverInfo.some(([key, value]) => key.toLowerCase() === 'prefer' && value === 'body=json')
}

function dataOf(subscription: Subscription, told: readonly Told[]): Json {
  const { context, contextLink, endpoint } = subscription
  const all = told.flatMap((one) => allShown(subscription, one))
  if (endpoint.accept === 'application/geo+json')
    return {
      ...writeFeatureCollection([], context),
      features: all.map(({ entity, options }) => writeFeature(entity, context, options)),
      ...(isContextInside(endpoint) ? { '@context': contextLink } : {}),
    }
  // Each entity is a document of its own, which must say its @context (5.2.4).
  const inside: JsonObject = endpoint.accept === 'application/ld+json' ? { '@context': contextLink } : {}
  return all.map(({ entity, options }): JsonObject => ({ ...writeEntity(entity, context, options), ...inside }))
}

/** The entity, with those that it is linked to where that is asked for. */
function allShown(subscription: Subscription, told: Told): readonly Shown[] {
  const { context, join, version } = subscription
  const own: Shown = { entity: shown(subscription, told), options: optionsOf(subscription, told) }
  const all = join === undefined || told.joined === undefined ? [own] : showJoined(join, [own.entity], told.joined, own.options)
  return version === undefined ? all : all.map(({ entity, options }) => ({ entity: asOfVersion(entity, version, context), options }))
}

/** The entity with what the change deleted as NGSI-LD null, where deletions are told (5.8.6): one instance alone where nothing of the attribute is left. */
function shown({ showChanges, triggers, watched }: Subscription, { entity, change }: Told): Entity {
  if (change === undefined || (!triggers.has('attributeDeleted') && !(change.kind === 'deleted' && showChanges))) return entity
  const attributes: Record<string, readonly Attribute[]> = { ...entity.attributes }
  for (const { name, before, after } of change.attributes) {
    if (before === undefined || after !== undefined || findInstance(entity.attributes, name, before.datasetId) !== undefined) continue
    if (change.kind === 'deleted' && watched !== undefined && !watched.has(name)) continue
    const left = instancesOf(attributes, name)
    const isAlone = instancesOf(entity.attributes, name).length === 0
    if (isAlone && left.length > 0) continue
    const { createdAt, datasetId, kind } = before
    const times = { ...(createdAt === undefined ? {} : { createdAt }), modifiedAt: change.recordedAt, deletedAt: change.recordedAt }
    const isDefault = isAlone || datasetId === undefined
    attributes[name] = [...left, { kind, value: ngsiLdNull, ...(isDefault ? {} : { datasetId }), ...times }]
  }
  return { ...entity, attributes }
}

function optionsOf(subscription: Subscription, { change }: Told): GeoJsonOptions {
  const { attributes, datasetIds, format, languages, omit, pick, showChanges, sysAttrs } = subscription
  return {
    format,
    sysAttrs,
    ...(attributes === undefined ? {} : { attrs: attributes }),
    ...(datasetIds === undefined ? {} : { datasetIds }),
    ...(languages === undefined ? {} : { languages }),
    ...(omit === undefined ? {} : { omit }),
    ...(pick === undefined ? {} : { pick }),
    ...(showChanges && change !== undefined
      ? {
          previous: (name: string, datasetId: string | undefined) =>
            change.attributes.find((item) => item.name === name && (item.before ?? item.after)?.datasetId === datasetId)?.before,
        }
      : {}),
  }
}
