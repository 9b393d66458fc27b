import { compactIri, expandTerm, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, Json, JsonObject } from '@cityloop/ngsi-ld'

/** A subscription's document with its names as the reader's context has them (CIM 009, 5.5.7): types, attributes and what is projected. */
export function withTermsOf(reader: Context, document: JsonObject, own: Context): JsonObject {
  const term = (name: string): string => compactIri(reader, expandTerm(own, name))
  const within = (text: string, separators: RegExp): string =>
    text
      .split(separators)
      .map((part) => (separators.test(part) || part === '' || kept.has(part) ? part : term(part)))
      .join('')
  const show = (name: string, value: Json): Json => {
    if (name === 'type' && typeof value === 'string') return within(value, typeSeparators)
    if (typeof value === 'string') return within(value, projectionSeparators)
    return Array.isArray(value) ? (value as readonly Json[]).map((item) => show(name, item)) : value
  }
  const members = (object: JsonObject, names: ReadonlySet<string>): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, names.has(name) ? show(name, value) : value]))
  const { entities, geoQ, notification } = document
  return {
    ...members(document, new Set(['watchedAttributes'])),
    ...(Array.isArray(entities)
      ? { entities: (entities as readonly Json[]).map((item) => (isJsonObject(item) ? members(item, new Set(['type'])) : item)) }
      : {}),
    ...(isJsonObject(geoQ) ? { geoQ: members(geoQ, new Set(['geoproperty'])) } : {}),
    ...(isJsonObject(notification) ? { notification: members(notification, new Set(['attributes', 'pick', 'omit'])) } : {}),
  }
}

const typeSeparators = /([,|;()])/
const projectionSeparators = /([,|{}])/
const kept: ReadonlySet<string> = new Set(['id', 'type', 'scope', '*'])
