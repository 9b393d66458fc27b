import { compactIri } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, AttributeKind, Iri } from '../entity/entity.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { kindMembers } from './attribute-kinds.ts'
import { looksLikeGeometry } from './geometry.ts'
import { findText } from './language.ts'
import { setMember } from './members.ts'
import { isPlainValue } from './parse-attribute.ts'
import type { Showing, WriteOptions } from './write-options.ts'
import { compactAll, writeInstant, writeValue } from './write-value.ts'

/** Writes the entity that a relationship points at, for inline answers; `undefined` where it is not to be shown. */
type WriteLinked = (id: string, name: Iri) => JsonObject | undefined

export type AttributeOptions = WriteOptions & {
  /** Shows instance ids and `deletedAt`, as temporal representations do. */
  readonly isTemporal?: boolean
  readonly writeLinked?: WriteLinked
}

/** The instances of one attribute as the value of its member, in the format of the options; `undefined` where the dataset ids asked for leave none. */
export function writeAttribute(name: Iri, instances: readonly Attribute[], context: Context, options: AttributeOptions): Json | undefined {
  const shown = ofDatasets(instances, options)
  if (shown.length === 0) return undefined
  if (options.format === 'simplified') return writeSimplified(name, shown, context, options)
  if (shown.length === 1) return writeInstance(name, shown[0] as Attribute, context, options, false)
  return shown.map((instance) => writeInstance(name, instance, context, options, true))
}

/** One instance, normalized or concise; `isListed` instances stay objects, since a bare value in a list would not tell itself from one. */
export function writeInstance(name: Iri, instance: Attribute, context: Context, options: AttributeOptions, isListed: boolean): Json {
  const isConcise = options.format === 'concise'
  const served = serve(instance, options)
  const { kind } = served
  const value = writeValue(kind, served.value, context, isConcise)
  const written: Record<string, Json> = {}
  if (!isConcise || mustStateType(kind, served.value)) written['type'] = kind
  written[kindMembers[kind].value] = value
  writeMembers(written, instance, context, options)
  if (served.lang !== undefined) written['lang'] = served.lang
  if (options.writeLinked !== undefined) writeEntityMember(written, name, served, options.writeLinked)
  if (options.previous !== undefined) writePrevious(written, name, instance, context, options, isConcise)
  const { sub } = instance
  if (sub !== undefined) writeSub(written, sub, context, options)
  return isConcise && !isListed && isBare(written, kind, value) ? value : written
}

/** The instances that the options' dataset ids select. */
export function ofDatasets(instances: readonly Attribute[], options: Showing): readonly Attribute[] {
  const { datasetIds } = options
  return datasetIds === undefined ? instances : instances.filter(({ datasetId = '@none' }) => datasetIds.has(datasetId))
}

/** The value of an instance in the simplified representation (4.5.4). */
export function simplifiedValue(name: Iri, instance: Attribute, context: Context, options: AttributeOptions): Json {
  const { kind, value } = serve(instance, options)
  const written = writeValue(kind, value, context, true)
  switch (kind) {
    case 'LanguageProperty':
      return { languageMap: written }
    case 'VocabProperty':
      return { vocab: written }
    case 'JsonProperty':
      return { json: written }
    case 'Relationship':
    case 'ListRelationship':
      return options.writeLinked === undefined ? written : inPlace(written, name, options.writeLinked)
    case 'Property':
    case 'GeoProperty':
    case 'ListProperty':
      return written
  }
}

function writeSimplified(name: Iri, instances: readonly Attribute[], context: Context, options: AttributeOptions): Json {
  if (instances.length === 1) return simplifiedValue(name, instances[0] as Attribute, context, options)
  const dataset: Record<string, Json> = {}
  for (const instance of instances) dataset[instance.datasetId ?? '@none'] = simplifiedValue(name, instance, context, options)
  return { dataset }
}

type Served = { readonly kind: AttributeKind; readonly value: Json; readonly lang?: string }

/** The instance as the language filter leaves it. */
function serve(instance: Attribute, options: WriteOptions): Served {
  if (options.languages === undefined || instance.kind !== 'LanguageProperty' || !isJsonObject(instance.value)) return instance
  const found = findText(instance.value, options.languages)
  return found === undefined ? instance : { kind: 'Property', value: found.text, lang: found.lang }
}

