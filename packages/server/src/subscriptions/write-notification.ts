import { findInstance, formatInstant, instancesOf, ngsiLdNull, writeEntity, writeFeature, writeFeatureCollection } from '@cityloop/ngsi-ld'
import type { Attribute, Change, Entity, Instant, Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Subscription } from './subscription.ts'

/** One entity that a notification tells of, and the change it tells of, if it is of one. */
export type Told = { readonly entity: Entity; readonly change?: Change; readonly sequence: number }

/** A notification on its way (5.3.1): `id` stays the same when it is sent again. */
export type Outgoing = { readonly id: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Writes the notification of some entities; several only where none is there twice. */
export function writeNotification(subscription: Subscription, told: readonly Told[], now: Instant, reason: string): Outgoing {
  const { endpoint, tenant, contextLink } = subscription
  const id = `urn:ngsi-ld:Notification:${reason}`
  const withContext = endpoint.accept === 'application/ld+json'
  const body: Record<string, Json> = {
    id,
    type: 'Notification',
    subscriptionId: subscription.id,
    notifiedAt: formatInstant(now),
    data: dataOf(subscription, told),
  }
  if (withContext) body['@context'] = contextLink
  return {
    id,
    headers: {
      ...Object.fromEntries(endpoint.receiverInfo),
      'content-type': endpoint.accept,
      ...(withContext ? {} : { link: `<${contextLink}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` }),
      ...(tenant === '' ? {} : { 'NGSILD-Tenant': tenant, 'Fiware-Service': tenant }),
    },
    body: JSON.stringify(body),
  }
}

function dataOf(subscription: Subscription, told: readonly Told[]): Json {
  const show = (one: Told): { entity: Entity; options: Parameters<typeof writeEntity>[2] } => ({
    entity: shown(subscription, one),
    options: optionsOf(subscription, one),
  })
  if (subscription.endpoint.accept === 'application/geo+json') {
    const features = told.map((one) => {
      const { entity, options } = show(one)
      return writeFeature(entity, subscription.context, options)
    })
    return { ...writeFeatureCollection([], subscription.context), features }
  }
  return told.map((one): JsonObject => {
    const { entity, options } = show(one)
    return writeEntity(entity, subscription.context, options)
  })
}

/** The entity with what the change deleted as NGSI-LD null, where deletions trigger (5.8.6). */
function shown(subscription: Subscription, { entity, change }: Told): Entity {
  if (change === undefined || change.kind === 'deleted' || !subscription.triggers.has('attributeDeleted')) return entity
  const attributes: Record<string, readonly Attribute[]> = { ...entity.attributes }
  for (const { name, before, after } of change.attributes) {
    if (before === undefined || after !== undefined || findInstance(entity.attributes, name, before.datasetId) !== undefined) continue
    const { kind, datasetId } = before
    attributes[name] = [
      ...instancesOf(attributes, name),
      { kind, value: ngsiLdNull, ...(datasetId === undefined ? {} : { datasetId }), deletedAt: change.recordedAt },
    ]
  }
  return { ...entity, attributes }
}

function optionsOf(subscription: Subscription, { change }: Told): Parameters<typeof writeEntity>[2] {
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
