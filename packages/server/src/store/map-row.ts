import type { Attribute, Entity, Json } from '@cityloop/ngsi-ld'
import { formatInstant, isJsonObject, locationName } from '@cityloop/ngsi-ld'

/** What the map asks of an entity, in this order: id, longitude, latitude, label, value, when observed, status. */
export const mapColumns = ['id', 'lon', 'lat', 'label', 'value', 'observedAt', 'status'] as const

/** Which attributes a map shows of a type, by expanded name; the first of each list that an entity has counts. */
export type MapChoice = {
  readonly values: readonly string[]
  readonly labels: readonly string[]
  readonly statuses: readonly string[]
  /** Whom to name for the data, and under which licence. */
  readonly providers: readonly string[]
  readonly licenses: readonly string[]
}

const mostNamed = 20

/** The rows of a layer, and whom to name for its data: every provider, then every licence, as JSON text. */
export function toMapText(entities: readonly Entity[], choice: MapChoice): string {
  const named = (names: readonly string[]): readonly Json[] => {
    const texts = new Set(entities.map((entity) => textOf(firstOf(entity, names))).filter((text) => text !== null && text !== ''))
    return [...texts].slice(0, mostNamed)
  }
  return JSON.stringify({
    attribution: [...named(choice.providers), ...named(choice.licenses)],
    rows: entities.map((entity) => toMapRow(entity, choice)),
  })
}

/** One row of `mapColumns`: the position is that of the point, or the middle of the outline's corners. An impossible position is left out. */
export function toMapRow(entity: Entity, choice: MapChoice): readonly Json[] {
  const [lon, lat] = positionOf(entity) ?? [null, null]
  const value = firstOf(entity, choice.values) ?? anyNumber(entity)
  const status = firstOf(entity, choice.statuses)
  const observedAt = value?.observedAt ?? entity.modifiedAt
  return [
    entity.id,
    lon,
    lat,
    textOf(firstOf(entity, choice.labels)),
    numberOf(value),
    observedAt === undefined ? null : formatInstant(observedAt),
    textOf(status),
  ]
}

function firstOf(entity: Entity, names: readonly string[]): Attribute | undefined {
  for (const name of names) {
    const found = entity.attributes[name]?.find((instance) => instance.datasetId === undefined) ?? entity.attributes[name]?.[0]
    if (found !== undefined) return found
  }
  return undefined
}

function anyNumber(entity: Entity): Attribute | undefined {
  for (const instances of Object.values(entity.attributes)) {
    const found = instances.find(
      (instance) => instance.kind === 'Property' && typeof instance.value === 'number' && instance.observedAt !== undefined,
    )
    if (found !== undefined) return found
  }
  return undefined
}

function positionOf(entity: Entity): readonly [number, number] | undefined {
  const geometry = firstOf(entity, [locationName])?.value
  const positions: [number, number][] = []
  collect(isJsonObject(geometry) ? geometry['coordinates'] : undefined, positions)
  if (positions.length === 0) return undefined
  const lon = positions.reduce((sum, [x]) => sum + x, 0) / positions.length
  const lat = positions.reduce((sum, [, y]) => sum + y, 0) / positions.length
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [round(lon), round(lat)] : undefined
}

function collect(value: Json | undefined, positions: [number, number][]): void {
  if (!Array.isArray(value)) return
  const [x, y] = value as readonly Json[]
  if (typeof x === 'number' && typeof y === 'number') positions.push([x, y])
  else for (const part of value as readonly Json[]) collect(part, positions)
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}

function numberOf(attribute: Attribute | undefined): Json {
  return typeof attribute?.value === 'number' ? attribute.value : null
}

function textOf(attribute: Attribute | undefined): Json {
  const value = attribute?.value
  if (typeof value === 'string' || typeof value === 'number') return value
  if (isJsonObject(value)) {
    const text = Object.values(value).find((part) => typeof part === 'string')
    return text ?? null
  }
  return null
}
