import {
  badRequest,
  compilePattern,
  contextMember,
  coreContextIri,
  expandTerm,
  isJsonObject,
  parseGeoQuery,
  parseUtc,
  parseLanguages,
  parseName,
  parseProjection,
  parseQ,
  parseScopeQuery,
  parseTypeSelection,
} from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, EntitySelector, Join, Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Endpoint, Subscription, Trigger } from './subscription.ts'

const triggerNames: ReadonlySet<string> = new Set(['entityCreated', 'entityDeleted', 'attributeCreated', 'attributeUpdated', 'attributeDeleted'])

/** Reads a subscription (5.2.12) with the context it came with; `shown` is what its notifications are written with. Throws `BadRequestData`, naming the member. */
export function parseSubscription(document: JsonObject, context: Context, tenant: string, id: string, shown: Context = context): Subscription {
  const type = document['type'] ?? document['@type']
  if (type !== 'Subscription') throw badRequest(`type must be Subscription, not ${JSON.stringify(type)}`)
  const expand = (term: string): string => expandTerm(context, term)
  const selectors = document['entities'] === undefined ? undefined : parseSelectors(document['entities'], expand)
  const watched =
    document['watchedAttributes'] === undefined ? undefined : new Set(texts(document['watchedAttributes'], 'watchedAttributes').map(expand))
  const timeInterval = positive(document['timeInterval'], 'timeInterval')
  const throttling = positive(document['throttling'], 'throttling')
  if (selectors === undefined && watched === undefined && document['localOnly'] !== true)
    throw badRequest('A subscription must have entities or watchedAttributes')
  if (timeInterval !== undefined && watched !== undefined) throw badRequest('timeInterval and watchedAttributes exclude each other')
  if (timeInterval !== undefined && throttling !== undefined) throw badRequest('timeInterval and throttling exclude each other')
  const notification = document['notification']
  if (!isJsonObject(notification)) throw badRequest('notification must be an object')
  const { pick, omit, attributes } = notification
  checkShowing(notification, context)
  if (document['csf'] !== undefined) parseQ(text(document['csf'], 'csf'), expand, { isDocument: true })
  const expiresAt = document['expiresAt']
  const lang = document['lang']
  return {
    id,
    tenant,
    selectors,
    watched,
    triggers: parseTriggers(document['notificationTrigger']),
    conditions: parseConditions(document, expand),
    isActive: boolean(document['isActive'], 'isActive', true),
    expiresAt: expiresAt === undefined ? undefined : parseUtc(expiresAt, 'expiresAt'),
    throttlingUs: (throttling ?? 0) * 1e6,
    timeIntervalUs: timeInterval === undefined ? undefined : timeInterval * 1e6,
    endpoint: parseEndpoint(notification['endpoint']),
    format: parseFormat(notification['format']),
    attributes: attributes === undefined ? undefined : parseAttributes(attributes, context),
    pick: pick === undefined ? undefined : parseProjection(texts(pick, 'notification.pick').join(','), context, 'notification.pick'),
    omit: omit === undefined ? undefined : parseProjection(texts(omit, 'notification.omit').join(','), context, 'notification.omit'),
    datasetIds: document['datasetId'] === undefined ? undefined : new Set(texts(document['datasetId'], 'datasetId')),
    languages: lang === undefined ? undefined : parseLanguages(text(lang, 'lang')),
    sysAttrs: boolean(notification['sysAttrs'], 'notification.sysAttrs', false),
    join: parseJoin(notification),
    showChanges: boolean(notification['showChanges'], 'notification.showChanges', false),
    version: parseVersion(document['ngsildConformance']),
    context: shown,
    contextLink: linkOf(document['jsonldContext'], context),
  }
}

/** What 5.2.14.1 forbids beside each other. */
function checkShowing(notification: JsonObject, context: Context): void {
  const { attributes, format, omit, pick, showChanges } = notification
  if (attributes !== undefined && (pick !== undefined || omit !== undefined)) throw badRequest('notification.attributes excludes pick and omit')
  if (showChanges === true && (format === 'keyValues' || format === 'simplified'))
    throw badRequest(`notification.showChanges needs a format with values beside each other, not ${format}`)
  if (pick === undefined || omit === undefined) return
  const picked = parseProjection(texts(pick, 'notification.pick').join(','), context, 'notification.pick')
  for (const [name, inner] of parseProjection(texts(omit, 'notification.omit').join(','), context, 'notification.omit'))
    if (inner === undefined && picked.has(name)) throw badRequest(`notification.pick and omit both name ${name}`)
}

