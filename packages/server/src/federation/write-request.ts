import { compactIri, expandTerm, formatInstant, isJsonObject, writeEntity, writeTemporalEntity } from '@cityloop/ngsi-ld'
import type { Context, Entity, Iri, Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Write } from '#broker/write-entities.ts'
import type { Operation } from './operations.ts'
import type { PeerRequest } from './peer.ts'

/** A write with the document it was read from, for what is passed on as it came. */
export type DocumentedWrite = { readonly write: Write; readonly document?: Json; readonly context: Context }

/** The operation (4.20) that a write is; `undefined` for what only this broker does. */
export function operationOf(write: Write): Operation | undefined {
  switch (write.kind) {
    case 'createEntity':
      return 'createEntity'
    case 'replaceEntity':
      return 'replaceEntity'
    case 'mergeEntity':
      return 'mergeEntity'
    case 'appendAttributes':
      return 'appendAttrs'
    case 'updateAttributes':
      return 'updateEntity'
    case 'partialUpdateAttribute':
      return 'updateAttrs'
    case 'replaceAttribute':
      return 'replaceAttrs'
    case 'deleteAttribute':
      return 'deleteAttrs'
    case 'deleteEntity':
      return 'deleteEntity'
    case 'appendTemporal':
      return write.create ? 'upsertTemporal' : 'appendAttrsTemporal'
    case 'deleteTemporalEntity':
      return 'deleteTemporal'
    case 'deleteTemporalAttribute':
      return 'deleteAttrsTemporal'
    case 'correctInstance':
      return 'updateAttrInstanceTemporal'
    case 'deleteInstance':
      return 'deleteAttrInstanceTemporal'
    case 'upsertEntity':
    case 'observe':
    case 'eraseEntity':
      return undefined
  }
}

/** The request by which a source is asked for its share of a write; names are written by `context`. */
export function toWriteRequest({ document, write, context: read }: DocumentedWrite, names: readonly Iri[] | 'all', context: Context): PeerRequest {
  const id = 'entity' in write ? write.entity.id : write.id
  const entity = `/entities/${encodeURI(id)}`
  const attribute = 'name' in write ? `${entity}/attrs/${encodeURIComponent(compactIri(context, write.name))}` : entity
  const type = typesOf(write)
    ?.map((one) => compactIri(context, one))
    .join(',')
  const shared = (body: Json | undefined): JsonObject => (isJsonObject(body) ? shareOfDocument(body, names, read, context) : {})
  switch (write.kind) {
    case 'createEntity':
      return { method: 'POST', path: '/entities', body: writeEntity(withNames(write.entity, names), context, { sysAttrs: true }) }
    case 'upsertEntity':
    case 'replaceEntity':
      return {
        method: 'PUT',
        path: entity,
        parameters: [['type', type]],
        body: writeEntity(withNames(write.entity, names), context, { sysAttrs: true }),
      }
    case 'mergeEntity':
      return {
        method: 'PATCH',
        path: entity,
        parameters: [
          ['type', type],
          ['observedAt', write.observedAt === undefined ? undefined : formatInstant(write.observedAt)],
          ['lang', write.lang],
        ],
        body: shared(document),
      }
    case 'appendAttributes':
      return {
        method: 'POST',
        path: `${entity}/attrs/`,
        parameters: [
          ['type', type],
          ['options', write.overwrite ? undefined : 'noOverwrite'],
        ],
        body: shared(document),
      }
    case 'updateAttributes':
      return { method: 'PATCH', path: `${entity}/attrs/`, parameters: [['type', type]], body: shared(document) }
    case 'partialUpdateAttribute':
      return { method: 'PATCH', path: attribute, parameters: [['type', type]], body: withoutMember(document) }
    case 'replaceAttribute':
      return { method: 'PUT', path: attribute, parameters: [['type', type]], body: withoutMember(document) }
    case 'deleteAttribute':
      return { method: 'DELETE', path: attribute, parameters: [['type', type], ...deletionParameters(write)] }
    case 'deleteEntity':
      return { method: 'DELETE', path: entity, parameters: [['type', type]] }
    case 'appendTemporal': {
      const body = writeTemporalEntity(withNames(write.entity, names), context)
      return write.create ? { method: 'POST', path: '/temporal/entities', body } : { method: 'POST', path: `/temporal${entity}/attrs/`, body }
    }
    case 'deleteTemporalEntity':
      return { method: 'DELETE', path: `/temporal${entity}` }
    case 'deleteTemporalAttribute':
      return { method: 'DELETE', path: `/temporal${attribute}`, parameters: deletionParameters(write) }
    case 'correctInstance':
      return { method: 'PATCH', path: `/temporal${attribute}/${encodeURI(write.instanceId)}`, body: withoutMember(document) }
    case 'deleteInstance':
      return { method: 'DELETE', path: `/temporal${attribute}/${encodeURI(write.instanceId)}` }
    case 'observe':
    case 'eraseEntity':
      throw new Error(`${write.kind} is not distributed`)
  }
}

/** The attributes that a write names; `all` where it is about the entity as a whole. */
export function namesOf(write: Write): readonly Iri[] | 'all' {
  if ('name' in write) return [write.name]
  return 'entity' in write ? Object.keys(write.entity.attributes) : 'all'
}

/** The write without the attributes that are others'. */
export function reduced(write: Write, names: readonly Iri[] | 'all'): Write {
  return 'entity' in write ? { ...write, entity: withNames(write.entity, names) } : write
}

/** The members of a document that are for a source: those of the entity itself, and its attributes. */
export function shareOfDocument(document: JsonObject, names: readonly Iri[] | 'all', read: Context, context: Context): JsonObject {
  const kept = Object.entries(document).flatMap(([member, value]): [string, Json][] => {
    if (member === '@context') return []
    if (ownMembers.has(member)) return [[member, member === 'type' || member === '@type' ? rewritten(value, read, context) : value]]
    const name = expandTerm(read, member)
    if (names !== 'all' && !names.includes(name)) return []
    return [[read === context ? member : compactIri(context, name), value]]
  })
  return Object.fromEntries(kept)
}

const ownMembers = new Set(['id', '@id', 'type', '@type', 'scope', 'expiresAt'])

function rewritten(value: Json, read: Context, context: Context): Json {
  if (read === context) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => rewritten(item, read, context))
  return typeof value === 'string' ? compactIri(context, expandTerm(read, value)) : value
}

export function withNames(entity: Entity, names: readonly Iri[] | 'all'): Entity {
  if (names === 'all') return entity
  return { ...entity, attributes: Object.fromEntries(Object.entries(entity.attributes).filter(([name]) => names.includes(name))) }
}

function withoutMember(document: Json | undefined): Json {
  if (!isJsonObject(document)) return document ?? {}
  return Object.fromEntries(Object.entries(document).filter(([member]) => member !== '@context'))
}

/** The types by which the caller selects (the parameter `type`). */
function typesOf(write: Write): readonly Iri[] | undefined {
  return 'selects' in write ? write.selects : 'types' in write ? write.types : undefined
}

function deletionParameters({ datasetId, deleteAll }: { readonly datasetId?: string; readonly deleteAll: boolean }): PeerRequest['parameters'] & {} {
  return [
    ['datasetId', datasetId],
    ['deleteAll', deleteAll ? 'true' : undefined],
  ]
}
