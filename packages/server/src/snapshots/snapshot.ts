import { badRequest, formatInstant, isJsonObject, ngsiLdNull, parseDuration, parseUri } from '@cityloop/ngsi-ld'
import type { Instant, Json, JsonObject } from '@cityloop/ngsi-ld'

const hourUs = 3_600_000_000
const dayUs = 24 * hourUs
const longestUs = 30 * dayUs

/** How one query of a snapshot went (CIM 009, 5.2.42). */
export type ExecutionResult = { readonly resultStatus: 'success' | 'failure' | 'empty'; readonly problemDetails?: JsonObject }

/** A snapshot as it is kept (5.2.41); its entities are elsewhere. */
export type Snapshot = {
  readonly id: string
  readonly snapshotQueries?: Json
  readonly snapshotTemporalQueries?: Json
  readonly snapshotLifetime?: string
  readonly snapshotPriority: number
  readonly endpoint?: string
  /** Header names and values. */
  readonly receiverInfo?: readonly (readonly [key: string, value: string])[]
  readonly snapshotStatus: 'preparing' | 'success' | 'partial' | 'failure' | 'empty'
  readonly snapshotQueriesDetails?: readonly ExecutionResult[]
  readonly snapshotTemporalQueriesDetails?: readonly ExecutionResult[]
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly expiresAt: Instant
  readonly lastUsedAt: Instant
}

/** What the system alone says, and ignores where a caller does. */
const outputOnly: ReadonlySet<string> = new Set([
  'snapshotStatus',
  'snapshotQueriesDetails',
  'snapshotTemporalQueriesDetails',
  'createdAt',
  'modifiedAt',
  'expiresAt',
  'lastUsedAt',
])

/** Reads the document of a new snapshot. Throws `BadRequestData`, naming the member. */
export function parseSnapshot(document: unknown, now: Instant, makeId: () => string): Snapshot {
  if (!isJsonObject(document)) throw badRequest('A snapshot must be an object')
  if ((document['type'] ?? document['@type']) !== 'Snapshot')
    throw badRequest(`type must be Snapshot, not ${JSON.stringify(document['type'] ?? null)}`)
  const { id, snapshotQueries, snapshotTemporalQueries } = document
  const settings = parseSettings(document, ['id', 'snapshotQueries', 'snapshotTemporalQueries'])
  return {
    id: id === undefined ? `urn:ngsi-ld:Snapshot:${makeId()}` : parseUri(id, 'id'),
    ...(snapshotQueries === undefined ? {} : { snapshotQueries }),
    ...(snapshotTemporalQueries === undefined ? {} : { snapshotTemporalQueries }),
    snapshotPriority: 5,
    ...defined(settings),
    snapshotStatus: 'preparing',
    createdAt: now,
    modifiedAt: now,
    expiresAt: now + lifetimeUs(settings.snapshotLifetime),
    lastUsedAt: now,
  }
}

/** 5.16.4: what a fragment may change; the lifetime counts from now. Throws `BadRequestData`. */
export function mergeSnapshot(snapshot: Snapshot, fragment: unknown, now: Instant): Snapshot {
  if (!isJsonObject(fragment)) throw badRequest('The snapshot fragment must be an object')
  if (fragment['type'] !== undefined && fragment['type'] !== 'Snapshot') throw badRequest('type must be Snapshot')
  const { endpoint, receiverInfo, ...rest } = snapshot
  const removes = (name: string): boolean => fragment[name] === null || fragment[name] === ngsiLdNull
  const stated = Object.fromEntries(Object.entries(fragment).filter(([name]) => !removes(name)))
  const settings = parseSettings(stated, [])
  return {
    ...rest,
    ...(endpoint === undefined || removes('endpoint') ? {} : { endpoint }),
    ...(receiverInfo === undefined || removes('receiverInfo') ? {} : { receiverInfo }),
    ...defined(settings),
    modifiedAt: now,
    ...(settings.snapshotLifetime === undefined ? {} : { expiresAt: now + lifetimeUs(settings.snapshotLifetime) }),
  }
}

/** The snapshot as callers see it. */
export function showSnapshot(snapshot: Snapshot): JsonObject {
  const { createdAt, modifiedAt, expiresAt, lastUsedAt, receiverInfo, ...rest } = snapshot
  const times = { createdAt, modifiedAt, expiresAt, lastUsedAt }
  return {
    ...(rest as unknown as JsonObject),
    type: 'Snapshot',
    ...(receiverInfo === undefined ? {} : { receiverInfo: receiverInfo.map(([key, value]) => ({ key, value })) }),
    ...Object.fromEntries(Object.entries(times).map(([name, at]) => [name, formatInstant(at)])),
  }
}

type Settings = {
  readonly snapshotLifetime?: string
  readonly snapshotPriority?: number
  readonly endpoint?: string
  readonly receiverInfo?: Snapshot['receiverInfo']
}

function parseSettings(document: JsonObject, others: readonly string[]): Settings {
  const settings: { -readonly [Name in keyof Settings]: Settings[Name] } = {}
  for (const [name, value] of Object.entries(document)) {
    switch (name) {
      case 'snapshotLifetime':
        parseDuration(value, name)
        if (typeof value === 'string') settings.snapshotLifetime = value
        break
      case 'snapshotPriority':
        if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 10)
          throw badRequest(`snapshotPriority must be an integer from 1 to 10, not ${JSON.stringify(value)}`)
        settings.snapshotPriority = value
        break
      case 'endpoint':
        settings.endpoint = parseUri(value, name)
        break
      case 'receiverInfo':
        settings.receiverInfo = parsePairs(value)
        break
      default:
        if (!others.includes(name) && !outputOnly.has(name) && name !== 'type' && name !== '@type' && name !== '@context')
          throw badRequest(`A snapshot has no member ${name} here`)
    }
  }
  return settings
}

function parsePairs(value: Json): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) throw badRequest('receiverInfo must be an array of key and value pairs')
  return (value as readonly Json[]).map((pair) => {
    if (!isJsonObject(pair) || typeof pair['key'] !== 'string' || typeof pair['value'] !== 'string')
      throw badRequest('receiverInfo must be an array of key and value pairs')
    return [pair['key'], pair['value']] as const
  })
}

function defined(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

/** How long a snapshot lives: what was asked for, up to 30 days; a day where nothing was. */
function lifetimeUs(lifetime: string | undefined): number {
  if (lifetime === undefined) return dayUs
  const { months, us } = parseDuration(lifetime, 'snapshotLifetime')
  return Math.min(us + months * 30 * dayUs, longestUs)
}
