import type { Attribute, AttributeKind, Iri } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { findKind, kindMembers, kindOfPlural } from './attribute-kinds.ts'
import { excerpt, parseUri, parseUtc } from './members.ts'
import { parseInstance, parseInstances } from './parse-attribute.ts'
import type { Parsing } from './parse-attribute.ts'
import { isTyped, parseValue } from './parse-value.ts'

/** The instances in time of one attribute, in the temporal representation (4.5.7) or the simplified one (4.5.9), in the order stated. */
export function parseEvolution(parsing: Parsing, name: Iri, document: Json, path: string): readonly Attribute[] {
  const series: readonly Json[] = Array.isArray(document) && (document as readonly Json[]).every(isReified) ? document : [document]
  if (series.length === 0) throw badRequest(`${path} has no instance`)
  return series.flatMap((item, i) => {
    const inner = series.length === 1 ? path : `${path}[${i}]`
    const plural = isJsonObject(item) ? Object.keys(item).find((member) => kindOfPlural.has(member)) : undefined
    if (plural !== undefined) return parseSeries(parsing, item as JsonObject, plural, inner)
    return isReified(item) ? [parseInstance(parsing, name, item, inner, 0)] : parseInstances(parsing, name, item, inner)
  })
}

function isReified(item: Json): boolean {
  return isJsonObject(item) && !isTyped(item)
}

/** One series of [value, time] pairs; the time is taken for `observedAt`. */
function parseSeries(parsing: Parsing, series: JsonObject, plural: string, path: string): Attribute[] {
  const stated = series['type'] ?? series['@type']
  const kind = stated === undefined ? kindOfPlural.get(plural) : findKind(stated)
  if (kind === undefined || kindMembers[kind].plural !== plural) throw badRequest(`${path} has ${plural}, which is no member of ${excerpt(stated)}`)
  for (const member of Object.keys(series))
    if (member !== plural && member !== 'type' && member !== '@type' && member !== 'datasetId')
      throw badRequest(`${path} must have no member but type, datasetId and ${plural}, not ${excerpt(member)}`)
  const datasetId = series['datasetId']
  const points = series[plural]
  if (!Array.isArray(points)) throw badRequest(`${path}.${plural} must be an array of [value, time] pairs`)
  return (points as readonly Json[]).map((point, i) => {
    const inner = `${path}.${plural}[${i}]`
    if (!Array.isArray(point) || point.length !== 2) throw badRequest(`${inner} must be a [value, time] pair`)
    const [value, time] = point as unknown as readonly [Json, Json]
    return {
      kind,
      value: parseValue(kind, unwrapped(kind, value), parsing.context, parsing.nulls, inner),
      ...(datasetId !== undefined && datasetId !== '@none' && { datasetId: parseUri(datasetId, `${path}.datasetId`) }),
      observedAt: parseUtc(time, `${inner}[1]`),
    }
  })
}

/** 4.5.9 wraps the values of three kinds in an object with their member. */
function unwrapped(kind: AttributeKind, value: Json): Json {
  const { value: member } = kindMembers[kind]
  if (kind !== 'LanguageProperty' && kind !== 'JsonProperty' && kind !== 'VocabProperty') return value
  return isJsonObject(value) && Object.hasOwn(value, member) && Object.keys(value).length === 1 ? (value[member] as Json) : value
}
