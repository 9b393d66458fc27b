import {
  NgsiLdError,
  compilePattern,
  expandTerm,
  isTooWide,
  parseGeoQuery,
  parseOrdering,
  parseQ,
  parseScopeQuery,
  parseTypeSelection,
} from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, EntitySelector, Ordering } from '@cityloop/ngsi-ld'
import { parseEntityId } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'

/** The parameters that say which entities are asked for. */
export const queryParameters = [
  'attrs',
  'coordinates',
  'csf',
  'expandValues',
  'geometry',
  'geoproperty',
  'georel',
  'id',
  'idPattern',
  'jsonKeys',
  'local',
  'q',
  'scopeQ',
  'type',
] as const
export const orderParameters = ['collation', 'orderBy', 'orderFrom', 'orderGeometry'] as const

/** Parses the query parameters of 5.7.2 once into a tree. */
export function readEntityQuery(parameters: Parameters, context: Context): EntityQuery {
  const expand = (term: string): string => expandTerm(context, term)
  const selector = readSelector(parameters, expand)
  const q = parameters.get('q')
  const scopeQ = parameters.get('scopeQ')
  const attrs = parameters.list('attrs')
  const georel = parameters.get('georel')
  const expandValues = parameters.list('expandValues')
  return {
    ...(selector === undefined ? {} : { entities: [selector] }),
    ...(attrs === undefined ? {} : { attrs: attrs.map(expand) }),
    ...(q === undefined ? {} : { q: parseQ(q, expand, expandValues === undefined ? {} : { expandValues }) }),
    ...(scopeQ === undefined ? {} : { scopeQ: parseScopeQuery(scopeQ) }),
    ...(georel === undefined ? {} : { geo: parseGeoQuery(geoParameters(parameters, georel), expand) }),
  }
}

/** 5.7.2.4: a query must say something of what it wants, unless it is local. */
export function refuseTooWide(query: EntityQuery, parameters: Parameters): void {
  const isOfIds = query.entities?.every(({ ids }) => ids !== undefined) === true
  if (parameters.flag('local') || isOfIds || !isTooWide(query)) return
  throw new NgsiLdError('BadRequestData', 'The query is too wide: give at least one of type, id, attrs, q and georel, or local=true')
}

export function readOrderBy(parameters: Parameters, context: Context): Ordering | undefined {
  const orderBy = parameters.get('orderBy')
  if (orderBy === undefined) return undefined
  const [collation, orderFrom, orderGeometry] = [parameters.get('collation'), parameters.get('orderFrom'), parameters.get('orderGeometry')]
  return parseOrdering(
    {
      orderBy,
      ...(collation === undefined ? {} : { collation }),
      ...(orderFrom === undefined ? {} : { orderFrom }),
      ...(orderGeometry === undefined ? {} : { orderGeometry }),
    },
    (term) => expandTerm(context, term),
  )
}

function readSelector(parameters: Parameters, expand: (term: string) => string): EntitySelector | undefined {
  const type = parameters.get('type')
  const ids = parameters.list('id')
  const idPattern = parameters.get('idPattern')
  if (type === undefined && ids === undefined && idPattern === undefined) return undefined
  if (idPattern !== undefined) compilePattern('idPattern', idPattern)
  return {
    ...(type === undefined ? {} : { types: parseTypeSelection(type, expand) }),
    ...(ids === undefined ? {} : { ids: ids.map(parseEntityId) }),
    ...(idPattern === undefined ? {} : { idPattern }),
  }
}

function geoParameters(parameters: Parameters, georel: string): GeoParameters {
  const coordinates = parameters.get('coordinates')
  const geoproperty = parameters.get('geoproperty')
  return { georel, geometry: parameters.get('geometry'), coordinates: parsed(coordinates), ...(geoproperty === undefined ? {} : { geoproperty }) }
}

type GeoParameters = { readonly georel: string; readonly geometry: unknown; readonly coordinates: unknown; readonly geoproperty?: string }

function parsed(coordinates: string | undefined): unknown {
  if (coordinates === undefined) throw new NgsiLdError('BadRequestData', 'coordinates must be given with georel')
  try {
    return JSON.parse(coordinates)
  } catch (error) {
    throw new NgsiLdError('BadRequestData', `coordinates must be a JSON array, not ${coordinates.slice(0, 80)}`, { cause: error })
  }
}
