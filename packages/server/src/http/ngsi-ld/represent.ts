import {
  NgsiLdError,
  contextMember,
  expandTerm,
  parseLanguages,
  parseProjection,
  writeEntity,
  writeFeature,
  writeFeatureCollection,
} from '@cityloop/ngsi-ld'
import type { Context, Entity, Format, GeoJsonOptions, Json } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { chooseMediaType, linkedContext } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'

const coreLink = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld'

/** The parameters that say how entities are shown. */
export const showingParameters = ['attrs', 'datasetId', 'format', 'geometryProperty', 'lang', 'omit', 'options', 'pick'] as const

/** How entities are to be shown, from the parameters. */
export function readShowing(parameters: Parameters, context: Context): GeoJsonOptions {
  const { options } = parameters
  const pick = parameters.get('pick')
  const omit = parameters.get('omit')
  const attrs = parameters.list('attrs')
  if (attrs !== undefined && (pick !== undefined || omit !== undefined))
    throw new NgsiLdError('BadRequestData', 'attrs cannot be combined with pick or omit')
  const lang = parameters.get('lang')
  const datasetIds = parameters.list('datasetId')
  const geometryProperty = parameters.get('geometryProperty')
  return {
    format: formatOf(options),
    sysAttrs: options.has('sysAttrs'),
    ...(pick === undefined ? {} : { pick: parseProjection(pick, context, 'pick') }),
    ...(omit === undefined ? {} : { omit: parseProjection(omit, context, 'omit') }),
    ...(attrs === undefined ? {} : { attrs: new Set(attrs.map((name) => expandTerm(context, name))) }),
    ...(lang === undefined ? {} : { languages: parseLanguages(lang) }),
    ...(datasetIds === undefined ? {} : { datasetIds: new Set(datasetIds) }),
    ...(geometryProperty === undefined ? {} : { geometryProperty: expandTerm(context, geometryProperty) }),
  }
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
export function showEntity(entity: Entity, context: Context, type: MediaType, options: GeoJsonOptions): Json {
  const withContext = type === 'application/ld+json'
  return type === 'application/geo+json'
    ? writeFeature(entity, context, { ...options, withContext: true })
    : writeEntity(entity, context, { ...options, withContext })
}

/** Entities as the answer shows them. */
export function showEntities(entities: readonly Entity[], context: Context, type: MediaType, options: GeoJsonOptions): Json {
  if (type === 'application/geo+json') return writeFeatureCollection(entities, context, { ...options, withContext: true })
  const withContext = type === 'application/ld+json'
  return entities.map((entity) => writeEntity(entity, context, { ...options, withContext }))
}

/** Sends a document; with `application/json` the @context goes into the Link header (6.3.5). */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, type: MediaType, context: Context, document: Json): FastifyReply {
  if (type !== 'application/ld+json') {
    const member = contextMember(context)
    const link = linkedContext(request) ?? (typeof member === 'string' ? member : coreLink)
    addLink(reply, `<${link}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
  }
  return reply.type(type).send(JSON.stringify(document))
}

/** Adds a value to the `Link` header. */
export function addLink(reply: FastifyReply, value: string): void {
  const before = reply.getHeader('link')
  reply.header('link', typeof before === 'string' ? `${before}, ${value}` : value)
}
