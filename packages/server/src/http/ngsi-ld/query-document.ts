import { badRequest, compilePattern, expandTerm, isJsonObject, parseTypeSelection } from '@cityloop/ngsi-ld'
import type { Context, EntitySelector, Json } from '@cityloop/ngsi-ld'
import { parseEntityId } from '../exchange.ts'

/** A Query document (CIM 009, 5.2.23): its selectors, and everything else as the query parameters that say the same. */
export type QueryDocument = { readonly selectors?: readonly EntitySelector[]; readonly parameters: readonly (readonly [string, string])[] }

/** Reads a Query document; `isTemporal` ones may have `temporalQ` and `aggrParams`. Throws `BadRequestData`, naming the member. */
export function parseQueryDocument(body: unknown, context: Context, isTemporal: boolean): QueryDocument {
  if (!isJsonObject(body)) throw badRequest('A Query must be an object')
  if ((body['type'] ?? body['@type']) !== 'Query') throw badRequest(`type must be Query, not ${JSON.stringify(body['type'] ?? null)}`)
  const parameters: (readonly [string, string])[] = []
  let selectors: readonly EntitySelector[] | undefined
  for (const [name, value] of Object.entries(body)) {
    if (name === 'type' || name === '@type' || name === '@context') continue
    if (name === 'entities') selectors = parseSelectors(value, context)
    else if (name === 'geoQ') parameters.push(...geoParameters(value))
    else if (name === 'ordering') parameters.push(...orderingParameters(value))
    else if (isTemporal && (name === 'temporalQ' || name === 'aggrParams')) parameters.push(...memberParameters(value, name, temporalMembers))
    else {
      const read = readers.get(name)
      if (read === undefined) throw badRequest(`A Query has no member ${name}${name === 'temporalQ' ? ' in this operation' : ''}`)
      parameters.push([name, read(value, name)])
    }
  }
  return { parameters, ...(selectors === undefined ? {} : { selectors }) }
}

type Read = (value: Json, name: string) => string

const readers: ReadonlyMap<string, Read> = new Map([
  ...['q', 'scopeQ', 'csf', 'lang', 'join', 'expandValues', 'jsonKeys', 'entityMapLifetime'].map((name): [string, Read] => [name, text]),
  ...['attrs', 'pick', 'omit', 'containedBy', 'datasetId'].map((name): [string, Read] => [name, texts]),
  ...['entityMap', 'splitEntities', 'local'].map((name): [string, Read] => [name, boolean]),
  ['joinLevel', positive],
])

const temporalMembers: ReadonlyMap<string, Read> = new Map([
  ['timerel', text],
  ['timeAt', text],
  ['endTimeAt', text],
  ['timeproperty', text],
  ['lastN', positive],
  ['aggrMethods', (value, name) => (Array.isArray(value) ? texts(value, name) : text(value, name))],
  ['aggrPeriodDuration', text],
])

/** 5.2.33 */
export function parseSelectors(value: Json, context: Context): readonly EntitySelector[] {
  if (!Array.isArray(value) || value.length === 0) throw badRequest('entities must be an array of at least one selector')
  return (value as readonly Json[]).map((item) => {
    if (!isJsonObject(item)) throw badRequest('An entity selector must be an object')
    const { id, idPattern, type } = item
    if (typeof type !== 'string') throw badRequest('An entity selector must have a type')
    const ids =
      id === undefined ? undefined : (Array.isArray(id) ? (id as readonly Json[]) : [id]).map((one) => parseEntityId(text(one, 'entities.id')))
    if (ids?.length === 0) throw badRequest('entities.id must not be empty')
    const pattern = idPattern === undefined ? undefined : text(idPattern, 'entities.idPattern')
    if (pattern !== undefined) compilePattern('entities.idPattern', pattern)
    return {
      types: parseTypeSelection(type, (term) => expandTerm(context, term)),
      ...(ids === undefined ? {} : { ids }),
      // The ids take precedence over the pattern.
      ...(pattern === undefined || ids !== undefined ? {} : { idPattern: pattern }),
    }
  })
}

/** 5.2.13 */
function geoParameters(value: Json): readonly (readonly [string, string])[] {
  if (!isJsonObject(value)) throw badRequest('geoQ must be an object')
  const { georel, geometry, coordinates, geoproperty } = value
  return [
    ['georel', text(georel, 'geoQ.georel')],
    ...(geometry === undefined ? [] : [['geometry', text(geometry, 'geoQ.geometry')] as const]),
    ...(coordinates === undefined ? [] : [['coordinates', json(coordinates)] as const]),
    ...(geoproperty === undefined ? [] : [['geoproperty', text(geoproperty, 'geoQ.geoproperty')] as const]),
  ]
}

/** 5.2.43 */
function orderingParameters(value: Json): readonly (readonly [string, string])[] {
  if (!isJsonObject(value)) throw badRequest('ordering must be an object')
  const { orderBy, collation, coordinates, geometry } = value
  if (coordinates !== undefined && !Array.isArray(coordinates)) throw badRequest('ordering.coordinates must be an array')
  return [
    ['orderBy', texts(orderBy, 'ordering.orderBy')],
    ...(collation === undefined ? [] : [['collation', text(collation, 'ordering.collation')] as const]),
    ...(coordinates === undefined ? [] : [['orderFrom', json(coordinates)] as const]),
    ...(geometry === undefined ? [] : [['orderGeometry', text(geometry, 'ordering.geometry')] as const]),
  ]
}

function memberParameters(value: Json, what: string, members: ReadonlyMap<string, Read>): readonly (readonly [string, string])[] {
  if (!isJsonObject(value)) throw badRequest(`${what} must be an object`)
  return Object.entries(value)
    .filter(([name]) => name !== 'type')
    .map(([name, part]) => {
      const read = members.get(name)
      if (read === undefined) throw badRequest(`${what} has no member ${name}`)
      return [name, read(part, `${what}.${name}`)] as const
    })
}

function json(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function text(value: Json | undefined, name: string): string {
  if (typeof value !== 'string' || value === '') throw badRequest(`${name} must be a text, not ${JSON.stringify(value ?? null)}`)
  return value
}

function texts(value: Json | undefined, name: string): string {
  if (!Array.isArray(value) || value.length === 0) throw badRequest(`${name} must be an array of at least one text`)
  return (value as readonly Json[]).map((item) => text(item, name)).join(',')
}

function boolean(value: Json, name: string): string {
  if (typeof value !== 'boolean') throw badRequest(`${name} must be true or false, not ${JSON.stringify(value)}`)
  return String(value)
}

function positive(value: Json, name: string): string {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw badRequest(`${name} must be a positive integer, not ${JSON.stringify(value)}`)
  return String(value)
}