function writeMembers(written: Record<string, Json>, instance: Attribute, context: Context, options: AttributeOptions): void {
  const { datasetId, observedAt, unitCode, objectType, valueType, proof } = instance
  if (datasetId !== undefined) written['datasetId'] = datasetId
  if (observedAt !== undefined) written['observedAt'] = writeInstant(observedAt)
  if (unitCode !== undefined) written['unitCode'] = unitCode
  if (objectType !== undefined) written['objectType'] = compactAll(context, objectType.length === 1 ? (objectType[0] as string) : objectType)
  if (valueType !== undefined && !(options.languages !== undefined && instance.kind === 'LanguageProperty'))
    written['valueType'] = compactIri(context, valueType)
  if (isJsonObject(proof)) writeSealed(written, proof, context)
  if (options.isTemporal === true && instance.instanceId !== undefined) written['instanceId'] = instance.instanceId
  if (options.sysAttrs === true) {
    if (instance.createdAt !== undefined) written['createdAt'] = writeInstant(instance.createdAt)
    if (instance.modifiedAt !== undefined) written['modifiedAt'] = writeInstant(instance.modifiedAt)
    if (instance.expiresAt !== undefined) written['expiresAt'] = writeInstant(instance.expiresAt)
  }
  if (instance.deletedAt !== undefined && (options.sysAttrs === true || options.isTemporal === true))
    written['deletedAt'] = writeInstant(instance.deletedAt)
}

function writeSealed(written: Record<string, Json>, proof: JsonObject, context: Context): void {
  const { entityIdSealed, entityTypeSealed } = proof
  if (entityIdSealed !== undefined) written['entityIdSealed'] = entityIdSealed
  if (entityTypeSealed !== undefined) written['entityTypeSealed'] = compactAll(context, entityTypeSealed)
}

function writeSub(written: Record<string, Json>, sub: NonNullable<Attribute['sub']>, context: Context, options: AttributeOptions): void {
  // Dataset ids, changes and linked entities are those of the entity's own attributes.
  const inner: AttributeOptions =
    options.datasetIds === undefined && options.previous === undefined && options.writeLinked === undefined
      ? options
      : { ...options, datasetIds: undefined, previous: undefined, writeLinked: undefined }
  for (const name of Object.keys(sub)) {
    const value = writeAttribute(name, sub[name] as readonly Attribute[], context, inner)
    if (value !== undefined) setMember(written, compactIri(context, name), value)
  }
}

function writePrevious(
  written: Record<string, Json>,
  name: Iri,
  instance: Attribute,
  context: Context,
  options: AttributeOptions,
  isConcise: boolean,
): void {
  const previous = options.previous?.(name, instance.datasetId)
  if (previous === undefined) return
  const { kind, value } = serve(previous, options)
  written[kindMembers[kind].previous] = writeValue(kind, value, context, isConcise)
}

function writeEntityMember(written: Record<string, Json>, name: Iri, { kind, value }: Served, writeLinked: WriteLinked): void {
  if (kind !== 'Relationship' && kind !== 'ListRelationship') return
  const objects: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value]
  const entities = objects.flatMap((object) => (typeof object === 'string' ? (writeLinked(object, name) ?? []) : []))
  if (entities.length === 0) return
  if (kind === 'ListRelationship') written['entityList'] = entities
  else written['entity'] = Array.isArray(value) ? entities : (entities[0] as JsonObject)
}

function inPlace(value: Json, name: Iri, writeLinked: WriteLinked): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((object) => inPlace(object, name, writeLinked))
  return typeof value === 'string' ? (writeLinked(value, name) ?? value) : value
}

/** Whether the concise representation would be read as another kind without the type. */
function mustStateType(kind: AttributeKind, value: Json): boolean {
  if (kind === 'Property') return looksLikeGeometry(value)
  return kind === 'GeoProperty' && (value === ngsiLdNull || !looksLikeGeometry(value))
}

/** Whether the value alone says all (4.5.2.3, 4.7.3). */
function isBare(written: JsonObject, kind: AttributeKind, value: Json): boolean {
  if (kind !== 'Property' && kind !== 'GeoProperty') return false
  for (const member in written) if (member !== 'value') return false
  return kind === 'GeoProperty' || isPlainValue(value)
}