/** The names of 5.2.14.1, among which the members of an entity that are no attributes are none. */
function parseAttributes(value: Json, context: Context): ReadonlySet<string> {
  const names = texts(value, 'notification.attributes')
  for (const name of names)
    if (name === 'id' || name === 'type' || name === 'scope') throw badRequest(`notification.attributes must name attributes, not ${name}`)
  return new Set(names.map((name) => parseName(context, name, 'notification.attributes')))
}

/** How linked entities are told (4.5.23). */
function parseJoin({ join = '@none', joinLevel }: JsonObject): Join | undefined {
  if (join !== 'flat' && join !== 'inline' && join !== '@none')
    throw badRequest(`notification.join must be flat, inline or @none, not ${JSON.stringify(join)}`)
  if (joinLevel !== undefined && (typeof joinLevel !== 'number' || !Number.isInteger(joinLevel) || joinLevel < 1 || joinLevel > 10))
    throw badRequest(`notification.joinLevel must be an integer from 1 to 10, not ${JSON.stringify(joinLevel)}`)
  return join === '@none' ? undefined : { kind: join, level: joinLevel ?? 1 }
}

function parseSelectors(value: Json, expand: (term: string) => string): readonly EntitySelector[] {
  if (!Array.isArray(value) || value.length === 0) throw badRequest('entities must be an array of at least one selector')
  return (value as readonly Json[]).map((item) => {
    if (!isJsonObject(item)) throw badRequest('An entity selector must be an object')
    const { id, idPattern, type } = item
    if (type === undefined) throw badRequest('An entity selector must have a type')
    if (idPattern !== undefined) compilePattern('entities.idPattern', text(idPattern, 'entities.idPattern'))
    return {
      types: parseTypeSelection(text(type, 'entities.type'), expand),
      ...(id === undefined ? {} : { ids: texts(id, 'entities.id').map((one) => uri(one, 'entities.id')) }),
      // The id takes precedence (5.2.33).
      ...(idPattern === undefined || id !== undefined ? {} : { idPattern: text(idPattern, 'entities.idPattern') }),
    }
  })
}

function parseConditions(document: JsonObject, expand: (term: string) => string): EntityQuery {
  const { q, scopeQ, geoQ, expandValues } = document
  const options = { isDocument: true, ...(expandValues === undefined ? {} : { expandValues: text(expandValues, 'expandValues').split(',') }) }
  return {
    ...(q === undefined ? {} : { q: parseQ(text(q, 'q'), expand, options) }),
    ...(scopeQ === undefined ? {} : { scopeQ: parseScopeQuery(text(scopeQ, 'scopeQ')) }),
    ...(geoQ === undefined ? {} : { geo: parseGeo(geoQ, expand) }),
  }
}

function parseGeo(value: Json, expand: (term: string) => string): EntityQuery['geo'] {
  if (!isJsonObject(value)) throw badRequest('geoQ must be an object')
  const { georel, geometry, coordinates, geoproperty } = value
  return parseGeoQuery(
    {
      georel: text(georel, 'geoQ.georel'),
      geometry,
      coordinates,
      ...(geoproperty === undefined ? {} : { geoproperty: text(geoproperty, 'geoQ.geoproperty') }),
    },
    expand,
  )
}

function parseTriggers(value: Json | undefined): ReadonlySet<Trigger> {
  const stated = value === undefined ? ['attributeCreated', 'attributeUpdated'] : texts(value, 'notificationTrigger')
  const named = stated.flatMap((name) => (name === 'entityUpdated' ? ['attributeCreated', 'attributeUpdated', 'attributeDeleted'] : [name]))
  for (const name of named) if (!triggerNames.has(name)) throw badRequest(`notificationTrigger has ${JSON.stringify(name)}, which is no trigger`)
  return new Set(named as Trigger[])
}

