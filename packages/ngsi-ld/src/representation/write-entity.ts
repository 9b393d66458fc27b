import { compactIri } from '../context/context.ts'
import type { Context } from '../context/context.ts'
import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Json, JsonObject } from '../json.ts'
import { setMember } from './members.ts'
import type { Projection } from './projection.ts'
import { writeAttribute } from './write-attribute.ts'
import type { AttributeOptions } from './write-attribute.ts'
import type { Showing, WriteOptions } from './write-options.ts'
import { compactAll, writeInstant } from './write-value.ts'

/** The entity in the format of the options, compacted by the context (4.5.1, 4.5.4). An entity of which the options show nothing is an empty object. */
export function writeEntity(entity: Entity, context: Context, options: WriteOptions = {}): JsonObject {
  const written: Record<string, Json> = {}
  if (shows('id', options)) written['id'] = entity.id
  writeHead(written, entity, context, options)
  writeAttributes(written, entity, context, options)
  return written
}

/** The members of the entity itself but its id. */
export function writeHead(written: Record<string, Json>, entity: Entity, context: Context, options: Showing): void {
  const { types, scopes } = entity
  if (types.length > 0 && shows('type', options)) written['type'] = compactAll(context, types.length === 1 ? (types[0] as Iri) : types)
  if (scopes !== undefined && scopes.length > 0 && shows('scope', options)) written['scope'] = scopes.length === 1 ? (scopes[0] as string) : scopes
  if (options.sysAttrs === true) {
    if (entity.createdAt !== undefined) written['createdAt'] = writeInstant(entity.createdAt)
    if (entity.modifiedAt !== undefined) written['modifiedAt'] = writeInstant(entity.modifiedAt)
    if (entity.expiresAt !== undefined) written['expiresAt'] = writeInstant(entity.expiresAt)
  }
  // Only what tells of a deletion has it: it is no secret of the system (5.8.6).
  if (entity.deletedAt !== undefined) written['deletedAt'] = writeInstant(entity.deletedAt)
}

/** The attributes that the options show. */
export function writeAttributes(written: Record<string, Json>, entity: Entity, context: Context, options: WriteOptions): void {
  const { attributes } = entity
  const own = withLinked(context, options)
  for (const name of Object.keys(attributes)) {
    if (!shows(name, options)) continue
    const value = writeAttribute(name, attributes[name] as readonly Attribute[], context, own)
    if (value !== undefined) setMember(written, compactIri(context, name), value)
  }
}

/** Whether `pick`, `omit` and `attrs` show a member: `id`, `type`, `scope` or an attribute's name. */
export function shows(name: string, options: Showing): boolean {
  const { pick, omit, attrs } = options
  if (pick !== undefined && !pick.has(name)) return false
  if (omit !== undefined && omit.has(name) && omit.get(name) === undefined) return false
  return attrs === undefined || attrs.has(name) || name === 'id' || name === 'type' || name === 'scope'
}

function withLinked(context: Context, options: WriteOptions): AttributeOptions {
  const { linked, joinLevel = 1 } = options
  if (linked === undefined || joinLevel < 1) return options
  const writeLinked = (id: string, name: Iri): JsonObject | undefined => {
    const entity = linked(id)
    return entity === undefined ? undefined : writeEntity(entity, context, innerOptions(name, options, joinLevel - 1))
  }
  return { ...options, writeLinked }
}

/** The options for an entity that the attribute `name` points at: what `pick` and `omit` name within it, one level less. */
function innerOptions(name: Iri, options: WriteOptions, joinLevel: number): WriteOptions {
  const pick: Projection | undefined = options.pick?.get(name)
  const omit: Projection | undefined = options.omit?.get(name)
  return { ...options, pick, omit, joinLevel, attrs: undefined, datasetIds: undefined, previous: undefined }
}
