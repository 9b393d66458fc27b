import { expandTerm, instantOf, isJsonObject } from '@cityloop/ngsi-ld'
import type { Attribute, AttributeKind, Context, Entity, Instant, Json } from '@cityloop/ngsi-ld'
import type { EvaluateExpression } from './expressions.ts'
import type { AttributeMapping, Device, ServiceGroup, StaticAttribute } from './provisioning.ts'
import { Untakeable } from './read-payload.ts'
import type { Measure } from './read-payload.ts'

const dayUs = 86_400_000_000
/** A measure from before the year 2000, or more than a day ahead, has an absurd time. */
const earliest: Instant = 946_684_800_000_000

const numeric = new Set(['number', 'float', 'integer', 'percentage', 'double'])
const kinds: Readonly<Record<string, AttributeKind>> = {
  property: 'Property',
  relationship: 'Relationship',
  geoproperty: 'GeoProperty',
  languageproperty: 'LanguageProperty',
  vocabproperty: 'VocabProperty',
  'geo:point': 'GeoProperty',
  'geo:json': 'GeoProperty',
  point: 'GeoProperty',
}

/** What a device of a group measured, as the entity it is about. Throws `Untakeable`, naming attribute and rule. */
export function toEntity(
  device: Device,
  group: ServiceGroup | undefined,
  measure: Measure,
  receivedAt: Instant,
  context: Context,
  evaluate: EvaluateExpression,
): Entity {
  const observedAt = observedAtOf(measure, receivedAt)
  const mappings = merged(group?.attributes ?? [], device.attributes)
  const statics = [
    ...(group?.staticAttributes ?? []).filter(({ name }) => !device.staticAttributes.some((own) => own.name === name)),
    ...device.staticAttributes,
  ]
  const attributes: Record<string, Attribute[]> = {}
  const used = new Set<string>()
  for (const mapping of mappings) {
    used.add(mapping.objectId)
    const value = mapping.expression === undefined ? measure.values.get(mapping.objectId) : evaluate(mapping.expression, measure.values, device)
    if (value === undefined || value === null) continue
    attributes[expandTerm(context, mapping.name)] = [toAttribute(mapping, value, observedAt)]
  }
  for (const [objectId, value] of measure.values) {
    if (used.has(objectId) || value === null) continue
    attributes[expandTerm(context, objectId)] ??= [toAttribute({ objectId, name: objectId, type: 'Property' }, value, observedAt)]
  }
  for (const fixed of statics) attributes[expandTerm(context, fixed.name)] = [toStatic(fixed)]
  if (Object.keys(attributes).length === 0) throw new Untakeable('no-value', 'The measure has no value of an attribute')
  const entityType = device.entityType === 'Thing' ? (group?.entityType ?? 'Thing') : device.entityType
  const scopes = device.path === '' || device.path === '/' ? {} : { scopes: [device.path] }
  return { id: device.entityName, types: [expandTerm(context, entityType)], ...scopes, attributes }
}

function merged(ofGroup: readonly AttributeMapping[], own: readonly AttributeMapping[]): readonly AttributeMapping[] {
  return [...ofGroup.filter(({ name }) => !own.some((mapping) => mapping.name === name)), ...own]
}

function observedAtOf({ timestamp }: Measure, receivedAt: Instant): Instant {
  if (timestamp === undefined) return receivedAt
  const observedAt = instantOf(timestamp) ?? instantOf(`${timestamp}Z`)
  if (observedAt === undefined) throw new Untakeable('time-form', `The time ${JSON.stringify(timestamp.slice(0, 60))} is no ISO 8601 date-time`)
  if (observedAt < earliest || observedAt > receivedAt + dayUs)
    throw new Untakeable('time-absurd', `The time ${timestamp} lies before the year 2000 or more than a day ahead`)
  return observedAt
}

function toAttribute({ name, type, unitCode }: AttributeMapping, value: Json, observedAt: Instant): Attribute {
  const word = type.toLowerCase()
  const kind = kinds[word] ?? 'Property'
  const unit = unitCode === undefined ? {} : { unitCode }
  if (numeric.has(word)) return { kind: 'Property', value: toNumber(name, value), observedAt, ...unit }
  if (kind === 'GeoProperty') return { kind, value: toGeometry(name, value), observedAt }
  if (kind === 'Relationship' && typeof value !== 'string')
    throw new Untakeable('relationship-text', `${name} must be a URI, not ${JSON.stringify(value)}`)
  return { kind, value, observedAt, ...(kind === 'Property' ? unit : {}) }
}

function toStatic({ name, type, value }: StaticAttribute): Attribute {
  const kind = kinds[type.toLowerCase()] ?? 'Property'
  return { kind, value: kind === 'GeoProperty' ? toGeometry(name, value) : value }
}

function toNumber(name: string, value: Json): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (!Number.isFinite(number)) throw new Untakeable('number-text', `${name} must be a number, not ${JSON.stringify(value)}`)
  return number
}

/** A GeoJSON geometry, or `latitude,longitude` as the agents write a `geo:point`. */
function toGeometry(name: string, value: Json): Json {
  if (isJsonObject(value) && typeof value['type'] === 'string') return value
  const [latitude, longitude] = typeof value === 'string' ? value.split(',').map(Number) : []
  if (latitude === undefined || longitude === undefined || !(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
    throw new Untakeable('place-form', `${name} must be a GeoJSON geometry or "latitude,longitude", not ${JSON.stringify(value).slice(0, 60)}`)
  }
  return { type: 'Point', coordinates: [longitude, latitude] }
}