function parseEndpoint(value: Json | undefined): Endpoint {
  if (!isJsonObject(value)) throw badRequest('notification.endpoint must be an object')
  const address = uri(text(value['uri'], 'notification.endpoint.uri'), 'notification.endpoint.uri')
  if (!/^(https?|mqtts?):\/\//i.test(address))
    throw badRequest(`notification.endpoint.uri must start with http, https, mqtt or mqtts, not ${address}`)
  const accept = value['accept'] ?? 'application/json'
  if (accept !== 'application/json' && accept !== 'application/ld+json' && accept !== 'application/geo+json') {
    throw badRequest(
      `notification.endpoint.accept must be application/json, application/ld+json or application/geo+json, not ${JSON.stringify(accept)}`,
    )
  }
  const receiverInfo = pairs(value['receiverInfo'], 'notification.endpoint.receiverInfo')
  const notifierInfo = pairs(value['notifierInfo'], 'notification.endpoint.notifierInfo')
  if (/^http/i.test(address)) receiverInfo.forEach(checkHeader)
  else checkMqtt(address, notifierInfo)
  return {
    uri: address,
    accept,
    receiverInfo,
    notifierInfo,
    timeoutMs: Math.min(positive(value['timeout'], 'notification.endpoint.timeout') ?? 5000, 30_000),
    cooldownMs: positive(value['cooldown'], 'notification.endpoint.cooldown') ?? 0,
  }
}

function pairs(value: Json | undefined, what: string): readonly (readonly [string, string])[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw badRequest(`${what} must be an array of key and value pairs`)
  return (value as readonly Json[]).map((item) => {
    if (!isJsonObject(item)) throw badRequest(`${what} must be an array of key and value pairs`)
    return [text(item['key'], `${what}.key`), text(item['value'], `${what}.value`)] as const
  })
}

/** Over HTTP what the receiver is told are headers (6.3.8). */
function checkHeader([key, value]: readonly [string, string]): void {
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(key) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw badRequest(`notification.endpoint.receiverInfo.${key} cannot be a header`)
}

/** What 7.2 asks of an endpoint of MQTT: a topic, and of what is known of the protocol one of its values. */
function checkMqtt(address: string, notifierInfo: readonly (readonly [string, string])[]): void {
  if (!/^mqtts?:\/\/[^/]+\/./i.test(address)) throw badRequest(`notification.endpoint.uri must name a topic, which ${address} does not`)
  for (const [key, value] of notifierInfo) {
    const allowed = mqttInfo.get(key.toLowerCase())
    if (allowed !== undefined && !allowed.includes(value))
      throw badRequest(`notification.endpoint.notifierInfo.${key} must be one of ${allowed.join(', ')}, not ${value}`)
  }
}

const mqttInfo: ReadonlyMap<string, readonly string[]> = new Map([
  ['mqtt-qos', ['0', '1', '2']],
  ['mqtt-version', ['mqtt3.1.1', 'mqtt5.0']],
])

function parseFormat(value: Json | undefined): Subscription['format'] {
  if (value === undefined || value === 'normalized') return 'normalized'
  if (value === 'concise') return 'concise'
  if (value === 'simplified' || value === 'keyValues') return 'simplified'
  throw badRequest(`notification.format must be normalized, concise, simplified or keyValues, not ${JSON.stringify(value)}`)
}

function parseVersion(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined
  const minor = /^1\.(\d{1,2})$/.exec(text(value, 'ngsildConformance'))?.[1]
  if (minor === undefined) throw badRequest(`ngsildConformance must name a version of NGSI-LD such as 1.6, not ${JSON.stringify(value)}`)
  return Number(minor)
}

function linkOf(stated: Json | undefined, context: Context): string {
  if (stated !== undefined) return uri(text(stated, 'jsonldContext'), 'jsonldContext')
  const member = contextMember(context)
  if (typeof member === 'string') return member
  const first = Array.isArray(member) ? (member as readonly Json[])[0] : undefined
  return typeof first === 'string' ? first : coreContextIri
}

function texts(value: Json | undefined, what: string): readonly string[] {
  if (typeof value === 'string') return [text(value, what)]
  if (!Array.isArray(value) || value.length === 0) throw badRequest(`${what} must be an array of at least one text`)
  return (value as readonly Json[]).map((item) => text(item, what))
}

function text(value: Json | undefined, what: string): string {
  if (typeof value !== 'string' || value === '') throw badRequest(`${what} must be a text, not ${JSON.stringify(value)}`)
  return value
}

function uri(value: string, what: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(value)) throw badRequest(`${what} must be a URI, not ${JSON.stringify(value)}`)
  return value
}

function positive(value: Json | undefined, what: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value > 0)) throw badRequest(`${what} must be a number above 0, not ${JSON.stringify(value)}`)
  return value
}

function boolean(value: Json | undefined, what: string, otherwise: boolean): boolean {
  if (value === undefined) return otherwise
  if (typeof value !== 'boolean') throw badRequest(`${what} must be true or false, not ${JSON.stringify(value)}`)
  return value
}
