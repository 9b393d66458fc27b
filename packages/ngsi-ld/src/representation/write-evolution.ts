import { compactIri } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, AttributeKind, Entity, Iri, TemporalEntity } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { Json, JsonObject } from '../json.ts'
import { isRelationship, kindMembers, scopeName } from './attribute-kinds.ts'
import { setMember } from './members.ts'
import { ofDatasets, simplifiedValue, writeInstance } from './write-attribute.ts'
import type { AttributeOptions } from './write-attribute.ts'
import { shows, writeHead } from './write-entity.ts'
import type { Showing } from './write-options.ts'
import { writeInstant } from './write-value.ts'

export type TimeProperty = 'observedAt' | 'createdAt' | 'modifiedAt' | 'deletedAt'

export type TemporalOptions = Showing & {
  /** `temporalValues` is the simplified temporal representation (4.5.9); normalized where absent. */
  readonly format?: 'normalized' | 'concise' | 'temporalValues'
  /** What stands beside a value in `temporalValues`; `observedAt` where absent. */
  readonly timeproperty?: TimeProperty
}

/**
 * The temporal evolution of an entity (4.5.6 to 4.5.9). Each attribute is an array, also of one instance; instance ids and the time of a deletion are
 * shown; one of which a part in time has no instance is an empty array. The evolution of the scope is the attribute of the core's name.
 */
export function writeTemporalEntity(entity: TemporalEntity, context: Context, options: TemporalOptions = {}): JsonObject {
  const { format, timeproperty = 'observedAt', ...rest } = options
  const inner: AttributeOptions = { ...rest, isTemporal: true, ...(format === 'concise' && { format }) }
  const written = opened(entity, context, inner)
  for (const [name, instances] of Object.entries(withScope(entity))) {
    if (!showsSeries(name, options)) continue
    const shown = ofDatasets(instances, options)
    if (shown.length === 0 && instances.length > 0) continue
    const value =
      format === 'temporalValues'
        ? writeAllSeries(name, shown, context, inner, timeproperty)
        : shown.map((instance) => writeInstance(name, asShown(name, instance), context, inner, true))
    setMember(written, name === scopeName ? 'scope' : compactIri(context, name), value)
  }
  return written
}

/** One attribute of an aggregated evolution: by method, for each period the result and where it starts and ends. */
export type AggregatedAttribute = {
  readonly name: Iri
  readonly kind: AttributeKind
  readonly datasetId?: string
  readonly methods: { readonly [method: string]: readonly (readonly [value: Json, from: Instant, to: Instant])[] }
}

/** The aggregated temporal representation (4.5.19) of what is computed already; only id, types and scopes of `entity` are read. */
export function writeAggregated(
  entity: Entity,
  attributes: readonly AggregatedAttribute[],
  context: Context,
  options: TemporalOptions = {},
): JsonObject {
  const written = opened(entity, context, options)
  const byName = Map.groupBy(attributes, ({ name }) => name)
  for (const [name, group] of byName) {
    if (!shows(name, options)) continue
    const items = group.map(({ kind, datasetId, methods }): JsonObject => {
      const item: Record<string, Json> = { type: isRelationship(kind) ? 'Relationship' : 'Property' }
      if (datasetId !== undefined) item['datasetId'] = datasetId
      for (const [method, periods] of Object.entries(methods))
        item[method] = periods.map(([value, from, to]) => [value, writeInstant(from), writeInstant(to)])
      return item
    })
    setMember(written, compactIri(context, name), items.length === 1 ? (items[0] ?? items) : items)
  }
  return written
}

function opened(entity: Entity, context: Context, options: Showing): Record<string, Json> {
  const written: Record<string, Json> = {}
  if (shows('id', options)) written['id'] = entity.id
  const { scopes: _, ...head } = entity
  writeHead(written, head, context, options)
  return written
}

/** 4.5.6: the scope is a Property here, also where only the present one is known. */
function withScope(entity: TemporalEntity): Entity['attributes'] {
  const { attributes, scopes } = entity
  if (scopes === undefined || scopes.length === 0 || Object.hasOwn(attributes, scopeName)) return attributes
  return { [scopeName]: [{ kind: 'Property', value: scopes }], ...attributes }
}

/** `attrs` names the scope as it does attributes (C.5.16); `pick` and `omit` name it as a member. */
function showsSeries(name: Iri, options: TemporalOptions): boolean {
  if (name !== scopeName) return shows(name, options)
  return shows('scope', options) && (options.attrs === undefined || options.attrs.has(scopeName))
}

/** A scope that is alone in its array is written by itself (4.18), a deleted one as no scope at all. */
function asShown(name: Iri, instance: Attribute): Attribute {
  if (name !== scopeName) return instance
  if (instance.value === ngsiLdNull) return { ...instance, value: [] }
  if (!Array.isArray(instance.value) || instance.value.length !== 1) return instance
  return { ...instance, value: (instance.value as readonly Json[])[0] as Json }
}

/** A series a dataset id; they tell their dataset ids only where there are several. */
function writeAllSeries(name: Iri, instances: readonly Attribute[], context: Context, options: AttributeOptions, time: TimeProperty): Json {
  if (instances.length === 0) return { values: [] }
  const byDataset = [...Map.groupBy(instances, ({ datasetId }) => datasetId)]
  const written = byDataset.map(([datasetId, group]): JsonObject => {
    const kind = servedKind(group, options)
    const series: Record<string, Json> = { type: kind }
    if (datasetId !== undefined) series['datasetId'] = datasetId
    series[kindMembers[kind].plural] = group.map((instance) => [
      simplifiedValue(name, asShown(name, instance), context, options),
      timeOf(instance, time),
    ])
    return series
  })
  return written.length === 1 ? (written[0] as JsonObject) : written
}

/** The kind that labels a series: that of its first instance which is not deleted. */
function servedKind(instances: readonly Attribute[], options: Showing): AttributeKind {
  const kind = (instances.find(({ value }) => value !== ngsiLdNull) ?? instances[0])?.kind ?? 'Property'
  return kind === 'LanguageProperty' && options.languages !== undefined ? 'Property' : kind
}

/** The time asked for; a deletion is shown at its own, and an instance that lacks the one asked for at the next that it has. */
function timeOf(instance: Attribute, time: TimeProperty): string {
  const at = instance[time] ?? instance.observedAt ?? instance.deletedAt ?? instance.modifiedAt ?? instance.createdAt
  return at === undefined ? '' : writeInstant(at)
}
