import {
  badRequest,
  compactIri,
  compilePattern,
  coreContext,
  expandTerm,
  isJsonObject,
  parseDuration,
  parseGeometry,
  parseUtc,
  parseName,
} from '@cityloop/ngsi-ld'
import type { Context, Json, JsonObject } from '@cityloop/ngsi-ld'
import { defaultOperations, isOperationName, toOperations } from './operations.ts'
import type { EntityInfo, Interval, Mode, Registration, RegistrationInfo } from './registration.ts'

const core = 'https://uri.etsi.org/ngsi-ld/'
const ownMembers = new Set(['id', 'type', 'createdAt', 'modifiedAt', 'status', 'timesSent', 'timesFailed', 'lastSuccess', 'lastFailure', '@context'])
const spaceNames = ['location', 'observationSpace', 'operationSpace'] as const
const usualTimeoutMs = 4000
const longestTimeoutMs = 20_000

type Check = (value: Json, context: Context) => Json

/** How each member of 5.2.9 is checked and expanded; others are context source properties. */
const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['endpoint', (value) => url(value, 'endpoint')],
  ['information', (value, context) => list(value, 'information').map((info) => expandInfo(info, context))],
  ['contextSourceInfo', (value) => list(value, 'contextSourceInfo', true).map(checkPair)],
  ['contextSourceAlias', (value) => token(value, 'contextSourceAlias')],
  ['description', (value) => text(value, 'description')],
  ['registrationName', (value) => text(value, 'registrationName')],
  ['datasetId', (value) => texts(value, 'datasetId').map((id) => (id === '@none' ? id : uri(id, 'datasetId')))],
  ['expiresAt', (value) => instant(value, 'expiresAt')],
  ['management', checkManagement],
  ['managementInterval', (value) => checkInterval(value, 'managementInterval')],
  ['observationInterval', (value) => checkInterval(value, 'observationInterval')],
  ['mode', (value) => choice(value, 'mode', ['inclusive', 'exclusive', 'redirect', 'auxiliary'])],
  ['operations', checkOperations],
  // The place of it is in `management` (5.2.34); there are clients that state it beside it.
  ['localOnly', boolean],
  ['refreshRate', (value) => duration(value, 'refreshRate')],
  ['scope', (value) => (Array.isArray(value) ? texts(value, 'scope') : text(value, 'scope'))],
  ['tenant', (value) => text(value, 'tenant')],
  ...spaceNames.map((name): [string, Check] => [name, (value) => geometry(value, name)]),
])

/** Checks a registration, or with `isFragment` a part of one, and expands its names. Throws `BadRequestData`, naming the member. */
export function expandRegistration(given: JsonObject, context: Context, isFragment = false): JsonObject {
  const type = given['type'] ?? given['@type']
  if (type !== 'ContextSourceRegistration' && !(isFragment && type === undefined))
    throw badRequest(`type must be ContextSourceRegistration, not ${JSON.stringify(type ?? null)}`)
  const expanded: [string, Json][] = []
  for (const [name, value] of Object.entries(given)) {
    if (ownMembers.has(name) || name.startsWith('@')) continue
    const check = checks.get(name)
    const key = check === undefined ? parseName(context, name, name) : name
    if (isFragment && isNull(value)) expanded.push([key, null])
    else expanded.push([key, check === undefined ? value : check(value, context)])
  }
  const document = Object.fromEntries(expanded)
  if (!isFragment) checkWhole(document)
  return document
}

/** Checks what must be there, and what the mode asks for (4.3.6.2, 4.3.6.3, 5.9.2.4). */
export function checkWhole(document: JsonObject): void {
  for (const name of ['endpoint', 'information']) if (document[name] === undefined) throw badRequest(`A registration must have ${name}`)
  const information = informationOf(document)
  if (document['mode'] === 'exclusive') {
    for (const { entities, names } of information) {
      if (names === undefined) throw badRequest('An exclusive registration must name attributes')
      if (entities === undefined || entities.some(({ id, idPattern }) => id === undefined || idPattern !== undefined))
        throw badRequest('An exclusive registration must name each entity by its id, not by pattern or type alone')
    }
  }
  if (document['mode'] !== 'auxiliary') return
  const operations = document['operations']
  const named = operations === undefined ? ['retrieveOps'] : (operations as readonly string[])
  for (const name of named)
    if (name !== 'retrieveOps' && name !== 'retrieveEntity' && name !== 'queryEntity')
      throw badRequest(`An auxiliary registration offers only retrieveOps, retrieveEntity and queryEntity, not ${name}`)
}

