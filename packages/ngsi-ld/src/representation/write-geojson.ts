import { contextMember } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { instancesOf } from '../entity/entity.ts'
import type { Entity, Iri } from '../entity/entity.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { locationName } from '../scope/scope.ts'
import { looksLikeGeometry } from './geometry.ts'
import { ofDatasets } from './write-attribute.ts'
import { writeAttributes, writeHead } from './write-entity.ts'
import type { WriteOptions } from './write-options.ts'

export type GeoJsonOptions = WriteOptions & {
  /** The expanded name of the GeoProperty that gives the geometry; the core's `location` where absent. */
  readonly geometryProperty?: Iri
  /** Adds the member `@context`. */
  readonly withContext?: boolean
}

/** The entity as a GeoJSON Feature (4.5.16.2, 4.5.17.1); its geometry is null where it has none of the property asked for. */
export function writeFeature(entity: Entity, context: Context, options: GeoJsonOptions = {}): JsonObject {
  const properties: Record<string, Json> = {}
  writeHead(properties, entity, context, options)
  writeAttributes(properties, entity, context, options)
  return {
    id: entity.id,
    type: 'Feature',
    geometry: geometryOf(entity, options),
    properties,
    ...(options.withContext === true && { '@context': contextMember(context) }),
  }
}

/** Entities as a GeoJSON FeatureCollection (4.5.16.3, 4.5.17.2): the @context once, not in each feature. */
export function writeFeatureCollection(entities: readonly Entity[], context: Context, options: GeoJsonOptions = {}): JsonObject {
  const inner = { ...options, withContext: false }
  return {
    type: 'FeatureCollection',
    features: entities.map((entity) => writeFeature(entity, context, inner)),
    ...(options.withContext === true && { '@context': contextMember(context) }),
  }
}

/** 4.5.16.1: the one instance that the dataset ids select, else the default instance. */
function geometryOf(entity: Entity, options: GeoJsonOptions): Json {
  const instances = ofDatasets(instancesOf(entity.attributes, options.geometryProperty ?? locationName), options)
  const chosen = instances.find(({ datasetId }) => datasetId === undefined) ?? (options.datasetIds?.size === 1 ? instances[0] : undefined)
  return chosen !== undefined && isJsonObject(chosen.value) && looksLikeGeometry(chosen.value) ? chosen.value : null
}
