import {
  NgsiLdError,
  contextMember,
  coreContext,
  coreContextIri,
  expandTerm,
  newestVersion,
  parseLanguages,
  parseProjection,
  writeEntity,
  writeFeature,
  writeFeatureCollection,
  withContext,
} from '@cityloop/ngsi-ld'
import type { Context, Entity, Format, GeoJsonOptions, Json, JsonObject, Projection } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { chooseMediaType, linkedContext } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'
import type { Shown } from '#broker/show-joined.ts'
import { readPreference } from './preference.ts'
import { readAttrs } from './read-query.ts'

/** The parameters that say how entities are shown. */
export const showingParameters = ['attrs', 'datasetId', 'format', 'geometryProperty', 'lang', 'omit', 'options', 'pick'] as const

/** How entities are to be shown, from the parameters; `type` is that of the answer. */
export function readShowing(parameters: Parameters, context: Context, type?: MediaType): GeoJsonOptions {
  const { options } = parameters
  const pick = readProjection(parameters, context, 'pick')
  const omit = readProjection(parameters, context, 'omit')
  const attrs = readAttrs(parameters, context)
  if (attrs !== undefined && (pick !== undefined || omit !== undefined))
    throw new NgsiLdError('BadRequestData', 'attrs cannot be combined with pick or omit')
  for (const [name, inner] of omit ?? [])
    if (inner === undefined && pick?.has(name) === true) throw new NgsiLdError('BadRequestData', `pick and omit both name ${name}`)
  const lang = parameters.get('lang')
  const datasetIds = parameters.list('datasetId')
  const geometryProperty = parameters.get('geometryProperty')
  if (geometryProperty !== undefined && type !== undefined && type !== 'application/geo+json')
    throw new NgsiLdError('BadRequestData', 'geometryProperty is only for answers of the type application/geo+json')
  return {
    format: formatOf(options),
    sysAttrs: options.has('sysAttrs'),
    ...(pick === undefined ? {} : { pick }),
    ...(omit === undefined ? {} : { omit }),
    ...(attrs === undefined ? {} : { attrs: new Set(attrs) }),
    ...(lang === undefined ? {} : { languages: parseLanguages(lang) }),
    ...(datasetIds === undefined ? {} : { datasetIds: new Set(datasetIds) }),
    ...(geometryProperty === undefined ? {} : { geometryProperty: expandTerm(context, geometryProperty) }),
  }
}

function readProjection(parameters: Parameters, context: Context, name: 'pick' | 'omit'): Projection | undefined {
  const text = parameters.get(name)
  return text === undefined ? undefined : parseProjection(text, context, name)
}

function formatOf(options: ReadonlySet<string>): Format {
  if (options.has('simplified') || options.has('keyValues')) return 'simplified'
  return options.has('concise') ? 'concise' : 'normalized'
}

/** The media type of an answer; throws nothing: where none will do, 406 is sent and `undefined` returned. */
export function negotiate(request: FastifyRequest, reply: FastifyReply, offered?: readonly MediaType[]): MediaType | undefined {
  const type = chooseMediaType(request.headers.accept, offered)
  if (type === undefined) void reply.code(406).send()
  return type
}

/** One entity as the answer shows it. */
export function showEntity(entity: Entity, context: Context, type: MediaType, options: GeoJsonOptions): JsonObject {
  return type === 'application/geo+json' ? writeFeature(entity, context, { withContext: true, ...options }) : writeEntity(entity, context, options)
}

/** Entities as the answer shows them, all in the same way. */
export function showEntities(entities: readonly Entity[], context: Context, type: MediaType, options: GeoJsonOptions): Json {
  return showList(
    entities.map((entity) => ({ entity, options })),
    context,
    type,
  )
}

/** Entities as the answer shows them, each in its way. */
export function showList(shown: readonly Shown[], context: Context, type: MediaType, isInside = true): Json {
  if (type === 'application/geo+json') {
    const features = shown.map(({ entity, options }) => writeFeature(entity, context, { ...options, withContext: false }))
    return { ...writeFeatureCollection([], context, { withContext: isInside }), features }
  }
  return shown.map(({ entity, options }) => showEntity(entity, context, type, options))
}

/** Whether the options show anything of an entity beside the members that it has anyway. */
export function showsAnything(entity: Entity, options: GeoJsonOptions): boolean {
  if (options.pick === undefined && options.omit === undefined) return true
  return Object.keys(writeEntity(entity, coreContext, options)).length > 0
}

/** Sends a document: JSON-LD has the @context inside each object that it is of; otherwise that goes into the Link header (6.3.5, 6.3.6). */
export function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  type: MediaType,
  context: Context,
  document: Json,
  isInside = true,
): FastifyReply {
  if (type === 'application/json' || !isInside) {
    const member = contextMember(context)
    const link = linkedContext(request) ?? (typeof member === 'string' ? member : coreContextIri)
    addLink(reply, `<${link}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
  }
  const { version } = readPreference(request)
  if (version !== undefined) reply.header('preference-applied', `ngsi-ld=1.${Math.min(version, newestVersion)}`)
  return reply.type(type).send(JSON.stringify(type === 'application/ld+json' ? withContext(document, context) : document))
}

/** Adds a value to the `Link` header. */
export function addLink(reply: FastifyReply, value: string): void {
  const before = reply.getHeader('link')
  reply.header('link', typeof before === 'string' ? `${before}, ${value}` : value)
}