/** The registration that a checked and expanded document states. */
export function toRegistration(tenant: string, id: string, document: JsonObject): Registration {
  const management = isJsonObject(document['management']) ? document['management'] : {}
  const mode = (document['mode'] as Mode | undefined) ?? 'inclusive'
  const named = (document['operations'] as readonly string[] | undefined) ?? (mode === 'auxiliary' ? ['retrieveOps'] : defaultOperations)
  const scope = document['scope'] as string | readonly string[] | undefined
  const expiresAt = document['expiresAt']
  return {
    id,
    tenant,
    mode,
    operations: toOperations(named),
    information: informationOf(document),
    endpoint: (document['endpoint'] as string).replace(/\/+$/, '').replace(/\/ngsi-ld\/v1$/, ''),
    peerTenant: document['tenant'] as string | undefined,
    alias: document['contextSourceAlias'] as string | undefined,
    sourceInfo: ((document['contextSourceInfo'] ?? []) as readonly JsonObject[]).map(
      (pair) => [pair['key'] as string, pair['value'] as string] as const,
    ),
    isLocalOnly: management['localOnly'] === true || document['localOnly'] === true,
    timeoutMs: Math.min(Number(management['timeout'] ?? usualTimeoutMs), longestTimeoutMs),
    cooldownMs: Number(management['cooldown'] ?? 0),
    datasetIds: document['datasetId'] as readonly string[] | undefined,
    scopes: scope === undefined ? undefined : [scope].flat().map((one) => (one.startsWith('/') ? one : `/${one}`)),
    spaces: new Map(spaceNames.flatMap((name) => (document[name] === undefined ? [] : [[core + name, document[name]] as const]))),
    observationInterval: intervalOf(document['observationInterval']),
    managementInterval: intervalOf(document['managementInterval']),
    expiresAt: expiresAt === undefined ? undefined : parseUtc(expiresAt, 'expiresAt'),
    properties: new Map(Object.entries(document).map(([name, value]) => [checks.has(name) ? expandTerm(coreContext, name) : name, value])),
  }
}

/** The document as a caller with that @context reads it. */
export function compactRegistration(document: JsonObject, context: Context): JsonObject {
  const shown = Object.entries(document).map(([name, value]): [string, Json] => {
    if (name === 'information') return [name, (value as readonly JsonObject[]).map((info) => compactInfo(info, context))]
    return [checks.has(name) ? name : compactIri(context, name), value]
  })
  return Object.fromEntries(shown)
}

export function isNull(value: Json): boolean {
  return value === null || value === 'urn:ngsi-ld:null'
}

function informationOf(document: JsonObject): readonly RegistrationInfo[] {
  return (document['information'] as readonly JsonObject[]).map((info) => {
    const entities = info['entities'] as readonly JsonObject[] | undefined
    const names = [...((info['propertyNames'] ?? []) as readonly string[]), ...((info['relationshipNames'] ?? []) as readonly string[])]
    return {
      ...(entities === undefined ? {} : { entities: entities.map(entityInfoOf) }),
      ...(names.length === 0 ? {} : { names: new Set(names) }),
    }
  })
}

function entityInfoOf(entity: JsonObject): EntityInfo {
  const { id, idPattern, type } = entity
  return {
    ...(type === undefined ? {} : { types: [type as string | readonly string[]].flat() }),
    ...(id === undefined ? {} : { id: id as string }),
    ...(idPattern === undefined ? {} : { idPattern: idPattern as string }),
  }
}

function expandInfo(info: Json, context: Context): Json {
  if (!isJsonObject(info)) throw badRequest('information must be an array of objects')
  const expanded: Record<string, Json> = {}
  for (const [name, value] of Object.entries(info)) {
    if (name === 'entities') expanded[name] = list(value, 'information.entities').map((entity) => expandEntityInfo(entity, context))
    else if (name === 'propertyNames' || name === 'relationshipNames')
      expanded[name] = texts(value, `information.${name}`).map((term) => parseName(context, term, `information.${name}`))
    else throw badRequest(`information has no member ${name}`)
  }
  if (Object.keys(expanded).length === 0) throw badRequest('information must name entities, propertyNames or relationshipNames')
  return expanded
}

function expandEntityInfo(entity: Json, context: Context): Json {
  if (!isJsonObject(entity)) throw badRequest('information.entities must be an array of objects')
  const { id, idPattern } = entity
  const type = entity['type'] ?? entity['@type']
  if (type === undefined && id === undefined) throw badRequest('information.entities must state a type')
  const named = type === undefined ? [] : Array.isArray(type) ? texts(type, 'information.entities.type') : [text(type, 'information.entities.type')]
  const types = named.map((term) => expandTerm(context, term))
  if (idPattern !== undefined) compilePattern('information.entities.idPattern', text(idPattern, 'information.entities.idPattern'))
  return {
    ...(types.length === 0 ? {} : { type: types.length === 1 ? (types[0] ?? '') : types }),
    ...(id === undefined ? {} : { id: uri(text(id, 'information.entities.id'), 'information.entities.id') }),
    ...(idPattern === undefined || id !== undefined ? {} : { idPattern }),
  }
}

function compactInfo(info: JsonObject, context: Context): JsonObject {
  const compact = (name: Json): Json => compactIri(context, name as string)
  return Object.fromEntries(
    Object.entries(info).map(([name, value]): [string, Json] => {
      if (name !== 'entities') return [name, (value as readonly Json[]).map(compact)]
      const entities = value as readonly JsonObject[]
      return [
        name,
        entities.map(({ type, ...entity }) => ({
          ...entity,
          ...(type === undefined ? {} : { type: Array.isArray(type) ? type.map(compact) : compact(type) }),
        })),
      ]
    }),
  )
}

/** 5.2.22, with what 4.3.6.6 asks of the keys that have a meaning. */
function checkPair(pair: Json): Json {
  if (!isJsonObject(pair)) throw badRequest('contextSourceInfo must be an array of key and value pairs')
  const key = text(pair['key'], 'contextSourceInfo.key')
  const value = text(pair['value'], `contextSourceInfo.${key}`)
  if (/[^\x20-\x7e]/.test(value) || /[^!#$%&'*+\-.^_`|~0-9a-z]/i.test(key)) throw badRequest(`contextSourceInfo.${key} cannot be a header`)
  if (key === 'accept' || key === 'contentType') choice(value, `contextSourceInfo.${key}`, ['application/json', 'application/ld+json'])
  if (key === 'jsonldContext') uri(value, 'contextSourceInfo.jsonldContext')
  if (key === 'ngsildConformance' && !/^1\.\d{1,2}$/.test(value))
    throw badRequest(`contextSourceInfo.ngsildConformance must be such as 1.5, not ${value}`)
  return { key, value }
}

/** 5.2.34 */
function checkManagement(value: Json): Json {
  if (!isJsonObject(value)) throw badRequest('management must be an object')
  for (const [name, part] of Object.entries(value)) {
    if (name === 'cacheDuration') duration(part, 'management.cacheDuration')
    else if (name === 'localOnly') {
      if (typeof part !== 'boolean') throw badRequest('management.localOnly must be true or false')
    } else if (name === 'cooldown' || name === 'timeout') {
      if (typeof part !== 'number' || !(part > 0)) throw badRequest(`management.${name} must be a number above 0, not ${JSON.stringify(part)}`)
    } else throw badRequest(`management has no member ${name}`)
  }
  return value
}

function checkOperations(value: Json): Json {
  const listed = texts(value, 'operations')
  for (const name of listed) if (!isOperationName(name)) throw badRequest(`operations has ${JSON.stringify(name)}, which is no operation`)
  return listed
}

function checkInterval(value: Json, what: string): Json {
  if (!isJsonObject(value)) throw badRequest(`${what} must be an object`)
  const from = parseUtc(value['startAt'], `${what}.startAt`)
  if (value['endAt'] !== undefined && parseUtc(value['endAt'], `${what}.endAt`) < from) throw badRequest(`${what} ends before it starts`)
  return value
}

function intervalOf(value: Json | undefined): Interval | undefined {
  if (!isJsonObject(value)) return undefined
  const end = value['endAt']
  return { from: parseUtc(value['startAt'], 'startAt'), ...(end === undefined ? {} : { until: parseUtc(end, 'endAt') }) }
}

function geometry(value: Json, what: string): Json {
  const stated = isJsonObject(value) && isJsonObject(value['value']) ? value['value'] : value
  parseGeometry(stated, what)
  return value
}

function instant(value: Json, what: string): Json {
  parseUtc(value, what)
  return value
}

function duration(value: Json, what: string): Json {
  parseDuration(text(value, what), what)
  return value
}

function list(value: Json, what: string, mayBeEmpty = false): readonly Json[] {
  if (!Array.isArray(value) || (value.length === 0 && !mayBeEmpty)) throw badRequest(`${what} must be an array of at least one item`)
  return value as readonly Json[]
}

function texts(value: Json, what: string): readonly string[] {
  return list(value, what).map((item) => text(item, what))
}

function text(value: Json | undefined, what: string): string {
  if (typeof value !== 'string' || value === '') throw badRequest(`${what} must be a text, not ${JSON.stringify(value ?? null)}`)
  return value
}

function token(value: Json, what: string): string {
  const stated = text(value, what)
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z:]+$/.test(stated)) throw badRequest(`${what} must be a pseudonym as of RFC 7230, not ${JSON.stringify(value)}`)
  return stated
}

function boolean(value: Json): Json {
  if (typeof value !== 'boolean') throw badRequest(`localOnly must be true or false, not ${JSON.stringify(value)}`)
  return value
}

function choice(value: Json, what: string, known: readonly string[]): Json {
  if (typeof value !== 'string' || !known.includes(value))
    throw badRequest(`${what} must be one of ${known.join(', ')}, not ${JSON.stringify(value)}`)
  return value
}

function uri(value: string, what: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(value)) throw badRequest(`${what} must be a URI, not ${JSON.stringify(value)}`)
  return value
}

function url(value: Json, what: string): string {
  const stated = text(value, what)
  if (!/^https?:$/.test(URL.parse(stated)?.protocol ?? '')) throw badRequest(`${what} must be an http or https URL, not ${JSON.stringify(value)}`)
  return stated
}
